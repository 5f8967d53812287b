#pragma once

/// The colours of one laboratory's cells fitted to another's: in CIE L*a*b* each of L*, a* and b*
/// is shifted and scaled so that its mean and deviation over the cells of a slide become those of
/// the cells that a model was trained on (Reinhard et al., IEEE CG&A 2001, there in another space).
///
///     LabSums sums;                               // of some cells' crops, in any order
///     for (const Image& crop : crops) sums.add(crop.pixels());
///     const LabMap map(*sums.statistics(), {.mean = .., .deviation = ..});
///     map.apply(crop.pixels());                   // in place
///
/// All functions are pure; const members are thread-safe.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "io/appearance_map.hpp"

namespace cytocape {

/// More change the statistics by less than a grey level.
inline constexpr std::size_t kMostAppearanceCells = 300;
/// Cells of which a report shows both crops.
inline constexpr std::size_t kAppearanceStrip = 12;

/// `most` of 0 .. count - 1, or all of them, evenly spread, in rising order.
[[nodiscard]] std::vector<std::size_t> spread_evenly(std::size_t count, std::size_t most);

/// Sums over pixels, in whole 256ths of a unit: neither the order of the crops nor the threads that
/// add them change a bit. Room for 2^33 pixels, a million crops.
class LabSums {
 public:
  /// Every third pixel of a crop in row order, RGB interleaved: neighbours are alike.
  void add(std::span<const std::uint8_t> rgb);
  void add(const LabSums& other);

  [[nodiscard]] std::int64_t pixels() const { return pixels_; }
  /// None of no pixel.
  [[nodiscard]] std::optional<LabStatistics> statistics() const;

  bool operator==(const LabSums&) const = default;

 private:
  std::int64_t pixels_ = 0;
  std::array<std::int64_t, 3> sum_{};
  std::array<std::int64_t, 3> squares_{};
};

/// Maps what has the statistics `from` to what has `to`. Each channel is scaled by no less than a
/// third and no more than three times: between laboratories the ratio was measured at 0.6 to 1.7,
/// and beyond the limits it speaks of crops that show no cells (all of one colour, at the worst of
/// deviation 0) and would make their noise a stain. What leaves the range of sRGB is clipped.
class LabMap {
 public:
  LabMap(const LabStatistics& from, const LabStatistics& to);

  /// Pixels in place, RGB interleaved.
  void apply(std::span<std::uint8_t> rgb) const;

 private:
  std::array<float, 3> scale_{};   ///< of L*, a*, b*
  std::array<float, 3> offset_{};  ///< value * scale + offset
};

/// What is said of a slide's appearance, and the map where there is one.
struct Appearance {
  AppearanceUse use;
  std::optional<LabMap> map;
};

/// Before anything is measured. Only where the outcome is `too_few_cells` is there something to
/// measure.
[[nodiscard]] Appearance unmeasured_appearance(AppearanceMap asked,
                                               const std::optional<LabStatistics>& model);

/// Fits `appearance`, which was unmeasured, to the sums of each crop; those of no pixel are no
/// cells.
void fit_appearance(Appearance& appearance, std::span<const LabSums> crops);

}  // namespace cytocape
