#pragma once

/// One cell's picture, which unfolds to a larger one beside its class's map. Internal to
/// pipeline/pages. Pure; thread-safe.

#include <string>

#include "io/report.hpp"

namespace cytocape::report_page {

/// What is shown of a cell beside its picture.
struct CellWords {
  std::string reason;    ///< why it is to be looked at; empty: its class's share stands there
  std::string slide;     ///< named where the case has several; else empty
  std::string of = {};   ///< the same in a word, to stand beside its place
  double map_end = 0;    ///< the share that takes the map's last colour; 0: no map
  bool printed = false;  ///< on paper, too
  /// CSS value in the place of the picture, where an element around it holds that: "var(--c3)".
  std::string picture = {};
};

/// The share of a cell's probability that takes the last colour of a map: one for all cells of a
/// slide. 0 where there is no map.
[[nodiscard]] double map_end(const SlideReport& report);
[[nodiscard]] bool has_map(const SlideReport& report, const GalleryCell& cell);
/// A cell's picture as a CSS value.
[[nodiscard]] std::string picture_of(const GalleryCell& cell);
[[nodiscard]] std::string cell_html(const SlideReport& report, const GalleryCell& cell,
                                    const CellWords& words);

}  // namespace cytocape::report_page
