#pragma once

/// Whether and how a slide's colours were fitted to those that its model was trained on.

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "io/vocabulary.hpp"

namespace cytocape {

/// Fewer cells say more of themselves than of their slide. How few suffice was not measured.
inline constexpr std::uint64_t kLeastAppearanceCells = 50;

/// How the pixels of crops are mapped ahead of the network.
enum class AppearanceMap : std::uint8_t {
  none,
  lab,  ///< mean and deviation of L*, a* and b* become the model's (tiling/lab_map.hpp)
};

[[nodiscard]] constexpr CodeLabel labels_of(AppearanceMap map) {
  switch (map) {
    case AppearanceMap::none:
      return {"none"};
    case AppearanceMap::lab:
      return {"lab"};
  }
  return {};
}

/// What came of it. Where it was not applied the network saw the crops as they are.
enum class AppearanceOutcome : std::uint8_t {
  not_asked,      ///< by the settings
  model_unknown,  ///< the model does not say what its training cells look like
  too_few_cells,
  applied,
};

[[nodiscard]] constexpr CodeLabel labels_of(AppearanceOutcome outcome) {
  switch (outcome) {
    case AppearanceOutcome::not_asked:
      return {"not asked"};
    case AppearanceOutcome::model_unknown:
      return {"model unknown"};
    case AppearanceOutcome::too_few_cells:
      return {"too few cells"};
    case AppearanceOutcome::applied:
      return {"applied"};
  }
  return {};
}

/// Over the pixels of cells' crops, in CIE L*a*b* of sRGB under D65: L* of 0 to 100, a* (green to
/// red) and b* (blue to yellow) of some -110 to 110.
struct LabStatistics {
  std::array<double, 3> mean{};  ///< of L*, a*, b*
  std::array<double, 3> deviation{};

  bool operator==(const LabStatistics&) const = default;
};

/// One cell's crop as the slide has it, and as the network saw it. JPEG.
struct MappedCell {
  std::vector<std::uint8_t> before;
  std::vector<std::uint8_t> after;

  bool operator==(const MappedCell&) const = default;
};

/// Of one slide, or of a folder of images that is taken for one.
struct AppearanceUse {
  AppearanceMap asked = AppearanceMap::none;
  AppearanceOutcome outcome = AppearanceOutcome::not_asked;
  std::uint64_t cells = 0;             ///< that `own` was measured on
  std::optional<LabStatistics> own;    ///< none where not measured
  std::optional<LabStatistics> model;  ///< of its training cells; none where it does not say
  std::vector<MappedCell> strip;       ///< some cells, where applied

  bool operator==(const AppearanceUse&) const = default;
};

}  // namespace cytocape
