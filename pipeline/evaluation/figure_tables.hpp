#pragma once

/// The page's tables of figures of a few heads or maps, for its template: `columns` with a `name`,
/// `rows` with a `name` and `cells`, each a `text` and a `range`; and what fills such templates.
/// Internal to pipeline/evaluation/ and pipeline/adaptation/.

#include <kainjow/mustache.hpp>
#include <string>
#include <vector>

#include "pipeline/evaluation/evaluation.hpp"

namespace cytocape {

/// Sets a text that may come from anywhere; the template escapes it.
void put(kainjow::mustache::data& row, const char* key, const std::string& text);
/// A row of `name`, `value` and `note`.
void add_row(kainjow::mustache::list& list, const std::string& name, const std::string& value,
             const std::string& note = "");

/// `heads` are of the same cells, of which there is at least one.
[[nodiscard]] kainjow::mustache::data heads_table(const std::vector<HeadScore>& heads);
/// Also `crops`, their number.
[[nodiscard]] kainjow::mustache::data explanations_table(const ExplanationScore& score,
                                                         bool calibrated);
/// Also `text`, what was moved how.
[[nodiscard]] kainjow::mustache::data moved_table(const MovedScore& moved, bool calibrated);

}  // namespace cytocape
