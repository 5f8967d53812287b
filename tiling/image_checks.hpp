#pragma once

/// What an image of a cell must be to be classified. Pure; thread-safe.

#include <filesystem>
#include <string>

#include "io/image.hpp"

namespace cytocape {

/// Empty, or why `image` cannot be used: it holds less than half of a crop's edge, so that most of
/// what a network would see is mirrored.
[[nodiscard]] std::string too_small_for_crop(const std::filesystem::path& path, const Image& image,
                                             int crop_px);

}  // namespace cytocape
