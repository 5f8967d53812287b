#include <algorithm>
#include <cmath>
#include <limits>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "pipeline/phantom/folder_source.hpp"

namespace cytocape::phantom {
namespace {

// Densities relative to the glass, from May-Gruenwald-Giemsa pictures of 11 classes: nuclei have
// 0.4 .. 0.65 in red, where red cells and cytoplasm stay below 0.33; any stain has 0.05 in green.
constexpr double kNuclearRed = 0.38;
constexpr double kStainedGreen = 0.045;
constexpr double kRedCellGreen = 0.14;  ///< the usual red cell

constexpr double kOtherNucleusUm2 = 6;  ///< more than that is no platelet
constexpr double kOwnNucleusUm = 8;     ///< its lobes lie within this of the picture's middle

struct Scale {
  double um_per_px;
  [[nodiscard]] int px(double um) const {
    return std::max(1, static_cast<int>(std::lround(um / um_per_px)));
  }
  [[nodiscard]] double um2(int pixels) const { return pixels * um_per_px * um_per_px; }
};

cv::Mat disc(int radius) {
  return cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * radius + 1, 2 * radius + 1});
}

/// Median of the pixels that are nearly as bright as the brightest: most of them are bare glass.
std::array<double, 3> glass_of(const cv::Mat& rgb) {
  std::array<int, 256> greens{};
  for (auto it = rgb.begin<cv::Vec3b>(); it != rgb.end<cv::Vec3b>(); ++it) ++greens[(*it)[1]];
  int bright = 255;
  for (auto left = static_cast<std::int64_t>(rgb.total() / 100); bright > 0; --bright) {
    left -= greens[static_cast<std::size_t>(bright)];
    if (left < 0) break;
  }
  std::array<std::vector<std::uint8_t>, 3> values;
  for (auto it = rgb.begin<cv::Vec3b>(); it != rgb.end<cv::Vec3b>(); ++it) {
    if ((*it)[1] < bright - 12) continue;
    for (std::size_t c = 0; c < 3; ++c) values[c].push_back((*it)[static_cast<int>(c)]);
  }
  std::array<double, 3> glass{};
  for (std::size_t c = 0; c < 3; ++c) {
    auto middle = values[c].begin() + static_cast<std::ptrdiff_t>(values[c].size() / 2);
    std::nth_element(values[c].begin(), middle, values[c].end());
    glass[c] = *middle;
  }
  return glass;
}

cv::Mat density_of(const cv::Mat& rgb, const std::array<double, 3>& glass) {
  cv::Mat light;
  rgb.convertTo(light, CV_32FC3, 1, 1);
  cv::divide(light, cv::Scalar(glass[0] + 1, glass[1] + 1, glass[2] + 1), light);
  cv::log(light, light);
  light *= -1 / std::log(10.0);
  cv::max(light, cv::Scalar::all(0), light);
  return light;
}

cv::Mat channel(const cv::Mat& image, int index) {
  cv::Mat out;
  cv::extractChannel(image, out, index);
  return out;
}

/// Stained area; the pallor of red cells, which can be as bright as glass, is filled.
cv::Mat stained_area(const cv::Mat& density, const Scale& scale) {
  cv::Mat green;
  cv::GaussianBlur(channel(density, 1), green, cv::Size(), 0.12 / scale.um_per_px);
  cv::Mat stained = green > kStainedGreen;
  cv::morphologyEx(stained, stained, cv::MORPH_CLOSE, disc(scale.px(0.3)));
  cv::Mat labels, stats, centres;
  cv::connectedComponentsWithStats(stained == 0, labels, stats, centres, 4);
  for (int y = 0; y < labels.rows; ++y) {
    for (int x = 0; x < labels.cols; ++x) {
      const int hole = labels.at<int>(y, x);
      const bool small = hole > 0 && scale.um2(stats.at<int>(hole, cv::CC_STAT_AREA)) < 24;
      if (small) stained.at<std::uint8_t>(y, x) = 255;
    }
  }
  cv::morphologyEx(stained, stained, cv::MORPH_OPEN, disc(scale.px(0.3)));
  return stained;
}

