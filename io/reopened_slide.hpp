#pragma once

/// Of a slide that was analysed, the pixels that were counted.

#include "io/report.hpp"
#include "io/slide.hpp"

namespace cytocape {

/// What to open the slide of `report` with: its pixel size, its reader where this program has it
/// (records of other programs may name others), its plane, and its colours as they were.
[[nodiscard]] SlideOptions options_of(const SlideReport& report);

}  // namespace cytocape
