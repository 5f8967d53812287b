#include "tiling/stain_maps.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "tiling/stain.hpp"

namespace cytocape {
namespace {

// The stain rises from 0 at (1 - kSoft) times the slide's threshold to full at (1 + kSoft) times:
// a hard threshold would move edges by a pixel for one grey level.
constexpr double kSoft = 0.3;

// Cytoplasm has more of the nuclear channel than so many times a red cell's, or a share of it in
// the total density above a red cell's. Below kLeastCytoplasm (thousandths) neither means anything.
constexpr double kCytoplasmAboveRedCells = 2;
constexpr float kLeastCytoplasm = 50;

// The palest cytoplasm, thousandths of the total density; glass has noise of less.
constexpr float kSolid = 80;

// Hue is taken over 3 x 3 pixels: a single pale pixel does not show it.
constexpr int kPatch = 3;

cv::Mat patch_sums(const cv::Mat& map) {
  const std::vector<float> ones(kPatch, 1);
  cv::Mat out;
  // Replicated, so that cytoplasm cut by the slide's border is seen up to the border.
  cv::sepFilter2D(map, out, CV_32F, ones, ones, {-1, -1}, 0, cv::BORDER_REPLICATE);
  return out;
}

cv::Mat material_map(const cv::Mat& nuclear, const cv::Mat& total, const StainProfile& profile) {
  constexpr float kPixels = kPatch * kPatch;
  const cv::Mat nuclear_sum = patch_sums(nuclear);
  const cv::Mat total_sum = patch_sums(total);
  const auto stained = static_cast<float>(1000 * profile.nuclear_threshold * (1 - kSoft));
  const auto strong =
      static_cast<float>(1000 * kCytoplasmAboveRedCells * profile.red_cell_nuclear) * kPixels;
  const auto hue = static_cast<float>(profile.red_cell_hue);
  cv::Mat out(nuclear.rows, nuclear.cols, CV_8U);
  for (int y = 0; y < out.rows; ++y) {
    const auto* n = nuclear.ptr<float>(y);
    const auto* sum = nuclear_sum.ptr<float>(y);
    const auto* all = total_sum.ptr<float>(y);
    auto* to = out.ptr<std::uint8_t>(y);
    for (int x = 0; x < out.cols; ++x) {
      const bool cytoplasm =
          sum[x] >= kLeastCytoplasm * kPixels && (sum[x] >= strong || sum[x] >= hue * all[x]);
      to[x] = n[x] >= stained || cytoplasm;
    }
  }
  return out;
}

cv::Mat smoothed(const cv::Mat& map, double sigma_um, Mpp mpp) {
  // Outside the window is no stain: right at the slide's border, and beyond the reach elsewhere.
  cv::Mat out;
  cv::sepFilter2D(map, out, CV_32F, whole_gaussian(sigma_um / mpp.x, kKernelReach),
                  whole_gaussian(sigma_um / mpp.y, kKernelReach), {-1, -1}, 0, cv::BORDER_CONSTANT);
  return out;
}

}  // namespace

StainMaps stain_maps(const Image& pixels, Mpp mpp, const StainProfile& profile) {
  const DensityTable table(profile.background);
  const auto low = static_cast<int>(std::lround(1000 * profile.nuclear_threshold * (1 - kSoft)));
  const auto high = static_cast<int>(std::lround(1000 * profile.nuclear_threshold * (1 + kSoft)));
  StainMaps maps;
  maps.nuclear.create(pixels.height(), pixels.width(), CV_32F);
  maps.stain.create(pixels.height(), pixels.width(), CV_32F);
  cv::Mat total(pixels.height(), pixels.width(), CV_32F);
  for (int y = 0; y < pixels.height(); ++y) {
    auto* nuclear = maps.nuclear.ptr<float>(y);
    auto* stain = maps.stain.ptr<float>(y);
    auto* all = total.ptr<float>(y);
    for (int x = 0; x < pixels.width(); ++x) {
      const Rgb p = pixels.at(x, y);
      const int n = table.nuclear(p);
      nuclear[x] = static_cast<float>(n);
      all[x] = static_cast<float>(table.total(p));
      const int stained = std::clamp(n - low, 0, high - low) * 255 / (high - low);
      stain[x] = static_cast<float>(stained);
      maps.any_stain = maps.any_stain || n > low;
    }
  }
  if (!maps.any_stain) return maps;
  maps.material = material_map(maps.nuclear, total, profile);
  maps.solid = (total > kSolid) / 255;
  maps.touch = smoothed(maps.stain, kTouchSigmaUm, mpp);
  maps.fine = smoothed(maps.stain, kFineSigmaUm, mpp);
  // With equal shares the slope of a large nucleus hides the peak of a lobe beside it.
  maps.strength = 2 * maps.fine + smoothed(maps.stain, kCoarseSigmaUm, mpp);
  return maps;
}

}  // namespace cytocape
