#include "tiling/overview.hpp"

#include <cmath>
#include <opencv2/imgproc.hpp>

namespace cytocape {
namespace {

/// Where a locate coordinate falls in the overview; the same for neighbours that share an edge.
std::int64_t scaled(std::int64_t position, std::int64_t from, std::int64_t to) {
  return std::llround(static_cast<double>(position) * static_cast<double>(to) /
                      static_cast<double>(from));
}

/// Where the block's core lies in the overview; empty where it covers no whole pixel.
Level0Rect target_of(const Block& block, const LocateScale& scale, const Size& overview) {
  const auto x0 = scaled(block.core.x, scale.size.width, overview.width);
  const auto x1 = scaled(block.core.right(), scale.size.width, overview.width);
  const auto y0 = scaled(block.core.y, scale.size.height, overview.height);
  const auto y1 = scaled(block.core.bottom(), scale.size.height, overview.height);
  return {x0, y0, x1 - x0, y1 - y0};
}

}  // namespace

OverviewPiece empty_overview_piece(const Block& block, const LocateScale& scale,
                                   const Size& overview, Rgb background) {
  const auto target = target_of(block, scale, overview);
  if (target.empty()) return {};
  return {Image(static_cast<int>(target.width), static_cast<int>(target.height), background),
          target};
}

OverviewPiece overview_piece(const Image& window_pixels, const Block& block,
                             const LocateScale& scale, const Size& overview) {
  const auto target_rect = target_of(block, scale, overview);
  if (target_rect.empty()) return {};
  OverviewPiece piece{
      Image(static_cast<int>(target_rect.width), static_cast<int>(target_rect.height)),
      target_rect};
  // OpenCV takes no pointer to const, but only reads from this header.
  const cv::Mat window(window_pixels.height(), window_pixels.width(), CV_8UC3,
                       const_cast<std::uint8_t*>(window_pixels.row(0)));
  const cv::Mat core =
      window(cv::Rect(static_cast<int>(block.core.x - block.window.x),
                      static_cast<int>(block.core.y - block.window.y),
                      static_cast<int>(block.core.width), static_cast<int>(block.core.height)));
  cv::Mat target(piece.pixels.height(), piece.pixels.width(), CV_8UC3, piece.pixels.row(0));
  cv::resize(core, target, target.size(), 0, 0, cv::INTER_AREA);
  return piece;
}

}  // namespace cytocape
