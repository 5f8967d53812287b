#pragma once

/// The views of a record: JSON for programs, one self-contained HTML page for people.

#include <span>
#include <string>

#include "io/report.hpp"

namespace cytocape {

/// UTF-8, pretty-printed; numbers as in the record, absent ones as null.
[[nodiscard]] std::string report_json(const SlideReport& report);

/// Writes the report of a case over all of its slides (not empty).
[[nodiscard]] std::string report_json(const criteria::CaseResult& assessment,
                                      std::span<const SlideReport> slides);

/// The page of a case: what the criteria say, then each slide (not empty). One file without scripts
/// or outside references; all text escaped.
[[nodiscard]] std::string report_html(const criteria::CaseResult& assessment,
                                      std::span<const SlideReport> slides);
/// Writes the report of a slide alone, with its own assessment.
[[nodiscard]] std::string report_html(const SlideReport& report);

}  // namespace cytocape
