#pragma once

/// An owned 8-bit RGB raster, rows top to bottom, pixels interleaved, no padding between rows.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace cytocape {

struct Rgb {
  std::uint8_t r = 0;
  std::uint8_t g = 0;
  std::uint8_t b = 0;
  friend bool operator==(const Rgb&, const Rgb&) = default;
};

class Image {
 public:
  Image() = default;
  Image(int width, int height, Rgb fill = {255, 255, 255});

  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] int height() const { return height_; }
  [[nodiscard]] bool empty() const { return pixels_.empty(); }
  /// Bytes from one row to the next: 3 * width().
  [[nodiscard]] std::size_t stride() const { return static_cast<std::size_t>(width_) * 3; }
  [[nodiscard]] std::uint8_t* row(int y) {
    return pixels_.data() + stride() * static_cast<std::size_t>(y);
  }
  [[nodiscard]] const std::uint8_t* row(int y) const {
    return pixels_.data() + stride() * static_cast<std::size_t>(y);
  }
  [[nodiscard]] std::span<std::uint8_t> pixels() { return pixels_; }
  [[nodiscard]] std::span<const std::uint8_t> pixels() const { return pixels_; }
  /// Precondition: 0 <= x < width(), 0 <= y < height().
  [[nodiscard]] Rgb at(int x, int y) const {
    const auto* p = row(y) + static_cast<std::size_t>(x) * 3;
    return {p[0], p[1], p[2]};
  }
  friend bool operator==(const Image&, const Image&) = default;

 private:
  int width_ = 0;
  int height_ = 0;
  std::vector<std::uint8_t> pixels_;
};

}  // namespace cytocape
