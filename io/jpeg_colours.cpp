#include "io/jpeg_colours.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "io/errors.hpp"
#include "io/tiff_damage.hpp"

namespace cytocape {
namespace {

/// Empty where the tile lies outside the file.
std::vector<std::uint8_t> head_of(const TiffFile& file, const TiffRange& range) {
  if (range.bytes == 0 || range.offset > file.size() || range.bytes > file.size() - range.offset)
    return {};
  // Headers are shorter than this; the rest of a tile is not needed.
  constexpr std::uint64_t kHead = 1 << 16;
  return file.read({range.offset, std::min(range.bytes, kHead)});
}

}  // namespace

JpegColours jpeg_colours(const TiffFile& file, const TiffPage& page) {
  JpegColours colours;
  if (page.samples != 3 || page.separate_planes) {
    colours.by_tag = colours.read_as = colours.unstated = JpegSamples::grey;
    return colours;
  }
  const bool rgb = page.photometric == kTiffRgb;
  colours.by_tag = colours.read_as = rgb ? JpegSamples::rgb : JpegSamples::ycbcr;
  std::optional<JpegSamples> by_tables;
  if (page.jpeg_tables.bytes > 0)
    by_tables = jpeg_samples_stated_by_tables(file.read(page.jpeg_tables));
  colours.unstated = by_tables.value_or(colours.by_tag);
  const auto count = page.segments();
  const auto offsets = file.numbers(page.offsets, count);
  const auto bytes = file.numbers(page.bytes, count);
  constexpr std::uint64_t kLooks = 16;
  const auto looks = std::min(count, kLooks);
  std::optional<JpegSamples> all;
  for (std::uint64_t look = 0; look < looks; ++look) {
    const auto index = look * count / looks;
    if (bytes[index] == 0 || !segment_size_fault(page, bytes[index]).empty()) continue;
    const auto here = jpeg_header(head_of(file, {offsets[index], bytes[index]}));
    if (!here) continue;  // damaged: it says nothing of the others
    const auto stated = here->stated ? here->stated : by_tables;
    if (stated && all && *all != *stated) colours.mixed = true;
    if (!stated || colours.mixed) return colours;
    all = stated;
  }
  if (all) colours.read_as = *all;
  return colours;
}

std::string words_of(const JpegColours& colours) {
  return fmt::format("tag 262 says that its colours are {}, and its JPEG data that they are {}",
                     to_string(colours.by_tag), to_string(colours.read_as));
}

}  // namespace cytocape
