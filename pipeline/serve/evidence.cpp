#include "pipeline/serve/evidence.hpp"

#include <algorithm>
#include <cmath>

#include "io/image_codec.hpp"
#include "io/record_scan.hpp"
#include "pipeline/pages/colour_map.hpp"

namespace cytocape {

std::optional<std::vector<std::uint8_t>> evidence_jpeg(const std::filesystem::path& record,
                                                       const ModelSummary& model,
                                                       const CellRow& cell) {
  const auto maps = read_map(record, cell.id);
  const int height = model.map_height, width = model.map_width;
  const auto size = static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
  const auto begin = static_cast<std::size_t>(cell.class_index) * size;
  if (size == 0 || maps.size() < begin + size) return std::nullopt;
  const float most = *std::max_element(maps.begin() + static_cast<std::ptrdiff_t>(begin),
                                       maps.begin() + static_cast<std::ptrdiff_t>(begin + size));
  const int field = static_cast<int>(std::lround(kCropPx / kCropMargin));
  const int border = (kCropPx - field) / 2;
  Image picture(kCropPx, kCropPx, {255, 255, 255});
  for (int y = 0; y < field; ++y)
    for (int x = 0; x < field; ++x) {
      const auto at =
          static_cast<std::size_t>(y * height / field) * static_cast<std::size_t>(width) +
          static_cast<std::size_t>(x * width / field);
      const auto colour =
          share_colour(most > 0 ? static_cast<double>(maps[begin + at] / most) : 0.0);
      auto* pixel = picture.row(border + y) + std::ptrdiff_t{3} * (border + x);
      pixel[0] = colour.r;
      pixel[1] = colour.g;
      pixel[2] = colour.b;
    }
  constexpr int kQuality = 92;
  return encode_jpeg(picture, kQuality);
}

}  // namespace cytocape
