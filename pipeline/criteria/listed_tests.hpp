#pragma once

/// Lists of what is tested together, "HIV, HBV, HCV negative": one denial is said of all of it
/// (configs/criteria/tested_together.toml).

#include <cstddef>
#include <optional>
#include <string_view>

#include "pipeline/criteria/denials.hpp"

namespace cytocape::criteria {

/// Where the denial of such a list begins that holds the mention, at the list's end ("JAK2, CALR,
/// MPL negative") or at its beginning ("no HIV, HBV or HCV"); none where the mention stands in no
/// list, or in one that is not denied. Thread-safe; time does not depend on the length of the text.
[[nodiscard]] std::optional<std::size_t> listed_denial(std::string_view text,
                                                       const Mention& mention);

}  // namespace cytocape::criteria
