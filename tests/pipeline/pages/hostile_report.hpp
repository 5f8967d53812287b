#pragma once

#include <cstddef>

#include "io/report.hpp"

namespace cytocape::testing {

/// The example report with markup in every text that may come from a file, a name or a person.
/// `fields` counts them.
[[nodiscard]] SlideReport hostile_report(std::size_t& fields);

}  // namespace cytocape::testing
