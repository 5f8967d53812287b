// The only file that includes OpenSlide.

#include <fmt/format.h>
#include <openslide.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <new>

#include "io/errors.hpp"
#include "io/slide_readers.hpp"
#include "io/text.hpp"
#include "io/tiff_damage.hpp"
#include "io/tiff_for_openslide.hpp"
#include "io/tiff_levels.hpp"
#include "io/versions.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

struct Closer {
  void operator()(openslide_t* handle) const { openslide_close(handle); }
};
/// Shared, because other threads may still read on a handle that one of them found poisoned.
using Handle = std::shared_ptr<openslide_t>;

/// OpenSlide's error state is terminal for its handle; empty when the handle is sound.
std::string error_of(openslide_t* handle) {
  const char* message = openslide_get_error(handle);
  return message == nullptr ? std::string() : one_line(message);
}

Handle open_handle(const fs::path& path) {
  // A shared pointer hands even null to its deleter, and openslide_close reads what it is given.
  std::unique_ptr<openslide_t, Closer> opened(openslide_open(path.c_str()));
  if (!opened) throw SlideError(path.string() + ": OpenSlide does not recognise this format");
  Handle handle(std::move(opened));
  const auto error = error_of(handle.get());
  if (!error.empty()) throw SlideError(path.string() + ": OpenSlide cannot open it: " + error);
  return handle;
}

SlideProperties properties_of(openslide_t* handle) {
  SlideProperties properties;
  for (const auto* name = openslide_get_property_names(handle); *name != nullptr; ++name) {
    const char* value = openslide_get_property_value(handle, *name);
    properties[*name] = value == nullptr ? "" : value;
  }
  return properties;
}

std::int64_t whole_number(const SlideProperties& properties, const std::string& key) {
  const auto found = properties.find(key);
  if (found == properties.end()) return 0;
  const auto number = parse_number(found->second);
  return number && *number > 0 && *number < 1e9 ? static_cast<std::int64_t>(*number) : 0;
}

/// "RRGGBB" in hex; white when absent or malformed.
Rgb background_of(const SlideProperties& properties) {
  const auto found = properties.find("openslide.background-color");
  if (found == properties.end() || found->second.size() != 6 ||
      found->second.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) {
    return {255, 255, 255};
  }
  const auto value = std::stoul(found->second, nullptr, 16);
  return {static_cast<std::uint8_t>(value >> 16), static_cast<std::uint8_t>(value >> 8),
          static_cast<std::uint8_t>(value)};
}

std::vector<SlideLevel> levels_of(openslide_t* handle, const SlideProperties& properties) {
  std::vector<SlideLevel> levels;
  const auto count = openslide_get_level_count(handle);
  for (std::int32_t i = 0; i < count; ++i) {
    SlideLevel level;
    openslide_get_level_dimensions(handle, i, &level.size.width, &level.size.height);
    const auto& finest = levels.empty() ? level.size : levels.front().size;
    level.downsample = {
        static_cast<double>(finest.width) / static_cast<double>(level.size.width),
        static_cast<double>(finest.height) / static_cast<double>(level.size.height)};
    const auto key = fmt::format("openslide.level[{}].tile-", i);
    level.tile = {whole_number(properties, key + "width"),
                  whole_number(properties, key + "height")};
    levels.push_back(level);
  }
  return levels;
}

/// Premultiplied ARGB over an opaque background.
void composite(const std::vector<std::uint32_t>& argb, Rgb background, Image& out) {
  auto* to = out.pixels().data();
  const std::uint32_t under[3] = {background.r, background.g, background.b};
  for (const auto pixel : argb) {
    const std::uint32_t rest = 255 - (pixel >> 24);
    for (unsigned channel = 0; channel < 3; ++channel) {
      const std::uint32_t over = (pixel >> (16 - 8 * channel)) & 255;
      const auto sum = rest == 0 ? over : over + (under[channel] * rest + 127) / 255;
      *to++ = static_cast<std::uint8_t>(std::min<std::uint32_t>(sum, 255));
    }
  }
}

