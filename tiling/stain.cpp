// How the stain is measured, once a slide.
//
// Background. The glass is the brightest mode of the luminance over the sampled windows that holds
//   at least kGlassModeShare of their pixels; its mean colour is the white point, so lamp colour,
//   gain and white balance cancel in the densities. Windows of one single colour (areas the scanner
//   did not scan) are left out.
//
// Nuclear channel. With D the optical densities, nuclear = D_red + D_green - D_blue. Azure-eosin
//   stained chromatin takes red and green light and lets blue pass. Red cells (haemoglobin) and
//   eosin take green and blue alike, so they stay near D_red, which is small. Grey dirt
//   takes all three alike and is set to 0. Rejected: the red density alone, because dark red cells
//   in thick areas reach a pale nucleus's; a fixed stain matrix, because stains differ too much.
//
// What red cells and nuclei of the slide have in that channel: stain_anchors.cpp.

#include "tiling/stain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "io/errors.hpp"
#include "tiling/focus.hpp"
#include "tiling/stain_anchors.hpp"

namespace cytocape {
namespace {

// The lattice: windows of kWindowUm, at most kWindowsPerAxis along each axis.
constexpr double kWindowUm = 256;
constexpr std::int64_t kWindowsPerAxis = 12;

constexpr double kGlassModeShare = 0.015;

constexpr double kClearest = -0.3;  ///< densities are clamped to [kClearest, kDarkest]
constexpr double kDarkest = 1.2;

std::vector<LocateRect> lattice(const LocateScale& scale, std::int64_t most) {
  const auto starts = [most](std::int64_t size, double mpp) {
    const std::int64_t edge = std::min(size, static_cast<std::int64_t>(std::ceil(kWindowUm / mpp)));
    const std::int64_t count = std::clamp<std::int64_t>((size + edge - 1) / edge, 1, most);
    std::vector<std::pair<std::int64_t, std::int64_t>> out;
    for (std::int64_t i = 0; i < count; ++i)
      out.emplace_back(((2 * i + 1) * size / count - edge) / 2, edge);
    return out;
  };
  const LocateRect whole{0, 0, scale.size.width, scale.size.height};
  std::vector<LocateRect> windows;
  for (const auto& [y, height] : starts(scale.size.height, scale.mpp.y))
    for (const auto& [x, width] : starts(scale.size.width, scale.mpp.x))
      windows.push_back(LocateRect{x, y, width, height}.intersected(whole));
  return windows;
}

/// Where the file leaves out most of the slide, the lattice could miss all that is there: then as
/// many windows of those that hold something, spread evenly.
std::vector<LocateRect> sample_windows(const Slide& slide, const LocateScale& scale) {
  const auto left_out = [&](const LocateRect& window) { return is_left_out(slide, scale, window); };
  auto windows = lattice(scale, kWindowsPerAxis);
  if (std::none_of(windows.begin(), windows.end(), left_out)) return windows;
  constexpr std::int64_t kMostPerAxis = 1000;
  auto all = lattice(scale, kMostPerAxis);
  std::erase_if(all, left_out);
  if (all.empty()) return windows;
  const auto count = std::min(all.size(), windows.size());
  std::vector<LocateRect> chosen;
  for (std::size_t i = 0; i < count; ++i) chosen.push_back(all[i * all.size() / count]);
  return chosen;
}

bool single_colour(const Image& image) {
  const Rgb first = image.at(0, 0);
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x)
      if (image.at(x, y) != first) return false;
  return true;
}

constexpr std::int64_t kSmallestPiece = 32;  ///< locate pixels

/// The readable parts of `window`, by quarters: one lost tile costs little more than itself, and
/// the stain is measured from nearly the same pixels as on the undamaged slide. The block that owns
/// the tile fails with its own message later.
void read_sample(const Slide& slide, const LocateScale& scale, const LocateRect& window,
                 std::vector<Image>& samples) {
  try {
    Image image = read_locate(slide, scale, window);
    if (!image.empty() && !single_colour(image)) samples.push_back(std::move(image));
  } catch (const SlideError&) {
    if (std::max(window.width, window.height) <= kSmallestPiece) return;
    const auto left = (window.width + 1) / 2;
    const auto top = (window.height + 1) / 2;
    for (const LocateRect& piece :
         {LocateRect{window.x, window.y, left, top},
          LocateRect{window.x + left, window.y, window.width - left, top},
          LocateRect{window.x, window.y + top, left, window.height - top},
          LocateRect{window.x + left, window.y + top, window.width - left, window.height - top}})
      if (!piece.empty()) read_sample(slide, scale, piece, samples);
  }
}

std::vector<Image> read_samples(const Slide& slide, const LocateScale& scale) {
  std::vector<Image> samples;
  for (const LocateRect& window : sample_windows(slide, scale))
    read_sample(slide, scale, window, samples);
  return samples;
}

template <class PerPixel>
void for_each_pixel(const std::vector<Image>& images, PerPixel&& use) {
  for (const Image& image : images)
    for (int y = 0; y < image.height(); ++y)
      for (int x = 0; x < image.width(); ++x) use(image.at(x, y));
}

std::size_t luminance(Rgb p) {
  return static_cast<std::size_t>(p.r + 2 * p.g + p.b) / 4;
}

/// The brightest mode that is no noise; the brightest pixel's bin where there is none.
std::size_t glass_mode(const std::array<double, 256>& counts, double total) {
  constexpr std::size_t kHalf = 4;
  std::array<double, 256> smooth{};
  for (std::size_t i = kHalf; i + kHalf < counts.size(); ++i)
    for (std::size_t j = i - kHalf; j <= i + kHalf; ++j)
      smooth[i] += counts[j] * static_cast<double>(kHalf + 1 - (j > i ? j - i : i - j));
  // Saturated glass sits in the last bins, beyond the filter's reach.
  for (std::size_t i = counts.size() - kHalf; i < counts.size(); ++i)
    smooth[i] = counts[i] * (kHalf + 1);
  const auto mass = [&](std::size_t i) {
    double sum = 0;
    for (std::size_t j = i - std::min(i, kHalf); j <= std::min<std::size_t>(255, i + kHalf); ++j)
      sum += counts[j];
    return sum;
  };
  for (std::size_t i = 254; i > 0; --i)
    if (smooth[i] >= smooth[i + 1] && smooth[i] > smooth[i - 1] &&
        mass(i) >= kGlassModeShare * total)
      return i;
  std::size_t brightest = 255;
  while (brightest > 0 && counts[brightest] == 0) --brightest;
  return brightest;
}

std::array<double, 3> measure_background(const std::vector<Image>& samples) {
  std::array<double, 256> counts{};
  std::array<std::array<double, 3>, 256> sums{};
  double total = 0;
  for_each_pixel(samples, [&](Rgb p) {
    const std::size_t l = luminance(p);
    counts[l] += 1;
    sums[l][0] += p.r;
    sums[l][1] += p.g;
    sums[l][2] += p.b;
    total += 1;
  });
  const std::size_t mode = glass_mode(counts, total);
  std::array<double, 3> colour{};
  double pixels = 0;
  for (std::size_t l = mode - std::min<std::size_t>(mode, 3);
       l <= std::min<std::size_t>(255, mode + 5); ++l) {
    pixels += counts[l];
    for (std::size_t c = 0; c < 3; ++c) colour[c] += sums[l][c];
  }
  for (double& c : colour) c = std::max(1.0, c / std::max(1.0, pixels));
  return colour;
}

}  // namespace

