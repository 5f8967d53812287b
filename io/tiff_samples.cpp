#include "io/tiff_samples.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <tiffio.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "io/decoder_messages.hpp"
#include "io/slide_readers.hpp"
#include "io/tiff_kind.hpp"

namespace cytocape {
namespace {

bool has_predictor(std::uint64_t compression) {
  return compression != kTiffPackBits && compression != kTiffWebp &&
         compression != kTiffUncompressed;
}

struct Entry {
  std::uint16_t tag;
  std::uint64_t value;
  std::uint64_t shorts = 0;  ///< instead of one value: so many of two bytes, all 0, in its place
};

/// Bits of a sample are stated once: the rest follow, which libtiff allows.
std::vector<Entry> entries_of(const TiffPage& page) {
  std::vector<Entry> entries{
      {TIFFTAG_IMAGEWIDTH, static_cast<std::uint64_t>(page.tile.width)},
      {TIFFTAG_IMAGELENGTH, static_cast<std::uint64_t>(page.tile.height)},
      {TIFFTAG_BITSPERSAMPLE, page.bits},
      {TIFFTAG_COMPRESSION, page.compression},
      {TIFFTAG_PHOTOMETRIC, page.photometric},
      {TIFFTAG_SAMPLESPERPIXEL, page.samples},
      {TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG},
  };
  // libtiff warns of the tag where the codec has no predictor.
  if (has_predictor(page.compression)) entries.push_back({TIFFTAG_PREDICTOR, page.predictor});
  entries.push_back({TIFFTAG_TILEWIDTH, static_cast<std::uint64_t>(page.tile.width)});
  entries.push_back({TIFFTAG_TILELENGTH, static_cast<std::uint64_t>(page.tile.height)});
  if (page.sample_format != SAMPLEFORMAT_UINT)
    entries.push_back({TIFFTAG_SAMPLEFORMAT, page.sample_format});
  // libtiff warns of samples beyond the colours that nothing names.
  const auto colours = number_of_colours(page);
  if (page.samples > colours) entries.push_back({TIFFTAG_EXTRASAMPLES, 0, page.samples - colours});
  std::sort(entries.begin(), entries.end(), [](auto& a, auto& b) { return a.tag < b.tag; });
  return entries;
}

/// A classic TIFF file of one page with one tile.
std::vector<std::uint8_t> file_of_one_tile(const TiffPage& page, bool big_endian,
                                           std::span<const std::uint8_t> data) {
  auto entries = entries_of(page);
  const auto head = 8 + 2 + 12 * (entries.size() + 2) + 4;
  const auto place = std::find_if(entries.begin(), entries.end(),
                                  [](auto& entry) { return entry.tag > TIFFTAG_TILEBYTECOUNTS; });
  entries.insert(place, {{TIFFTAG_TILEOFFSETS, head}, {TIFFTAG_TILEBYTECOUNTS, data.size()}});
  std::vector<std::uint8_t> bytes;
  bytes.reserve(head + data.size());
  const auto append = [&](std::uint64_t value, int width) {
    for (int i = 0; i < width; ++i) {
      const int shift = 8 * (big_endian ? width - 1 - i : i);
      bytes.push_back(static_cast<std::uint8_t>(value >> shift));
    }
  };
  append(big_endian ? 0x4D4D : 0x4949, 2);
  append(42, 2);
  append(8, 4);
  append(entries.size(), 2);
  for (const auto& entry : entries) {
    append(entry.tag, 2);
    append(entry.shorts > 0 ? TIFF_SHORT : TIFF_LONG, 2);
    append(entry.shorts > 0 ? entry.shorts : 1, 4);
    append(entry.value, 4);
  }
  append(0, 4);
  bytes.insert(bytes.end(), data.begin(), data.end());
  return bytes;
}

struct Memory {
  const std::vector<std::uint8_t>& bytes;
  std::size_t at = 0;
};

tmsize_t read_memory(thandle_t handle, void* to, tmsize_t size) {
  auto& memory = *static_cast<Memory*>(handle);
  const auto left = memory.bytes.size() - std::min(memory.at, memory.bytes.size());
  const auto count = std::min(left, static_cast<std::size_t>(std::max<tmsize_t>(size, 0)));
  if (count > 0) std::memcpy(to, memory.bytes.data() + memory.at, count);
  memory.at += count;
  return static_cast<tmsize_t>(count);
}

tmsize_t write_nothing(thandle_t, void*, tmsize_t) {
  return 0;
}

toff_t seek_memory(thandle_t handle, toff_t offset, int whence) {
  auto& memory = *static_cast<Memory*>(handle);
  if (whence == SEEK_CUR) offset += memory.at;
  if (whence == SEEK_END) offset += memory.bytes.size();
  memory.at = offset;
  return offset;
}

int close_memory(thandle_t) {
  return 0;
}

toff_t size_of_memory(thandle_t handle) {
  return static_cast<Memory*>(handle)->bytes.size();
}

struct TiffCloser {
  void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};

}  // namespace

bool libtiff_decodes(std::uint64_t compression) {
  return TIFFIsCODECConfigured(static_cast<std::uint16_t>(compression)) != 0;
}

std::string decode_tiff_samples(const TiffPage& page, bool big_endian,
                                std::span<const std::uint8_t> data,
                                std::span<std::uint8_t> samples) {
  start_image_libraries();  // or libtiff prints
  const auto bytes = file_of_one_tile(page, big_endian, data);
  Memory memory{bytes};
  const DecoderMessages messages;
  // "m": no mapping, which would bypass the functions.
  const std::unique_ptr<TIFF, TiffCloser> tiff(
      TIFFClientOpen("tile", "rm", &memory, read_memory, write_nothing, seek_memory, close_memory,
                     size_of_memory, nullptr, nullptr));
  const auto wanted = static_cast<tmsize_t>(samples.size());
  const bool decoded = tiff && TIFFReadEncodedTile(tiff.get(), 0, samples.data(), wanted) == wanted;
  if (!messages.all().empty()) return fmt::format("{}", fmt::join(messages.all(), "; "));
  return decoded ? "" : "it cannot be decoded";
}

}  // namespace cytocape
