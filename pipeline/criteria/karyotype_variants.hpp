#pragma once

/// What people are born with, by ISCN's notation. Internal to karyotype.cpp.

#include <string_view>
#include <vector>

#include "pipeline/criteria/rearrangements.hpp"

namespace cytocape::criteria {

/// Variants that many healthy people have, though no "c" is written.
[[nodiscard]] bool is_variant(const std::vector<Rearrangement>& found);

/// What people are born with, or what breaks in the cells of some: a clone only where other cells
/// lack it. Of one abnormality, "rob(13;14)(q10;q10)".
[[nodiscard]] bool may_be_variant(std::string_view part);

}  // namespace cytocape::criteria
