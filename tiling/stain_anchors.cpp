// Anchors: what red cells and nuclei of this slide have in the nuclear channel, from its own
// pixels.
//
// 1. Rough split. Otsu's threshold of the channel's histogram over all sampled pixels, with the
//   counts entering by their square root: nuclei then weigh in even where they are one pixel in a
//   thousand. Without nuclei the split is meaningless and low; kLowest and a multiple of the red
//   cells' median hold it up. Red cells are the stained pixels below kHighestHue; where they are
//   so pale that few count as stained, nuclei must not pass for them.
//
// 2. Red cells away from nuclei. Purple red cells lie above kHighestHue and, where they are dark,
//   above the rough split. The upper of two such thresholds (three classes: glass, red cells,
//   nuclei) is above them; what is stained and lies kAwayUm from everything above it is red cells,
//   not cytoplasm. Where both are seen, the threshold rises until few red cells have nuclear stain,
//   but not past kRedToNucleus of the way to the nuclei; and what counts as a red cell's hue is
//   theirs. A picture that shows too little of either keeps the rough split.
//
// 3. Nuclear level. Mean of the channel in the cores of wide stained areas. A few fields may show
//   none: lobes are narrower. There the level is that of lobes that lie together, and the
//   threshold falls to kNucleusShare of it, since pale nuclei are lost below the rough split. Where
//   there are no lobes either (platelets alone) a nucleus is taken for kNucleusAboveRedCells times
//   a red cell: lower, and platelets of a slide without nuclei pass for pale nuclei. Lobes never
//   raise the level above that: small cells would be lost.

#include "tiling/stain_anchors.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace cytocape {
namespace {

constexpr double kForeground = 0.04;  ///< mean density; pale smears have red cells of 0.06

constexpr double kLowest = 0.13;  ///< of the nuclear channel
constexpr double kHighest = 0.6;
constexpr double kAboveRedCells = 2.2;
constexpr double kHighestFloor = 0.42;
constexpr double kRedCellLimit = 0.3;
constexpr double kRedCellShare = 0.9;
constexpr double kHighestHue = 0.62;

constexpr double kAwayUm = 7;
constexpr double kLeastRedUm2 = 50;     ///< one red cell says little
constexpr double kLeastRedShare = 0.1;  ///< of all that is stained: in a crowd it is cytoplasm
constexpr double kUpperRed = 0.75;      ///< share of the red cells' pixels that is to have no stain
constexpr double kStainBegins = 0.7;    ///< of the threshold; stain_maps.cpp
constexpr double kRedToNucleus = 0.6;
constexpr double kHighestRedHue = 0.85;

constexpr double kPalestNucleus = 0.22;
constexpr double kNucleusAboveRedCells = 7;  ///< 6 to 30 on the smears it was measured on
constexpr double kHighestLevelFloor = 0.9;
constexpr double kCoreUm = 5.5;
constexpr double kCoreAreaUm2 = 3;
constexpr double kLobeUm = 3;
constexpr double kLobesUm = 13;         ///< edge of the square that holds a cell's lobes
constexpr double kLobesAreaUm2 = 8;     ///< of their cores; platelets have less
constexpr double kLobesAreMixed = 1.2;  ///< a lobe's pixels are mixed with what surrounds it
constexpr double kNucleusShare = 0.5;

/// Bins of 0.01 over [0, 2.4] of the nuclear channel.
using NuclearHistogram = std::array<double, 240>;
/// The share of the nuclear channel in the total density, which tells cytoplasm from red cells;
/// bins of 0.01 over [0, 2).
using HueHistogram = std::array<double, 200>;

std::size_t bin_of(int thousandths) {
  return std::min<std::size_t>(239, static_cast<std::size_t>(std::max(0, thousandths)) / 10);
}

bool is_foreground(int total) {
  return total > static_cast<int>(kForeground * 3000);
}

std::size_t hue_bin(int purple, int total) {
  return static_cast<std::size_t>(std::clamp(100 * purple / total, 0, 199));
}

/// The first bin up to which `share` of the histogram lies; its size where it is empty.
template <class Histogram>
std::size_t bin_at_share(const Histogram& histogram, double share) {
  const double total = std::accumulate(histogram.begin(), histogram.end(), 0.0);
  double sum = 0;
  for (std::size_t i = 0; i < histogram.size() && total > 0; ++i) {
    sum += histogram[i];
    if (sum >= share * total) return i;
  }
  return histogram.size();
}

/// The lower edge of that bin; the histogram's bins are of 0.01.
template <class Histogram>
double value_at(const Histogram& histogram, double share) {
  return static_cast<double>(bin_at_share(histogram, share)) / 100;
}

template <class PerPixel>
void for_each_density(const StainSamples& samples, PerPixel&& use) {
  for (const Image& image : samples.images)
    for (int y = 0; y < image.height(); ++y)
      for (int x = 0; x < image.width(); ++x) use(image.at(x, y));
}

struct Distribution {
  NuclearHistogram all{};
  NuclearHistogram reddish{};  ///< stained, and not in the hue of nuclei
};

Distribution nuclear_distribution(const StainSamples& samples) {
  Distribution out;
  for_each_density(samples, [&](Rgb p) {
    out.all[bin_of(samples.table.nuclear(p))] += 1;
    const int total = samples.table.total(p);
    const int purple = samples.table.purple(p);
    if (is_foreground(total) && purple < kHighestHue * total) out.reddish[bin_of(purple)] += 1;
  });
  return out;
}

/// Sums of the histogram's square roots up to each bin.
struct RootSums {
  std::array<double, 241> weight{};
  std::array<double, 241> moment{};

