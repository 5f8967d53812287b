#pragma once

/// The page's tables of figures of a few heads or maps, for its template: `columns` with a `name`,
/// `rows` with a `name` and `cells`, each a `text` and a `range`. Internal to pipeline/evaluation/.

#include <kainjow/mustache.hpp>
#include <vector>

#include "pipeline/evaluation/evaluation.hpp"

namespace cytocape {

/// `heads` are of the same cells, of which there is at least one.
[[nodiscard]] kainjow::mustache::data heads_table(const std::vector<HeadScore>& heads);
/// Also `crops`, their number.
[[nodiscard]] kainjow::mustache::data explanations_table(const ExplanationScore& score);
/// Also `text`, what was moved how.
[[nodiscard]] kainjow::mustache::data moved_table(const MovedScore& moved);

}  // namespace cytocape
