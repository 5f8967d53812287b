#pragma once

/// Verified cells as pictures by class, as `adapt` and `train` take them.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace cytocape {

struct TrainingCellsRequest {
  std::filesystem::path reports;  ///< folder of reports, or of one
  std::filesystem::path out;      ///< new folder
  std::filesystem::path slides;   ///< where moved slides are; may be empty
};

struct TrainingCells {
  std::map<std::string, std::uint64_t> cells;  ///< by class
  std::vector<std::string> left_out;           ///< slides without a use, and why
  double mpp = 0;                              ///< um a pixel of the pictures spans
};

/// Writes <out>/<class>/<slide>_<cell>.png of every cell that a person named or confirmed, and
/// <out>/groups.csv (file, group, slide, cell, x, y, called, reviewer), whose group is the case:
/// whoever splits by it never tests on a patient that was learnt from. Pictures are 1.25 times the
/// model's crop, at its scale, read from level 0. The folder appears whole or not at all. Throws
/// ConfigError where nothing was verified, or models of different scales were used.
[[nodiscard]] TrainingCells write_training_cells(const TrainingCellsRequest& request);

}  // namespace cytocape
