#pragma once

/// All images of a training run, decoded once and held in memory, and the batches cut from them.
/// No LibTorch here: batches are bytes, so that a background thread can prepare them.

#include <cstdint>
#include <span>
#include <vector>

#include "io/random.hpp"
#include "models/data/train_options.hpp"

namespace cytocape::detail {

/// Crops of equal size, [labels.size(), input_px, input_px, 3].
struct CropBatch {
  std::vector<std::uint8_t> crops;
  std::vector<std::int64_t> labels;
  /// Empty, or of each crop what is blended into it: another label and the share that this has.
  std::vector<std::int64_t> blended_labels;
  std::vector<float> blended_shares;
  /// What labels behind the classes mean, as LabelledSet::groups; of a training batch empty.
  std::vector<std::vector<int>> groups;
  // Of each crop; of a training batch empty.
  std::vector<int> sources;        ///< into TrainOptions::data_sources
  std::vector<bool> own_specimen;  ///< whether it is of the model's specimen
};

/// The images' cells centred and unvaried, as a classifier sees them, decoded
/// for this call. Throws as TrainData::load.
[[nodiscard]] CropBatch centred_cells(std::span<const LabelledImage> images,
                                      const TrainOptions& options);

class TrainData {
 public:
  /// Throws ConfigError listing the images that cannot be decoded or are smaller than half a crop,
  /// behind the `faults` that were found before.
  [[nodiscard]] static TrainData load(const LabelledSet& set, const TrainOptions& options,
                                      const std::vector<std::string>& faults = {});

  /// Batches in an epoch. A last batch of one image is dropped: batch norm has no variance there.
  [[nodiscard]] int steps() const;

  /// Depends on the seed, `epoch` and `step` alone. Thread-safe. An epoch shows every image once;
  /// with balanced sampling as many images, of each class equally many, by turns from its own; of
  /// several sources as many, each drawn by its source's share, then among this source's classes.
  /// Each crop is varied, first in place and size, then in appearance; with mixup it is blended
  /// with the next of its batch.
  [[nodiscard]] CropBatch batch(int epoch, int step) const;

  [[nodiscard]] const std::vector<std::vector<int>>& groups() const { return centred_.groups; }
  [[nodiscard]] const CropBatch& centred() const { return centred_; }
  /// The validation cells again, each moved by up to moved_share on each axis, always alike.
  [[nodiscard]] const CropBatch& moved() const { return moved_; }

 private:
  TrainData() = default;
  int input_px_ = 0;
  int batch_ = 0;
  std::uint64_t seed_ = 0;
  [[nodiscard]] std::vector<std::size_t> order_of(std::uint64_t epoch) const;
  [[nodiscard]] std::vector<std::size_t> order_by_source(const std::vector<std::size_t>& shuffled,
                                                         SplitMix64& random) const;
  [[nodiscard]] bool repeats_images() const { return !shares_.empty(); }

  AugmentOptions augment_;
  AppearanceOptions appearance_;
  double crop_mpp_ = 0;  ///< um/px
  bool balanced_ = false;
  double mixup_ = 0;
  int threads_ = 1;
  std::vector<CellPicture> pictures_;
  std::vector<int> labels_;
  std::vector<int> sources_;    ///< by image
  std::vector<double> shares_;  ///< by source; empty where there is one alone
  std::size_t shown_ = 0;       ///< crops of an epoch
  CropBatch centred_;
  CropBatch moved_;
};

}  // namespace cytocape::detail
