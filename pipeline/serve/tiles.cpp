#include "pipeline/serve/tiles.hpp"

#include <algorithm>
#include <cmath>

#include "io/image_codec.hpp"
#include "tiling/crop.hpp"
#include "tiling/resample.hpp"

namespace cytocape {
namespace {

constexpr int kQuality = 85;
constexpr std::int64_t kMostPx = 4096;  ///< edge of what is read for a square

/// The coarsest level that is not coarser than `edge` level-0 pixels a pixel, or the finest.
int level_for(const SlideInfo& slide, double downsample) {
  int chosen = 0;
  for (std::size_t i = 1; i < slide.levels.size(); ++i) {
    const auto& d = slide.levels[i].downsample;
    if (std::max(d.x, d.y) <= downsample * 1.01) chosen = static_cast<int>(i);
  }
  return chosen;
}

}  // namespace

int largest_zoom(const Size& slide) {
  const auto longest = std::max(slide.width, slide.height);
  int zoom = 0;
  while ((std::int64_t{kTilePx} << zoom) < longest) ++zoom;
  return zoom;
}

std::optional<std::vector<std::uint8_t>> tile_jpeg(const Slide& slide, const TilePlace& place) {
  const auto& info = slide.info();
  const auto& size = info.levels.front().size;
  const int most = largest_zoom(size);
  if (place.zoom < 0 || place.zoom > most || place.x < 0 || place.y < 0) return std::nullopt;
  const auto scale = static_cast<double>(std::int64_t{1} << (most - place.zoom));
  const auto edge = std::int64_t{kTilePx} << (most - place.zoom);
  if (place.x > size.width / edge || place.y > size.height / edge || place.x * edge >= size.width ||
      place.y * edge >= size.height)
    return std::nullopt;
  const int level = level_for(info, scale);
  const auto d = info.levels.at(static_cast<std::size_t>(level)).downsample;
  const Resampler resampler(
      {.begin = static_cast<double>(place.x * edge) / d.x, .step = scale / d.x, .count = kTilePx},
      {.begin = static_cast<double>(place.y * edge) / d.y, .step = scale / d.y, .count = kTilePx});
  const auto source = resampler.source();
  if (std::max(source.width, source.height) > kMostPx) return std::nullopt;
  return encode_jpeg(
      resampler.apply(slide.read(level, {source.x, source.y, source.width, source.height})),
      kQuality);
}

std::vector<std::uint8_t> cell_jpeg(const Slide& slide, Level0Point centre, double edge_um,
                                    int px) {
  return encode_jpeg(read_crop(slide, {.input_px = px, .mpp = edge_um / px}, centre), kQuality);
}

}  // namespace cytocape
