#include "io/level_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <utility>
#include <vector>

#include "io/errors.hpp"
#include "io/slide_state.hpp"

namespace cytocape {
namespace {

constexpr int kEdge = 32;  ///< of a square, pixels of the coarser level
constexpr int kReach = 8;  ///< how far a shift is looked for, pixels
constexpr int kShifts = 2 * kReach + 1;
constexpr std::int64_t kAcross = 10;  ///< squares in a row, at most
/// Of the finer level, pixels under a square and under all of them.
constexpr double kMostUnder = 1 << 22;
constexpr double kMostInAll = 1 << 25;
constexpr int kCell = 8;           ///< edge of what is averaged to compare colours
constexpr std::size_t kParts = 4;  ///< quarters of the level, each compared by itself

/// The mean of the pixels of `from` under each of `size` pixels, of which `step` are one.
Image shrunk(const Image& from, const Size& size, const Downsample& step) {
  Image out(static_cast<int>(size.width), static_cast<int>(size.height));
  const auto edge = [](std::int64_t at, double by, int end) {
    return std::clamp(static_cast<int>(std::lround(static_cast<double>(at) * by)), 0, end);
  };
  for (int y = 0; y < out.height(); ++y) {
    const auto top = std::min(edge(y, step.y, from.height()), from.height() - 1);
    const auto bottom = std::max(top + 1, edge(y + 1, step.y, from.height()));
    for (int x = 0; x < out.width(); ++x) {
      const auto left = std::min(edge(x, step.x, from.width()), from.width() - 1);
      const auto right = std::max(left + 1, edge(x + 1, step.x, from.width()));
      std::array<unsigned, 3> sums{};
      for (int row = top; row < bottom; ++row) {
        const auto* pixel = from.row(row) + 3 * left;
        for (int column = left; column < right; ++column, pixel += 3) {
          for (std::size_t c = 0; c < 3; ++c) sums[c] += pixel[c];
        }
      }
      const auto count = static_cast<unsigned>((bottom - top) * (right - left));
      for (std::size_t c = 0; c < 3; ++c)
        out.row(y)[3 * x + static_cast<int>(c)] =
            static_cast<std::uint8_t>((sums[c] + count / 2) / count);
    }
  }
  return out;
}

/// Of each pixel, the sum of its colours.
std::vector<std::int32_t> brightness(const Image& image) {
  std::vector<std::int32_t> sums;
  sums.reserve(image.pixels().size() / 3);
  for (int y = 0; y < image.height(); ++y) {
    const auto* pixel = image.row(y);
    for (int x = 0; x < image.width(); ++x, pixel += 3)
      sums.push_back(pixel[0] + pixel[1] + pixel[2]);
  }
  return sums;
}

/// Mean brightness of 8 x 8 pixels of the finer level and of the coarser one, 0..255.
struct CellPair {
  double fine = 0;
  double coarse = 0;
};

/// The correlation of both; 1 where the finer level shows too little to judge by: glass, or less
/// than a cell. A level that shows next to nothing where the finer one does has 0.
double likeness(std::vector<CellPair> pairs) {
  constexpr double kVisible = 8;
  constexpr std::ptrdiff_t kFewest = 4;
  constexpr double kFaint = 0.2;
  if (pairs.empty()) return 1;
  const auto middle = pairs.begin() + static_cast<std::ptrdiff_t>(pairs.size() / 2);
  std::nth_element(pairs.begin(), middle, pairs.end(),
                   [](const CellPair& a, const CellPair& b) { return a.fine < b.fine; });
  const double ground = middle->fine;
  const auto visible = std::count_if(pairs.begin(), pairs.end(), [&](const CellPair& pair) {
    return std::abs(pair.fine - ground) >= kVisible;
  });
  if (visible < kFewest) return 1;
  CellPair mean;
  for (const auto& pair : pairs) {
    mean.fine += pair.fine / static_cast<double>(pairs.size());
    mean.coarse += pair.coarse / static_cast<double>(pairs.size());
  }
  double fine = 0;
  double coarse = 0;
  double both = 0;
  for (const auto& pair : pairs) {
    fine += (pair.fine - mean.fine) * (pair.fine - mean.fine);
    coarse += (pair.coarse - mean.coarse) * (pair.coarse - mean.coarse);
    both += (pair.fine - mean.fine) * (pair.coarse - mean.coarse);
  }
  if (std::sqrt(coarse) < kFaint * std::sqrt(fine)) return 0;
  return both / std::sqrt(fine * coarse);
}

/// Of the finer level's square and the coarser's, which is larger by kReach on each side.
class Comparison {
 public:
  /// `part`: of the level, below kParts.
  void add(const Image& fine, const Image& coarse, const LevelRect& where, std::size_t part) {
    for (int y = 0; y + kCell <= fine.height(); y += kCell) {
      for (int x = 0; x + kCell <= fine.width(); x += kCell) {
        parts_.at(part).push_back(
            {mean_brightness(fine, x, y), mean_brightness(coarse, x + kReach, y + kReach)});
        const auto difference = colour_difference(fine, coarse, x, y);
        if (difference <= agreement_.difference) continue;
        agreement_.difference = difference;
        agreement_.where = where;
      }
    }
    const auto here = brightness(fine);
    const auto [least, most] = std::minmax_element(here.begin(), here.end());
    // Empty glass looks the same wherever it lies.
    constexpr int kLeastContrast = 60;
    if (*most - *least < kLeastContrast) return;
    const auto around = brightness(coarse);
    for (int dy = -kReach; dy <= kReach; ++dy) {
      for (int dx = -kReach; dx <= kReach; ++dx) sum_at(dx, dy) += distance(here, around, dx, dy);
    }
  }

