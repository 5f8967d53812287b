#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <mutex>

#include "io/errors.hpp"
#include "io/image_codec.hpp"
#include "io/slide_readers.hpp"
#include "io/versions.hpp"
#include "io/vips_handles.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void cannot_decode(const fs::path& path, const std::string& cause) {
  throw SlideError(path.string() + ": cannot be read as an image: " + cause);
}

void swallow(const gchar*, GLogLevelFlags, const gchar*, gpointer) {}

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
  const char* loader = vips_foreign_find_load(path.c_str());
  if (loader == nullptr) cannot_decode(path, vips_cause());
  for (const auto& format : kFormats) {
    if (std::string_view(loader).starts_with(format.prefix)) return format;
  }
  cannot_decode(path, "it is no slide that OpenSlide knows, and no PNG, JPEG or TIFF");
}

VipsPtr load(const fs::path& path, const Format& format, VipsAccess access) {
  VipsImage* raw = nullptr;
  // A truncated picture is an error here: libvips would otherwise fill the rest with grey.
  const int failed =
      format.load(path.c_str(), &raw, "access", access, "fail_on", VIPS_FAIL_ON_ERROR, nullptr);
  VipsPtr image(raw);
  if (failed != 0) cannot_decode(path, vips_cause());
  return image;
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

/// Upright, opaque, 8-bit sRGB.
VipsPtr to_rgb(const fs::path& path, VipsPtr image) {
  image = apply(path, image, vips_autorot);
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
    cannot_decode(path, fmt::format("it has {} channels, not grey or RGB",
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
    silence_libtiff();
    vips_cache_set_max(0);
    vips_concurrency_set(1);
    for (const char* domain : {"VIPS", "Openslide"}) {
      g_log_set_handler(domain, static_cast<GLogLevelFlags>(G_LOG_LEVEL_MASK), swallow, nullptr);
    }
  });
}

std::string vips_library_version() {
  return fmt::format("{}.{}.{}", vips_version(0), vips_version(1), vips_version(2));
}

ImageHeader read_image_header(const fs::path& path) {
  const auto& format = format_of(path);
  const auto image = load(path, format, VIPS_ACCESS_SEQUENTIAL);
  return {{vips_image_get_width(image.get()), vips_image_get_height(image.get())}, format.name};
}

Image read_image(const fs::path& path) {
  const auto& format = format_of(path);
  auto source = load(path, format, VIPS_ACCESS_SEQUENTIAL);
  // Turning a picture needs its rows out of order.
  if (vips_image_get_orientation(source.get()) > 1) source = load(path, format, VIPS_ACCESS_RANDOM);
  const auto rgb = to_rgb(path, std::move(source));
  Image out(vips_image_get_width(rgb.get()), vips_image_get_height(rgb.get()));
  std::size_t size = 0;
  const std::unique_ptr<void, GFree> memory(vips_image_write_to_memory(rgb.get(), &size));
  if (!memory) cannot_decode(path, vips_cause());
  std::copy_n(static_cast<const std::uint8_t*>(memory.get()), std::min(size, out.pixels().size()),
              out.pixels().data());
  return out;
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
