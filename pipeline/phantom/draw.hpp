#pragma once

/// Draws single cells of a May-Gruenwald-Giemsa smear at 0.1 um/px. Sizes and colours were set by
/// measuring stained cells on bright ground and by the usual textbook descriptions. One seed is one
/// cell, drawn at a random angle.

#include <string>

#include "pipeline/phantom/random.hpp"
#include "pipeline/phantom/sprite.hpp"

namespace cytocape::phantom {

inline constexpr double kDrawingMpp = 0.1;

/// `class_code` is one of drawn_classes(), "platelet" or "smudge_cell".
[[nodiscard]] Drawing draw_cell(const std::string& class_code, std::uint64_t seed);

[[nodiscard]] Drawing draw_platelet(std::uint64_t seed);
[[nodiscard]] Drawing draw_smudge(std::uint64_t seed);
[[nodiscard]] Drawing draw_red_cell(std::uint64_t seed);
/// A few dark specks of precipitated stain.
[[nodiscard]] Drawing draw_precipitate(std::uint64_t seed);

}  // namespace cytocape::phantom
