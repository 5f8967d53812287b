#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <new>
#include <set>

#include "io/decoder_messages.hpp"
#include "io/errors.hpp"
#include "io/image_codec.hpp"
#include "io/picture_check.hpp"
#include "io/slide_readers.hpp"
#include "io/tiff_file.hpp"
#include "io/versions.hpp"
#include "io/vips_handles.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void cannot_decode(const fs::path& path, const std::string& cause) {
  throw SlideError(path.string() + ": cannot be read as an image: " + cause);
}

void pass_on(const gchar*, GLogLevelFlags level, const gchar* message, gpointer) {
  const auto serious = G_LOG_LEVEL_WARNING | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR;
  if ((level & serious) != 0 && message != nullptr) DecoderMessages::say(message);
}

using Loader = int (*)(const char*, VipsImage**, ...);

struct Format {
  const char* name;
  const char* prefix;  ///< of libvips' loader class
  Loader load;
};

/// libvips would hand other files to loaders (PDF, SVG, ImageMagick) that no smear comes from.
constexpr std::array<Format, 3> kFormats{{{"png", "VipsForeignLoadPng", vips_pngload},
                                          {"jpeg", "VipsForeignLoadJpeg", vips_jpegload},
                                          {"tiff", "VipsForeignLoadTiff", vips_tiffload}}};

const Format& format_of(const fs::path& path) {
  start_image_libraries();
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) cannot_decode(path, "it is a folder; give the images in it");
  // First of all: libvips asks OpenSlide and libtiff about the file.
  (void)TiffFile::open(path);
  const char* loader = vips_foreign_find_load(path.c_str());
  if (loader == nullptr) cannot_decode(path, vips_cause());
  for (const auto& format : kFormats) {
    if (std::string_view(loader).starts_with(format.prefix)) return format;
  }
  cannot_decode(path,
                "it is neither a slide that OpenSlide recognises nor a PNG, JPEG or TIFF image");
}

VipsPtr load(const fs::path& path, const Format& format) {
  VipsImage* raw = nullptr;
  // A truncated picture is an error here: libvips would otherwise fill the rest with grey.
  const int failed = format.load(path.c_str(), &raw, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
                                 VIPS_FAIL_ON_ERROR, nullptr);
  VipsPtr image(raw);
  if (failed != 0) cannot_decode(path, vips_cause());
  return image;
}

struct Loaded {
  VipsPtr image;
  std::set<std::string> messages;
};

Loaded listen_to_load(const fs::path& path, const Format& format) {
  const DecoderMessages messages;
  auto image = load(path, format);
  return {std::move(image), messages.all()};
}

template <class Operation, class... Arguments>
VipsPtr apply(const fs::path& path, const VipsPtr& in, Operation operation,
              Arguments... arguments) {
  VipsImage* raw = nullptr;
  const int failed = operation(in.get(), &raw, arguments..., nullptr);
  VipsPtr out(raw);
  if (failed != 0) cannot_decode(path, vips_cause());
  return out;
}

/// Opaque 8-bit sRGB.
VipsPtr to_rgb(const fs::path& path, const VipsPtr& source) {
  auto image = apply(path, source, vips_copy);
  if (vips_image_hasalpha(image.get()) != 0) {
    const auto kind = vips_image_get_interpretation(image.get());
    const bool deep = kind == VIPS_INTERPRETATION_RGB16 || kind == VIPS_INTERPRETATION_GREY16;
    double white = deep ? 65535.0 : 255.0;
    const std::unique_ptr<VipsArrayDouble, void (*)(VipsArrayDouble*)> background(
        vips_array_double_new(&white, 1),
        [](VipsArrayDouble* array) { vips_area_unref(VIPS_AREA(array)); });
    image = apply(path, image, vips_flatten, "background", background.get());
  }
  image = apply(path, image, vips_colourspace, VIPS_INTERPRETATION_sRGB);
  image = apply(path, image, vips_cast, VIPS_FORMAT_UCHAR);
  if (vips_image_get_bands(image.get()) != 3) {
    cannot_decode(path, fmt::format("it has {} channels; grey or RGB is needed",
                                    vips_image_get_bands(image.get())));
  }
  return image;
}

/// A view of `image`'s own memory, which must outlive it.
VipsPtr view_of(const Image& image) {
  start_image_libraries();
  VipsPtr view(vips_image_new_from_memory(image.pixels().data(), image.pixels().size(),
                                          image.width(), image.height(), 3, VIPS_FORMAT_UCHAR));
  if (!view) throw StorageError("an image cannot be encoded: " + vips_cause());
  view->Type = VIPS_INTERPRETATION_sRGB;
  return view;
}

