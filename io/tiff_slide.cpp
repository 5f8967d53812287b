#include "io/tiff_slide.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <new>

#include "io/errors.hpp"
#include "io/tiff_damage.hpp"
#include "io/tiff_kind.hpp"
#include "io/tiff_levels.hpp"
#include "io/tiff_tiles.hpp"
#include "io/upright_slide.hpp"

namespace cytocape {
namespace {

/// Four rows of tiles of a slide of 20,000 pixels: blocks are read row by row, and a tile is wanted
/// again by the block below.
constexpr std::size_t kCacheBytes = std::size_t{64} << 20;

std::int64_t divided_up(std::int64_t length, std::int64_t part) {
  return (length + part - 1) / part;
}

/// A tile has something wrong with it, in words that follow the tile's name.
class TileFault : public SlideError {
 public:
  using SlideError::SlideError;
};

/// The mean of the pixels of `from` under each pixel of `to`, of which `step` are one; those that
/// lie outside `inside` do not count.
void average(const Image& from, const Size& inside, const Downsample& step, const RgbTarget& to) {
  const auto begin_of = [](std::int64_t at, double by, std::int64_t end) {
    return std::min(static_cast<std::int64_t>(std::floor(static_cast<double>(at) * by + 1e-9)),
                    end - 1);
  };
  for (std::int64_t y = 0; y < to.size.height; ++y) {
    auto* out = to.pixels + to.stride * static_cast<std::size_t>(y);
    const auto top = begin_of(y, step.y, inside.height);
    const auto bottom = std::max(top + 1, begin_of(y + 1, step.y, inside.height + 1));
    for (std::int64_t x = 0; x < to.size.width; ++x, out += 3) {
      const auto left = begin_of(x, step.x, inside.width);
      const auto right = std::max(left + 1, begin_of(x + 1, step.x, inside.width + 1));
      const auto count = static_cast<std::uint32_t>((bottom - top) * (right - left));
      std::array<std::uint32_t, 3> sums{count / 2, count / 2, count / 2};  // rounds to nearest
      for (auto row = top; row < bottom; ++row) {
        const auto* pixel = from.row(static_cast<int>(row)) + 3 * left;
        for (auto column = left; column < right; ++column, pixel += 3) {
          for (std::size_t c = 0; c < 3; ++c) sums[c] += pixel[c];
        }
      }
      for (std::size_t c = 0; c < 3; ++c) out[c] = static_cast<std::uint8_t>(sums[c] / count);
    }
  }
}

}  // namespace

TiffSlide::TiffSlide(SlideInfo info, Parts parts)
    : Slide(std::move(info)), parts_(std::move(parts)), cache_(kCacheBytes) {}

const TileSource& TiffSlide::tiles_of(int level) const {
  if (level < 0 || static_cast<std::size_t>(level) >= parts_.levels.size()) {
    throw SlideError(fmt::format("{}: there is no level {}; it has {}", info_.path.string(), level,
                                 parts_.levels.size()));
  }
  return *parts_.levels[static_cast<std::size_t>(level)];
}

TiffSlide::View TiffSlide::view_of(int level, int shrink) const {
  const auto& tile = tiles_of(level).tile();
  const auto& size = info_.levels[static_cast<std::size_t>(level)].size;
  return {level,
          shrink,
          {divided_up(size.width, shrink), divided_up(size.height, shrink)},
          {tile.width / shrink, tile.height / shrink}};
}

std::uint64_t TiffSlide::decoded(int level) const {
  return tiles_of(level).decoded();
}

int TiffSlide::largest_reduction(int level) const {
  return tiles_of(level).largest_shrink();
}

Image TiffSlide::read(int level, const LevelRect& rect) const {
  return read_view(view_of(level, 1), rect);
}

Image TiffSlide::read_reduced(int level, int factor, const LevelRect& rect) const {
  if (factor != 1 && factor != 2 && factor != 4 && factor != 8)
    return Slide::read_reduced(level, factor, rect);
  if (factor > largest_reduction(level)) return Slide::read_reduced(level, factor, rect);
  return read_view(view_of(level, factor), rect);
}

bool TiffSlide::is_left_out(int level, const LevelRect& rect) const {
  const auto size = view_of(level, 1).size;
  const auto inside = rect.intersected({0, 0, size.width, size.height});
  return inside.empty() || !has_data(level, inside);
}

Image TiffSlide::read_associated(const std::string& name) const {
  if (parts_.openslide) return parts_.openslide->read_associated(name);
  throw SlideError(info_.path.string() + ": there is no associated image '" + name + "'");
}

Image TiffSlide::read_view(const View& view, const LevelRect& rect) const {
  // An open file can be read long after its name is another's.
  parts_.state.require_unchanged();
  std::string cause;
  try {
    Image out(static_cast<int>(rect.width), static_cast<int>(rect.height), info_.background);
    fill(view, rect, out);
    return out;
  } catch (const TileFault& fault) {
    cause = fault.what();
  } catch (const SlideError&) {
    parts_.state.require_unchanged();
    throw;
  } catch (const std::bad_alloc&) {
    cause = "there is too little memory";
  }
  parts_.state.require_unchanged();
  const auto scale = view.shrink == 1 ? "" : fmt::format(" at 1/{}", view.shrink);
  throw SlideError(fmt::format("{}: cannot read level {}{}, x {} y {} width {} height {}: {}",
                               info_.path.string(), view.level, scale, rect.x, rect.y, rect.width,
                               rect.height, cause));
}

TiffSlide::TileRange TiffSlide::tiles_under(const View& view, const LevelRect& rect) const {
  const auto& grid = tiles_of(view.level).grid();
  return {rect.x / view.tile.width, rect.y / view.tile.height,
          std::min(grid.width - 1, (rect.right() - 1) / view.tile.width),
          std::min(grid.height - 1, (rect.bottom() - 1) / view.tile.height)};
}

void TiffSlide::fill(const View& view, const LevelRect& rect, Image& out) const {
  const auto inside = rect.intersected({0, 0, view.size.width, view.size.height});
  if (inside.empty()) return;
  const auto range = tiles_under(view, inside);
  const auto columns = tiles_of(view.level).grid().width;
  const bool aligned = inside == rect && rect.x % view.tile.width == 0 &&
                       rect.y % view.tile.height == 0 && rect.width % view.tile.width == 0 &&
                       rect.height % view.tile.height == 0;
  for (auto row = range.top; row <= range.bottom; ++row) {
    for (auto column = range.left; column <= range.right; ++column) {
      const auto index = static_cast<std::uint64_t>(row * columns + column);
      const LevelRect area{column * view.tile.width, row * view.tile.height, view.tile.width,
                           view.tile.height};
      std::string fault;
      if (aligned) {
        auto* at = out.row(static_cast<int>(area.y - rect.y)) + 3 * (area.x - rect.x);
        fault = decode_into(view, index, {at, out.stride(), view.tile});
      } else {
        const auto tile =
            cache_.get({view.level, view.shrink, index}, [&] { return decode(view, index); });
        fault = tile->fault;
        if (fault.empty()) {
          const auto part = area.intersected(inside);
          const auto stride = static_cast<std::size_t>(view.tile.width) * 3;
          const auto* from = tile->pixels.data() +
                             stride * static_cast<std::size_t>(part.y - area.y) +
                             3 * static_cast<std::size_t>(part.x - area.x);
          for (auto y = part.y; y < part.bottom(); ++y, from += stride) {
            std::memcpy(out.row(static_cast<int>(y - rect.y)) + 3 * (part.x - rect.x), from,
                        static_cast<std::size_t>(part.width) * 3);
          }
        }
      }
      if (!fault.empty()) {
        throw TileFault(fmt::format("damaged tile ({}, {}): {}", column, row, fault));
      }
    }
  }
}

DecodedTile TiffSlide::decode(const View& view, std::uint64_t index) const {
  DecodedTile tile;
  tile.pixels.resize(static_cast<std::size_t>(view.tile.width * view.tile.height) * 3);
  const auto stride = static_cast<std::size_t>(view.tile.width) * 3;
  tile.fault = decode_into(view, index, {tile.pixels.data(), stride, view.tile});
  if (!tile.fault.empty()) tile.pixels = {};
  return tile;
}

std::string TiffSlide::decode_into(const View& view, std::uint64_t index,
                                   const RgbTarget& target) const {
  const auto& tiles = tiles_of(view.level);
  const auto& level = info_.levels[static_cast<std::size_t>(view.level)];
  const auto columns = static_cast<std::uint64_t>(tiles.grid().width);
  const LevelRect area{static_cast<std::int64_t>(index % columns) * tiles.tile().width,
                       static_cast<std::int64_t>(index / columns) * tiles.tile().height,
                       tiles.tile().width, tiles.tile().height};
  const auto seen = area.intersected({0, 0, level.size.width, level.size.height});
  const bool absent = tiles.is_absent(index);
  // What an encoder puts beyond the edge is nothing of the slide, and must not be averaged in.
  if (!absent && (view.shrink == 1 || seen == area))
    return tiles.decode(index, view.shrink, target);
  Image whole(static_cast<int>(area.width), static_cast<int>(area.height), info_.background);
  const RgbTarget full{whole.pixels().data(), whole.stride(), tiles.tile()};
  if (absent) {
    if (view.level > 0) fill_from_finer(view.level, seen, full);
  } else if (auto fault = tiles.decode(index, 1, full); !fault.empty()) {
    return fault;
  }
  const auto shrink = static_cast<double>(view.shrink);
  average(whole, {seen.width, seen.height}, {shrink, shrink}, target);
  return "";
}

LevelRect TiffSlide::in_finer(int level, const LevelRect& rect) const {
  const auto& here = info_.levels[static_cast<std::size_t>(level)].size;
  const auto& finer = info_.levels[static_cast<std::size_t>(level - 1)].size;
  const auto x = rect.x * finer.width / here.width;
  const auto y = rect.y * finer.height / here.height;
  return {x, y, divided_up(rect.right() * finer.width, here.width) - x,
          divided_up(rect.bottom() * finer.height, here.height) - y};
}

bool TiffSlide::has_data(int level, const LevelRect& rect) const {
  const auto& tiles = tiles_of(level);
  const auto range = tiles_under(view_of(level, 1), rect);
  for (auto row = range.top; row <= range.bottom; ++row) {
    for (auto column = range.left; column <= range.right; ++column) {
      if (!tiles.is_absent(static_cast<std::uint64_t>(row * tiles.grid().width + column)))
        return true;
    }
  }
  return level > 0 && has_data(level - 1, in_finer(level, rect));
}

void TiffSlide::fill_from_finer(int level, const LevelRect& rect, const RgbTarget& target) const {
  const auto source = in_finer(level, rect);
  if (!has_data(level - 1, source)) return;
  Image pixels(static_cast<int>(source.width), static_cast<int>(source.height), info_.background);
  fill(view_of(level - 1, 1), source, pixels);
  const auto& here = info_.levels[static_cast<std::size_t>(level)].downsample;
  const auto& finer = info_.levels[static_cast<std::size_t>(level - 1)].downsample;
  average(pixels, {source.width, source.height}, {here.x / finer.x, here.y / finer.y},
          {target.pixels, target.stride, {rect.width, rect.height}});
}

namespace {

/// Makers whose files are a page a level, and whose properties OpenSlide reads.
bool is_known_to_openslide(const std::string& vendor) {
  return vendor == "aperio" || vendor == "philips";
}

Detection refused(std::string why) {
  return {false, std::move(why)};
}

SlideLevel level_of(const TiffPage& page, const Size& finest) {
  return {page.size,
          {static_cast<double>(finest.width) / static_cast<double>(page.size.width),
           static_cast<double>(finest.height) / static_cast<double>(page.size.height)},
          page.tile};
}

[[noreturn]] void refuse_level(const std::filesystem::path& path, const Size& size,
                               const std::string& why) {
  throw SlideError(fmt::format(
      "{}: of its level of {} x {} pixels, {}; set slide.reader to \"openslide\" to have "
      "OpenSlide read it",
      path.string(), size.width, size.height, why));
}

void require_decoded(const std::filesystem::path& path, const TiffPage& page) {
  if (const auto why = why_not_decoded(page); !why.empty()) refuse_level(path, page.size, why);
}

struct Plan {
  SlideInfo info;
  std::vector<const TiffPage*> pages;
  std::unique_ptr<const Slide> openslide;
};

Plan plan_alone(const SlideFile& file, const SlideOptions& options) {
  Plan plan;
  auto levels = find_tiff_levels(*file.tiff, options.plane);
  for (const auto* page : levels.pages) require_decoded(file.path, *page);
  plan.pages = std::move(levels.pages);
  plan.info.plane = options.plane;
  auto properties = pixel_size_hints(*file.tiff, *plan.pages.front());
  properties["openslide.vendor"] = "generic-tiff";
  auto& info = plan.info;
  info.path = file.path;
  info.id = slide_id(file.path);
  info.vendor = "generic-tiff";
  info.remarks = std::move(levels.remarks);
  info.notices = std::move(levels.notices);
  if (auto notice = other_pictures_notice(*file.tiff, plan.pages); !notice.empty())
    info.notices.push_back(std::move(notice));
  set_pixel_size(info, pixel_size(file.path, properties, options));
  for (const auto* page : plan.pages) {
    info.levels.push_back(level_of(*page, plan.pages.front()->size));
  }
  return plan;
}

Plan plan_with_openslide(const SlideFile& file, const SlideOptions& options) {
  Plan plan;
  auto slide = open_with_openslide(file, options);
  plan.info = slide->info();
  for (const auto& level : plan.info.levels) {
    plan.pages.push_back(page_of_level(*file.tiff, level));
    if (plan.pages.back() == nullptr)
      refuse_level(file.path, level.size, "it is no page of the file");
    require_decoded(file.path, *plan.pages.back());
  }
  plan.openslide = std::move(slide);
  return plan;
}

}  // namespace

Detection detect_tiff(const SlideFile& file) {
  if (!file.tiff) return refused("it is no TIFF");
  const auto& vendor = file.vendor;
  if (!vendor.empty() && vendor != "generic-tiff" && !is_known_to_openslide(vendor)) {
    return refused("the levels of " + vendor + " are more than a page of tiles each");
  }
  const auto levels = find_tiff_levels(*file.tiff);
  if (levels.pages.empty()) return refused("its largest page is cut into strips, not tiles");
  const auto orientation = levels.pages.front()->orientation;
  if (orientation > 8)
    return refused(fmt::format("its orientation tag (274) is {}, which means nothing; 1 to 8 do",
                               orientation));
  if (auto why = why_undefined(*file.tiff, *levels.pages.front()); !why.empty())
    return refused(std::move(why));
  for (const auto* page : levels.pages) {
    if (const auto why = why_not_decoded(*page); !why.empty()) {
      return refused(fmt::format("of its level of {} x {} pixels, {}", page->size.width,
                                 page->size.height, why));
    }
  }
  return {true, fmt::format("a TIFF of {} level{} in tiles", levels.pages.size(),
                            levels.pages.size() == 1 ? "" : "s")};
}

std::unique_ptr<Slide> open_tiff(const SlideFile& file, const SlideOptions& options) {
  // What a person gives is of the slide as it is seen, what the file says of its own axes.
  const auto levels = find_tiff_levels(*file.tiff, options.plane);
  if (levels.pages.empty()) refuse_plane(file.path, options.plane);
  const auto orientation = levels.pages.front()->orientation;
  auto of_file = options;
  if (options.mpp && swaps_axes(orientation)) of_file.mpp = Mpp{options.mpp->y, options.mpp->x};
  auto plan = is_known_to_openslide(file.vendor) ? plan_with_openslide(file, of_file)
                                                 : plan_alone(file, of_file);
  TiffSlide::Parts parts{
      file.state, {}, std::move(plan.openslide), file.tiff->icc_profile(*plan.pages.front())};
  std::string too_dark;
  std::string contradiction;
  bool mixed = false;
  for (std::size_t i = 0; i < plan.pages.size(); ++i) {
    auto tiles = std::make_unique<const TiffTiles>(file.tiff, *plan.pages[i]);
    plan.info.levels[i].absent_share = tiles->absent_share();
    if (tiles->colours().contradict_tag() && contradiction.empty())
      contradiction = words_of(tiles->colours());
    mixed = mixed || tiles->colours().mixed;
    // The coarsest level shows all of the slide in the fewest tiles.
    if (i + 1 == plan.pages.size()) too_dark = tiles->why_too_dark();
    parts.levels.push_back(std::move(tiles));
  }
  if (!too_dark.empty()) throw SlideError(file.path.string() + ": " + too_dark);
  if (!contradiction.empty())
    plan.info.notices.push_back(fmt::format(
        "The file's {}; it is read as its data say: look whether the colours are right.",
        contradiction));
  if (mixed)
    plan.info.notices.emplace_back(
        "Some of its JPEG tiles say that they are RGB and others that they are YCbCr: those that "
        "are "
        "not as the file's tag 262 says are taken for damaged.");
  if (orientation > 1)
    plan.info.remarks.push_back(
        fmt::format("the file stores it turned (orientation tag 274: {}); it is read upright, and "
                    "all coordinates are of the upright slide",
                    orientation));
  return upright(std::make_unique<TiffSlide>(std::move(plan.info), std::move(parts)), orientation);
}

}  // namespace cytocape
