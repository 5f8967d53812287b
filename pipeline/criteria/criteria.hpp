#pragma once

/// The criteria of CMML applied to one case, edition by edition. Pure: no clock, no file, no global
/// state; the same facts give the same result in whatever order they come. Nothing here is a
/// diagnosis: it says which criteria are met, what is missing, and which class would follow.
///
///     const auto result = evaluate(facts, published_rules());
///     for (const auto& edition : result.editions)
///       for (const auto& row : edition.criteria) print(row.title, row.state, row.sentence);

#include <vector>

#include "io/assessment.hpp"
#include "pipeline/criteria/findings.hpp"
#include "pipeline/criteria/rules.hpp"

namespace cytocape::criteria {

/// Throws nothing for what a case lacks: that is a state with a reason.
[[nodiscard]] CaseResult evaluate(const Case& facts, const std::vector<Rules>& editions);

}  // namespace cytocape::criteria