  explicit RootSums(const NuclearHistogram& histogram) {
    for (std::size_t i = 0; i < histogram.size(); ++i) {
      const double root = histogram[i] < 3 ? 0.0 : std::sqrt(histogram[i]);
      weight[i + 1] = weight[i] + root;
      moment[i + 1] = moment[i] + root * static_cast<double>(i);
    }
  }
  [[nodiscard]] double weight_of(std::size_t begin, std::size_t end) const {
    return weight[end] - weight[begin];
  }
  /// What the bins' variance between classes gains by this class; 0 where it is empty.
  [[nodiscard]] double gain_of(std::size_t begin, std::size_t end) const {
    const double here = weight_of(begin, end);
    const double sum = moment[end] - moment[begin];
    return here > 0 ? sum * sum / here : 0;
  }
};

double otsu_of_roots(const RootSums& roots) {
  const std::size_t bins = std::tuple_size_v<NuclearHistogram>;
  const double total = roots.weight_of(0, bins);
  double best = -1;
  double threshold = 0;
  for (std::size_t i = 1; i < bins; ++i) {
    const double below = roots.weight_of(0, i);
    if (below <= 0 || below >= total) continue;
    const double gap =
        roots.moment[i] / below - (roots.moment[bins] - roots.moment[i]) / (total - below);
    const double between = below * (total - below) * gap * gap;
    if (between > best) {
      best = between;
      threshold = static_cast<double>(i) / 100;
    }
  }
  return threshold;
}

/// The upper of the two thresholds that part the histogram best into three; 0 where it has fewer.
double surely_nuclear(const RootSums& roots) {
  const std::size_t bins = std::tuple_size_v<NuclearHistogram>;
  double best = -1;
  double threshold = 0;
  for (std::size_t i = 1; i + 1 < bins; ++i)
    for (std::size_t j = i + 1; j < bins; ++j) {
      if (roots.weight_of(0, i) <= 0 || roots.weight_of(i, j) <= 0 || roots.weight_of(j, bins) <= 0)
        continue;
      const double gain = roots.gain_of(0, i) + roots.gain_of(i, j) + roots.gain_of(j, bins);
      if (gain > best) {
        best = gain;
        threshold = static_cast<double>(j) / 100;
      }
    }
  return threshold;
}

cv::Mat square_of(double um, Mpp mpp) {
  return cv::Mat::ones(std::max(3, static_cast<int>(std::lround(um / mpp.y))),
                       std::max(3, static_cast<int>(std::lround(um / mpp.x))), CV_8U);
}

/// 1 where the nuclear channel is above `threshold`.
cv::Mat stained_mask(const Image& image, const DensityTable& table, double threshold) {
  cv::Mat mask(image.height(), image.width(), CV_8U);
  for (int y = 0; y < mask.rows; ++y)
    for (int x = 0; x < mask.cols; ++x)
      mask.at<std::uint8_t>(y, x) =
          table.nuclear(image.at(x, y)) > static_cast<int>(1000 * threshold);
  return mask;
}

/// 1 where it is 1 over a whole square of `um`.
cv::Mat eroded(const cv::Mat& mask, double um, Mpp mpp) {
  cv::Mat out;
  cv::erode(mask, out, square_of(um, mpp), {-1, -1}, 1, cv::BORDER_CONSTANT, 0);
  return out;
}

/// The parts of `lobes` that have kLobesAreaUm2 of it around them.
cv::Mat lying_together(const cv::Mat& lobes, Mpp mpp) {
  const cv::Size cell = square_of(kLobesUm, mpp).size();
  cv::Mat around;
  cv::boxFilter(lobes, around, CV_32F, cell, {-1, -1}, false, cv::BORDER_CONSTANT);
  cv::Mat out = lobes.clone();
  out.setTo(0, around < kLobesAreaUm2 / (mpp.x * mpp.y));
  return out;
}

/// Mean of the nuclear channel over masked pixels.
struct Level {
  double count = 0;
  double sum = 0;