/// Runs the decoder in this thread, where DecoderMessages hears it: libvips' own ways to a whole
/// picture decode in threads of their own. Decoders open the file anew and say of its header what
/// they said before, `of_header`: unknown tags, odd profiles. All else is of the pixels.
Image decode(const fs::path& path, const VipsPtr& rgb,
             const std::set<std::string>& of_header = {}) {
  constexpr int kRows = 64;  // at once; sources are read from top to bottom
  const int width = vips_image_get_width(rgb.get());
  const int height = vips_image_get_height(rgb.get());
  Image out(width, height);
  const std::unique_ptr<VipsRegion, Unref> region(vips_region_new(rgb.get()));
  const DecoderMessages messages;
  for (int y = 0; y < height; y += kRows) {
    const VipsRect rows{0, y, width, std::min(kRows, height - y)};
    const int failed = vips_region_prepare(region.get(), &rows);
    for (const auto& message : messages.all()) {
      if (!of_header.contains(message)) cannot_decode(path, "it is damaged: " + message);
    }
    if (failed != 0) cannot_decode(path, vips_cause());
    for (int row = 0; row < rows.height; ++row) {
      const auto* from = region->data + std::ptrdiff_t{region->bpl} * (y + row - region->valid.top);
      std::copy_n(from, out.stride(), out.row(y + row));
    }
  }
  return out;
}

/// `orientation` as EXIF counts it.
Image turned(const fs::path& path, const Image& image, int orientation) {
  const auto view = view_of(image);
  vips_image_set_int(view.get(), VIPS_META_ORIENTATION, orientation);
  return decode(path, apply(path, view, vips_autorot));
}

void require_size(const fs::path& path, const Size& size) {
  if (size.width * size.height <= kMaxImagePixels) return;
  throw SlideError(fmt::format(
      "{}: {} x {} pixels without tiles are too many to hold in memory; convert it once with "
      "`vips tiffsave IN OUT.tif --tile --pyramid --bigtiff --compression jpeg`",
      path.string(), size.width, size.height));
}

std::vector<std::uint8_t> bytes_of(void* raw, std::size_t size, int failed) {
  const std::unique_ptr<void, GFree> memory(raw);
  if (failed != 0) throw StorageError("an image cannot be encoded: " + vips_cause());
  const auto* begin = static_cast<const std::uint8_t*>(raw);
  return {begin, begin + size};
}

}  // namespace

void start_image_libraries() {
  static std::once_flag once;
  std::call_once(once, [] {
    if (vips_init("cytocape") != 0) throw StorageError("libvips cannot start: " + vips_cause());
    listen_to_libtiff();
    vips_cache_set_max(0);
    vips_concurrency_set(1);
    for (const char* domain : {"VIPS", "Openslide"}) {
      g_log_set_handler(domain, static_cast<GLogLevelFlags>(G_LOG_LEVEL_MASK), pass_on, nullptr);
    }
  });
}

std::string vips_library_version() {
  return fmt::format("{}.{}.{}", vips_version(0), vips_version(1), vips_version(2));
}

ImageHeader read_image_header(const fs::path& path) {
  const auto& format = format_of(path);
  const auto image = load(path, format);
  const Size size{vips_image_get_width(image.get()), vips_image_get_height(image.get())};
  require_size(path, size);
  return {size, format.name};
}

Image read_image(const fs::path& path) {
  try {
    const auto& format = format_of(path);
    const auto [source, of_header] = listen_to_load(path, format);
    require_size(path, {vips_image_get_width(source.get()), vips_image_get_height(source.get())});
    require_whole_picture(path, format.name);
    const int orientation = vips_image_get_orientation(source.get());
    auto picture = decode(path, to_rgb(path, source), of_header);
    return orientation > 1 ? turned(path, picture, orientation) : picture;
  } catch (const std::bad_alloc&) {
    throw SlideError(path.string() + ": there is too little memory to decode it");
  }
}

void write_png(const Image& image, const fs::path& path) {
  if (vips_pngsave(view_of(image).get(), path.c_str(), nullptr) != 0) {
    throw StorageError(path.string() + ": cannot write: " + vips_cause());
  }
}

std::vector<std::uint8_t> encode_png(const Image& image) {
  void* raw = nullptr;
  std::size_t size = 0;
  const int failed = vips_pngsave_buffer(view_of(image).get(), &raw, &size, "strip", TRUE, nullptr);
  return bytes_of(raw, size, failed);
}

std::vector<std::uint8_t> encode_jpeg(const Image& image, int quality) {
  void* raw = nullptr;
  std::size_t size = 0;
  const int failed =
      vips_jpegsave_buffer(view_of(image).get(), &raw, &size, "Q", quality, "strip", TRUE, nullptr);
  return bytes_of(raw, size, failed);
}

}  // namespace cytocape
