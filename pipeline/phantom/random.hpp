#pragma once

/// The streams of drawn smears. They are older than the draws of io/random.hpp and stay as they
/// are: the shipped model `demo` and every figure of a drawn smear hang on them
/// (docs/decisions/0025-one-generator.md).

#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "io/random.hpp"

namespace cytocape::phantom {

using detail::scramble;

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

/// The generator counting by ones from `seed`, which must come of seed_of: streams of neighbouring
/// seeds would overlap.
class Random : public detail::SplitMix64 {
 public:
  explicit Random(std::uint64_t seed) : SplitMix64(seed + kIncrement - 1, 1) {}

  /// In 0 .. count-1. Precondition: count > 0.
  [[nodiscard]] std::uint64_t pick(std::uint64_t count) {
    return static_cast<std::uint64_t>(uniform() * static_cast<double>(count));
  }
  [[nodiscard]] int whole(int low, int high) {
    return low + static_cast<int>(pick(static_cast<std::uint64_t>(high - low) + 1));
  }
};

}  // namespace cytocape::phantom