  /// Places are of the coarser level, `down` times smaller than level 0.
  LevelAgreement finish(const Downsample& down) {
    const auto whole = [](std::int64_t at, double by) {
      return static_cast<std::int64_t>(std::llround(static_cast<double>(at) * by));
    };
    auto& where = agreement_.where;
    where = {whole(where.x, down.x), whole(where.y, down.y), whole(where.width, down.x),
             whole(where.height, down.y)};
    const auto best = std::min_element(sums_.begin(), sums_.end());
    const auto index = best - sums_.begin();
    const auto here = sum_at(0, 0);
    agreement_.shift_x = kReach - index % kShifts;
    agreement_.shift_y = kReach - index / kShifts;
    agreement_.left = here > 0 ? static_cast<double>(*best) / static_cast<double>(here) : 1;
    for (const auto& part : parts_)
      agreement_.likeness = std::min(agreement_.likeness, likeness(part));
    return agreement_;
  }

 private:
  static double colour_difference(const Image& fine, const Image& coarse, int x, int y) {
    std::array<int, 3> sums{};
    for (int row = y; row < y + kCell; ++row) {
      const auto* a = fine.row(row) + 3 * x;
      const auto* b = coarse.row(row + kReach) + 3 * (x + kReach);
      for (int i = 0; i < kCell; ++i, a += 3, b += 3) {
        for (std::size_t c = 0; c < 3; ++c) sums[c] += a[c] - b[c];
      }
    }
    int largest = 0;
    for (const int sum : sums) largest = std::max(largest, std::abs(sum));
    return static_cast<double>(largest) / (kCell * kCell);
  }
  static double mean_brightness(const Image& image, int x, int y) {
    int sum = 0;
    for (int row = y; row < y + kCell; ++row) {
      const auto* pixel = image.row(row) + 3 * x;
      for (int i = 0; i < 3 * kCell; ++i) sum += pixel[i];
    }
    return sum / (3.0 * kCell * kCell);
  }
  static std::int64_t distance(const std::vector<std::int32_t>& here,
                               const std::vector<std::int32_t>& around, int dx, int dy) {
    std::int32_t sum = 0;
    const auto* from = here.data();
    for (int y = 0; y < kEdge; ++y, from += kEdge) {
      const auto* to = around.data() + (y + dy + kReach) * (kEdge + 2 * kReach) + dx + kReach;
      for (int x = 0; x < kEdge; ++x) sum += std::abs(from[x] - to[x]);
    }
    return sum;
  }
  std::int64_t& sum_at(int dx, int dy) {
    return sums_[static_cast<std::size_t>(dy + kReach) * kShifts +
                 static_cast<std::size_t>(dx + kReach)];
  }

