#pragma once

/// What a CAPE network says of some crops.

#include <cstdint>
#include <vector>

namespace cytocape {

/// The result for `count` crops, in their order.
struct ClassMaps {
  std::int64_t count = 0;
  int classes = 0;
  int height = 0;  ///< positions
  int width = 0;
  std::vector<double> map;  ///< CAPE P, [count, classes, height, width]; each crop sums to 1
  std::vector<double> probability;  ///< CAPE p, [count, classes]: the sum of map over positions
  std::vector<double> ordinary;     ///< softmax of the ordinary head, [count, classes]
  /// [count]: how far each crop is from what the network was trained on, from 0; 1 is the mean of
  /// the training cells, and ModelCard::strange_above the limit. Empty for a model without
  /// statistics of its embedding, and for TorchScript.
  std::vector<double> strangeness;
};

/// Both heads' class maps of `count` crops before any softmax, for explaining and measuring.
struct ClassLogits {
  std::int64_t count = 0;
  int classes = 0;
  int height = 0;  ///< positions
  int width = 0;
  std::vector<float> ordinary;  ///< M of the ordinary head, [count, classes, height, width]
  std::vector<float> cape;      ///< M of the CAPE head, likewise
};

}  // namespace cytocape
