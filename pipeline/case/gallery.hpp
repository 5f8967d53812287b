#pragma once

/// The cells of a slide that its page shows.

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "io/report.hpp"

namespace cytocape {

/// Of each class, and of the unidentified, every cell, up to kMostOfAClass: the crop whole of those
/// whose most probable class is the least certain, and of all cells of some of the largest and of
/// the strangest, whatever their class; a small picture of the others. Of equal ones the first.
/// Pictures are kept as JPEG: some 8 kB whole, 2 kB small. Not thread-safe; one owner.
class Gallery {
 public:
  static constexpr std::size_t kMostOfAClass = 5000;  ///< the least certain
  static constexpr int kSmallEdge = 56;               ///< pixels of a small picture, or of the crop

  /// Keeps at most `limit` whole crops of a class, and as few largest and strangest ones, and no
  /// picture at all where `limit` is 0; and `most_of_a_class` pictures of either kind; of crops
  /// that are `edge` pixels wide.
  Gallery(std::size_t classes, std::size_t limit, int edge,
          std::size_t most_of_a_class = kMostOfAClass);

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
  std::vector<Ranking> small_;     ///< [classes], then the unidentified; by uncertainty
  std::vector<Ranking> of_class_;  ///< likewise, with whole crops
  Ranking largest_;
  Ranking strangest_;
};

}  // namespace cytocape
