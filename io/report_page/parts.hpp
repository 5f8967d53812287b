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

/// All of one slide; `number` (0, 1 ..) keeps the slides' element ids apart.
[[nodiscard]] std::string slide(const SlideReport& report, std::size_t number);
/// Its differential, group estimates and figures.
[[nodiscard]] std::string counts(const SlideReport& report);
/// Its map with cells and evidence.
[[nodiscard]] std::string map(const SlideReport& report, std::size_t number);
/// Pictures of its cells.
[[nodiscard]] std::string gallery(const SlideReport& report);
/// Slide, model, run, with licences and limits of the model.
[[nodiscard]] std::string provenance(const SlideReport& report);
/// Files of criteria and laboratory values.
[[nodiscard]] std::string case_provenance(const criteria::CaseResult& assessment);

}  // namespace cytocape::report_page
