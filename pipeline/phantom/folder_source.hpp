#pragma once

/// Labelled pictures of cells, made ready to be pasted: the glass is taken out, so that a pasted
/// picture has no square, seam or tint; what it keeps of its surroundings are whole red cells.

#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "io/image.hpp"
#include "pipeline/phantom/phantom.hpp"
#include "pipeline/phantom/sprite.hpp"

namespace cytocape::phantom {

/// class code -> picture files, sorted. Throws ConfigError when there are none, or when the list
/// names a file that is not there.
[[nodiscard]] std::map<std::string, std::vector<std::filesystem::path>> list_source(
    const PhantomSource& source);

/// Nothing beyond this is kept of a picture, um from its middle.
inline constexpr double kSceneryUm = 17.5;
/// Nothing drawn comes nearer to a pasted cell than this.
inline constexpr double kNaturalUm = 13.2;

/// One picture taken apart.
struct Scene {
  double um_per_px = 0.1;
  std::array<double, 3> glass{};  ///< RGB of its own empty field
  cv::Mat density;                ///< CV_32FC3, relative to the glass
  cv::Mat nuclear;                ///< CV_8U, dark purple
  cv::Mat parts;                  ///< CV_32S, 0 glass, 1 the cell in the middle, 2.. its neighbours
  int part_count = 0;
  cv::Point2d centre;  ///< of the cell's nucleus, or of its body where it has none
};

/// nullopt when the picture cannot be used: no cell in the middle, one that the picture's edge
/// cuts, or a second nucleated cell nearby.
[[nodiscard]] std::optional<Scene> take_apart(const Image& picture, double mpp, bool nucleated);

/// The cell and the whole red cells around it, or (`alone`) the cell without them, turned by
/// `angle`.
[[nodiscard]] Drawing pasteable(const Scene& scene, bool alone, double angle);

/// The scene's red cells that touch nothing, each as a drawing.
[[nodiscard]] std::vector<Drawing> lone_red_cells(const Scene& scene);

}  // namespace cytocape::phantom
