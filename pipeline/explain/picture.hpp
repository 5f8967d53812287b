#pragma once

/// Maps drawn over the cell they explain. Pure; thread-safe.

#include <span>
#include <string>
#include <vector>

#include "io/image.hpp"
#include "tiling/cell_regions.hpp"

namespace cytocape {

inline constexpr int kPanelPx = 512;  ///< edge of every panel

/// A map's positions and the value that takes the scale's last colour.
struct MapOnScale {
  std::span<const double> value;  ///< [height, width]
  int height = 0;
  int width = 0;
  double limit = 0;  ///< at 0 everything takes the colour of 0
};

using Colour = Rgb (*)(double);  ///< one of pipeline/pages/colour_map.hpp

/// Smooth: bilinear between the patches' centres, so that a patch's own colour stands in its middle
/// and nothing exceeds the legend. Patches: each in one colour.
enum class Upsampling { smooth, patches };

/// The cell as a pale grey picture, multiplied by the map's colours; a smooth one with the outlines
/// of nucleus and cell. `cell` is kPanelPx wide and high.
[[nodiscard]] Image overlay(const Image& cell, const CellRegionMap& regions, const MapOnScale& map,
                            Colour colour, Upsampling upsampling = Upsampling::smooth);

/// A map's positions down and across.
struct PatchGrid {
  int height = 0;
  int width = 0;
};

/// One text in the middle of each patch, row by row, dark on a light rim; an empty one is left out.
/// As large as a patch allows.
void write_numbers(Image& panel, const PatchGrid& grid, std::span<const std::string> texts);

/// The cell with the same outlines.
[[nodiscard]] Image outlined(const Image& cell, const CellRegionMap& regions);

/// What stands below a panel that leaves the page.
struct Caption {
  std::string title;        ///< "CAPE, monocyte: 93.1 %"
  Colour colour = nullptr;  ///< none: no scale
  bool diverging = false;   ///< the scale begins at -1
  std::string low;          ///< "0"
  std::string high;         ///< "7.4 % per patch"
};
inline constexpr int kCaptionPx = 84;

/// The panel with title, scale and the research-use sentence below it: kPanelPx wide,
/// kPanelPx + kCaptionPx high. Letters that are not ASCII become '?'.
[[nodiscard]] Image with_caption(const Image& panel, const Caption& caption);

}  // namespace cytocape
