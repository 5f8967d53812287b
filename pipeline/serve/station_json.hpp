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

/// All that people decided, and what it comes to beside what the program counted; for `who`: a
/// reader of a blind reading that goes on is told nothing of its cells.
[[nodiscard]] nlohmann::json review_json(const Review& review, const SlideRoom& room,
                                         const std::string& who);
/// The cells as columns (docs/report-format.md); likewise.
[[nodiscard]] std::string cells_json(const Review& review, const SlideRoom& room,
                                     const std::string& who);

/// The blind reading that goes on and that `who` is a reader of; null where there is none. Lives as
/// long as the review is not changed.
[[nodiscard]] const BlindReading* read_by(const std::string& who, const Review& review);

/// The differential before and after, in clinical order. Counts alone: no correction.
[[nodiscard]] nlohmann::json live_json(const Review& review, const SlideRoom& room);

/// That there is a blind reading, and how far; null where there was none.
[[nodiscard]] nlohmann::json reading_json(const Review& review);
/// The same for `who`: of one that goes on a reader's own names alone; of each that is over how its
/// readers agree, as "results".
[[nodiscard]] nlohmann::json blind_json(const Review& review, const std::string& who);

/// What one decision said of its cells, for those who have seen everything before it.
[[nodiscard]] nlohmann::json changes_json(const LedgerEntry& row, const Review& review);

/// What the criteria say of a reviewed report.
[[nodiscard]] nlohmann::json conclusions_json(const SlideReport& reviewed);

/// Who, what, when, from, to; `review` is of the rows. What readers named is shown once both have
/// finished: of a reading that was ended never, since its cells may be read again. A reader of one
/// that goes on is told nothing of its cells.
[[nodiscard]] nlohmann::json audit_json(std::span<const LedgerEntry> rows, const Review& review,
                                        const std::string& who);
/// RFC 4180; a text that a spreadsheet would take for a formula has an apostrophe before it.
[[nodiscard]] std::string audit_csv(std::span<const LedgerEntry> rows, const Review& review,
                                    const std::string& who);

/// One line of the worklist. `review` is none where nobody began.
[[nodiscard]] nlohmann::json worklist_json(const CohortRow& row,
                                           const std::optional<Review>& review);

}  // namespace cytocape
