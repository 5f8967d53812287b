#include "tiling/image_checks.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cytocape {

std::string too_small_for_crop(const std::filesystem::path& path, const Image& image, int crop_px) {
  if (std::min(image.width(), image.height()) * 2 >= crop_px) return "";
  return fmt::format("{} is {} x {} px, less than half of the crop of {} px: is --mpp correct?",
                     path.string(), image.width(), image.height(), crop_px);
}

}  // namespace cytocape
