#include "models/cape/evidence_place.hpp"

#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace cytocape {

std::optional<EvidencePlace> place_evidence(std::span<const double> map, int height, int width,
                                            const CellMask& cell) {
  // OpenCV has no view of const data; nothing here writes through it.
  const cv::Mat coarse(height, width, CV_64F, const_cast<double*>(map.data()));
  cv::Mat fine;
  cv::resize(coarse, fine, cv::Size(cell.width, cell.height), 0, 0, cv::INTER_LINEAR);
  EvidencePlace place;
  double sum = 0;
  const auto pixels = cell.inside.size();
  for (int y = 0; y < cell.height; ++y) {
    const auto* row = fine.ptr<double>(y);
    for (int x = 0; x < cell.width; ++x) {
      const auto at = static_cast<std::size_t>(y) * static_cast<std::size_t>(cell.width) +
                      static_cast<std::size_t>(x);
      sum += row[x];
      place.x += row[x] * (x + 0.5);
      place.y += row[x] * (y + 0.5);
      if (cell.inside[at] != 0) place.inside += row[x];
      if (cell.inside[pixels - 1 - at] != 0) place.reflected += row[x];
    }
  }
  if (!(sum > 0)) return std::nullopt;
  place.inside /= sum;
  place.reflected /= sum;
  place.x /= sum;
  place.y /= sum;
  const double to_cell = std::hypot(place.x - cell.x, place.y - cell.y);
  const double to_reflection =
      std::hypot(place.x - (cell.width - cell.x), place.y - (cell.height - cell.y));
  place.follows = to_cell < to_reflection;
  return place;
}

}  // namespace cytocape