/// Seeds one part for each thick place; all that touch the own nucleus are one cell.
cv::Mat part_seeds(const cv::Mat& thickness, const cv::Mat& own, const Scale& scale) {
  cv::Mat cores = thickness > 2.2 / scale.um_per_px;
  cores.setTo(0, own);
  cv::Mat seeds;
  const int count = cv::connectedComponents(cores, seeds, 8, CV_32S);
  cv::Mat ring;
  cv::dilate(own, ring, disc(1));
  std::vector<bool> touches(static_cast<std::size_t>(count), false);
  for (int y = 0; y < seeds.rows; ++y) {
    for (int x = 0; x < seeds.cols; ++x) {
      if (ring.at<std::uint8_t>(y, x) != 0)
        touches[static_cast<std::size_t>(seeds.at<int>(y, x))] = true;
    }
  }
  for (int y = 0; y < seeds.rows; ++y) {
    for (int x = 0; x < seeds.cols; ++x) {
      auto& seed = seeds.at<int>(y, x);
      const bool joined = seed > 0 && touches[static_cast<std::size_t>(seed)];
      // 0 must stay "undecided" for the watershed, and 1 is the cell in the middle.
      seed = own.at<std::uint8_t>(y, x) != 0 || joined ? 1 : seed > 0 ? seed + 1 : 0;
    }
  }
  return seeds;
}

/// Cuts the stained area into cells where it is thinnest.
void part_cells(Scene& scene, const cv::Mat& stained, const cv::Mat& own, const Scale& scale) {
  cv::Mat thickness;
  cv::distanceTransform(stained, thickness, cv::DIST_L2, 5);
  cv::Mat seeds = part_seeds(thickness, own, scale);
  double largest = 0;
  cv::minMaxLoc(seeds, nullptr, &largest);
  const int glass_seed = static_cast<int>(largest) + 1;
  seeds.setTo(glass_seed, stained == 0);
  cv::Mat relief, relief3;
  cv::Mat(255 - thickness * (6 * scale.um_per_px / 0.1)).convertTo(relief, CV_8U);
  cv::cvtColor(relief, relief3, cv::COLOR_GRAY2BGR);
  cv::watershed(relief3, seeds);
  // Ridges (-1) go to the glass: they are one pixel wide and soon covered by the soft edge.
  seeds.setTo(0, (seeds == glass_seed) | (seeds < 0));
  scene.parts = seeds;
  scene.part_count = glass_seed;
}

/// The picture's own nucleus; empty when there is none, or another cell's is too near.
cv::Mat own_nucleus(const Scene& scene, const cv::Mat& stained, bool nucleated,
                    const Scale& scale) {
  cv::Mat labels, stats, centres;
  const cv::Point2d middle(scene.nuclear.cols * 0.5, scene.nuclear.rows * 0.5);
  cv::Mat own = cv::Mat::zeros(scene.nuclear.size(), CV_8U);
  const int count = cv::connectedComponentsWithStats(scene.nuclear, labels, stats, centres, 8);
  for (int i = 1; i < count; ++i) {
    const cv::Point2d at(centres.at<double>(i, 0), centres.at<double>(i, 1));
    const double away = cv::norm(at - middle) * scale.um_per_px;
    const double area = scale.um2(stats.at<int>(i, cv::CC_STAT_AREA));
    if (away < (nucleated ? kOwnNucleusUm : 3)) {
      if (nucleated && area > 1) own.setTo(255, labels == i);
    } else if (area > kOtherNucleusUm2) {
      return {};
    }
  }
  if (nucleated) return scale.um2(cv::countNonZero(own)) < 10 ? cv::Mat() : own;
  // A platelet: whatever is stained in the very middle.
  const int count2 = cv::connectedComponents(stained, labels, 8, CV_32S);
  const int label = labels.at<int>(static_cast<int>(middle.y), static_cast<int>(middle.x));
  if (count2 < 2 || label == 0) return {};
  const cv::Mat blob = labels == label;
  return scale.um2(cv::countNonZero(blob)) > 45 ? cv::Mat() : blob;
}

