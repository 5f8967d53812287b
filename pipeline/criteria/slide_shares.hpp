#pragma once

/// What the slides of a case say of an input: shares of cells in per cent, and ratios of two sums.

#include <string>
#include <vector>

#include "pipeline/criteria/counts.hpp"
#include "pipeline/criteria/findings.hpp"

namespace cytocape::criteria {

/// Which share of a specimen's cells an input is.
struct SlideShare {
  std::string input;
  Specimen specimen = Specimen::blood;
  std::string group;
  const Number* blasts = nullptr;  ///< that a person counted in the specimen
};

/// In per cent, over the slides that are ok. Where the model may have counted blasts in the group,
/// as many as a person counted are taken off the lower end.
[[nodiscard]] Reading share_on_slides(const std::vector<SlideCounts>& slides,
                                      const SlideShare& wanted);

/// What every slide that is ok and tells of it says by itself, by id.
[[nodiscard]] std::vector<Reading> shares_by_slide(const std::vector<SlideCounts>& slides,
                                                   const SlideShare& wanted);

/// Blood: normoblasts per 100 leukocytes.
[[nodiscard]] Figure normoblasts_per_100_leukocytes(const SlideCounts& slide);
/// Marrow: myeloid cells per nucleated erythroid cell.
[[nodiscard]] Figure myeloid_erythroid_ratio(const SlideCounts& slide);

}  // namespace cytocape::criteria
