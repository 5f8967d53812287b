#include "io/dicom_tiles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "io/dicom_rle.hpp"
#include "io/jpeg2000_tile.hpp"

namespace cytocape {
namespace {

std::uint8_t rounded(double value) {
  return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 255.0)));
}

/// YBR_FULL, which is JPEG's (PS3.3, C.7.6.3.1.2).
void write_ycbcr(unsigned y, unsigned cb, unsigned cr, std::uint8_t* to) {
  const double blue = static_cast<double>(cb) - 128;
  const double red = static_cast<double>(cr) - 128;
  to[0] = rounded(y + 1.402 * red);
  to[1] = rounded(y - 0.114 * 1.772 / 0.587 * blue - 0.299 * 1.402 / 0.587 * red);
  to[2] = rounded(y + 1.772 * blue);
}

/// Where the samples of a pixel lie: beside each other, or in planes.
struct Samples {
  const std::uint8_t* first;
  std::size_t to_next_pixel;
  std::size_t to_next_colour;
};

void write(const Samples& samples, JpegSamples colours, const RgbTarget& target) {
  const auto* from = samples.first;
  const auto next = samples.to_next_colour;
  for (std::int64_t y = 0; y < target.size.height; ++y) {
    auto* to = target.pixels + target.stride * static_cast<std::size_t>(y);
    for (std::int64_t x = 0; x < target.size.width; ++x, to += 3, from += samples.to_next_pixel) {
      if (colours == JpegSamples::ycbcr) {
        write_ycbcr(from[0], from[next], from[2 * next], to);
      } else {
        to[0] = from[0];
        to[1] = from[next];
        to[2] = from[2 * next];
      }
    }
  }
}

}  // namespace

DicomTiles::DicomTiles(DicomLevel level)
    : level_(std::move(level)), tile_(level_.first().tile()), zero_tiles_(level_.grid) {
  require_stated_colours();
}

/// One of two is wrong, and with it every colour.
void DicomTiles::require_stated_colours() const {
  const auto& first = level_.first();
  std::vector<std::uint8_t> data;
  if (!first.read_frame(0, data).empty()) return;
  const auto contradict = [&](const std::string& frames) {
    first.refuse(
        fmt::format("states that its colours are {} (PhotometricInterpretation), and its "
                    "frames that they are {}; export it again",
                    first.attributes().photometric, frames));
  };
  if (first.codec() == DicomCodec::jpeg) {
    const auto stated = stated_jpeg_samples(data);
    if (stated && *stated != first.samples()) contradict(to_string(*stated));
  }
  if (first.codec() != DicomCodec::jpeg2000) return;
  const auto& photometric = first.attributes().photometric;
  // A transform is undone in any case, so that one of RGB is as good.
  const auto transformed = jpeg2000_transforms_colours(data);
  if (transformed == false && (photometric == "YBR_ICT" || photometric == "YBR_RCT"))
    contradict("not transformed (COD)");
  if (transformed == true && photometric == "YBR_FULL") contradict("transformed (COD)");
}

double DicomTiles::absent_share() const {
  const auto& frames = level_.frame_of_tile;
  if (frames.empty()) return 0;
  const auto absent = std::count(frames.begin(), frames.end(), kNoFrame);
  return static_cast<double>(absent) / static_cast<double>(frames.size());
}

int DicomTiles::largest_shrink() const {
  if (level_.first().codec() != DicomCodec::jpeg) return 1;
  int shrink = 8;
  while (tile_.width % shrink != 0 || tile_.height % shrink != 0) shrink /= 2;
  return shrink;
}

std::string DicomTiles::read_tile(std::uint64_t index, std::vector<std::uint8_t>& data) const {
  const std::uint64_t frame = level_.frame_of_tile.empty() ? index : level_.frame_of_tile[index];
  const auto after =
      std::upper_bound(level_.first_frames.begin(), level_.first_frames.end(), frame);
  const auto part = static_cast<std::size_t>(after - level_.first_frames.begin()) - 1;
  return level_.parts[part]->read_frame(frame - level_.first_frames[part], data);
}

bool DicomTiles::is_zero(std::uint64_t index) const {
  std::vector<std::uint8_t> data;
  return !is_absent(index) && read_tile(index, data).empty() && all_zero(data);
}

std::string DicomTiles::decode(std::uint64_t index, int shrink, const RgbTarget& target) const {
  const auto& image = level_.first();  // all parts are of one kind
  decoded_.fetch_add(1, std::memory_order_relaxed);
  std::vector<std::uint8_t> data;
  if (auto fault = read_tile(index, data); !fault.empty()) return fault;
  switch (image.codec()) {
    case DicomCodec::jpeg:
      return decode_jpeg_tile({.stream = data,
                               .tables = {},
                               .samples = image.samples(),
                               .unstated = image.samples(),
                               .shrink = shrink},
                              target);
    case DicomCodec::jpeg2000:
      return decode_jpeg2000_tile(data, image.samples(), target);
    case DicomCodec::uncompressed:
      if (all_zero(data) &&
          !zero_tiles_.is_border(index, [&](std::uint64_t tile) { return is_zero(tile); }))
        return kZeroTileFault;
      break;
    case DicomCodec::rle:
      break;
  }
  return decode_samples(data, target);
}

std::string DicomTiles::decode_samples(const std::vector<std::uint8_t>& data,
                                       const RgbTarget& target) const {
  const auto pixels = static_cast<std::size_t>(tile_.width * tile_.height);
  const auto& image = level_.first();
  if (image.codec() == DicomCodec::rle) {
    std::vector<std::uint8_t> planes;
    if (auto fault = decode_dicom_rle(data, pixels, planes); !fault.empty()) return fault;
    write({planes.data(), 1, pixels}, image.samples(), target);
    return "";
  }
  if (data.size() < 3 * pixels)
    return fmt::format("it has {} bytes where {} belong", data.size(), 3 * pixels);
  if (image.attributes().planar == 1)
    write({data.data(), 1, pixels}, image.samples(), target);
  else
    write({data.data(), 3, 1}, image.samples(), target);
  return "";
}

}  // namespace cytocape