  LevelAgreement agreement_;
  std::array<std::vector<CellPair>, kParts> parts_;
  std::array<std::int64_t, kShifts * kShifts> sums_{};
};

/// Of the coarser level, so that what surrounds each lies on the level where that is large enough.
std::vector<LevelRect> squares_of(const Size& size, const Downsample& step) {
  const double under = kEdge * step.x * kEdge * step.y;
  if (under > kMostUnder) return {};
  const auto most = std::min(kAcross, static_cast<std::int64_t>(std::sqrt(kMostInAll / under)));
  const auto along = [most](std::int64_t length) {
    constexpr std::int64_t kWhole = kEdge + 2 * kReach;
    const auto count = std::clamp<std::int64_t>(length / kWhole, 0, most);
    std::vector<std::int64_t> begins;
    for (std::int64_t i = 0; i < count; ++i)
      begins.push_back((2 * i + 1) * length / (2 * count) - kEdge / 2);
    return begins;
  };
  std::vector<LevelRect> squares;
  for (const auto y : along(size.height)) {
    for (const auto x : along(size.width)) squares.push_back({x, y, kEdge, kEdge});
  }
  return squares;
}

}  // namespace

LevelAgreement compare_levels(const Slide& slide, int coarse, int fine) {
  const auto& levels = slide.info().levels;
  const auto& here = levels.at(static_cast<std::size_t>(coarse));
  const auto& finer = levels.at(static_cast<std::size_t>(fine));
  const Downsample step{here.downsample.x / finer.downsample.x,
                        here.downsample.y / finer.downsample.y};
  const auto scaled = [](std::int64_t at, double by) {
    return static_cast<std::int64_t>(std::llround(static_cast<double>(at) * by));
  };
  Comparison comparison;
  for (const auto& square : squares_of(here.size, step)) {
    const LevelRect under{scaled(square.x, step.x), scaled(square.y, step.y),
                          scaled(square.width, step.x), scaled(square.height, step.y)};
    try {
      const auto around = slide.read(coarse, square.grown(kReach, kReach));
      const auto fine_pixels = slide.read(fine, under);
      const bool right = 2 * square.x >= here.size.width;
      const bool low = 2 * square.y >= here.size.height;
      comparison.add(shrunk(fine_pixels, {kEdge, kEdge}, step), around, square,
                     (right ? 1U : 0U) + (low ? 2U : 0U));
    } catch (const SlideChanged&) {
      throw;
    } catch (const SlideError&) {
      // A damaged tile is named by whoever reads it.
    }
  }
  return comparison.finish(here.downsample);
}

std::string why_disagreeing(const LevelAgreement& agreement) {
  constexpr double kMostDifference = 64;
  constexpr std::int64_t kMostShift = 1;
  constexpr double kMostLeft = 0.6;
  constexpr double kLeastLikeness = 0.6;
  const auto shift = std::max(std::abs(agreement.shift_x), std::abs(agreement.shift_y));
  // As far as was looked may be further.
  if (agreement.left < kMostLeft && shift > kMostShift && shift < kReach)
    return fmt::format("lies beside the next finer one, {} pixels to the right and {} down",
                       -agreement.shift_x, -agreement.shift_y);
  if (agreement.difference > kMostDifference)
    return fmt::format("shows something else than the next finer one at x {}, y {} of level 0",
                       agreement.where.x, agreement.where.y);
  if (agreement.likeness < kLeastLikeness) return "shows something else than the next finer one";
  return "";
}

namespace {

/// Some of the levels of another slide.
class FewerLevels final : public Slide {
 public:
  FewerLevels(SlideInfo info, std::unique_ptr<const Slide> slide, std::vector<int> levels)
      : Slide(std::move(info)), slide_(std::move(slide)), levels_(std::move(levels)) {}

  Image read(int level, const LevelRect& rect) const override {
    return slide_->read(within(level), rect);
  }
  int largest_reduction(int level) const override {
    return slide_->largest_reduction(within(level));
  }
  Image read_reduced(int level, int factor, const LevelRect& rect) const override {
    return slide_->read_reduced(within(level), factor, rect);
  }
  bool is_left_out(int level, const LevelRect& rect) const override {
    return slide_->is_left_out(within(level), rect);
  }
  Image read_associated(const std::string& name) const override {
    return slide_->read_associated(name);
  }
  std::vector<std::uint8_t> icc_profile() const override { return slide_->icc_profile(); }

 private:
  [[nodiscard]] int within(int level) const {
    if (level >= 0 && static_cast<std::size_t>(level) < levels_.size())
      return levels_[static_cast<std::size_t>(level)];
    throw SlideError(fmt::format("{}: there is no level {}; it has {}", info_.path.string(), level,
                                 levels_.size()));
  }

  std::unique_ptr<const Slide> slide_;
  std::vector<int> levels_;  ///< of slide_
};

}  // namespace

std::unique_ptr<Slide> with_agreeing_levels(std::unique_ptr<Slide> slide) {
  auto info = slide->info();
  std::vector<int> kept{0};
  info.levels.resize(1);
  for (std::size_t i = 1; i < slide->info().levels.size(); ++i) {
    const auto& level = slide->info().levels[i];
    const auto why = why_disagreeing(compare_levels(*slide, static_cast<int>(i), kept.back()));
    if (why.empty()) {
      kept.push_back(static_cast<int>(i));
      info.levels.push_back(level);
      continue;
    }
    info.notices.push_back(
        fmt::format("Of its levels, that of {} x {} pixels {}: it is not used, and finer ones are "
                    "read instead.",
                    level.size.width, level.size.height, why));
  }
  if (kept.size() == slide->info().levels.size()) return slide;
  return std::make_unique<FewerLevels>(std::move(info), std::move(slide), std::move(kept));
}

}  // namespace cytocape
