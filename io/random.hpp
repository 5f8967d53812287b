#pragma once

/// Numbers from a seed that are the same with every compiler and standard library: std::shuffle and
/// the std distributions are not. One generator, SplitMix64 (Steele, Lea, Flood, OOPSLA 2014), and
/// one set of draws for all that is random (docs/decisions/0025-one-generator.md).

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <string_view>
#include <utility>
#include <vector>

namespace cytocape::detail {

/// Not thread-safe: one for each stream.
class SplitMix64 {
 public:
  static constexpr std::uint64_t kIncrement = 0x9E3779B97F4A7C15ULL;

  explicit SplitMix64(std::uint64_t seed) : state_(seed) {}

  [[nodiscard]] std::uint64_t next() {
    state_ += increment_;
    return finalised(state_);
  }

  /// In [0, 1), a multiple of 2^-53.
  [[nodiscard]] double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  [[nodiscard]] double uniform(double low, double high) { return low + (high - low) * uniform(); }

  /// In [0, bound); bound > 0. The modulo's bias is below 2^-40 for any number of images.
  [[nodiscard]] std::size_t below(std::size_t bound) {
    return static_cast<std::size_t>(next() % bound);
  }

  [[nodiscard]] bool chance(double probability) { return uniform() < probability; }
  /// Radians, of a full turn.
  [[nodiscard]] double angle() { return uniform(0, 2 * std::numbers::pi); }

  /// Of mean 0 and variance 1 (Box and Muller 1958).
  [[nodiscard]] double normal() {
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));
    return radius * std::cos(angle());
  }

  /// Of this shape, above 0, and scale 1 (Marsaglia and Tsang 2000); a shape below 1 by one more
  /// and a power.
  [[nodiscard]] double gamma(double shape) {
    if (shape < 1) {
      const double more = gamma(shape + 1);
      return more * std::pow(1 - uniform(), 1 / shape);
    }
    const double d = shape - 1.0 / 3;
    const double c = 1 / std::sqrt(9 * d);
    for (;;) {
      const double x = normal();
      const double v = std::pow(1 + c * x, 3);
      if (v > 0 && std::log(1 - uniform()) < x * x / 2 + d * (1 - v + std::log(v))) return d * v;
    }
  }

 protected:
  /// A stream of other steps: the generator's paper allows any odd increment.
  SplitMix64(std::uint64_t state, std::uint64_t increment) : state_(state), increment_(increment) {}

 private:
  /// Spreads every input bit over all output bits.
  [[nodiscard]] static constexpr std::uint64_t finalised(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }

  std::uint64_t state_;
  std::uint64_t increment_ = kIncrement;
};

/// The first number of the stream of `x`.
[[nodiscard]] inline std::uint64_t scramble(std::uint64_t x) {
  return SplitMix64(x).next();
}

/// A seed for one part of a run: streams of different parts do not overlap in practice.
[[nodiscard]] inline std::uint64_t mix_seed(std::uint64_t seed, std::uint64_t part) {
  return scramble(scramble(seed) ^ part);
}

/// FNV-1a: std::hash differs between libraries.
[[nodiscard]] inline std::uint64_t seed_of(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  }
  return hash;
}

template <typename T>
void shuffle(std::vector<T>& items, SplitMix64& random) {
  for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[random.below(i)]);
}

}  // namespace cytocape::detail
