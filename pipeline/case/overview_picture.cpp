#include "pipeline/case/overview_picture.hpp"

#include <algorithm>

#include "io/image_codec.hpp"

namespace cytocape {
namespace {

constexpr int kOverviewQuality = 80;

}  // namespace

OverviewPicture::OverviewPicture(const Size& size, Rgb background)
    : picture_(static_cast<int>(size.width), static_cast<int>(size.height), background) {}

void OverviewPicture::paste(const OverviewPiece& piece) {
  const auto& pixels = piece.pixels;
  for (int row = 0; row < pixels.height(); ++row)
    std::copy_n(pixels.row(row), pixels.stride(),
                picture_.row(static_cast<int>(piece.target.y) + row) + 3 * piece.target.x);
}

std::vector<std::uint8_t> OverviewPicture::jpeg() const {
  return encode_jpeg(picture_, kOverviewQuality);
}

}  // namespace cytocape
