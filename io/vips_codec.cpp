#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <new>
#include <set>

#include "io/decoder_messages.hpp"
#include "io/errors.hpp"
#include "io/file_fault.hpp"
#include "io/icc_profile.hpp"
#include "io/image_codec.hpp"
#include "io/jpeg_check.hpp"
#include "io/jpeg_colours.hpp"
#include "io/picture_check.hpp"
#include "io/picture_format.hpp"
#include "io/png_colours.hpp"
#include "io/sample_kind.hpp"
#include "io/slide_readers.hpp"
#include "io/tiff_kind.hpp"
#include "io/tiff_picture.hpp"
#include "io/tiff_samples.hpp"
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

/// A file whose format is known and of which no pixel was read.
struct Found {
  fs::path path;
  PictureFormat format = PictureFormat::png;
  std::unique_ptr<const TiffFile> tiff;  ///< null where it is none
  TiffPicture picture;                   ///< of `tiff`
};

/// By what its tags define: libvips takes YCbCr without JPEG for RGB.
void require_defined(const Found& found) {
  const auto& page = *found.picture.page;
  auto why = why_undefined(*found.tiff, page);
  if (why.empty() && page.photometric == kTiffYCbCr && page.compression != kTiffJpeg)
    why =
        "its colours are YCbCr without JPEG (PhotometricInterpretation, tag 262, 6), which is "
        "read of tiles alone; save it as RGB";
  if (why.empty() && page.tiled() && page.separate_planes)
    why =
        "its tiles hold its colours in planes of their own (PlanarConfiguration, tag 284, 2), "
        "which "
        "libvips does not read; save it with its colours together";
  const bool aperio = page.compression == kTiffAperioJpeg2000YCbCr ||
                      page.compression == kTiffAperioJpeg2000Rgb;  // libvips' own to decode
  if (why.empty() && !aperio && !libtiff_decodes(page.compression))
    why = fmt::format(
        "its compression (tag 259) is {}, which libtiff here does not read; save it with JPEG or "
        "Deflate",
        page.compression);
  if (why.empty() && page.orientation > 8)
    why = fmt::format("its orientation tag (274) is {}, which means nothing; 1 to 8 do",
                      page.orientation);
  if (why.empty() && page.compression == kTiffJpeg) {
    const auto colours = jpeg_colours(*found.tiff, page);
    if (colours.contradict_tag())
      why = words_of(colours) + ", which is read of tiles alone; save it with another compression";
  }
  if (!why.empty()) cannot_decode(found.path, why);
}

Found find_format(const fs::path& path, int plane = 1) {
  start_image_libraries();
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) cannot_decode(path, "it is a folder; give the images in it");
  Found found{.path = path, .tiff = TiffFile::open(path)};
  const auto format = picture_format(path);
  if (!format) {
    if (const int error = read_error(path); error != 0) refuse_unreadable(path, error);
    refuse_unknown(path);
  }
  if (*format == PictureFormat::tiff && !found.tiff)
    refuse_damaged(path, "it begins as a TIFF file and is none");
  found.format = *format;
  if (*format == PictureFormat::jpeg) {
    if (const auto why = why_jpeg_not_read(path); !why.empty()) cannot_decode(path, why);
  }
  if (found.tiff) {
    found.picture = find_tiff_picture(*found.tiff, plane);
    if (found.picture.page == nullptr) refuse_plane(path, plane);
    require_defined(found);
  }
  return found;
}

