#include "io/further_frames.hpp"

#include <algorithm>
#include <fstream>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "io/picture_format.hpp"

namespace cytocape {
namespace {

/// Heads are shorter, but for pictures within: what lies behind them is not looked for.
constexpr std::size_t kHead = std::size_t{1} << 20;

using HeadBytes = std::span<const std::uint8_t>;

/// Of `width` bytes; 0 where the head ends before.
std::uint32_t number_at(HeadBytes head, std::size_t at, std::size_t width, bool big_endian) {
  if (at > head.size() || width > head.size() - at) return 0;
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < width; ++i)
    value = value << 8 | head[at + (big_endian ? i : width - 1 - i)];
  return value;
}

bool holds_text(HeadBytes head, std::size_t at, std::string_view text) {
  return at <= head.size() && text.size() <= head.size() - at &&
         std::equal(text.begin(), text.end(), head.begin() + static_cast<std::ptrdiff_t>(at),
                    [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

std::uint32_t frames_of_png(HeadBytes head) {
  for (std::size_t at = 8; at + 8 <= head.size();) {
    if (holds_text(head, at + 4, "acTL")) return number_at(head, at + 8, 4, true);
    if (holds_text(head, at + 4, "IDAT")) break;
    at += std::size_t{12} + number_at(head, at, 4, true);
  }
  return 1;
}

/// A directory as TIFF's, whose offsets count from `base`.
std::uint32_t frames_of_mp_format(HeadBytes head, std::size_t base) {
  constexpr std::uint32_t kNumberOfImages = 0xB001;
  constexpr std::uint32_t kMostEntries = 100;
  const bool big_endian = holds_text(head, base, "MM");
  const auto directory = base + number_at(head, base + 4, 4, big_endian);
  const auto entries = std::min(number_at(head, directory, 2, big_endian), kMostEntries);
  for (std::size_t i = 0; i < entries; ++i) {
    const auto entry = directory + 2 + 12 * i;
    if (number_at(head, entry, 2, big_endian) == kNumberOfImages)
      return number_at(head, entry + 8, 4, big_endian);
  }
  return 1;
}

std::uint32_t frames_of_jpeg(HeadBytes head) {
  using namespace std::string_view_literals;
  constexpr std::uint8_t kMarker = 0xFF;
  constexpr std::uint8_t kScan = 0xDA;
  constexpr std::uint8_t kMpFormat = 0xE2;
  for (std::size_t at = 2; at + 4 <= head.size() && head[at] == kMarker;) {
    if (head[at + 1] == kScan) break;
    if (head[at + 1] == kMpFormat && holds_text(head, at + 4, "MPF\0"sv))
      return frames_of_mp_format(head, at + 8);
    at += 2 + std::max<std::size_t>(2, number_at(head, at + 2, 2, true));
  }
  return 1;
}

}  // namespace

std::uint32_t stated_frames(const std::filesystem::path& path) {
  const auto format = picture_format(path);
  if (!format || *format == PictureFormat::tiff) return 1;
  std::vector<std::uint8_t> head(kHead);
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(head.data()), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, file.gcount())));
  const auto frames = *format == PictureFormat::png ? frames_of_png(head) : frames_of_jpeg(head);
  return std::max(frames, std::uint32_t{1});
}

}  // namespace cytocape