  void add(const Image& image, const cv::Mat& mask, const DensityTable& table) {
    for (int y = 0; y < mask.rows; ++y)
      for (int x = 0; x < mask.cols; ++x)
        if (mask.at<std::uint8_t>(y, x) != 0) {
          count += 1;
          sum += table.nuclear(image.at(x, y));
        }
  }
  [[nodiscard]] double mean() const { return count > 0 ? sum / count / 1000 : 0; }
};

/// In the cores of what is stained over kCoreUm both ways, which platelets and grains are not; 0
/// where there is hardly any.
double core_level(const StainSamples& samples, double threshold) {
  Level level;
  for (const Image& image : samples.images)
    level.add(image, eroded(stained_mask(image, samples.table, threshold), kCoreUm, samples.mpp),
              samples.table);
  return level.count * samples.mpp.x * samples.mpp.y >= kCoreAreaUm2 ? level.mean() : 0;
}

/// In narrower areas that lie together as lobes do; 0 where there are none.
double lobe_level(const StainSamples& samples, double threshold) {
  Level level;
  for (const Image& image : samples.images) {
    const cv::Mat nuclei = stained_mask(image, samples.table, threshold);
    level.add(image, lying_together(eroded(nuclei, kLobeUm, samples.mpp), samples.mpp),
              samples.table);
  }
  return kLobesAreMixed * level.mean();
}

struct RedCells {
  bool seen = false;
  double median = 0;  ///< of the nuclear channel
  double upper = 0;   ///< kUpperRed of the pixels have less
  double hue = 0;     ///< upper bound of its share in the total density
};

/// What lies above the histogram's upper threshold, and what is stained away from that.
struct Parted {
  double nuclei = 0;  ///< level of cores or lobes, 0 where there are neither
  RedCells red;
};

Parted part(double nuclear, const StainSamples& samples) {
  const double pixel_um2 = samples.mpp.x * samples.mpp.y;
  NuclearHistogram purples{};
  HueHistogram hues{};
  double stained = 0;
  double away = 0;
  Level cores;
  Level lobes;
  for (const Image& image : samples.images) {
    const cv::Mat nuclei = stained_mask(image, samples.table, nuclear);
    const cv::Mat narrow = eroded(nuclei, kLobeUm, samples.mpp);
    cores.add(image, eroded(nuclei, kCoreUm, samples.mpp), samples.table);
    lobes.add(image, lying_together(narrow, samples.mpp), samples.table);
    cv::Mat near;
    cv::dilate(narrow, near, square_of(2 * kAwayUm, samples.mpp), {-1, -1}, 1, cv::BORDER_CONSTANT,
               0);
    for (int y = 0; y < near.rows; ++y)
      for (int x = 0; x < near.cols; ++x) {
        const Rgb p = image.at(x, y);
        const int total = samples.table.total(p);
        if (!is_foreground(total)) continue;
        stained += 1;
        if (near.at<std::uint8_t>(y, x) != 0) continue;
        away += 1;
        const int purple = samples.table.purple(p);
        purples[bin_of(purple)] += 1;
        hues[hue_bin(purple, total)] += 1;
      }
  }
  Parted out;
  out.nuclei = std::max(cores.count * pixel_um2 >= kCoreAreaUm2 ? cores.mean() : 0,
                        kLobesAreMixed * lobes.mean());
  if (away * pixel_um2 < kLeastRedUm2 || away < kLeastRedShare * stained) return out;
  out.red = {true, value_at(purples, 0.5), value_at(purples, kUpperRed),
             std::min(kHighestRedHue, value_at(hues, kRedCellShare) + 0.01)};
  return out;
}

/// Of all that is stained less than `limit`, cytoplasm included.
double red_cell_hue(const StainSamples& samples, double limit) {
  HueHistogram hues{};
  for_each_density(samples, [&](Rgb p) {
    const int total = samples.table.total(p);
    const int purple = samples.table.purple(p);
    if (is_foreground(total) && purple < static_cast<int>(1000 * limit))
      hues[hue_bin(purple, total)] += 1;
  });
  return std::min(kHighestHue, value_at(hues, kRedCellShare) + 0.01);
}

/// Median of the reddish pixels below `limit`: red cells, plasma.
double median_below(NuclearHistogram reddish, double limit) {
  const auto end = std::min(reddish.size(), static_cast<std::size_t>(limit * 100));
  std::fill(reddish.begin() + static_cast<long>(end), reddish.end(), 0.0);
  const auto median = bin_at_share(reddish, 0.5);
  return median < end ? static_cast<double>(median) / 100 : 0;
}

/// What a nucleus has where none is seen.
double guessed_level(double red_cell_nuclear) {
  return std::min(kHighestLevelFloor, kNucleusAboveRedCells * red_cell_nuclear);
}

/// From cores, else from lobes, which may also lower the threshold, else from `guess`.
void measure_level(const StainSamples& samples, double split, double guess, StainProfile& profile) {
  double level = core_level(samples, profile.nuclear_threshold);
  if (level <= 0) {
    level = guess;
    const double lobes = lobe_level(samples, std::max(kLowest, split));
    if (lobes > 0) {
      level = std::min(level, lobes);
      const double red = profile.red_cell_nuclear;
      const double between = std::max(kLowest, red + kNucleusShare * (lobes - red));
      profile.nuclear_threshold = std::min(profile.nuclear_threshold, between);
    }
  }
  profile.nuclear_level = std::max(kPalestNucleus, level);
}

}  // namespace

