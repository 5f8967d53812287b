#include "io/image.hpp"

#include <stdexcept>

namespace cytocape {

Image::Image(int width, int height, Rgb fill) : width_(width), height_(height) {
  if (width < 0 || height < 0) throw std::invalid_argument("Image: negative size");
  const auto bytes = stride() * static_cast<std::size_t>(height);
  if (fill.r == fill.g && fill.g == fill.b) {  // in one pass: blank pictures are made for each read
    pixels_.assign(bytes, fill.r);
    return;
  }
  pixels_.resize(bytes);
  for (std::size_t i = 0; i < pixels_.size(); i += 3) {
    pixels_[i] = fill.r;
    pixels_[i + 1] = fill.g;
    pixels_[i + 2] = fill.b;
  }
}

}  // namespace cytocape
