#pragma once

/// Sums of classes that criteria and reports ask for, over one or several slides of a specimen.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "io/assessment.hpp"
#include "pipeline/criteria/findings.hpp"

namespace cytocape::criteria {

/// What a report's slide contributes. The classes a model knows are the rows of its differential.
[[nodiscard]] SlideCounts counts_of(const SlideReport& report);

/// A part of a sum: covered by any of its classes (configs/criteria/cells.toml).
struct CellPart {
  std::string name;                  ///< "promonocytes"
  std::vector<std::string> classes;  ///< taxonomy codes
};

struct CellGroup {
  std::string code;  ///< "blast_equivalents"
  std::string label;
  std::string note;  ///< what a reader of the count should know; may be empty
  std::vector<CellPart> parts;
  std::vector<CellPart> lookalikes;  ///< not of the sum; a model without them may call them so
};

/// configs/criteria/cells.toml, compiled in. Thread-safe. Throws ConfigError for an unknown code.
[[nodiscard]] const CellGroup& cell_group(const std::string& code);

struct GroupCount {
  bool usable = false;  ///< a slide of the specimen is ok and knows at least one part
  std::uint64_t count = 0;
  std::uint64_t total = 0;  ///< cells in the specimen's denominator
  /// The share as a fraction, 95 %: by sampling (Wilson), or by sampling and the classifier's error
  /// together where the slides have it, whichever reaches further. Wider where slides contradict
  /// each other. The high end of a lower bound is 1.
  Interval interval{0, 1};
  std::optional<Interval> classifier95;  ///< by the classifier's error alone
  std::vector<CountedClass> classes;
  std::vector<std::string> unknown_parts;  ///< not known to the model: count is a lower bound
  std::vector<std::string> unknown_total;  ///< not known, though of the total
  std::vector<std::string> lookalikes;     ///< not known, and likely counted here
  std::vector<std::string> slides;         ///< ids of those counted, sorted
  std::vector<Phrase> left_out;            ///< "slide X is insufficient"; sorted
  std::vector<std::string> without_error;  ///< ids where others have the classifier's error; sorted
  std::vector<Phrase> dissent;             ///< slides that contradict the sum, and how; sorted
  [[nodiscard]] bool is_lower_bound() const {
    return !unknown_parts.empty() || !unknown_total.empty();
  }
};

/// How far the share of the known part may reach by its count and the classifier's error, in the
/// unit of `scale` x count / total. Beyond it more cells would not carry a lower bound.
[[nodiscard]] double reach_of_count(std::uint64_t count, std::uint64_t total, double scale,
                                    const std::optional<Interval>& classifier95);

/// Sums `group` over the slides of `specimen` whose status is ok. Slides whose model knows every
/// part are pooled; where there are none, those that know the most parts. Slides contradict each
/// other where two intervals, or that of one and of all, do not meet, and one that is not of the
/// sum where its lower bound lies above; the interval is then as wide as all of them. Does not
/// depend on the slides' order.
[[nodiscard]] GroupCount count_group(const std::vector<SlideCounts>& slides, Specimen specimen,
                                     const CellGroup& group);

}  // namespace cytocape::criteria
