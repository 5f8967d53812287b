#pragma once

/// The criteria of a case as JSON. Internal to io/.

#include "io/assessment.hpp"
#include "pipeline/pages/json_values.hpp"

namespace cytocape::json {

/// Its identity, and what was given beside its slides.
[[nodiscard]] Json case_json(const criteria::CaseResult& assessment);
[[nodiscard]] Json criteria_json(const criteria::CaseResult& assessment);
[[nodiscard]] Json figure_json(const criteria::Figure& figure);

}  // namespace cytocape::json
