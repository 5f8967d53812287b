#pragma once

/// Random numbers that are the same on every machine: the distributions of <random> are not.

#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <numbers>
#include <string_view>

namespace cytocape::phantom {

/// Spreads every input bit over all output bits (the finaliser of SplitMix64, Steele et al. 2014).
[[nodiscard]] inline std::uint64_t scramble(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31U);
}

/// One seed for each combination of the parts; their order matters.
[[nodiscard]] inline std::uint64_t seed_of(std::initializer_list<std::uint64_t> parts) {
  std::uint64_t seed = 0;
  for (const auto part : parts) seed = scramble(seed ^ scramble(part));
  return seed;
}

[[nodiscard]] inline std::uint64_t seed_of(std::string_view text) {
  std::uint64_t seed = text.size();
  for (const char c : text) seed = scramble(seed ^ static_cast<unsigned char>(c));
  return seed;
}

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  [[nodiscard]] std::uint64_t bits() { return scramble(state_++); }
  /// In [0, 1).
  [[nodiscard]] double uniform() { return static_cast<double>(bits() >> 11U) * 0x1.0p-53; }
  [[nodiscard]] double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// In 0 .. count-1. Precondition: count > 0.
  [[nodiscard]] std::uint64_t below(std::uint64_t count) {
    return static_cast<std::uint64_t>(uniform() * static_cast<double>(count));
  }
  [[nodiscard]] int whole(int low, int high) {
    return low + static_cast<int>(below(static_cast<std::uint64_t>(high - low) + 1));
  }
  [[nodiscard]] bool chance(double probability) { return uniform() < probability; }
  [[nodiscard]] double angle() { return uniform(0, 2 * std::numbers::pi); }
  /// Standard normal (Box and Muller).
  [[nodiscard]] double normal() {
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));
    return radius * std::cos(angle());
  }

 private:
  std::uint64_t state_;
};

}  // namespace cytocape::phantom
