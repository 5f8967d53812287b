#pragma once

/// The three class maps that are looked at, from both heads' logits (Chowdhury et al., CVPR 2024).
/// Pure; thread-safe. Every map is row-major over the positions.

#include <cstdint>
#include <vector>

#include "models/cape/cape.hpp"
#include "models/cape/class_maps.hpp"

namespace cytocape {

/// CAM of one class: max(0, M_ordinary[c,i]), in logits.
[[nodiscard]] std::vector<double> cam_of(const ClassLogits& logits, std::int64_t crop, int label);

/// CAPE's P of all classes, [classes, positions]: probabilities that sum to 1.
[[nodiscard]] std::vector<double> cape_of(const ClassLogits& logits, std::int64_t crop,
                                          CapeScales scales);

/// CAPE's p, [classes]: the sums of that map.
[[nodiscard]] std::vector<double> cape_probability_of(const ClassLogits& logits, std::int64_t crop,
                                                      CapeScales scales);

/// The ordinary head's prediction, [classes]: softmax of the spatial means.
[[nodiscard]] std::vector<double> ordinary_of(const ClassLogits& logits, std::int64_t crop);

/// mu-CAPE of one class: max(0, A[c,i] + W[i]), for looking at and not a probability.
[[nodiscard]] std::vector<double> mu_cape_of(const ClassLogits& logits, std::int64_t crop,
                                             int label, CapeScales scales);

}  // namespace cytocape
