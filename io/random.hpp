#pragma once

/// Numbers from a seed that are the same with every compiler and standard library: std::shuffle and
/// the std distributions are not. SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace cytocape::detail {

class SplitMix64 {
 public:
  explicit SplitMix64(std::uint64_t seed) : state_(seed) {}

  [[nodiscard]] std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }

  /// In [0, 1), a multiple of 2^-53.
  [[nodiscard]] double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  [[nodiscard]] double uniform(double low, double high) { return low + (high - low) * uniform(); }

  /// In [0, bound); bound > 0. The modulo's bias is below 2^-40 for any number of images.
  [[nodiscard]] std::size_t below(std::size_t bound) {
    return static_cast<std::size_t>(next() % bound);
  }

 private:
  std::uint64_t state_;
};

/// A seed for one part of a run: streams of different parts do not overlap in practice.
[[nodiscard]] inline std::uint64_t mix_seed(std::uint64_t seed, std::uint64_t part) {
  SplitMix64 outer(seed);
  SplitMix64 inner(outer.next() ^ part);
  return inner.next();
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
