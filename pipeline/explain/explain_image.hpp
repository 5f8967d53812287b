#pragma once

/// One image of `explain`: read, cropped, classified, drawn. Internal to pipeline/explain/.

#include "pipeline/explain/explain.hpp"

namespace cytocape {

struct ImageTask {
  const Classifier& classifier;
  int crop_px = 0;  ///< edge of the crop, image pixels
  double mpp = 0;
  std::optional<ImagePoint> at;
  ClassChoice choice;
  std::filesystem::path out;
};

/// Fills `image`, whose path and name are set, and writes its PNGs. An unreadable image or a cell
/// that the network fails on is `failure`; `--at` outside the image throws ConfigError (there is
/// one image then), a PNG that cannot be written StorageError.
void explain_image(const ImageTask& task, const std::vector<std::string>& labels,
                   ExplainedImage& image);

}  // namespace cytocape
