#include "io/thumbnail.hpp"

#include "io/decoder_messages.hpp"
#include "io/slide_readers.hpp"
#include "io/vips_handles.hpp"

namespace cytocape {
namespace {

constexpr std::int64_t kMostThumbnailedPixels = 64'000'000;

bool is_of_plausible_size(void* data, std::size_t size) {
  VipsImage* raw = nullptr;
  if (vips_jpegload_buffer(data, size, &raw, nullptr) != 0) return false;
  const VipsPtr header(raw);
  return std::int64_t{vips_image_get_width(raw)} * vips_image_get_height(raw) <=
         kMostThumbnailedPixels;
}

}  // namespace

std::vector<std::uint8_t> jpeg_thumbnail(std::span<const std::uint8_t> jpeg, int longest_px) {
  if (jpeg.empty()) return {};
  start_image_libraries();
  const DecoderMessages unsaid;
  // An interface older than const.
  void* data = const_cast<std::uint8_t*>(jpeg.data());
  VipsImage* raw = nullptr;
  if (!is_of_plausible_size(data, jpeg.size()) ||
      vips_thumbnail_buffer(data, jpeg.size(), &raw, longest_px, "height", longest_px, "size",
                            VIPS_SIZE_DOWN, nullptr) != 0) {
    vips_error_clear();
    return {};
  }
  const VipsPtr small(raw);
  void* bytes = nullptr;
  std::size_t size = 0;
  if (vips_jpegsave_buffer(small.get(), &bytes, &size, "Q", 70, "strip", 1, nullptr) != 0) {
    vips_error_clear();
    return {};
  }
  const std::unique_ptr<void, GFree> owned(bytes);
  const auto* begin = static_cast<const std::uint8_t*>(bytes);
  return {begin, begin + size};
}

}  // namespace cytocape