VipsPtr load(const Found& found) {
  forget_vips_causes();
  VipsImage* raw = nullptr;
  const auto* path = found.path.c_str();
  // A truncated picture is an error here: libvips would otherwise fill the rest with grey.
  constexpr auto kStrict = VIPS_FAIL_ON_ERROR;
  constexpr auto kAccess = VIPS_ACCESS_SEQUENTIAL;
  int failed = 0;
  switch (found.format) {
    case PictureFormat::png:
      failed = vips_pngload(path, &raw, "access", kAccess, "fail_on", kStrict, nullptr);
      break;
    case PictureFormat::jpeg:
      failed = vips_jpegload(path, &raw, "access", kAccess, "fail_on", kStrict, nullptr);
      break;
    case PictureFormat::tiff:
      failed = vips_tiffload(path, &raw, "access", kAccess, "fail_on", kStrict, "page",
                             found.picture.number, nullptr);
      break;
  }
  VipsPtr image(raw);
  if (failed == 0) return image;
  // The directories of a TIFF file were checked; in the others the head alone was read here.
  if (found.tiff) cannot_decode(found.path, vips_cause());
  refuse_damaged(found.path, vips_cause());
}

struct Loaded {
  VipsPtr image;
  std::set<std::string> messages;
};

Loaded listen_to_load(const Found& found) {
  const DecoderMessages messages;
  auto image = load(found);
  return {std::move(image), messages.all()};
}

template <class Operation, class... Arguments>
VipsPtr apply(const fs::path& path, const VipsPtr& in, Operation operation,
              Arguments... arguments) {
  forget_vips_causes();
  VipsImage* raw = nullptr;
  const int failed = operation(in.get(), &raw, arguments..., nullptr);
  VipsPtr out(raw);
  if (failed != 0) cannot_decode(path, vips_cause());
  return out;
}

SampleType type_of(const fs::path& path, VipsBandFormat format) {
  switch (format) {
    case VIPS_FORMAT_UCHAR:
      return SampleType::u8;
    case VIPS_FORMAT_USHORT:
      return SampleType::u16;
    case VIPS_FORMAT_UINT:
      return SampleType::u32;
    case VIPS_FORMAT_FLOAT:
      return SampleType::f32;
    default:
      cannot_decode(path,
                    "its samples are of a kind that is not read; save it with 8 bits a sample");
  }
}

/// What libvips hands out of a PNG, a JPEG, or a TIFF page whose colours it makes itself.
SampleKind kind_by_libvips(const fs::path& path, VipsImage* image) {
  const auto type = type_of(path, vips_image_get_format(image));
  const bool inks = vips_image_get_interpretation(image) == VIPS_INTERPRETATION_CMYK;
  const auto samples = static_cast<unsigned>(vips_image_get_bands(image));
  if (samples < 1 || samples > 4) {
    cannot_decode(path, fmt::format("it has {} channels; grey or RGB is needed", samples));
  }
  SampleKind kind{.type = type, .samples = samples};
  kind.full_is_stated = type == SampleType::u8;
  if (type == SampleType::u16) kind.full = 65535;
  if (samples == 4 && inks) {
    kind.colours = SampleColours::cmyk;
  } else {
    kind.colours = samples < 3 ? SampleColours::grey : SampleColours::rgb;
    if (samples == 2 || samples == 4) kind.alpha = SampleAlpha::straight;
  }
  return kind;
}

/// libvips gives premultiplied colours divided by their alpha, and grey with black at 0.
SampleKind kind_of_loaded(const Found& found, VipsImage* image) {
  if (!found.tiff) return kind_by_libvips(found.path, image);
  const auto& page = *found.picture.page;
  if (!has_plain_kind(page)) return kind_by_libvips(found.path, image);
  auto kind = kind_of(page);
  if (kind.alpha == SampleAlpha::premultiplied) kind.alpha = SampleAlpha::straight;
  kind.zero_is_white = false;
  if (kind.type != type_of(found.path, vips_image_get_format(image)) ||
      static_cast<int>(kind.samples) != vips_image_get_bands(image)) {
    cannot_decode(found.path, "libvips reads its samples otherwise than its tags say");
  }
  return kind;
}

std::vector<std::uint8_t> profile_of(VipsImage* image) {
  const void* bytes = nullptr;
  std::size_t size = 0;
  if (vips_image_get_typeof(image, VIPS_META_ICC_NAME) == 0 ||
      vips_image_get_blob(image, VIPS_META_ICC_NAME, &bytes, &size) != 0) {
    return {};
  }
  const auto* begin = static_cast<const std::uint8_t*>(bytes);
  return {begin, begin + size};
}

