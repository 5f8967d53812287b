#pragma once

/// The numbers beside the differential, and why there are none. Pure; thread-safe.

#include <string>
#include <vector>

#include "io/assessment.hpp"

namespace cytocape::wording {

/// Labels, units and rules.
[[nodiscard]] criteria::Figure normoblast_figure();
[[nodiscard]] criteria::Figure myeloid_erythroid_figure();

/// Why a figure has no value: classes that the model does not know, or nothing to divide by.
[[nodiscard]] std::string unknown_classes(const std::vector<std::string>& parts);
[[nodiscard]] std::string nothing_to_divide(bool nothing_counted);

}  // namespace cytocape::wording
