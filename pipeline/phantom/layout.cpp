#include "pipeline/phantom/layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "io/errors.hpp"
#include "pipeline/phantom/field.hpp"
#include "pipeline/phantom/folder_source.hpp"
#include "pipeline/phantom/random.hpp"

namespace cytocape::phantom {
namespace {

constexpr double kGapUm = 1.5;           ///< between white cells that do not touch
constexpr double kRedCellReachUm = 3.0;  ///< a little less than its radius: some lie against cells

struct Disc {
  double x = 0;
  double y = 0;
  double radius = 0;
  std::uint32_t member = 0;
};

/// Discs sorted into square bins, to find those near a position. Positions outside the slide fall
/// into the outermost bins.
class Neighbourhood {
 public:
  Neighbourhood(const Size& size, double bin, double border) : bin_(bin), border_(border) {
    columns_ = static_cast<std::size_t>((static_cast<double>(size.width) + 2 * border) / bin) + 1;
    rows_ = static_cast<std::size_t>((static_cast<double>(size.height) + 2 * border) / bin) + 1;
    head_.assign(columns_ * rows_, kNone);
  }
  void add(const Disc& disc) {
    const auto cell = index(column(disc.x), row(disc.y));
    next_.push_back(head_[cell]);
    head_[cell] = static_cast<std::uint32_t>(discs_.size());
    discs_.push_back(disc);
  }
  /// True when `test` holds for any disc whose centre is within `reach` on both axes (or a bit
  /// more).
  template <class Test>
  [[nodiscard]] bool any_near(double x, double y, double reach, Test&& test) const {
    for (auto r = row(y - reach); r <= row(y + reach); ++r) {
      for (auto c = column(x - reach); c <= column(x + reach); ++c) {
        for (auto i = head_[index(c, r)]; i != kNone; i = next_[i]) {
          if (test(discs_[i])) return true;
        }
      }
    }
    return false;
  }

 private:
  static constexpr std::uint32_t kNone = ~0U;
  [[nodiscard]] std::size_t column(double x) const { return clamped(x, columns_); }
  [[nodiscard]] std::size_t row(double y) const { return clamped(y, rows_); }
  [[nodiscard]] std::size_t clamped(double v, std::size_t count) const {
    const double cell = std::floor((v + border_) / bin_);
    return static_cast<std::size_t>(std::clamp(cell, 0.0, static_cast<double>(count - 1)));
  }
  [[nodiscard]] std::size_t index(std::size_t c, std::size_t r) const { return r * columns_ + c; }

  double bin_, border_;
  std::size_t columns_ = 0, rows_ = 0;
  std::vector<std::uint32_t> head_, next_;
  std::vector<Disc> discs_;
};

double distance(const Disc& disc, double x, double y) {
  return std::hypot(disc.x - x, disc.y - y);
}

/// From the centre to the last stained pixel in a direction; for sprites without scenery.
double extent_towards(const Sprite& sprite, Turn turn, double angle) {
  const auto frame = turned_frame(sprite, turn);
  const auto size = turned_size(sprite, turn);
  double last = 0;
  for (double r = 0; r <= sprite.radius + 2; r += 0.5) {
    const auto x = static_cast<int>(std::floor(frame.centre_x + r * std::cos(angle)));
    const auto y = static_cast<int>(std::floor(frame.centre_y + r * std::sin(angle)));
    if (x < 0 || y < 0 || x >= size.width || y >= size.height) break;
    if (turned_pixel(sprite, turn, x, y)[1] < 225) last = r;
  }
  return last;
}

class Placer {
 public:
  Placer(const PhantomOptions& options, const Bank& bank)
      : options_(options),
        bank_(bank),
        smear_(options),
        widest_(widest_member(bank)),
        um_(1 / options.mpp),
        whites_(options.size, 40 * um_, 4 * um_) {}

  Layout run() {
    place_patches();
    place_members();
    place_red_cells();
    place_specks();
    return std::move(layout_);
  }

 private:
  static double widest_member(const Bank& bank) {
    double widest = 0;
    for (const auto& member : bank.members) {
      widest = std::max(widest, room_of(bank.sprites[member.sprite]));
    }
    return widest;
  }
  /// Radius of the disc that no other cell may enter.
  static double room_of(const Sprite& sprite) {
    return sprite.scenery ? std::max(sprite.width, sprite.height) * 0.5 : sprite.radius;
  }
  const Sprite& sprite_of(const Member& member) const { return bank_.sprites[member.sprite]; }
  Random random_for(const char* what) const {
    return Random(seed_of({options_.seed, seed_of(what)}));
  }
  Level0Point anywhere(Random& random, double border) const {
    return {random.uniform(-border, static_cast<double>(options_.size.width) + border),
            random.uniform(-border, static_cast<double>(options_.size.height) + border)};
  }