cv::Mat distance_from(const cv::Size& size, cv::Point2d middle, double um_per_px) {
  cv::Mat out(size, CV_32F);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      out.at<float>(y, x) =
          static_cast<float>(std::hypot(x + 0.5 - middle.x, y + 0.5 - middle.y) * um_per_px);
    }
  }
  return out;
}

cv::Mat from_middle(const Scene& scene) {
  const cv::Point2d middle(scene.density.cols * 0.5, scene.density.rows * 0.5);
  return distance_from(scene.density.size(), middle, scene.um_per_px);
}

/// How far pictures reach in all directions, at most kSceneryUm.
double reach_of(const Scene& scene) {
  const double inner =
      (std::min(scene.density.cols, scene.density.rows) * 0.5 - 2) * scene.um_per_px;
  return std::min(kSceneryUm, inner);
}

/// The nearest and farthest pixel of each part, um from the picture's middle.
struct PartReach {
  std::vector<float> nearest, farthest;
};
PartReach part_reach(const Scene& scene) {
  const cv::Mat away = from_middle(scene);
  const auto n = static_cast<std::size_t>(scene.part_count) + 1;
  PartReach reach{std::vector<float>(n, std::numeric_limits<float>::max()),
                  std::vector<float>(n, 0)};
  for (int y = 0; y < away.rows; ++y) {
    for (int x = 0; x < away.cols; ++x) {
      const auto part = static_cast<std::size_t>(scene.parts.at<int>(y, x));
      reach.nearest[part] = std::min(reach.nearest[part], away.at<float>(y, x));
      reach.farthest[part] = std::max(reach.farthest[part], away.at<float>(y, x));
    }
  }
  return reach;
}

/// Takes away what is thinner than 1.6 um, nuclei apart: rims of neighbours that are not kept
/// themselves.
void drop_slivers(cv::Mat& keep, const cv::Mat& nuclear, const Scale& scale) {
  cv::Mat thick;
  cv::morphologyEx(keep, thick, cv::MORPH_OPEN, disc(scale.px(0.8)));
  // Grown back within what was there, so that corners of thick parts are not rounded.
  cv::dilate(thick, thick, disc(scale.px(0.5)));
  keep &= thick | nuclear;
}

/// Takes away pieces too small for a red cell, unless they are purple (platelets); with
/// `only_largest` all but the largest.
void drop_crumbs(cv::Mat& keep, const cv::Mat& nuclear, bool only_largest, const Scale& scale) {
  cv::Mat labels, stats, centres;
  const int count = cv::connectedComponentsWithStats(keep, labels, stats, centres, 8);
  std::vector<int> purple(static_cast<std::size_t>(count), 0);
  int largest = 0;
  for (int i = 1; i < count; ++i) largest = std::max(largest, stats.at<int>(i, cv::CC_STAT_AREA));
  for (int y = 0; y < keep.rows; ++y) {
    for (int x = 0; x < keep.cols; ++x) {
      const bool dark = nuclear.at<std::uint8_t>(y, x) != 0;
      purple[static_cast<std::size_t>(labels.at<int>(y, x))] += dark ? 1 : 0;
    }
  }
  for (int y = 0; y < keep.rows; ++y) {
    for (int x = 0; x < keep.cols; ++x) {
      const int piece = labels.at<int>(y, x);
      const int area = stats.at<int>(piece, cv::CC_STAT_AREA);
      const bool crumb = scale.um2(area) < 14 && purple[static_cast<std::size_t>(piece)] == 0;
      if (only_largest ? area < largest : crumb) keep.at<std::uint8_t>(y, x) = 0;
    }
  }
}