/// Where a level is cut for reading along one axis.
///
/// OpenSlide takes whole level-0 pixels and divides them by the level's downsample d, so level
/// pixel X is met exactly only where X * d is whole. Elsewhere it resamples by a fraction of a
/// pixel that depends on where the read began, and two reads of one pixel differ. So where d is
/// not whole, every read is put together from the same pieces of about kPiece pixels, each begun
/// where X * d comes nearest to a whole number.
///
/// Example: d = 16.0128 (10000 x 5000 to 625 x 312). The piece near 256 may begin in [256, 384);
/// it begins at 312, since 312 * d = 4996.0 whereas 256 * d = 4099.28.
class PieceGrid {
 public:
  static constexpr std::int64_t kPiece = 256;

  explicit PieceGrid(double downsample)
      : downsample_(downsample), whole_(downsample == std::floor(downsample)) {}

  [[nodiscard]] bool whole() const { return whole_; }
  [[nodiscard]] std::int64_t level0(std::int64_t x) const {
    return std::llround(static_cast<double>(x) * downsample_);
  }
  /// First pixel of piece k; piece k ends where k + 1 begins.
  [[nodiscard]] std::int64_t begin(std::int64_t k) const {
    if (k <= 0) return 0;
    auto best = k * kPiece;
    double least = 1;
    for (auto x = k * kPiece; x < k * kPiece + kPiece / 2; ++x) {
      const auto exact = static_cast<double>(x) * downsample_;
      const auto off = std::abs(exact - std::round(exact));
      if (off < least) {
        least = off;
        best = x;
      }
    }
    return best;
  }
  /// The piece that holds pixel x.
  [[nodiscard]] std::int64_t piece_of(std::int64_t x) const {
    const auto k = x / kPiece;
    return k > 0 && begin(k) > x ? k - 1 : k;
  }

 private:
  double downsample_;
  bool whole_;
};

/// The other makers put a level together from several pages, or shift its tiles.
bool has_a_page_for_each_level(const std::string& vendor) {
  return vendor == "generic-tiff" || vendor == "aperio" || vendor == "philips";
}

struct OpenedFile {
  SlideState state;
  std::unique_ptr<const TileDamage> damage;  ///< null where no level is a page of a TIFF file
  std::vector<std::uint8_t> icc_profile;     ///< of such a file
};

class OpenSlideSlide final : public Slide {
 public:
  OpenSlideSlide(SlideInfo info, const Handle& handle, OpenedFile file)
      : Slide(std::move(info)), handle_(handle), file_(std::move(file)) {
    for (std::size_t i = 0; i < info_.levels.size(); ++i) {
      grids_.emplace_back(openslide_get_level_downsample(handle.get(), static_cast<int>(i)));
    }
  }

  Image read(int level, const LevelRect& rect) const override;
  Image read_associated(const std::string& name) const override;
  std::vector<std::uint8_t> icc_profile() const override { return file_.icc_profile; }

 private:
  Handle current() const {
    const std::lock_guard lock(mutex_);
    return handle_;
  }
  /// Gives later reads a sound handle; another thread may have done so already.
  void replace(const Handle& poisoned) const {
    auto fresh = open_handle(info_.path);
    const std::lock_guard lock(mutex_);
    if (handle_ == poisoned) handle_ = std::move(fresh);
  }
  template <class Call>
  void attempt(const std::string& what, const Call& call) const;
  template <class Call>
  std::string error_when_tried(const Call& call) const;
  void require_whole(int level, const LevelRect& rect, const std::string& what) const;
  Image read_pieces(int level, const LevelRect& rect) const;
  Image read_piece(int level, const LevelRect& rect) const;

  mutable std::mutex mutex_;
  mutable Handle handle_;
  OpenedFile file_;
  std::vector<PieceGrid> grids_;
};

