#include "models/cape/linear_imputation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <numeric>
#include <utility>
#include <vector>

#include "io/random.hpp"

namespace cytocape {
namespace {

struct Neighbour {
  int x = 0;
  int y = 0;
  double weight = 0;
};
constexpr std::array<Neighbour, 8> kNeighbours{{{-1, 0, 1.0 / 6},
                                                {1, 0, 1.0 / 6},
                                                {0, -1, 1.0 / 6},
                                                {0, 1, 1.0 / 6},
                                                {-1, -1, 1.0 / 12},
                                                {1, -1, 1.0 / 12},
                                                {-1, 1, 1.0 / 12},
                                                {1, 1, 1.0 / 12}}};
constexpr double kClose = 0.1;  ///< grey levels: the result is rounded to whole ones
constexpr int kMostRounds = 1000;
constexpr double kMiddleGrey = 127.5;

/// One equation for each missing pixel: sum of weights * x = sum of weight * neighbour.
class MissingPixels {
 public:
  MissingPixels(const PictureShape& shape, std::span<const std::uint8_t> kept) {
    std::vector<std::uint32_t> equation(kept.size(), kKnown);
    for (std::size_t i = 0; i < kept.size(); ++i) {
      if (kept[i] != 0) continue;
      equation[i] = static_cast<std::uint32_t>(pixel_.size());
      pixel_.push_back(i);
    }
    weight_sum_.resize(pixel_.size());
    for (std::size_t row = 0; row < pixel_.size(); ++row) link(row, shape, equation);
  }

  [[nodiscard]] std::size_t count() const { return pixel_.size(); }
  [[nodiscard]] std::size_t pixel(std::size_t row) const { return pixel_[row]; }

  [[nodiscard]] std::vector<double> right_side(std::span<const std::uint8_t> rgb,
                                               std::size_t channel) const {
    std::vector<double> b(count());
    for (const auto& [row, pixel, weight] : borders_) b[row] += weight * rgb[3 * pixel + channel];
    return b;
  }
  [[nodiscard]] std::vector<double> times(const std::vector<double>& x) const {
    std::vector<double> product(count());
    for (std::size_t row = 0; row < count(); ++row) product[row] = weight_sum_[row] * x[row];
    for (const auto& [row, other, weight] : links_) product[row] -= weight * x[other];
    return product;
  }

 private:
  static constexpr std::uint32_t kKnown = UINT32_MAX;
  struct Term {
    std::uint32_t row = 0;
    std::uint32_t other = 0;  ///< an equation, or a known pixel
    double weight = 0;
  };

  void link(std::size_t row, const PictureShape& shape,
            const std::vector<std::uint32_t>& equation) {
    const int x = static_cast<int>(pixel_[row] % static_cast<std::size_t>(shape.width));
    const int y = static_cast<int>(pixel_[row] / static_cast<std::size_t>(shape.width));
    for (const auto& near : kNeighbours) {
      const int column = x + near.x;
      const int line = y + near.y;
      if (column < 0 || line < 0 || column >= shape.width || line >= shape.height) continue;
      const auto at = static_cast<std::size_t>(line) * static_cast<std::size_t>(shape.width) +
                      static_cast<std::size_t>(column);
      weight_sum_[row] += near.weight;
      const auto own = static_cast<std::uint32_t>(row);
      if (equation[at] == kKnown)
        borders_.push_back({own, static_cast<std::uint32_t>(at), near.weight});
      else
        links_.push_back({own, equation[at], near.weight});
    }
  }

  std::vector<std::size_t> pixel_;
  std::vector<double> weight_sum_;
  std::vector<Term> links_;
  std::vector<Term> borders_;
};

/// Means of what is kept in blocks of 1, 2, 4 .. pixels: each missing pixel begins with that of the
/// smallest block that has any, so that only what is fine is left to solve.
class BlockMeans {
 public:
  BlockMeans(std::span<const std::uint8_t> rgb, const PictureShape& shape,
             std::span<const std::uint8_t> kept, std::size_t channel)
      : shape_(shape) {
    Level finest{shape.width, std::vector<double>(kept.size()), std::vector<double>(kept.size())};
    for (std::size_t i = 0; i < kept.size(); ++i) {
      finest.count[i] = kept[i] != 0 ? 1 : 0;
      finest.sum[i] = kept[i] != 0 ? rgb[3 * i + channel] : 0;
    }
    levels_.push_back(std::move(finest));
    for (int height = shape.height; levels_.back().width > 1 || height > 1;
         height = (height + 1) / 2)
      levels_.push_back(halved(levels_.back(), height));
  }

