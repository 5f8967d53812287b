#pragma once

/// From a slide's counts to what its report says of them: sums of classes, figures beside the
/// differential, and the criteria of its case. Pure; everything here can be made again from a
/// finished record.

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "io/report.hpp"
#include "pipeline/criteria/findings.hpp"

namespace cytocape {

/// What was given of a case beside its slides.
struct CaseFacts {
  std::string id;
  criteria::LabsFile labs;
  criteria::Findings findings;
};

/// A file of laboratory values, or none.
class Labs {
 public:
  Labs() = default;
  /// Throws ConfigError with all of the file's faults (pipeline/criteria/labs_csv.hpp).
  explicit Labs(const std::filesystem::path& path);
  /// What it holds of a case, which may be nothing.
  [[nodiscard]] CaseFacts of(const std::string& case_id) const;
  [[nodiscard]] bool has(const std::string& case_id) const { return cases_.contains(case_id); }
  /// Whose values it holds, sorted.
  [[nodiscard]] std::vector<std::string> cases() const;
  /// Empty where none was given.
  [[nodiscard]] const std::string& path() const { return file_.path; }

 private:
  std::map<std::string, criteria::Findings> cases_;  ///< read first: it says what is wrong
  criteria::LabsFile file_;
};

/// Fills groups, figures, the corrected fractions' intervals and the assessment of the case by this
/// slide alone. Needs the report's specimen, status, differential and model card. Throws ModelError
/// where the card cannot be read.
void assess(SlideReport& report, const CaseFacts& facts);

/// The case by all of its slides. Where none is ok, nothing is concluded, whatever the laboratory
/// gave.
[[nodiscard]] criteria::CaseResult assess_case(const CaseFacts& facts,
                                               std::span<const SlideReport> slides);

}  // namespace cytocape
