#pragma once

/// What is said of a slide's colours and their map. Pure; thread-safe.

#include <string>

#include "io/appearance_map.hpp"

namespace cytocape::wording {

/// Whether the colours were mapped, and if not, why. One sentence.
[[nodiscard]] std::string appearance_sentence(const AppearanceUse& appearance);

/// "62.1 (18.0)": mean and deviation of one channel.
[[nodiscard]] std::string lab_figures(const LabStatistics& statistics, std::size_t channel);

/// "L* 62.1 (18.0), a* 14.2 (9.1), b* -12.0 (8.3)".
[[nodiscard]] std::string lab_figures(const LabStatistics& statistics);

}  // namespace cytocape::wording
