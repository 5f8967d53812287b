#pragma once

/// The parts of a case's page in their order, each with its template beside it. Internal to
/// pipeline/pages. Every function returns finished HTML in which all texts are escaped; pure,
/// thread-safe; throws StorageError for a damaged template.

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "io/report.hpp"

namespace cytocape::report_page {

/// "Case C-17"; of a case without a name its first slide's id.
[[nodiscard]] std::string heading_of(const criteria::CaseResult& assessment,
                                     std::span<const SlideReport> slides);
/// The worst of the slides' statuses, in few words.
[[nodiscard]] std::string case_status_words(std::span<const SlideReport> slides);
/// True where at least one slide may be judged; without one the page shows no classification.
[[nodiscard]] bool any_usable(std::span<const SlideReport> slides);

/// Whose case it is, of which slides, and who has reviewed it.
[[nodiscard]] std::string identity(const criteria::CaseResult& assessment,
                                   std::span<const SlideReport> slides);
/// What must not be missed before any number: what is urgent, slides that are not ok, what the
/// models do not know, preliminary counts, quality, and sources that contradict each other.
[[nodiscard]] std::string warnings(const criteria::CaseResult& assessment,
                                   std::span<const SlideReport> slides);
/// The differentials of all slides that show one, in clinical order.
[[nodiscard]] std::string differential(const criteria::CaseResult& assessment,
                                       std::span<const SlideReport> slides);
/// A dozen cells to be looked at first.
[[nodiscard]] std::string first_cells(std::span<const SlideReport> slides);
/// Bytes of an amendment's reason that stand among what must not be missed; all of it stands in the
/// review.
inline constexpr std::size_t kReasonAtFirst = 240;

/// What people did to the cells and wrote, and lines for a pen where they did not.
[[nodiscard]] std::string review_part(std::span<const SlideReport> slides);
/// Each edition in a line: what follows, and what is missing.
[[nodiscard]] std::string conclusions(const criteria::CaseResult& assessment, bool usable);
/// The counts against the thresholds, and each edition's criteria, folded.
[[nodiscard]] std::string criteria_part(const criteria::CaseResult& assessment, bool usable);

/// One of a case's slides, and which: its number keeps the slides' element ids apart.
struct SlideOfCase {
  const SlideReport& report;
  std::size_t number = 0;  ///< 0, 1 ..
  std::size_t of = 1;      ///< slides of the case; several share the room for pictures
};

/// How far a count has come.
enum class CountStep { under_the_minimum, preliminary, full };
/// None where there is no count, or in records of early builds, which know no full one.
[[nodiscard]] std::optional<CountStep> count_step(const SlideReport& report);

/// Pictures of a slide's cells, by class.
[[nodiscard]] std::string cells(const SlideOfCase& slide);
/// How a slide's numbers were made: estimates, map, colours, quality, accounts, model and
/// provenance.
[[nodiscard]] std::string method(const SlideOfCase& slide);
/// Why one failed, and what was tried with which model and program. No number of it.
[[nodiscard]] std::string failed_slide(const SlideOfCase& slide);
/// Its three estimates of each class side by side, sums of classes with each error apart.
[[nodiscard]] std::string estimates(const SlideReport& report);
/// Its colours beside those of the model's training cells, and what the map made of them.
[[nodiscard]] std::string appearance(const SlideReport& report);
/// Its map with cells and evidence.
[[nodiscard]] std::string map(const SlideReport& report, std::size_t number);
/// Counts against the thresholds of all editions.
[[nodiscard]] std::string thresholds(const criteria::CaseResult& assessment);
/// Slide, model, run, with licences of the model and limits that are too long to stand elsewhere.
[[nodiscard]] std::string provenance(const SlideReport& report);
/// What the model's card says that it does not know; empty where it says nothing.
struct ModelLimits {
  std::string first;  ///< to stand before the counts
  bool whole = true;  ///< `first` is all of it
};
[[nodiscard]] ModelLimits limits_of(const ModelSummary& model);
/// Files of criteria and laboratory values.
[[nodiscard]] std::string case_provenance(const criteria::CaseResult& assessment);

}  // namespace cytocape::report_page
