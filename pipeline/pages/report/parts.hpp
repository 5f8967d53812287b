#pragma once

/// The parts of a case's page, each with its template beside it (io/report_page/*.html). Internal
/// to io/. Every function returns finished HTML in which all texts are escaped; pure, thread-safe;
/// throws StorageError for a damaged template.

#include <cstddef>
#include <span>
#include <string>

#include "io/report.hpp"

namespace cytocape::report_page {

/// True where at least one slide may be judged; without one the page shows no classification.
[[nodiscard]] bool any_usable(std::span<const SlideReport> slides);

/// Status of slides that are not ok, and the headline: the case's counts against the thresholds of
/// all editions.
[[nodiscard]] std::string headline(const criteria::CaseResult& assessment,
                                   std::span<const SlideReport> slides);
/// Each edition: what would follow, what is missing, its criteria.
[[nodiscard]] std::string editions(const criteria::CaseResult& assessment, bool usable);

/// One of a case's slides, and which: its number keeps the slides' element ids apart.
struct SlideOfCase {
  const SlideReport& report;
  std::size_t number = 0;  ///< 0, 1 ..
  std::size_t of = 1;      ///< slides of the case; several are printed with fewer cells of each
};

/// All of one slide.
[[nodiscard]] std::string slide(const SlideOfCase& slide);
/// Why one failed, and what was tried with which model and program. No number of it.
[[nodiscard]] std::string failed_slide(const SlideOfCase& slide);
/// Its differential, group estimates and figures.
[[nodiscard]] std::string counts(const SlideReport& report);
/// Its map with cells and evidence.
[[nodiscard]] std::string map(const SlideReport& report, std::size_t number);
/// Pictures of its cells.
[[nodiscard]] std::string gallery(const SlideOfCase& slide);
/// Slide, model, run, with licences of the model and limits that are too long to stand elsewhere.
[[nodiscard]] std::string provenance(const SlideReport& report);
/// What the model's card says that it does not know; empty where it says nothing.
struct ModelLimits {
  std::string first;  ///< to stand beside the counts
  bool whole = true;  ///< `first` is all of it
};
[[nodiscard]] ModelLimits limits_of(const ModelSummary& model);
/// Files of criteria and laboratory values.
[[nodiscard]] std::string case_provenance(const criteria::CaseResult& assessment);

}  // namespace cytocape::report_page
