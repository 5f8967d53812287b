#pragma once

/// The cells of a slide that its page shows.

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "io/report.hpp"

namespace cytocape {

/// Of each class, and of the unidentified, the cells whose most probable class is the least
/// certain; of all cells some of the largest and of the strangest, whatever their class. Of equal
/// ones the first. Crops are kept as JPEG: one takes some 8 kB, and memory does not grow with the
/// slide. Not thread-safe; one owner.
class Gallery {
 public:
  /// Keeps at most `limit` cells of a class, and as few largest and strangest ones; of crops that
  /// are `edge` pixels wide.
  Gallery(std::size_t classes, std::size_t limit, int edge);

  /// A cell that the network saw, classified or unidentified. `crop` is square, RGB.
  void consider(const CellRow& cell, std::span<const std::uint8_t> crop);

  /// With their pictures: by class, unidentified ones last, the least certain first; each cell
  /// once.
  [[nodiscard]] std::vector<GalleryCell> pictured() const;

 private:
  using Portrait = std::shared_ptr<const GalleryCell>;
  /// The cells that have most of something.
  struct Ranking {
    std::size_t limit = 0;
    std::vector<std::pair<double, Portrait>> cells;  ///< the most first
    [[nodiscard]] bool takes(double measure) const;
    void add(double measure, const Portrait& portrait);
  };

  int edge_;
  std::vector<Ranking> of_class_;  ///< [classes], then the unidentified; by uncertainty
  Ranking largest_;
  Ranking strangest_;
};

}  // namespace cytocape
