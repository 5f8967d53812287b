#pragma once

/// The cells of a slide that its page shows.

#include <cstdint>
#include <span>
#include <vector>

#include "io/report.hpp"

namespace cytocape {

/// Of each class, and of the unidentified, the cells whose most probable class is the least
/// certain; of equally certain ones the first. Not thread-safe; one owner.
class Gallery {
 public:
  /// Keeps at most `limit` cells of a class.
  Gallery(std::size_t classes, std::size_t limit) : limit_(limit), shown_(classes + 1) {}

  /// A cell that the network saw, classified or unidentified. `crop` is square, RGB.
  void consider(const CellRow& cell, std::span<const std::uint8_t> crop);

  /// With their pictures, `edge` pixels wide as the crops were: by class, unidentified ones last,
  /// the least certain first.
  [[nodiscard]] std::vector<GalleryCell> pictured(int edge) const;

 private:
  struct Portrait {
    GalleryCell cell;  ///< without its picture, which is made of few of those considered
    std::vector<std::uint8_t> crop;
  };

  std::size_t limit_;
  std::vector<std::vector<Portrait>> shown_;  ///< [classes], then the unidentified
};

}  // namespace cytocape
