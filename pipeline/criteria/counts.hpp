#pragma once

/// Sums of classes that criteria and reports ask for, over one or several slides of a specimen.

#include <string>
#include <vector>

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
};

/// configs/criteria/cells.toml, compiled in. Thread-safe. Throws ConfigError for an unknown code.
[[nodiscard]] const CellGroup& cell_group(const std::string& code);

/// A class that went into a sum.
struct CountedClass {
  std::string code;
  std::string label;
  std::uint64_t count = 0;
};

struct GroupCount {
  bool usable = false;  ///< a slide of the specimen is ok and knows at least one part
  std::uint64_t count = 0;
  std::uint64_t total = 0;  ///< cells in the specimen's denominator
  std::vector<CountedClass> classes;
  std::vector<std::string> unknown_parts;  ///< not known to the model: count is a lower bound
  std::vector<std::string> slides;         ///< ids of those counted, sorted
  std::vector<std::string> left_out;       ///< "slide X is insufficient: .."; sorted
};

/// Sums `group` over the slides of `specimen` whose status is ok. Slides whose model knows every
/// part are pooled; where there are none, those that know the most parts. Does not depend on the
/// slides' order.
[[nodiscard]] GroupCount count_group(const std::vector<SlideCounts>& slides,
                                     const std::string& specimen, const CellGroup& group);

/// A number that a report prints beside the differential, with how it was counted.
struct Figure {
  std::string label;
  std::string unit;
  std::optional<double> value;
  std::optional<Interval> interval;  ///< 95 %, sampling alone; the high end may be infinite
  std::uint64_t numerator = 0;
  std::uint64_t denominator = 0;
  std::string rule;  ///< one sentence: what was divided by what
  std::string gap;   ///< why there is none; empty when there is one
};

/// Blood: normoblasts per 100 leukocytes.
[[nodiscard]] Figure normoblasts_per_100_leukocytes(const SlideCounts& slide);
/// Marrow: myeloid cells per nucleated erythroid cell.
[[nodiscard]] Figure myeloid_erythroid_ratio(const SlideCounts& slide);

}  // namespace cytocape::criteria
