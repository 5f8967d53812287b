#pragma once

/// What red cells and nuclei of a slide have in the planes of stain.hpp, and the thresholds that
/// lie between them; the rules are explained in stain_anchors.cpp.

#include <vector>

#include "tiling/stain.hpp"

namespace cytocape {

struct StainSamples {
  const std::vector<Image>& images;
  DensityTable table;
  Mpp mpp;
};

/// Sets all of the profile but background and focus_reference. Pure; thread-safe.
void measure_anchors(const StainSamples& samples, StainProfile& profile);

}  // namespace cytocape
