#pragma once

/// Expressions of ISCN for rearrangements, "t(15;17)(q24;q21)", and the fusions that they mean
/// (configs/criteria/karyotype.toml).

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/criteria/karyotype.hpp"

namespace cytocape::criteria {

/// Where a chromosome broke.
struct Break {
  std::string chromosome;  ///< "15"
  std::string band;        ///< "q24", without sub-band points: "q241"; empty where not written
};

struct Rearrangement {
  std::string kind;  ///< "t", "inv", "del"
  std::vector<Break> breaks;
  std::size_t begin = 0;  ///< in the text
  std::size_t end = 0;
  bool doubtful = false;  ///< has a question mark
};

/// Every expression of the form kind(chromosomes)(bands), in order; the bands may be absent.
[[nodiscard]] std::vector<Rearrangement> rearrangements_in(std::string_view text);

/// What one means; empty where nothing is known of it. `written` is left empty.
[[nodiscard]] std::vector<ShownFusion> fusions_of(const Rearrangement& rearrangement);

}  // namespace cytocape::criteria
