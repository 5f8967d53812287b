#pragma once

/// Tiled TIFF slides made tile by tile, and pictures to put into them.

#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "io/slide_readers.hpp"
#include "tests/io/jpeg_tiles.hpp"
#include "tests/io/tiff_writer.hpp"

namespace cytocape::testing {

/// Waves with a little noise, of another shade at each place.
inline Image waves(int width, int height, double scale = 1) {
  Image out(width, height);
  std::uint32_t noise = 1;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      noise = noise * 1664525U + 1013904223U;
      const double u = x * scale;
      const double v = y * scale;
      const double grain = static_cast<double>(noise >> 29);
      auto* pixel = out.row(y) + 3 * x;
      pixel[0] = static_cast<std::uint8_t>(120 + 90 * std::sin(u / 31) * std::cos(v / 17) + grain);
      pixel[1] = static_cast<std::uint8_t>(110 + 80 * std::sin((u + v) / 41) + grain);
      pixel[2] = static_cast<std::uint8_t>(130 + 70 * std::cos(u / 53 - v / 23) + grain);
    }
  }
  return out;
}

inline Image crop(const Image& from, const LevelRect& rect) {
  Image out(static_cast<int>(rect.width), static_cast<int>(rect.height), {0, 0, 0});
  paste(from, out, -rect.x, -rect.y);
  return out;
}

struct TiledLevel {
  Image picture;
  std::set<std::uint64_t> absent;  ///< tiles whose byte count is 0
  std::vector<TiffEntry> tags;     ///< further ones, or instead of those of the same number
  std::map<std::uint64_t, JpegKind> others;  ///< tiles of other JPEG kinds than the rest
};

struct TiledKind {
  TiffKind kind;
  int tile = 64;
  bool jpeg = true;  ///< else uncompressed
  JpegKind colours;
};

/// What a reader must make of a level: each tile encoded and decoded by libjpeg-turbo alone.
struct TiledSlide {
  std::string bytes;
  std::vector<Image> expected;
};

inline void add_tags(std::vector<TiffEntry>& entries, const std::vector<TiffEntry>& tags) {
  for (const auto& tag : tags) {
    std::erase_if(entries, [&](const TiffEntry& entry) { return entry.tag == tag.tag; });
    entries.push_back(tag);
  }
  std::sort(entries.begin(), entries.end(),
            [](const TiffEntry& a, const TiffEntry& b) { return a.tag < b.tag; });
}

/// Resolution tags of 0.25 x 0.5 um; classic TIFF alone.
inline std::vector<TiffEntry> resolution_of_a_quarter(TiffWriter& writer, bool big_endian) {
  const auto number = [&](std::uint32_t value) {
    std::string out;
    for (int i = 0; i < 4; ++i) out += static_cast<char>(value >> 8 * (big_endian ? 3 - i : i));
    return out;
  };
  const auto x = writer.add_data(number(40'000) + number(1));
  const auto y = writer.add_data(number(20'000) + number(1));
  return {{282, {x}, 1, 5}, {283, {y}, 1, 5}, {296, {3}}};
}

inline TiledSlide make_tiled(const std::vector<TiledLevel>& levels, const TiledKind& kind) {
  TiffWriter writer(kind.kind);
  TiledSlide slide;
  const auto resolution = kind.kind.big_tiff
                              ? std::vector<TiffEntry>{}
                              : resolution_of_a_quarter(writer, kind.kind.big_endian);
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const auto& picture = levels[i].picture;
    const auto edge = static_cast<std::uint64_t>(kind.tile);
    const auto across = (picture.width() + kind.tile - 1) / kind.tile;
    const auto along = (picture.height() + kind.tile - 1) / kind.tile;
    Image expected(picture.width(), picture.height());
    std::vector<std::uint64_t> offsets, counts;
    JpegStreams streams;
    for (int t = 0; t < across * along; ++t) {
      const int x = t % across * kind.tile;
      const int y = t / across * kind.tile;
      const auto tile = crop(picture, {x, y, kind.tile, kind.tile});
      const bool absent = levels[i].absent.contains(static_cast<std::uint64_t>(t));
      const auto other = levels[i].others.find(static_cast<std::uint64_t>(t));
      const auto& colours = other == levels[i].others.end() ? kind.colours : other->second;
      if (kind.jpeg) {
        streams = JpegEncoder(colours, {kind.tile, kind.tile}).encode(tile);
      } else {
        const auto pixels = tile.pixels();
        streams.picture.assign(pixels.begin(), pixels.end());
      }
      offsets.push_back(absent ? 0 : writer.add_data(streams.picture));
      counts.push_back(absent ? 0 : streams.picture.size());
      if (!absent) paste(kind.jpeg ? decoded_plainly(colours, streams) : tile, expected, x, y);
    }
    std::vector<TiffEntry> entries{{254, {i == 0 ? 0U : 1U}},
                                   {256, {static_cast<std::uint64_t>(picture.width())}},
                                   {257, {static_cast<std::uint64_t>(picture.height())}},
                                   {258, {8}},
                                   {259, {kind.jpeg ? 7U : 1U}},
                                   {262,
                                    {kind.colours.grey                 ? 1U
                                     : kind.jpeg && kind.colours.ycbcr ? 6U
                                                                       : 2U}},
                                   {277, {kind.colours.grey ? 1U : 3U}},
                                   {284, {1}},
                                   {322, {edge}},
                                   {323, {edge}},
                                   {324, offsets},
                                   {325, counts}};
    if (!streams.tables.empty()) {
      const auto at = writer.add_data(streams.tables);
      entries.push_back({347, {at}, streams.tables.size(), 7});
    }
    if (kind.jpeg && kind.colours.ycbcr && !kind.colours.grey) {
      // YCbCrSubSampling, two numbers of two bytes: libtiff would guess.
      const auto first = static_cast<std::uint64_t>(kind.colours.across);
      const auto second = static_cast<std::uint64_t>(kind.colours.along);
      entries.push_back(
          {530, {kind.kind.big_endian ? first << 16 | second : second << 16 | first}, 2, 3});
      if (kind.kind.big_tiff && kind.kind.big_endian) {
        entries.back().values[0] = (first << 16 | second) << 32;
      }
    }
    if (i == 0) add_tags(entries, resolution);
    add_tags(entries, levels[i].tags);
    writer.add_page(entries);
    slide.expected.push_back(expected);
  }
  slide.bytes = writer.bytes();
  return slide;
}

inline std::filesystem::path write_bytes(const std::filesystem::path& path,
                                         const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

}  // namespace cytocape::testing
