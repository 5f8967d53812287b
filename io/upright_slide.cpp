#include "io/upright_slide.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace cytocape {
namespace {

/// Upright pixel (x, y) is stored at (a, b), each counted from the far end where it is flipped;
/// (a, b) is (y, x) where axes are swapped, else (x, y).
struct Turn {
  bool swapped = false;
  bool across = false;  ///< columns of the file are counted from its right
  bool along = false;   ///< rows of the file are counted from its bottom
};

Turn turn_of(std::uint64_t orientation) {
  const auto o = orientation;
  return {.swapped = o >= 5,
          .across = o == 2 || o == 3 || o == 7 || o == 8,
          .along = o == 3 || o == 4 || o == 6 || o == 7};
}

LevelRect stored_rect(const Turn& turn, const LevelRect& rect, const Size& stored) {
  LevelRect out = rect;
  if (turn.swapped) out = {rect.y, rect.x, rect.height, rect.width};
  if (turn.across) out.x = stored.width - out.right();
  if (turn.along) out.y = stored.height - out.bottom();
  return out;
}

Image turned(const Turn& turn, const Image& stored) {
  const int width = turn.swapped ? stored.height() : stored.width();
  const int height = turn.swapped ? stored.width() : stored.height();
  Image out(width, height);
  for (int y = 0; y < height; ++y) {
    auto* to = out.row(y);
    for (int x = 0; x < width; ++x, to += 3) {
      const int a = turn.swapped ? y : x;
      const int b = turn.swapped ? x : y;
      const int column = turn.across ? stored.width() - 1 - a : a;
      const int row = turn.along ? stored.height() - 1 - b : b;
      std::copy_n(stored.row(row) + 3 * static_cast<std::ptrdiff_t>(column), 3, to);
    }
  }
  return out;
}

SlideInfo turned(const Turn& turn, SlideInfo info) {
  if (!turn.swapped) return info;
  std::swap(info.mpp.x, info.mpp.y);
  for (auto& level : info.levels) {
    std::swap(level.size.width, level.size.height);
    std::swap(level.tile.width, level.tile.height);
    std::swap(level.downsample.x, level.downsample.y);
  }
  return info;
}

class UprightSlide final : public Slide {
 public:
  UprightSlide(std::unique_ptr<Slide> stored, const Turn& turn)
      : Slide(turned(turn, stored->info())), stored_(std::move(stored)), turn_(turn) {}

  Image read(int level, const LevelRect& rect) const override {
    return turned(turn_, stored_->read(level, stored_rect(turn_, rect, size_of(level))));
  }

  /// A grid of shrunk pixels that begins at the far end is the file's only where these fill it.
  int largest_reduction(int level) const override {
    const auto size = size_of(level);
    int factor = stored_->largest_reduction(level);
    while (factor > 1 && ((turn_.across && size.width % factor != 0) ||
                          (turn_.along && size.height % factor != 0))) {
      factor /= 2;
    }
    return factor;
  }

  Image read_reduced(int level, int factor, const LevelRect& rect) const override {
    if (factor < 1 || factor > largest_reduction(level))
      return Slide::read_reduced(level, factor, rect);
    const auto size = size_of(level);
    const Size shrunk{(size.width + factor - 1) / factor, (size.height + factor - 1) / factor};
    return turned(turn_, stored_->read_reduced(level, factor, stored_rect(turn_, rect, shrunk)));
  }

  bool is_left_out(int level, const LevelRect& rect) const override {
    return stored_->is_left_out(level, stored_rect(turn_, rect, size_of(level)));
  }
  Image read_associated(const std::string& name) const override {
    return stored_->read_associated(name);
  }
  std::vector<std::uint8_t> icc_profile() const override { return stored_->icc_profile(); }

 private:
  /// Of a level that the file does not have any: the file's reader refuses it by its number.
  [[nodiscard]] Size size_of(int level) const {
    const auto& levels = stored_->info().levels;
    const bool there = level >= 0 && static_cast<std::size_t>(level) < levels.size();
    return there ? levels[static_cast<std::size_t>(level)].size : Size{};
  }

  std::unique_ptr<Slide> stored_;
  Turn turn_;
};

}  // namespace

bool swaps_axes(std::uint64_t orientation) {
  return turn_of(orientation).swapped;
}

std::unique_ptr<Slide> upright(std::unique_ptr<Slide> stored, std::uint64_t orientation) {
  if (orientation <= 1) return stored;
  return std::make_unique<UprightSlide>(std::move(stored), turn_of(orientation));
}

}  // namespace cytocape
