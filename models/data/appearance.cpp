#include "models/data/appearance.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "io/random.hpp"

namespace cytocape {
namespace {

constexpr double kWhite = 255;
/// Zero has no density.
constexpr double kDarkest = 0.5;

using Channels = std::array<double, 3>;

/// What is drawn of a crop's colours and sharpness.
struct DrawnAppearance {
  std::array<Channels, 3> mixing{};  ///< row: a new channel's density of the old
  Channels glass{};                  ///< density above white
  double blur_um = 0;                ///< 0: none
  bool unsharp = false;
  double noise = 0;
  std::uint64_t noise_seed = 0;
};

/// One channel of the densities, 1 for a grey: drawn again where the sum, two deviations away from
/// 1, is so small that dividing by it would make hues that no dye has.
Channels draw_mixed_row(std::size_t row, double deviation, detail::SplitMix64& random) {
  constexpr double kLeastSum = 0.5;
  for (;;) {
    Channels mixed{};
    for (double& share : mixed) share = deviation * random.normal();
    mixed[row] += 1;
    const double sum = mixed[0] + mixed[1] + mixed[2];
    for (double& share : mixed) share /= sum;
    if (sum >= kLeastSum) return mixed;
  }
}

/// A grey stays grey but for the gains.
std::array<Channels, 3> draw_mixing(const AppearanceOptions& options, detail::SplitMix64& random) {
  std::array<Channels, 3> mixing{};
  const double common = std::exp(options.stain_gain * random.normal());
  for (std::size_t row = 0; row < 3; ++row) {
    mixing[row] = draw_mixed_row(row, options.stain_mixing, random);
    const double gain = common * std::exp(options.channel_gain * random.normal());
    for (double& share : mixing[row]) share *= gain;
  }
  return mixing;
}

// Every number is drawn whatever the options say: switching one variation off leaves the others
// as they were.
DrawnAppearance draw(const AppearanceOptions& options, std::uint64_t seed) {
  detail::SplitMix64 random(seed);
  DrawnAppearance drawn;
  drawn.mixing = draw_mixing(options, random);
  const double common = random.uniform(0, options.glass);
  for (double& density : drawn.glass)
    density = std::max(0.0, common + options.glass_channel * random.normal());
  const double sharpness = random.uniform();
  const double blur = random.uniform(options.blur_min_um, options.blur_max_um);
  if (sharpness < options.blur_share)
    drawn.blur_um = blur;
  else
    drawn.unsharp = sharpness < options.blur_share + options.unsharp_share;
  const bool noisy = random.chance(options.noise_share);
  const double noise = random.uniform(0, options.noise);
  if (noisy) drawn.noise = noise;
  drawn.noise_seed = random.next();
  return drawn;
}

/// The value that a twentieth of the pixels exceed, in each channel: glass, wherever a crop shows
/// any, and little above it.
Channels glass_of(const cv::Mat& crop) {
  Channels glass{};
  for (std::size_t channel = 0; channel < 3; ++channel) {
    std::array<int, 256> counts{};
    for (int y = 0; y < crop.rows; ++y)
      for (int x = 0; x < crop.cols; ++x)
        ++counts[crop.at<cv::Vec3b>(y, x)[static_cast<int>(channel)]];
    int above = static_cast<int>(crop.total()) / 20;
    int value = 255;
    while (value > 1 && (above -= counts[static_cast<std::size_t>(value)]) >= 0) --value;
    glass[channel] = value;
  }
  return glass;
}

/// The density of each value above the glass, below 0 where it is brighter.
std::array<float, 256> densities_above(double glass) {
  std::array<float, 256> densities{};
  for (std::size_t value = 0; value < densities.size(); ++value)
    densities[value] =
        static_cast<float>(std::log(glass / std::max(kDarkest, static_cast<double>(value))));
  return densities;
}

/// The crop's colours as another laboratory would have rendered them, in floating point.
cv::Mat recoloured(const cv::Mat& crop, const DrawnAppearance& drawn) {
  const Channels glass = glass_of(crop);
  std::array<std::array<float, 256>, 3> densities{};
  for (std::size_t channel = 0; channel < 3; ++channel)
    densities[channel] = densities_above(glass[channel]);
  cv::Mat density(crop.size(), CV_32FC3);
  for (int y = 0; y < crop.rows; ++y)
    for (int x = 0; x < crop.cols; ++x) {
      const auto& pixel = crop.at<cv::Vec3b>(y, x);
      for (int c = 0; c < 3; ++c)
        density.at<cv::Vec3f>(y, x)[c] = densities[static_cast<std::size_t>(c)][pixel[c]];
    }
  cv::Matx34f mixing;
  for (int row = 0; row < 3; ++row) {
    const auto at = static_cast<std::size_t>(row);
    for (int column = 0; column < 3; ++column)
      mixing(row, column) = static_cast<float>(-drawn.mixing[at][static_cast<std::size_t>(column)]);
    mixing(row, 3) = static_cast<float>(-drawn.glass[at]);
  }
  cv::transform(density, density, mixing);
  cv::exp(density, density);
  return density * kWhite;
}

void blur(cv::Mat& picture, double deviation_px) {
  cv::GaussianBlur(picture, picture, {}, deviation_px, deviation_px, cv::BORDER_REFLECT_101);
}

void add_noise(cv::Mat& picture, double deviation, std::uint64_t seed) {
  detail::SplitMix64 random(seed);
  for (int y = 0; y < picture.rows; ++y)
    for (int x = 0; x < picture.cols; ++x)
      for (int c = 0; c < 3; ++c)
        picture.at<cv::Vec3f>(y, x)[c] += static_cast<float>(deviation * random.normal());
}

void change_sharpness(cv::Mat& picture, double mpp, const DrawnAppearance& drawn) {
  if (drawn.blur_um > 0) blur(picture, drawn.blur_um / mpp);
  if (drawn.unsharp) {
    cv::Mat smooth = picture.clone();
    blur(smooth, 1);
    picture = 1.5 * picture - 0.5 * smooth;
  }
  if (drawn.noise > 0) add_noise(picture, drawn.noise, drawn.noise_seed);
}

bool changes_colour(const AppearanceOptions& options) {
  return options.stain_mixing > 0 || options.stain_gain > 0 || options.channel_gain > 0 ||
         options.glass > 0 || options.glass_channel > 0;
}

}  // namespace

void vary_appearance(std::uint8_t* crop, int edge, double mpp, const AppearanceOptions& options,
                     std::uint64_t seed) {
  if (!options.on) return;
  const DrawnAppearance drawn = draw(options, seed);
  cv::Mat pixels(edge, edge, CV_8UC3, crop);
  cv::Mat picture;
  if (changes_colour(options))
    picture = recoloured(pixels, drawn);
  else
    pixels.convertTo(picture, CV_32FC3);
  change_sharpness(picture, mpp, drawn);
  picture.convertTo(pixels, CV_8UC3);
}

}  // namespace cytocape
