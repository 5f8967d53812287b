#include "pipeline/case/evidence_sums.hpp"

#include <algorithm>
#include <cmath>

namespace cytocape {

EvidenceSums::EvidenceSums(const SlideInfo& slide, const CropSpec& crop, int classes,
                           int max_squares)
    : patch_x_(crop.input_px * crop.mpp / slide.mpp.x),
      patch_y_(crop.input_px * crop.mpp / slide.mpp.y),
      classes_(classes) {
  const auto& size = slide.levels.front().size;
  const auto longest = std::max(size.width, size.height);
  sums_.edge = std::max<std::int64_t>(1, (longest + max_squares - 1) / max_squares);
  sums_.width = static_cast<int>((size.width + sums_.edge - 1) / sums_.edge);
  sums_.height = static_cast<int>((size.height + sums_.edge - 1) / sums_.edge);
  sums_.value.assign(static_cast<std::size_t>(classes) * static_cast<std::size_t>(sums_.width) *
                         static_cast<std::size_t>(sums_.height),
                     0.0);
}

std::size_t EvidenceSums::square(double x, double y) const {
  const auto index = [this](double position, int count) {
    const auto at =
        static_cast<std::int64_t>(std::floor(position / static_cast<double>(sums_.edge)));
    return static_cast<std::size_t>(std::clamp<std::int64_t>(at, 0, count - 1));
  };
  return index(y, sums_.height) * static_cast<std::size_t>(sums_.width) + index(x, sums_.width);
}

void EvidenceSums::add(Level0Point centre, std::span<const double> map, int height, int width) {
  const auto squares =
      static_cast<std::size_t>(sums_.width) * static_cast<std::size_t>(sums_.height);
  const auto positions = static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
  for (int row = 0; row < height; ++row) {
    const double y = centre.y + ((row + 0.5) / height - 0.5) * patch_y_;
    for (int column = 0; column < width; ++column) {
      const double x = centre.x + ((column + 0.5) / width - 0.5) * patch_x_;
      const auto target = square(x, y);
      const auto position = static_cast<std::size_t>(row) * static_cast<std::size_t>(width) +
                            static_cast<std::size_t>(column);
      for (std::size_t c = 0; c < static_cast<std::size_t>(classes_); ++c)
        sums_.value[c * squares + target] += map[c * positions + position];
    }
  }
}

EvidenceGrid EvidenceSums::mean(std::uint64_t cells) const {
  auto grid = sums_;
  if (cells == 0) return grid;
  for (auto& value : grid.value) value /= static_cast<double>(cells);
  return grid;
}

}  // namespace cytocape
