#pragma once

/// The figures of maps as a table, one row for each image and kind of map. Pure; thread-safe.

#include <span>
#include <string>
#include <vector>

#include "models/engine/explanation_figures.hpp"

namespace cytocape {

struct MeasuredImage {
  std::string image;  ///< as the other tables of the same folder name it
  CropFigures figures;
};

/// Whose maps were measured.
struct MeasuredModel {
  std::vector<std::string> classes;  ///< by code
  bool calibrated = false;           ///< else kinds that do not differ are left out
  int map_height = 0;                ///< positions
  int map_width = 0;
};

/// Columns as docs/evaluation.md describes them; shares of 1, curves empty where they were not
/// measured.
[[nodiscard]] std::string map_figures_csv(std::span<const MeasuredImage> images,
                                          const MeasuredModel& model);

}  // namespace cytocape