  void place_patches() {
    Random random = random_for("focus");
    const double area =
        static_cast<double>(options_.size.width) * static_cast<double>(options_.size.height);
    const double largest = std::sqrt(area) / 6;
    double left = options_.blur * area;
    for (int tries = 0; left > 0 && tries < 20000; ++tries) {
      double radius = std::min(largest, random.uniform(50, 200) * um_);
      // The last patch is cut to what is left, so that the share is met also on small slides.
      radius = std::min(radius, std::sqrt(left / std::numbers::pi) + 1);
      const auto at = anywhere(random, 0);
      const double sigma = random.uniform(0.7, 1.8) * um_;
      const bool apart = std::all_of(layout_.patches.begin(), layout_.patches.end(), [&](auto& p) {
        return std::hypot(p.x - at.x, p.y - at.y) > p.radius + radius;
      });
      if (!apart) continue;
      layout_.patches.push_back({at.x, at.y, radius, sigma});
      left -= std::numbers::pi * radius * radius;
    }
  }

  bool is_free(Level0Point at, double room) const {
    if (!smear_.holds(at.x, at.y, room)) return false;
    const double gap = kGapUm * um_;
    return !whites_.any_near(at.x, at.y, room + widest_ + gap, [&](const Disc& other) {
      return distance(other, at.x, at.y) < room + other.radius + gap;
    });
  }

  [[noreturn]] void no_room(std::size_t placed) const {
    throw ConfigError(
        fmt::format("phantom: only {} of {} cells fit on {}x{} pixels of {} um with a glass border "
                    "of {}; ask for "
                    "fewer white cells or platelets, or a larger slide",
                    placed, bank_.members.size(), options_.size.width, options_.size.height,
                    options_.mpp, options_.margin));
  }

  Level0Point find_room(Random& random, double room, std::size_t member) const {
    for (int tries = 0; tries < 4000; ++tries) {
      const auto at = anywhere(random, 0);
      if (is_free(at, room)) return at;
    }
    no_room(member);
  }

  void place_members() {
    Random random = random_for("white cells");
    const auto& members = bank_.members;
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (members[i].touching) {
        place_pair(random, i);
        ++i;
        continue;
      }
      put(i, find_room(random, room_of(sprite_of(members[i])), i));
    }
  }

  void place_pair(Random& random, std::size_t first) {
    const auto& a = bank_.members[first];
    const auto& b = bank_.members[first + 1];
    const double angle = random.angle();
    // They overlap by a third of a micron, so that no glass shows between them.
    const double apart = extent_towards(sprite_of(a), a.turn, angle) +
                         extent_towards(sprite_of(b), b.turn, angle + std::numbers::pi) -
                         0.35 * um_;
    const double dx = apart * std::cos(angle);
    const double dy = apart * std::sin(angle);
    for (int tries = 0; tries < 4000; ++tries) {
      const auto at = anywhere(random, 0);
      const Level0Point second{at.x + dx, at.y + dy};
      const bool inside =
          LevelRect{0, 0, options_.size.width, options_.size.height}.contains(second.x, second.y);
      if (!inside || !is_free(at, sprite_of(a).radius) || !is_free(second, sprite_of(b).radius)) {
        continue;
      }
      put(first, at);
      put(first + 1, second);
      return;
    }
    no_room(first);
  }

  /// Stands the member's nucleus at `at`, moved so that the sprite lies on whole pixels.
  void put(std::size_t index, Level0Point at) {
    const auto& member = bank_.members[index];
    const auto& sprite = sprite_of(member);
    const auto frame = turned_frame(sprite, member.turn);
    const auto left = static_cast<std::int32_t>(std::lround(at.x - frame.centre_x));
    const auto top = static_cast<std::int32_t>(std::lround(at.y - frame.centre_y));
    layout_.stamps.push_back(
        {left, top, static_cast<std::uint32_t>(member.sprite) & 0x1fffffffU, member.turn & 7U});
    PhantomCell cell;
    cell.id = layout_.cells.size();
    cell.class_code = member.class_code;
    cell.centre = {left + frame.centre_x, top + frame.centre_y};
    cell.box = {left + frame.body.x, top + frame.body.y, frame.body.width, frame.body.height};
    cell.nucleated = member.nucleated();
    cell.touching = member.touching;
    cell.smudged = member.class_code == kSmudge;
    const Level0Rect slide{0, 0, options_.size.width, options_.size.height};
    cell.border = cell.box.intersected(slide) != cell.box;
    cell.blurred = std::any_of(layout_.patches.begin(), layout_.patches.end(), [&](const auto& p) {
      return std::hypot(p.x - cell.centre.x, p.y - cell.centre.y) < 0.85 * p.radius;
    });
    layout_.cells.push_back(cell);
    whites_.add({cell.centre.x, cell.centre.y, room_of(sprite), static_cast<std::uint32_t>(index)});
  }

