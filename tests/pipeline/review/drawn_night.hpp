#pragma once

/// A folder of reports as `analyze` leaves it, with a slide whose every cell has a known truth,
/// without a network.

#include <filesystem>
#include <string>
#include <vector>

namespace cytocape::testing {

struct DrawnCell {
  std::string called;  ///< "monocyte"; "": unidentified
  std::string truth;   ///< taxonomy code; "": no cell
};

/// The classes that the model of these slides knows.
inline const std::vector<std::string> kDrawnClasses{
    "segmented_neutrophil", "lymphocyte", "monocyte", "blast", "promyelocyte", "smudge_cell"};

/// 200 cells: 100 neutrophils, 40 lymphocytes, 36 monocytes, 12 blasts, 8 promyelocytes and 4
/// smudge cells are called, of which a few are something else.
[[nodiscard]] std::vector<DrawnCell> drawn_cells();

/// Cell i lies at this place of the picture, level-0 pixels.
[[nodiscard]] double place_x(std::size_t i);
[[nodiscard]] double place_y(std::size_t i);

/// Writes <folder>/<id>.png, 0.2 x 0.25 um/px, and its report <out>/<id>/report.h5. The rules ask
/// for 100 cells. Of the case `of_case`, or of one called as the slide. Returns the report's
/// folder.
std::filesystem::path draw_night(const std::filesystem::path& out, const std::string& id,
                                 const std::vector<DrawnCell>& cells,
                                 const std::string& of_case = {});

}  // namespace cytocape::testing
