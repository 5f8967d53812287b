#pragma once

/// What the station tells a browser, as JSON. Pure.

#include <nlohmann/json.hpp>
#include <span>

#include "pipeline/night/cohort.hpp"
#include "pipeline/review/revise.hpp"
#include "pipeline/serve/slide_room.hpp"

namespace cytocape {

/// What does not change of a slide: identity, model, classes, size, zooms.
[[nodiscard]] nlohmann::json slide_json(const SlideRoom& room);

/// All that people decided, and what it comes to beside what the program counted.
[[nodiscard]] nlohmann::json review_json(const Review& review, const SlideRoom& room);

/// The differential before and after, in clinical order. Counts alone: no correction.
[[nodiscard]] nlohmann::json live_json(const Review& review, const SlideRoom& room);

/// That there is a blind reading, and how far; null where there was none.
[[nodiscard]] nlohmann::json reading_json(const Review& review);
/// The same for `who`: while it goes on a reader's own names alone; then how the readers agree.
[[nodiscard]] nlohmann::json blind_json(const Review& review, const std::string& who);

/// What one decision said of its cells, for those who have seen everything before it.
[[nodiscard]] nlohmann::json changes_json(const LedgerEntry& row, const Review& review);

/// What the criteria say of a reviewed report.
[[nodiscard]] nlohmann::json conclusions_json(const SlideReport& reviewed);

/// Who, what, when, from, to. While a blind reading goes on, not what its readers said.
[[nodiscard]] nlohmann::json audit_json(std::span<const LedgerEntry> rows, bool reading);
/// RFC 4180; a text that a spreadsheet would take for a formula has an apostrophe before it.
[[nodiscard]] std::string audit_csv(std::span<const LedgerEntry> rows, bool reading);

/// One line of the worklist. `review` is none where nobody began.
[[nodiscard]] nlohmann::json worklist_json(const CohortRow& row,
                                           const std::optional<Review>& review);

}  // namespace cytocape
