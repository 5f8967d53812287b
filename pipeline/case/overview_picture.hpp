#pragma once

/// The picture of a whole slide, pieced together from its blocks.

#include <cstdint>
#include <vector>

#include "io/image.hpp"
#include "tiling/overview.hpp"

namespace cytocape {

/// Not thread-safe; one owner.
class OverviewPicture {
 public:
  /// `size` in overview pixels; `background` is what stays where no piece comes.
  OverviewPicture(const Size& size, Rgb background);

  /// Precondition: the piece is of a picture of this size.
  void paste(const OverviewPiece& piece);

  [[nodiscard]] std::vector<std::uint8_t> jpeg() const;

 private:
  Image picture_;
};

}  // namespace cytocape
