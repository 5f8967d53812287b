#pragma once

/// The backbones that a network can have; models/network/ builds them.

#include <array>
#include <cstdint>

#include "io/vocabulary.hpp"

namespace cytocape {

enum class BackboneKind : std::uint8_t {
  resnet18,
  resnet34,
  resnet50,
  mobilenet_v2,
  efficientnet_lite0
};

struct BackboneLabels {
  const char* code = nullptr;              ///< of cards and configurations
  int least_weights = 0;                   ///< a little less than it has, in millions
  std::array<double, 3> mean{}, std = {};  ///< of RGB in 0..1, as its ImageNet weights expect them
};

[[nodiscard]] constexpr BackboneLabels labels_of(BackboneKind kind) {
  constexpr std::array mean{0.485, 0.456, 0.406}, std{0.229, 0.224, 0.225};
  constexpr std::array half{0.5, 0.5, 0.5};
  constexpr double lite_mean = 127.0 / 255, lite_std = 128.0 / 255;
  switch (kind) {
    case BackboneKind::resnet18:
      return {"resnet18", 11, mean, std};
    case BackboneKind::resnet34:
      return {"resnet34", 21, mean, std};
    case BackboneKind::resnet50:
      return {"resnet50", 23, mean, std};
    case BackboneKind::mobilenet_v2:
      return {"mobilenet_v2", 2, half, half};
    case BackboneKind::efficientnet_lite0:
      return {"efficientnet_lite0",
              3,
              {lite_mean, lite_mean, lite_mean},
              {lite_std, lite_std, lite_std}};
  }
  return {};
}

}  // namespace cytocape
