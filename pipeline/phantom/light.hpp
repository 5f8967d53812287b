#pragma once

/// The microscope: uneven lamp and stain, and the camera's noise, all as functions of the position.
/// Whole-number arithmetic throughout, so that no compiler, vector width or tiling changes a pixel.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "pipeline/phantom/bank.hpp"

namespace cytocape::phantom {

class Light {
 public:
  Light(const PhantomOptions& options, const std::array<double, 3>& glass);

  /// Turns one row of transmitted light (0..65535, RGB interleaved) into pixels. (x, y) is the
  /// position of the row's first pixel.
  void expose(std::span<const std::uint16_t> transmitted, std::int64_t x, std::int64_t y,
              std::uint8_t* out) const;
  /// Adds the camera's noise in place.
  void add_noise(std::span<std::uint8_t> pixels, std::int64_t x, std::int64_t y) const;

 private:
  /// Values at one point of a lattice of kPitch pixels: the empty field in 1/256, and how much
  /// stronger stain is there, in 1/32768.
  struct Node {
    std::array<std::int32_t, 3> glass;
    std::int32_t stain;
  };
  [[nodiscard]] Node node(std::int64_t column, std::int64_t row) const;

  static constexpr int kPitch = 128;
  std::array<double, 3> glass_;
  double unevenness_;
  double px_in_period_;
  std::uint64_t seed_;
  std::vector<std::int8_t> noise_;
};

}  // namespace cytocape::phantom