DensityTable::DensityTable(const std::array<double, 3>& background) {
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t v = 0; v < 256; ++v) {
      const double density = std::log10(background[c] / std::max(1.0, static_cast<double>(v)));
      table_[c][v] =
          static_cast<std::int16_t>(std::lround(1000 * std::clamp(density, kClearest, kDarkest)));
    }
}

std::vector<float> whole_gaussian(double sigma_px, double reach_sigmas) {
  const int radius = static_cast<int>(reach_sigmas * sigma_px);
  std::vector<double> exact;
  for (int i = -radius; i <= radius; ++i)
    exact.push_back(std::exp(-0.5 * i * i / (sigma_px * sigma_px)));
  const double sum = std::accumulate(exact.begin(), exact.end(), 0.0);
  std::vector<float> weights;
  for (const double w : exact) weights.push_back(static_cast<float>(std::lround(128 * w / sum)));
  const float rest = 128 - std::accumulate(weights.begin(), weights.end(), 0.0F);
  weights[static_cast<std::size_t>(radius)] += rest;
  return weights;
}

StainProfile measure_stain(const Slide& slide, const LocateScale& scale, const FinderOptions&) {
  return measure_stain(read_samples(slide, scale), scale.mpp);
}

StainProfile measure_stain(const std::vector<Image>& samples, Mpp mpp) {
  StainProfile profile;
  profile.background = measure_background(samples);
  measure_anchors({samples, DensityTable(profile.background), mpp}, profile);
  profile.focus_reference = focus_reference(samples, mpp);
  return profile;
}

}  // namespace cytocape