/// A view of `image`'s own memory, which must outlive it.
VipsPtr view_of(const Image& image) {
  start_image_libraries();
  forget_vips_causes();
  VipsPtr view(vips_image_new_from_memory(image.pixels().data(), image.pixels().size(),
                                          image.width(), image.height(), 3, VIPS_FORMAT_UCHAR));
  if (!view) throw StorageError("an image cannot be encoded: " + vips_cause());
  view->Type = VIPS_INTERPRETATION_sRGB;
  return view;
}

/// Runs the decoder in this thread, where DecoderMessages hears it: libvips' own ways to a whole
/// picture decode in threads of their own. Decoders open the file anew and say of its header what
/// they said before, `of_header`: unknown tags, odd profiles. All else is of the pixels.
Image decode(const fs::path& path, const VipsPtr& image, const SampleKind& kind,
             const std::set<std::string>& of_header = {}) {
  constexpr int kRows = 64;  // at once; sources are read from top to bottom
  forget_vips_causes();
  const int width = vips_image_get_width(image.get());
  const int height = vips_image_get_height(image.get());
  const auto pixels = static_cast<std::size_t>(width);
  Image out(width, height);
  double largest = 0;
  const std::unique_ptr<VipsRegion, Unref> region(vips_region_new(image.get()));
  const DecoderMessages messages;
  for (int y = 0; y < height; y += kRows) {
    const VipsRect rows{0, y, width, std::min(kRows, height - y)};
    const int failed = vips_region_prepare(region.get(), &rows);
    for (const auto& message : messages.all()) {
      if (!of_header.contains(message)) refuse_damaged(path, message);
    }
    if (failed != 0) refuse_damaged(path, vips_cause());
    for (int row = 0; row < rows.height; ++row) {
      const auto* from = region->data + std::ptrdiff_t{region->bpl} * (y + row - region->valid.top);
      convert_samples(kind, from, pixels, out.row(y + row));
      if (!kind.full_is_stated) largest = std::max(largest, largest_sample(kind, from, pixels));
    }
  }
  if (is_too_dark(kind, largest)) cannot_decode(path, too_dark_words(kind, largest));
  return out;
}

/// `orientation` as EXIF counts it.
Image turned(const fs::path& path, const Image& image, int orientation) {
  const auto view = view_of(image);
  vips_image_set_int(view.get(), VIPS_META_ORIENTATION, orientation);
  return decode(path, apply(path, view, vips_autorot), {});
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
  const auto found = find_format(path);
  const auto image = load(found);
  const Size size{vips_image_get_width(image.get()), vips_image_get_height(image.get())};
  require_size(path, size);
  return {size, to_string(found.format)};
}

Picture read_picture(const fs::path& path, int plane) {
  try {
    const auto found = find_format(path, plane);
    const auto [source, of_header] = listen_to_load(found);
    require_size(path, {vips_image_get_width(source.get()), vips_image_get_height(source.get())});
    if (found.tiff) {
      require_whole_page(path, *found.tiff, *found.picture.page);
    } else {
      require_whole_picture(path, to_string(found.format));
    }
    const auto kind = kind_of_loaded(found, source.get());
    const int orientation = vips_image_get_orientation(source.get());
    auto profile = profile_of(source.get());
    auto doubt = found.format == PictureFormat::png
                     ? doubt_of(read_png_colours(path), !profile.empty())
                     : std::string();
    auto pixels = decode(path, source, kind, of_header);
    return {orientation > 1 ? turned(path, pixels, orientation) : std::move(pixels),
            std::move(profile), std::move(doubt)};
  } catch (const std::bad_alloc&) {
    throw SlideError(path.string() + ": there is too little memory to decode it");
  }
}

Image read_image(const fs::path& path) {
  auto [pixels, profile, doubt] = read_picture(path);
  const auto transform = profile.empty() ? nullptr : IccTransform::read(profile).transform;
  if (transform) transform->apply(pixels);
  return std::move(pixels);
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