  [[nodiscard]] double at(std::size_t pixel) const {
    auto x = pixel % static_cast<std::size_t>(shape_.width);
    auto y = pixel / static_cast<std::size_t>(shape_.width);
    for (const auto& level : levels_) {
      const auto i = y * static_cast<std::size_t>(level.width) + x;
      if (level.count[i] > 0) return level.sum[i] / level.count[i];
      x /= 2;
      y /= 2;
    }
    return kMiddleGrey;
  }

 private:
  struct Level {
    int width = 0;
    std::vector<double> count;
    std::vector<double> sum;
  };
  static Level halved(const Level& fine, int height) {
    const int width = (fine.width + 1) / 2;
    const auto size = static_cast<std::size_t>(width) * static_cast<std::size_t>((height + 1) / 2);
    Level coarse{width, std::vector<double>(size), std::vector<double>(size)};
    for (std::size_t i = 0; i < fine.sum.size(); ++i) {
      const auto x = i % static_cast<std::size_t>(fine.width) / 2;
      const auto y = i / static_cast<std::size_t>(fine.width) / 2;
      coarse.count[y * static_cast<std::size_t>(width) + x] += fine.count[i];
      coarse.sum[y * static_cast<std::size_t>(width) + x] += fine.sum[i];
    }
    return coarse;
  }

  PictureShape shape_;
  std::vector<Level> levels_;
};

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/// Conjugate gradients from `x`.
std::vector<double> solve(const MissingPixels& missing, const std::vector<double>& b,
                          std::vector<double> x) {
  std::vector<double> rest = missing.times(x);
  std::transform(b.begin(), b.end(), rest.begin(), rest.begin(), std::minus<>());
  std::vector<double> direction = rest;
  double square = dot(rest, rest);
  // A residual spreads: what is left of it at a pixel is a small part of its error there.
  const double close = 1e-4 * kClose * kClose * static_cast<double>(missing.count());
  for (int round = 0; round < kMostRounds && square > close; ++round) {
    const auto image = missing.times(direction);
    const double step = square / dot(direction, image);
    for (std::size_t i = 0; i < x.size(); ++i) {
      x[i] += step * direction[i];
      rest[i] -= step * image[i];
    }
    const double next = dot(rest, rest);
    for (std::size_t i = 0; i < x.size(); ++i)
      direction[i] = rest[i] + next / square * direction[i];
    square = next;
  }
  return x;
}

}  // namespace

void impute_linearly(std::span<std::uint8_t> rgb, const PictureShape& shape,
                     std::span<const std::uint8_t> kept, double noise, std::uint64_t seed) {
  const MissingPixels missing(shape, kept);
  if (missing.count() == 0) return;
  detail::SplitMix64 random(seed);
  std::vector<std::vector<double>> filled;
  for (std::size_t channel = 0; channel < 3; ++channel) {
    const BlockMeans means(rgb, shape, kept, channel);
    std::vector<double> x(missing.count());
    for (std::size_t row = 0; row < x.size(); ++row) x[row] = means.at(missing.pixel(row));
    if (missing.count() < kept.size())
      x = solve(missing, missing.right_side(rgb, channel), std::move(x));
    filled.push_back(std::move(x));
  }
  for (std::size_t row = 0; row < missing.count(); ++row) {
    for (std::size_t channel = 0; channel < 3; ++channel) {
      const double value = filled[channel][row] + noise * random.normal();
      rgb[3 * missing.pixel(row) + channel] =
          static_cast<std::uint8_t>(std::clamp(std::floor(value + 0.5), 0.0, 255.0));
    }
  }
}

}  // namespace cytocape