/// Runs `call(handle)`. A handle that fails may have been poisoned by another thread's read, so
/// the call is repeated once on a handle that nobody else has; only what fails there too is this
/// read's own error. A file that is no longer the one that was opened is not opened again.
template <class Call>
std::string OpenSlideSlide::error_when_tried(const Call& call) const {
  const auto shared = current();
  call(shared.get());
  if (error_of(shared.get()).empty()) return "";
  file_.state.require_unchanged();
  replace(shared);
  const auto own = open_handle(info_.path);
  call(own.get());
  return error_of(own.get());
}

template <class Call>
void OpenSlideSlide::attempt(const std::string& what, const Call& call) const {
  std::string error;
  try {
    error = error_when_tried(call);
  } catch (const SlideError&) {
    file_.state.require_unchanged();
    throw;
  } catch (const std::bad_alloc&) {
    error = "there is too little memory";
  }
  if (error.empty()) return;
  file_.state.require_unchanged();
  throw SlideError(fmt::format("{}: cannot read {}: {}", info_.path.string(), what, error));
}

Image OpenSlideSlide::read_piece(int level, const LevelRect& rect) const {
  const auto what = fmt::format("level {}, x {} y {} width {} height {}", level, rect.x, rect.y,
                                rect.width, rect.height);
  file_.state.require_unchanged();  // OpenSlide would read another file's pixels without a word
  require_whole(level, rect, what);
  const auto& grid = grids_[static_cast<std::size_t>(level)];
  const auto x = grid.level0(rect.x);
  const auto y = grid.level0(rect.y);
  Image out;
  attempt(what, [&](openslide_t* handle) {
    std::vector<std::uint32_t> argb(static_cast<std::size_t>(rect.area()));
    openslide_read_region(handle, argb.data(), x, y, level, rect.width, rect.height);
    out = Image(static_cast<int>(rect.width), static_cast<int>(rect.height));
    composite(argb, info_.background, out);
  });
  return out;
}

/// Before OpenSlide reads: what it has made of a damaged tile stays in its cache for every thread.
void OpenSlideSlide::require_whole(int level, const LevelRect& rect,
                                   const std::string& what) const {
  if (!file_.damage) return;
  std::string fault;
  try {
    fault = file_.damage->find(static_cast<std::size_t>(level), rect);
  } catch (const SlideError&) {
    file_.state.require_unchanged();
    throw;
  }
  if (fault.empty()) return;
  file_.state.require_unchanged();
  throw SlideError(fmt::format("{}: cannot read {}: damaged {}", info_.path.string(), what, fault));
}

Image OpenSlideSlide::read_pieces(int level, const LevelRect& rect) const {
  const auto& grid = grids_[static_cast<std::size_t>(level)];
  const auto& size = info_.levels[static_cast<std::size_t>(level)].size;
  Image out(static_cast<int>(rect.width), static_cast<int>(rect.height), info_.background);
  const auto last_row = grid.piece_of(rect.bottom() - 1);
  const auto last_column = grid.piece_of(rect.right() - 1);
  for (auto row = grid.piece_of(rect.y); row <= last_row; ++row) {
    for (auto column = grid.piece_of(rect.x); column <= last_column; ++column) {
      const auto left = grid.begin(column);
      const auto top = grid.begin(row);
      // Right and bottom may be cut to what is asked for; left and top decide the resampling.
      const LevelRect piece{left, top,
                            std::min({grid.begin(column + 1), rect.right(), size.width}) - left,
                            std::min({grid.begin(row + 1), rect.bottom(), size.height}) - top};
      if (!piece.empty()) paste(read_piece(level, piece), out, left - rect.x, top - rect.y);
    }
  }
  return out;
}

