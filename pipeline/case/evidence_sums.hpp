#pragma once

/// The evidence map of one slide, summed cell by cell.

#include <cstdint>
#include <span>

#include "io/report.hpp"
#include "tiling/crop.hpp"

namespace cytocape {

/// For a classified cell k the CAPE map P_k[c,i] sums to 1 over classes and positions; each
/// position's share goes to the level-0 square that holds the centre of the position's patch (the
/// nearest square where that lies outside the slide). Not thread-safe; one owner.
class EvidenceSums {
 public:
  EvidenceSums(const SlideInfo& slide, const CropSpec& crop, int classes, int max_squares);

  /// `map` is [classes, height, width].
  void add(Level0Point centre, std::span<const double> map, int height, int width);

  /// The mean over `cells` classified cells; all zero for none.
  [[nodiscard]] EvidenceGrid mean(std::uint64_t cells) const;

 private:
  [[nodiscard]] std::size_t square(double x, double y) const;

  double patch_x_;  ///< level-0 pixels that a crop spans
  double patch_y_;
  int classes_;
  EvidenceGrid sums_;
};

}  // namespace cytocape