void measure_anchors(const StainSamples& samples, StainProfile& profile) {
  profile.foreground_threshold = kForeground;
  const Distribution distribution = nuclear_distribution(samples);
  const RootSums roots(distribution.all);
  const double split = otsu_of_roots(roots);
  profile.red_cell_nuclear = median_below(distribution.reddish, std::max(split, kRedCellLimit));
  const double guess = guessed_level(profile.red_cell_nuclear);
  const double floor =
      std::max(kLowest, std::min(kHighestFloor, kAboveRedCells * profile.red_cell_nuclear));
  profile.nuclear_threshold = std::min(kHighest, std::max(split, floor));

  const Parted parted = part(surely_nuclear(roots), samples);
  const RedCells& red = parted.red;
  const bool both_seen = red.seen && parted.nuclei > 0;
  if (both_seen) {
    const double clear = std::min(red.upper / kStainBegins,
                                  red.median + kRedToNucleus * (parted.nuclei - red.median));
    profile.nuclear_threshold = std::max(profile.nuclear_threshold, clear);
    profile.red_cell_nuclear = std::max(profile.red_cell_nuclear, red.median);
  }
  measure_level(samples, split, guess, profile);
  profile.red_cell_hue = red_cell_hue(samples, profile.nuclear_threshold);
  if (both_seen) profile.red_cell_hue = std::max(profile.red_cell_hue, red.hue);
}

}  // namespace cytocape