Image OpenSlideSlide::read(int level, const LevelRect& rect) const {
  if (level < 0 || static_cast<std::size_t>(level) >= info_.levels.size()) {
    throw SlideError(fmt::format("{}: there is no level {}; it has {}", info_.path.string(), level,
                                 info_.levels.size()));
  }
  const auto index = static_cast<std::size_t>(level);
  const auto& size = info_.levels[index].size;
  const auto inside = rect.intersected({0, 0, size.width, size.height});
  if (inside == rect && !rect.empty() && grids_[index].whole()) return read_piece(level, rect);
  Image out(static_cast<int>(rect.width), static_cast<int>(rect.height), info_.background);
  if (inside.empty()) return out;
  const auto part = grids_[index].whole() ? read_piece(level, inside) : read_pieces(level, inside);
  paste(part, out, inside.x - rect.x, inside.y - rect.y);
  return out;
}

Image OpenSlideSlide::read_associated(const std::string& name) const {
  const auto& names = info_.associated;
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    throw SlideError(info_.path.string() + ": there is no associated image '" + name + "'");
  }
  Image out;
  attempt("associated image '" + name + "'", [&](openslide_t* handle) {
    std::int64_t width = 0;
    std::int64_t height = 0;
    openslide_get_associated_image_dimensions(handle, name.c_str(), &width, &height);
    if (width <= 0 || height <= 0) return;
    std::vector<std::uint32_t> argb(static_cast<std::size_t>(width * height));
    openslide_read_associated_image(handle, name.c_str(), argb.data());
    out = Image(static_cast<int>(width), static_cast<int>(height));
    composite(argb, info_.background, out);
  });
  return out;
}

}  // namespace

std::string openslide_library_version() {
  return openslide_get_version();
}

std::string openslide_vendor(const fs::path& path) {
  start_image_libraries();
  const char* vendor = openslide_detect_vendor(path.c_str());
  return vendor == nullptr ? std::string() : std::string(vendor);
}

Detection detect_for_openslide(const SlideFile& file) {
  if (file.vendor.empty()) return {false, "no format that OpenSlide knows"};
  if (file.tiff && has_a_page_for_each_level(file.vendor)) {
    if (auto why = why_misread(*file.tiff); !why.empty()) return {false, std::move(why)};
  }
  return {true, fmt::format("OpenSlide knows its format, {}", file.vendor)};
}

std::unique_ptr<Slide> open_with_openslide(const SlideFile& file, const SlideOptions& options) {
  start_image_libraries();
  const auto& path = file.path;
  const auto handle = open_handle(path);
  const auto properties = properties_of(handle.get());
  SlideInfo info;
  info.path = path;
  info.id = slide_id(path);
  info.vendor = properties.contains("openslide.vendor") ? properties.at("openslide.vendor") : "";
  info.levels = levels_of(handle.get(), properties);
  if (info.levels.empty()) throw SlideError(path.string() + ": the slide has no levels");
  set_pixel_size(info, pixel_size(path, properties, options));
  info.background = background_of(properties);
  for (const auto* name = openslide_get_associated_image_names(handle.get()); *name != nullptr;
       ++name) {
    info.associated.emplace_back(*name);
  }
  std::unique_ptr<const TileDamage> damage;
  std::vector<std::uint8_t> profile;
  if (file.tiff && has_a_page_for_each_level(info.vendor)) {
    const auto known = find_tiff_levels(*file.tiff);
    tell_absent_shares(*file.tiff, info.levels);
    if (info.vendor == "generic-tiff") require_levels(file.path, *file.tiff, info.levels);
    info.notices.insert(info.notices.end(), known.notices.begin(), known.notices.end());
    if (auto notice = notice_of_others(*file.tiff, info.levels); !notice.empty())
      info.notices.push_back(std::move(notice));
    if (!known.pages.empty()) profile = file.tiff->icc_profile(*known.pages.front());
    damage = std::make_unique<const TileDamage>(file.tiff, info.levels);
  }
  return std::make_unique<OpenSlideSlide>(
      std::move(info), handle, OpenedFile{file.state, std::move(damage), std::move(profile)});
}

}  // namespace cytocape
