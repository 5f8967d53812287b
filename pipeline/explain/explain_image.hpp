#pragma once

/// One image of `explain`: read, cropped, classified, drawn. Internal to pipeline/explain/.

#include "io/durable_file.hpp"
#include "pipeline/explain/explain.hpp"
#include "tiling/lab_map.hpp"

namespace cytocape {

/// Where colour scales end: the largest P of the classes shown, and the largest difference.
struct MapLimits {
  double cape = 0;
  double difference = 0;
};

struct ImageTask {
  const Classifier& classifier;
  int crop_px = 0;  ///< edge of the crop, image pixels
  double mpp = 0;
  std::optional<ImagePoint> at;
  ClassChoice choice;
  int shifts = 1;
  bool numbers = false;
  bool curves = false;
  MapLimits limits;  ///< of all images together; 0: each image's own
  std::filesystem::path out;
  const LabMap* map = nullptr;  ///< of the crop ahead of the network; null: none
};

/// Of the image's crop; of no pixel where the image cannot be explained either.
[[nodiscard]] LabSums crop_sums(const ImageTask& task, const std::filesystem::path& image);

/// Of the maps that the image would show; 0 where it cannot be explained, which explain_image says.
[[nodiscard]] MapLimits scale_of(const ImageTask& task, const std::filesystem::path& image);

/// Fills `image`, whose path and name are set, and writes its PNGs, which the caller commits. An
/// unreadable image, one that holds less than half of the crop, or a cell that the network fails on
/// is `failure`; `--at` outside the image throws ConfigError (there is one image then), a PNG that
/// cannot be written StorageError.
[[nodiscard]] std::vector<PartialFile> explain_image(const ImageTask& task,
                                                     const ExplainedModel& model,
                                                     ExplainedImage& image);

}  // namespace cytocape