  /// Whether stain of the scenery around member `disc.member` lies under a red cell at (x, y).
  bool on_scenery(const Disc& disc, double x, double y) const {
    const auto& member = bank_.members[disc.member];
    const auto& sprite = sprite_of(member);
    const auto frame = turned_frame(sprite, member.turn);
    const auto size = turned_size(sprite, member.turn);
    int dark = 0;
    for (int i = 0; i < 13; ++i) {
      const double r = i == 0 ? 0 : (i % 2 == 0 ? 2.0 : 3.6) * um_;
      const double px = x - disc.x + frame.centre_x + r * std::cos(i * std::numbers::pi / 6);
      const double py = y - disc.y + frame.centre_y + r * std::sin(i * std::numbers::pi / 6);
      if (px < 0 || py < 0 || px >= size.width || py >= size.height) continue;
      const auto* pixel =
          turned_pixel(sprite, member.turn, static_cast<int>(px), static_cast<int>(py));
      if (pixel[1] < 240) ++dark;
    }
    return dark > 1;
  }

  bool red_cell_may_stand(double x, double y) const {
    const double natural = (kNaturalUm + 3.7) * um_;
    const double reach = kRedCellReachUm * um_;
    return !whites_.any_near(x, y, widest_ + 2 * reach, [&](const Disc& cell) {
      const double away = distance(cell, x, y);
      if (!sprite_of(bank_.members[cell.member]).scenery) return away < cell.radius + reach;
      return away < natural || (away < cell.radius + 2 * reach && on_scenery(cell, x, y));
    });
  }

  /// Random sequential placing: most red cells keep a diameter apart, one in eight lies on another.
  void place_red_cells() {
    Random random = random_for("red cells");
    const double border = 6 * um_;
    const double area_mm2 = (static_cast<double>(options_.size.width) + 2 * border) *
                            (static_cast<double>(options_.size.height) + 2 * border) *
                            options_.mpp * options_.mpp * 1e-6;
    const auto wanted = static_cast<std::int64_t>(options_.red_cells_per_mm2 * area_mm2);
    const double clump_px = 70 * um_;
    const auto clumps = seed_of({options_.seed, seed_of("clumps")});
    Neighbourhood reds(options_.size, 8 * um_, border);
    std::int64_t placed = 0;
    for (std::int64_t tries = 0; placed < wanted && tries < wanted * 5; ++tries) {
      const auto at = anywhere(random, border);
      const double apart =
          (random.chance(0.12) ? random.uniform(3, 6) : random.uniform(6.6, 8)) * um_;
      const double here = 0.75 + 0.45 * smooth_noise(clumps, at.x / clump_px, at.y / clump_px);
      if (!random.chance(here) || !smear_.holds(at.x, at.y, 0)) continue;
      const bool crowded = reds.any_near(at.x, at.y, apart, [&](const Disc& other) {
        return distance(other, at.x, at.y) < apart;
      });
      if (crowded || !red_cell_may_stand(at.x, at.y)) continue;
      reds.add({at.x, at.y, 0, 0});
      stamp(bank_.red_cells, at, random);
      ++placed;
    }
  }

  /// Precipitated stain: small specks, about 25 groups in a square millimetre.
  void place_specks() {
    Random random = random_for("precipitate");
    const auto count = std::llround(25 * slide_mm2(options_));
    for (std::int64_t i = 0; i < count; ++i) {
      const auto at = anywhere(random, 0);
      if (red_cell_may_stand(at.x, at.y)) stamp(bank_.specks, at, random);
    }
  }

  void stamp(SpriteRange range, Level0Point at, Random& random) {
    const auto number = range.first + random.pick(range.count);
    const auto& sprite = bank_.sprites[number];
    layout_.stamps.push_back({static_cast<std::int32_t>(std::lround(at.x - sprite.centre_x)),
                              static_cast<std::int32_t>(std::lround(at.y - sprite.centre_y)),
                              static_cast<std::uint32_t>(number) & 0x1fffffffU, 0});
  }

  const PhantomOptions& options_;
  const Bank& bank_;
  Smear smear_;
  double widest_;
  double um_;  ///< pixels in one micron
  Neighbourhood whites_;
  Layout layout_;
};

}  // namespace

Layout lay_out(const PhantomOptions& options, const Bank& bank) {
  return Placer(options, bank).run();
}

}  // namespace cytocape::phantom
