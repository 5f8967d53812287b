#include "tiling/cell_mask.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "tiling/stain.hpp"

namespace cytocape {
namespace {

constexpr double kReachUm = 6;        ///< pieces whose middle is farther away belong to others
constexpr double kSmallestUm2 = 0.8;  ///< of a piece; grains of stain are smaller
constexpr double kSmoothUm = 0.25;
constexpr double kLeastHue = 0.3;  ///< nuclear / total density; red cells have less
constexpr double kGrownTo = 0.4;   ///< of Otsu's threshold
constexpr double kGrowUm = 3;      ///< cytoplasm is looked for this far from the nucleus
constexpr double kCloseUm = 0.6;   ///< gaps of twice this width are closed
constexpr int kPerGrey = 5;  ///< thousandths of density that a grey level of `stain` stands for

/// Median of the pixels that are nearly as bright as the brightest: most of them are bare glass.
std::array<double, 3> glass_of(const Image& crop) {
  std::array<int, 256> greens{};
  for (std::size_t i = 1; i < crop.pixels().size(); i += 3) ++greens[crop.pixels()[i]];
  int bright = 255;
  for (auto left = static_cast<std::int64_t>(crop.pixels().size() / 300); bright > 0; --bright) {
    left -= greens[static_cast<std::size_t>(bright)];
    if (left < 0) break;
  }
  std::array<std::vector<std::uint8_t>, 3> values;
  for (std::size_t i = 0; i < crop.pixels().size(); i += 3) {
    if (crop.pixels()[i + 1] + 12 < bright) continue;
    for (std::size_t c = 0; c < 3; ++c) values[c].push_back(crop.pixels()[i + c]);
  }
  std::array<double, 3> glass{};
  for (std::size_t c = 0; c < 3; ++c) {
    const auto middle = values[c].begin() + static_cast<std::ptrdiff_t>(values[c].size() / 2);
    std::nth_element(values[c].begin(), middle, values[c].end());
    glass[c] = std::max(1.0, static_cast<double>(*middle));
  }
  return glass;
}

/// The nuclear channel where the hue is not a red cell's, CV_8U.
cv::Mat stain_of(const Image& crop, double mpp) {
  const DensityTable table(glass_of(crop));
  cv::Mat nuclear(crop.height(), crop.width(), CV_32F);
  cv::Mat total(crop.height(), crop.width(), CV_32F);
  for (int y = 0; y < crop.height(); ++y) {
    for (int x = 0; x < crop.width(); ++x) {
      nuclear.at<float>(y, x) = static_cast<float>(table.purple(crop.at(x, y)));
      total.at<float>(y, x) = static_cast<float>(table.total(crop.at(x, y)));
    }
  }
  const double sigma = kSmoothUm / mpp;
  if (sigma >= 0.5) {
    cv::GaussianBlur(nuclear, nuclear, {}, sigma);
    cv::GaussianBlur(total, total, {}, sigma);
  }
  nuclear.setTo(0, nuclear < total * kLeastHue);
  cv::Mat stain;
  nuclear.convertTo(stain, CV_8U, 1.0 / kPerGrey);
  return stain;
}

/// What is stained above `threshold` near (x, y).
cv::Mat pieces_near(const cv::Mat& stain, double threshold, double mpp, cv::Point2d place) {
  cv::Mat labels, stats, middles;
  const int count =
      cv::connectedComponentsWithStats(stain > threshold, labels, stats, middles, 8, CV_32S);
  cv::Mat near = cv::Mat::zeros(stain.size(), CV_8U);
  for (int i = 1; i < count; ++i) {
    const cv::Point2d middle(middles.at<double>(i, 0) + 0.5, middles.at<double>(i, 1) + 0.5);
    const double um2 = stats.at<int>(i, cv::CC_STAT_AREA) * mpp * mpp;
    if (um2 >= kSmallestUm2 && cv::norm(middle - place) * mpp <= kReachUm)
      near.setTo(1, labels == i);
  }
  return near;
}

/// `nucleus` and what hangs together with it above `threshold`, not far away.
cv::Mat grown(const cv::Mat& nucleus, const cv::Mat& stain, double threshold, double mpp) {
  const int reach = std::max(1, static_cast<int>(std::lround(kGrowUm / mpp)));
  cv::Mat around;
  cv::dilate(nucleus, around,
             cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * reach + 1, 2 * reach + 1}));
  cv::Mat allowed = (stain > threshold) & (around > 0);
  cv::Mat labels;
  const int count = cv::connectedComponents(allowed, labels, 4, CV_32S);
  std::vector<bool> keep(static_cast<std::size_t>(count), false);
  for (int y = 0; y < labels.rows; ++y)
    for (int x = 0; x < labels.cols; ++x)
      if (nucleus.at<std::uint8_t>(y, x) != 0)
        keep[static_cast<std::size_t>(labels.at<int>(y, x))] = true;
  keep[0] = false;
  cv::Mat out(labels.size(), CV_8U);
  for (int y = 0; y < labels.rows; ++y)
    for (int x = 0; x < labels.cols; ++x)
      out.at<std::uint8_t>(y, x) = keep[static_cast<std::size_t>(labels.at<int>(y, x))] ? 1 : 0;
  return out;
}

/// Closes gaps between speckles of stain and fills what is enclosed: vacuoles, pale cytoplasm.
cv::Mat filled(const cv::Mat& cell, double mpp) {
  const int radius = std::max(1, static_cast<int>(std::lround(kCloseUm / mpp)));
  // With room around, so that what lies at the edge is closed as elsewhere.
  cv::Mat wide;
  cv::copyMakeBorder(cell, wide, radius + 1, radius + 1, radius + 1, radius + 1,
                     cv::BORDER_CONSTANT, 0);
  cv::morphologyEx(wide, wide, cv::MORPH_CLOSE,
                   cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * radius + 1, 2 * radius + 1}));
  cv::Mat outside = wide.clone();
  cv::floodFill(outside, {0, 0}, 2);
  wide.setTo(1, outside == 0);
  return wide({radius + 1, radius + 1, cell.cols, cell.rows}).clone();
}

}  // namespace

std::optional<CellMask> find_cell(const Image& crop, double mpp, double x, double y) {
  const cv::Mat stain = stain_of(crop, mpp);
  cv::Mat unused;
  const double threshold =
      cv::threshold(stain, unused, 0, 255, cv::THRESH_BINARY | cv::THRESH_OTSU);
  const cv::Mat nucleus = pieces_near(stain, threshold, mpp, {x, y});
  if (cv::countNonZero(nucleus) == 0) return std::nullopt;
  const cv::Mat cell = filled(grown(nucleus, stain, kGrownTo * threshold, mpp), mpp);
  const auto moments = cv::moments(cell, true);
  CellMask mask;
  mask.width = crop.width();
  mask.height = crop.height();
  mask.inside.assign(cell.begin<std::uint8_t>(), cell.end<std::uint8_t>());
  mask.share = moments.m00 / static_cast<double>(mask.inside.size());
  mask.x = moments.m10 / moments.m00 + 0.5;
  mask.y = moments.m01 / moments.m00 + 0.5;
  return mask;
}

}  // namespace cytocape