/// Which pixels to keep: the cell, and unless it is to stand alone the neighbours that do not
/// leave the picture's inner disc. Those that do are kept too where they come close to the cell,
/// and fade out.
cv::Mat kept_pixels(const Scene& scene, bool alone) {
  const auto reach = part_reach(scene);
  const double edge = reach_of(scene);
  cv::Mat keep(scene.parts.size(), CV_8U);
  cv::Mat drop(scene.parts.size(), CV_8U);
  for (int y = 0; y < keep.rows; ++y) {
    for (int x = 0; x < keep.cols; ++x) {
      const int part = scene.parts.at<int>(y, x);
      const auto p = static_cast<std::size_t>(part);
      const bool stays = part == 1 || (part > 1 && !alone &&
                                       (reach.farthest[p] < edge || reach.nearest[p] < edge - 9));
      keep.at<std::uint8_t>(y, x) = stays ? 255 : 0;
      drop.at<std::uint8_t>(y, x) = part > 0 && !stays ? 255 : 0;
    }
  }
  const Scale scale{scene.um_per_px};
  drop_slivers(keep, scene.nuclear, scale);
  drop_crumbs(keep, scene.nuclear, alone, scale);
  cv::dilate(keep, keep, disc(scale.px(0.35)));
  keep.setTo(0, drop);
  return keep;
}

/// Brings the red cells around to the usual density, by at most 15 %: slides are stained unequally.
void make_stain_common(Scene& scene) {
  std::vector<float> green;
  for (int y = 0; y < scene.parts.rows; ++y) {
    for (int x = 0; x < scene.parts.cols; ++x) {
      if (scene.parts.at<int>(y, x) < 2 || scene.nuclear.at<std::uint8_t>(y, x) != 0) continue;
      green.push_back(scene.density.at<Density>(y, x)[1]);
    }
  }
  if (green.size() < 2000) return;
  const auto middle = green.begin() + static_cast<std::ptrdiff_t>(green.size() / 2);
  std::nth_element(green.begin(), middle, green.end());
  scene.density *= std::clamp(kRedCellGreen / static_cast<double>(*middle), 0.87, 1.15);
}

/// A platelet on a red cell, or a parasite in it: seen again and again it would catch the eye.
bool has_dark_spot(const cv::Mat& density, const cv::Mat& mask) {
  cv::Mat red;
  cv::blur(channel(density, 0), red, {3, 3});
  double darkest = 0;
  cv::minMaxLoc(red, nullptr, &darkest, nullptr, nullptr, mask);
  return darkest > 0.24;
}

/// One neighbour on a square that holds it at any angle.
Drawing lone_cell(const cv::Mat& density, const cv::Mat& own, const Scale& scale) {
  cv::Mat mask, mask3;
  cv::dilate(own, mask, disc(scale.px(0.35)));
  mask.convertTo(mask, CV_32F, 1 / 255.0);
  cv::GaussianBlur(mask, mask, cv::Size(), 0.15 / scale.um_per_px);
  cv::merge(std::vector<cv::Mat>(3, mask), mask3);
  const int edge = static_cast<int>(std::ceil(std::hypot(own.cols, own.rows)));
  const int left = (edge - own.cols) / 2;
  const int top = (edge - own.rows) / 2;
  Drawing drawing;
  drawing.um_per_px = scale.um_per_px;
  cv::copyMakeBorder(density.mul(mask3), drawing.density, top, edge - own.rows - top, left,
                     edge - own.cols - left, cv::BORDER_CONSTANT, cv::Scalar::all(0));
  cv::copyMakeBorder(own, drawing.body, top, edge - own.rows - top, left, edge - own.cols - left,
                     cv::BORDER_CONSTANT, cv::Scalar::all(0));
  drawing.centre = {edge * 0.5, edge * 0.5};
  return drawing;
}

}  // namespace

