#pragma once

/// One class of the evidence grid as a small picture, one pixel a square. Internal to io/.

#include <cstddef>

#include "io/report.hpp"

namespace cytocape {

struct EvidencePicture {
  Image image;      ///< white where there is none, dark violet at the peak
  double sum = 0;   ///< over all squares: the class's expected fraction
  double peak = 0;  ///< the largest square
};

[[nodiscard]] EvidencePicture evidence_picture(const EvidenceGrid& grid, std::size_t class_index);

}  // namespace cytocape
