// How a pixel becomes L*a*b*, by the definition of CIE 015 with sRGB (IEC 61966-2-1) under D65:
//   t   = linear sRGB through the matrix to X/Xn, Y/Yn, Z/Zn
//   f   = cbrt(t), or linear below (6/29)^3
//   L*  = 116 f(Y) - 16,  a* = 500 (f(X) - f(Y)),  b* = 200 (f(Y) - f(Z))
// L*, a* and b* are linear in the three f, so a map of L*a*b* is one of them, and only f and its
// inverse cost anything: both are tables but for the cube.

#include "tiling/lab_map.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>

namespace cytocape {
namespace {

constexpr double kLeastScale = 1.0 / 3;
constexpr double kMostScale = 3;

constexpr std::size_t kEveryNth = 3;
constexpr double kUnit = 256;  ///< of the sums

constexpr double kKnee = 6.0 / 29;  ///< of f; below it f is linear

/// f in whole 16384ths at t in whole 32768ths. Bright, a step is a hundredth of a grey level; dark,
/// where f is steepest, a tenth.
constexpr int kTimeBits = 15;
constexpr int kFunctionBits = 14;
/// What is summed to t is rounded three bits finer.
constexpr int kSpareBits = 3;
/// sRGB at linear values in whole 16384ths.
constexpr int kLinearSteps = 1 << 14;

double to_linear(double value) {
  return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double from_linear(double linear) {
  return linear <= 0.0031308 ? linear * 12.92 : 1.055 * std::pow(linear, 1 / 2.4) - 0.055;
}

double lab_function(double t) {
  return t > kKnee * kKnee * kKnee ? std::cbrt(t) : t / (3 * kKnee * kKnee) + 4.0 / 29;
}

/// From linear sRGB to X/Xn, Y/Yn, Z/Zn: white is (1, 1, 1).
cv::Matx33d matrix_to_xyz() {
  cv::Matx33d matrix(0.4124564, 0.3575761, 0.1804375,  //
                     0.2126729, 0.7151522, 0.0721750,  //
                     0.0193339, 0.1191920, 0.9503041);
  for (int row = 0; row < 3; ++row) {
    const double white = matrix(row, 0) + matrix(row, 1) + matrix(row, 2);
    for (int column = 0; column < 3; ++column) matrix(row, column) /= white;
  }
  return matrix;
}

/// Four, so that one instruction adds them.
struct alignas(16) Xyz {
  std::array<std::int32_t, 4> value{};
};

struct Tables {
  /// [channel][value]: what it adds to each of X, Y, Z.
  std::array<std::array<Xyz, 256>, 3> share{};
  std::array<std::int16_t, (1 << kTimeBits) + 2> function{};
  std::array<float, 9> to_rgb{};
  std::array<std::uint8_t, kLinearSteps + 1> srgb{};

  Tables() {
    const auto matrix = matrix_to_xyz();
    for (std::size_t c = 0; c < 3; ++c)
      for (std::size_t v = 0; v < 256; ++v)
        for (std::size_t k = 0; k < 3; ++k)
          share[c][v].value[k] = static_cast<std::int32_t>(std::lround(
              to_linear(static_cast<double>(v) / 255) *
              matrix(static_cast<int>(k), static_cast<int>(c)) * (1 << (kTimeBits + kSpareBits))));
    for (std::size_t i = 0; i < function.size(); ++i)
      function[i] = static_cast<std::int16_t>(
          std::lround(std::min(1.0, lab_function(static_cast<double>(i) / (1 << kTimeBits))) *
                      (1 << kFunctionBits)));
    const cv::Matx33d inverse = matrix.inv();
    for (std::size_t i = 0; i < 9; ++i) to_rgb[i] = static_cast<float>(inverse.val[i]);
    for (std::size_t i = 0; i < srgb.size(); ++i)
      srgb[i] = static_cast<std::uint8_t>(
          std::lround(255 * from_linear(static_cast<double>(i) / kLinearSteps)));
  }

  /// f of X, Y, Z of a pixel.
  [[nodiscard]] std::array<int, 3> functions_of(const std::uint8_t* pixel) const {
    const auto& r = share[0][pixel[0]].value;
    const auto& g = share[1][pixel[1]].value;
    const auto& b = share[2][pixel[2]].value;
    constexpr std::int32_t half = 1 << (kSpareBits - 1);
    std::array<std::uint32_t, 4> t{};
    for (std::size_t k = 0; k < 4; ++k)
      t[k] = static_cast<std::uint32_t>(r[k] + g[k] + b[k] + half) >> kSpareBits;
    return {function[t[0]], function[t[1]], function[t[2]]};
  }

  [[nodiscard]] std::uint8_t srgb_of(float linear) const {
    const float inside = std::min(1.0F, std::max(0.0F, linear));
    // Not below 0, where adding a half rounds. NOLINTNEXTLINE(bugprone-incorrect-roundings)
    return srgb[static_cast<std::size_t>(inside * kLinearSteps + 0.5F)];
  }
};

const Tables& tables() {
  static const Tables made;
  return made;
}

/// The inverse of f.
float inverse_function(float f) {
  constexpr auto knee = static_cast<float>(kKnee);
  return f > knee ? f * f * f : 3 * knee * knee * (f - 4.0F / 29);
}

/// Whole 256ths, rounded: the constants of L*, a* and b* times 256 are whole 16384ths of these.
std::array<std::int32_t, 3> whole_lab(const std::array<int, 3>& f) {
  return {((29 * f[1] + 8) >> 4) - 16 * 256, (125 * (f[0] - f[1]) + 8) >> 4,
          (25 * (f[1] - f[2]) + 4) >> 3};
}

}  // namespace

std::vector<std::size_t> spread_evenly(std::size_t count, std::size_t most) {
  const auto taken = std::min(count, most);
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < taken; ++i) chosen.push_back((2 * i + 1) * count / (2 * taken));
  return chosen;
}

void LabSums::add(std::span<const std::uint8_t> rgb) {
  const auto& table = tables();
  for (std::size_t at = 0; at + 3 <= rgb.size(); at += 3 * kEveryNth) {
    const auto lab = whole_lab(table.functions_of(rgb.data() + at));
    for (std::size_t c = 0; c < 3; ++c) {
      sum_[c] += lab[c];
      squares_[c] += std::int64_t{lab[c]} * lab[c];
    }
    ++pixels_;
  }
}

void LabSums::add(const LabSums& other) {
  pixels_ += other.pixels_;
  for (std::size_t c = 0; c < 3; ++c) {
    sum_[c] += other.sum_[c];
    squares_[c] += other.squares_[c];
  }
}

std::optional<LabStatistics> LabSums::statistics() const {
  if (pixels_ == 0) return std::nullopt;
  const auto count = static_cast<double>(pixels_);
  LabStatistics statistics;
  for (std::size_t c = 0; c < 3; ++c) {
    const double mean = static_cast<double>(sum_[c]) / count;
    const double variance = static_cast<double>(squares_[c]) / count - mean * mean;
    statistics.mean[c] = mean / kUnit;
    statistics.deviation[c] = std::sqrt(std::max(0.0, variance)) / kUnit;
  }
  return statistics;
}

LabMap::LabMap(const LabStatistics& from, const LabStatistics& to) {
  for (std::size_t c = 0; c < 3; ++c) {
    // Of pixels that are all alike the scale does not matter.
    const double ratio = from.deviation[c] > 0 ? to.deviation[c] / from.deviation[c] : 1;
    const double scale = std::clamp(ratio, kLeastScale, kMostScale);
    scale_[c] = static_cast<float>(scale);
    offset_[c] = static_cast<float>(to.mean[c] - from.mean[c] * scale);
  }
}

void LabMap::apply(std::span<std::uint8_t> rgb) const {
  const auto& table = tables();
  constexpr float kFunction = 1.0F / (1 << kFunctionBits);
  // Of f rather than of L*, a*, b*: see above.
  const float light = scale_[0] * kFunction;
  const float light_offset = (offset_[0] + 16 - 16 * scale_[0]) / 116;
  const float red = scale_[1] * kFunction;
  const float red_offset = offset_[1] / 500;
  const float blue = scale_[2] * kFunction;
  const float blue_offset = offset_[2] / 200;
  const auto& m = table.to_rgb;
  for (std::size_t at = 0; at + 3 <= rgb.size(); at += 3) {
    const auto f = table.functions_of(rgb.data() + at);
    const float fy = light * static_cast<float>(f[1]) + light_offset;
    const float fx = fy + red * static_cast<float>(f[0] - f[1]) + red_offset;
    const float fz = fy - blue * static_cast<float>(f[1] - f[2]) - blue_offset;
    const float x = inverse_function(fx);
    const float y = inverse_function(fy);
    const float z = inverse_function(fz);
    rgb[at] = table.srgb_of(m[0] * x + m[1] * y + m[2] * z);
    rgb[at + 1] = table.srgb_of(m[3] * x + m[4] * y + m[5] * z);
    rgb[at + 2] = table.srgb_of(m[6] * x + m[7] * y + m[8] * z);
  }
}

Appearance unmeasured_appearance(AppearanceMap asked, const std::optional<LabStatistics>& model) {
  Appearance appearance;
  appearance.use.asked = asked;
  appearance.use.model = model;
  if (asked == AppearanceMap::none)
    appearance.use.outcome = AppearanceOutcome::not_asked;
  else
    appearance.use.outcome =
        model ? AppearanceOutcome::too_few_cells : AppearanceOutcome::model_unknown;
  return appearance;
}

void fit_appearance(Appearance& appearance, std::span<const LabSums> crops) {
  auto& use = appearance.use;
  LabSums sums;
  use.cells = 0;
  for (const LabSums& crop : crops) {
    sums.add(crop);
    if (crop.pixels() > 0) ++use.cells;
  }
  use.own = sums.statistics();
  if (use.cells < kLeastAppearanceCells || !use.own || !use.model) return;
  use.outcome = AppearanceOutcome::applied;
  appearance.map.emplace(*use.own, *use.model);
}

}  // namespace cytocape