std::optional<Scene> take_apart(const Image& picture, double mpp, bool nucleated) {
  const Scale scale{mpp};
  Scene scene;
  scene.um_per_px = mpp;
  const cv::Mat rgb(picture.height(), picture.width(), CV_8UC3,
                    const_cast<std::uint8_t*>(picture.row(0)));  // NOLINT: OpenCV has no const view
  scene.glass = glass_of(rgb);
  scene.density = density_of(rgb, scene.glass);
  scene.nuclear = channel(scene.density, 0) > kNuclearRed;
  cv::morphologyEx(scene.nuclear, scene.nuclear, cv::MORPH_OPEN, disc(scale.px(0.15)));
  const cv::Mat stained = stained_area(scene.density, scale);
  const cv::Mat own = own_nucleus(scene, stained, nucleated, scale);
  if (own.empty()) return std::nullopt;
  part_cells(scene, stained, own, scale);
  const auto reach = part_reach(scene);
  if (reach.farthest[1] <= 0 || reach.farthest[1] > reach_of(scene)) return std::nullopt;
  make_stain_common(scene);
  const auto moments = cv::moments(own, true);
  scene.centre = {moments.m10 / moments.m00 + 0.5, moments.m01 / moments.m00 + 0.5};
  return scene;
}

Drawing pasteable(const Scene& scene, bool alone, double angle) {
  cv::Mat mask;
  kept_pixels(scene, alone).convertTo(mask, CV_32F, 1 / 255.0);
  cv::GaussianBlur(mask, mask, cv::Size(), 0.15 / scene.um_per_px);
  const double edge = reach_of(scene);
  cv::Mat fade = (edge - from_middle(scene)) / 1.6;
  cv::min(fade, 1.0, fade);
  cv::max(fade, 0.0, fade);
  mask = mask.mul(fade);
  cv::Mat mask3, density;
  cv::merge(std::vector<cv::Mat>(3, mask), mask3);
  density = scene.density.mul(mask3);

  Drawing drawing;
  drawing.um_per_px = scene.um_per_px;
  drawing.density = density;
  drawing.body = scene.parts == 1;
  drawing.centre = scene.centre;
  drawing.scenery = !alone;
  return rotated(drawing, angle);
}

std::vector<Drawing> lone_red_cells(const Scene& scene) {
  const Scale scale{scene.um_per_px};
  cv::Mat labels, stats, centres;
  const cv::Mat stained = scene.parts > 0;
  std::vector<Drawing> cells;
  const int count = cv::connectedComponentsWithStats(stained, labels, stats, centres, 8);
  for (int i = 1; i < count; ++i) {
    const auto* s = stats.ptr<int>(i);
    const cv::Rect box(s[cv::CC_STAT_LEFT], s[cv::CC_STAT_TOP], s[cv::CC_STAT_WIDTH],
                       s[cv::CC_STAT_HEIGHT]);
    const int border = scale.px(0.6);
    const cv::Rect wide(box.x - border, box.y - border, box.width + 2 * border,
                        box.height + 2 * border);
    const double area = scale.um2(s[cv::CC_STAT_AREA]);
    const double round = area / (0.785 * scale.um2(box.area()));
    if ((wide & cv::Rect({0, 0}, stained.size())) != wide || area < 26 || area > 70 ||
        round < 0.84) {
      continue;
    }
    const cv::Mat own = labels(wide) == i;
    if (cv::countNonZero(scene.nuclear(wide)) > 0 || cv::countNonZero(stained(wide) & ~own) > 0 ||
        has_dark_spot(scene.density(wide), own)) {
      continue;
    }
    cells.push_back(lone_cell(scene.density(wide), own, scale));
  }
  return cells;
}

}  // namespace cytocape::phantom
