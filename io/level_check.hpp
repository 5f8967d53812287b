#pragma once

/// Whether the coarser levels of a slide show what the finer ones show. Cells are located on a
/// coarse level and classified on a fine one: where a writer, or whoever repaired a file, left a
/// coarse level white, cut, shifted or of another picture, cells are lost in silence or cut out
/// beside their places.
///
///     level i       +--+  up to 100 squares of 32 pixels, spread evenly
///                   +--+
///     level i - 1   +-----+  the same places, averaged to 32 pixels
///                   +-----+
///
/// A few squares cannot find a single wrong tile: that takes reading all of the finest level.
/// Internal to io/.

#include <cstdint>
#include <memory>

#include "io/slide.hpp"

namespace cytocape {

struct LevelAgreement {
  /// Of means over 8 x 8 pixels, the largest difference of a colour, 0..255, and where, in pixels
  /// of level 0.
  double difference = 0;
  LevelRect where;
  /// By how many pixels the coarser level must be moved to lie over the finer one, up to 8.
  std::int64_t shift_x = 0;
  std::int64_t shift_y = 0;
  /// Of the mean difference in brightness without moving it, what is left then: 0..1.
  double left = 1;
  /// Correlation of means over 8 x 8 pixels, of the quarter of the level where it is least: -1..1;
  /// 1 where there is too little to see. No brightness and no contrast changes it.
  double likeness = 1;
};

/// Squares that cannot be read do not count, nor any where a pixel of the coarser level spans more
/// than 4,000 of the finer one: no cell is located on such a level. Throws SlideChanged.
[[nodiscard]] LevelAgreement compare_levels(const Slide& slide, int coarse, int fine);

/// Why the coarser level must not be used, as part of a sentence; empty where it may. Coarse levels
/// differ from the mean of the finer one by their filter, by compression and by up to a pixel of
/// place: by up to 41 of 255 where both levels are JPEG of quality 30, and the coarser one takes
/// every 16th pixel, is sharpened, brightened or moved by a pixel both ways; real slides by 16. A
/// level that is half white, of another picture or moved by six pixels differs by 147 and more.
/// Where the stain is pale all of these are smaller, and the likeness tells: of sharpened, blurred,
/// brightened, faded, coarsely sampled and strongly compressed levels it is .98 and more, of levels
/// moved by two pixels .88, by four .6, and of blank, mirrored, enlarged or foreign ones at most
/// .22, at full contrast as at two fifths of it.
[[nodiscard]] std::string why_disagreeing(const LevelAgreement& agreement);

/// The slide without the levels that disagree with the next finer one that is kept, and a notice of
/// each. Thread-safe as any slide.
[[nodiscard]] std::unique_ptr<Slide> with_agreeing_levels(std::unique_ptr<Slide> slide);

}  // namespace cytocape
