#pragma once

/// Optical densities of a window on the locate grid, in whole thousandths, so that every figure
/// computed from them is exact and the same whatever window it was computed in.

#include <array>
#include <cstdint>
#include <vector>

#include "io/image.hpp"
#include "tiling/locate.hpp"

namespace cytocape {

/// Turns pixels into densities against the slide's own glass, which is also its white balance.
class DensityTable {
 public:
  explicit DensityTable(const std::array<double, 3>& background);

  /// High in nuclei, low in red cells, eosinophil granules and black dirt: see stain.cpp.
  [[nodiscard]] int nuclear(Rgb p) const {
    const int green = table_[1][p.g];
    const bool grey = (green - table_[2][p.b]) * 8 < green;
    return grey ? 0 : purple(p);
  }
  /// The same with grey and red cells left in.
  [[nodiscard]] int purple(Rgb p) const { return table_[0][p.r] + table_[1][p.g] - table_[2][p.b]; }
  /// Sum over red, green and blue.
  [[nodiscard]] int total(Rgb p) const { return table_[0][p.r] + table_[1][p.g] + table_[2][p.b]; }

 private:
  std::array<std::array<std::int16_t, 256>, 3> table_;
};

/// Gaussian weights as whole numbers that sum to 128: sums of 8-bit values stay below 2^24, so a
/// float filter is exact and does not depend on where its window starts.
[[nodiscard]] std::vector<float> whole_gaussian(double sigma_px, double reach_sigmas);

/// The stain of pictures of `mpp`, as measure_stain of a slide finds it from its windows.
[[nodiscard]] StainProfile measure_stain(const std::vector<Image>& samples, Mpp mpp);

}  // namespace cytocape
