#pragma once

/// One case as the criteria see it: what was told of it, and what its slides counted. Plain data.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "io/report.hpp"
#include "pipeline/criteria/karyotype.hpp"
#include "pipeline/settings/quality_limits.hpp"

namespace cytocape::criteria {

/// A value without a day may be of any.
inline bool may_be_of_one_day(const Provenance& a, const Provenance& b) {
  return a.date.empty() || b.date.empty() || a.date == b.date;
}

inline bool is_surely_before(const Provenance& a, const Provenance& b) {
  return !may_be_of_one_day(a, b) && a.date < b.date;
}

/// A number in the unit kept (pipeline/criteria/items.hpp).
struct Number {
  double value = 0;
  std::string given;                   ///< value and unit as written
  std::optional<std::uint64_t> cells;  ///< that a person counted for a share
  Provenance from;
  double rounding = 0;  ///< half a unit of the last digit written, in the unit kept
};

struct Answer {
  Choice value = Choice::no;
  Provenance from;
};

/// A gene, or a fusion, that was tested and is not mutated or not there.
struct Negative {
  std::vector<std::string> genes;  ///< of a fusion those that would be joined; one at least
  bool is_fusion = false;          ///< "KMT2A::MLLT3", "PDGFRB rearranged"
  Provenance from;
  std::string variant = {};  ///< of a gene, as written: " V617F"
};

/// A karyotype, read once.
struct KaryotypeRow {
  KaryotypeRow(std::string written, Provenance where)
      : iscn(std::move(written)), from(std::move(where)), facts(read_karyotype(iscn)) {}

  std::string iscn;  ///< as written
  Provenance from;
  KaryotypeFacts facts;  ///< what it shows
};

/// A fusion that the source of a row names, whatever the row's item.
struct NamedInSource {
  std::string item;
  std::uint64_t row = 0;
  std::string fusion;    ///< "PML::RARA"; one gene where any partner will do
  std::string written;   ///< "t(15;17)"
  bool mutated = false;  ///< a gene that is mutated, and no fusion: "NPM1"
  std::string day = {};  ///< the newest of the rows that say so
};

/// A disease that the source of a row names (named_diseases.hpp).
struct SpokenOf {
  std::string item;
  std::uint64_t row = 0;
  std::string say;                      ///< "acute leukaemia"
  std::string written;                  ///< "AML"
  std::vector<std::string> speaks_for;  ///< inputs that it leaves open: its row's, else the first
  Call call = Call::none;
  std::string day = {};       ///< of its row
  std::string reviewed = {};  ///< "the review of slide S1 by ann"; empty of a laboratory file's row
};

/// A row that says unknown, while its source says that what is asked for is there.
struct SpeakingUnknown {
  std::string item;
  std::string gene;  ///< of a mutation, as written
  Provenance from;
};

/// A mutation, and a row "no" of its gene that is not older.
struct ContestedGene {
  /// By a row `resolved` of the gene.
  enum class Decision {
    none,
    denial_stands,
    older,       ///< than the row "no"
    treated,     ///< its reason tells of a clone that was treated
    of_one_day,  ///< both rows are, or may be: the wrong one is left out
  };
  std::string gene;  ///< with its variant
  RowAnswer found;
  Provenance denial;
  Decision decision = Decision::none;
  Provenance decided = {};  ///< the row `resolved`, where there is one
};

/// A row "no" of what excludes CMML whose source is not read as a denial (sources_of_no.hpp).
struct UnreadNo {
  std::string item;
  std::string gene;  ///< of a mutation, as written
  std::string part;  ///< of the source
  Provenance from;
  bool passed_over = false;  ///< older than a "no" that is read: said, and leaves nothing open
};

/// A row that says unknown, and the older "no" or number that is used all the same.
struct Unanswered {
  std::string item;
  std::string gene;  ///< of a mutation, as written
  Provenance from;
  RowAnswer used;
};

/// A row `resolved` that settles nothing.
struct IdleResolution {
  enum class Why {
    older,                ///< than `row`
    treated,              ///< its reason tells of a disease that was treated
    was_acute_leukaemia,  ///< `row` is of a myeloid sarcoma
  };
  Provenance from;
  Provenance row;
  Why why = Why::older;
};

/// What is not here is unknown; unknown is never no.
struct Findings {
  std::map<std::string, Number> numbers;  ///< by item code
  /// Of an earlier day: more blasts, platelets or haemoglobin than the newest.
  std::map<std::string, Number> higher;
  std::map<std::string, Answer> answers;  ///< by item code
  std::vector<Mutation> mutations;
  /// Found, and denied later for all genes, or by a row of the gene: neither is taken, but what
  /// they would define is not excluded.
  std::vector<Mutation> denied_later;
  std::vector<ContestedGene> contested_genes;
  std::vector<Mutation> replaced;         ///< by a later row of the gene
  std::optional<Provenance> no_mutation;  ///< genes were tested and none was mutated
  std::vector<Negative> negatives;
  std::vector<KaryotypeRow> karyotypes;  ///< of every day: what was once found stays true
  /// A count of monocytes below the thresholds in the three months before the newest.
  std::optional<std::pair<std::string, Number>> low_monocytes;  ///< item, count
  std::map<std::string, Provenance> too_brief;  ///< by item code: observed too briefly to tell
  /// By item code: a row says that it is not known, and none tells it. Of a mutated gene by
  /// "mutation GENE".
  std::map<std::string, Provenance> said_unknown;
  std::vector<SpeakingUnknown> speaking_unknown;  ///< where no row answers yes, nor "no" later
  std::vector<Unanswered> unanswered;
  std::vector<UnreadNo> unread;  ///< an answer that is not used while one of its rows is here
  std::map<std::string, ContradictoryAnswers> contested;  ///< by item code: none could be taken
  std::map<std::string, std::vector<Phrase>> remarks;     ///< by item code: said beside it
  /// By item code: a person decided that what the laboratory gave stands against what contradicts
  /// it; the source is the reason.
  std::map<std::string, Provenance> resolved;
  std::map<std::string, IdleResolution> idle;  ///< by item code; none of these is in `resolved`
  /// By item code: a later "no" that does not undo the "yes" which is taken.
  std::map<std::string, RowAnswer> kept;
  std::set<std::string> settled;     ///< item codes whose answers a row `resolved` decided between
  std::vector<GivenValue> given;     ///< what all this was read from
  std::vector<NamedInSource> named;  ///< in the sources of `given`
  std::vector<SpokenOf> spoken;      ///< there too
  /// Other cases of the file whose names differ from this one's in letter case alone.
  std::vector<std::string> cases_alike;
};

/// How far the classifier's errors may carry a share of cells, as fractions (corrected_shares).
struct ShareError {
  Interval both;        ///< with sampling
  Interval classifier;  ///< alone
};

/// What one slide contributes.
struct SlideCounts {
  std::string slide;  ///< its id
  Specimen specimen = Specimen::blood;
  Status status = Status::failed;
  std::vector<std::string> reasons;             ///< why it is not ok
  std::map<std::string, std::uint64_t> called;  ///< by taxonomy code; every class the model knows
  std::map<std::string, ShareError> errors;     ///< by code of a group, where validation tells
  std::string day = {};  ///< on which the specimen was taken; empty: not told
  /// Of `called`, classes that a person named and the model does not know: cells that nobody has
  /// looked at may be more of them.
  std::set<std::string> partly = {};
};

struct Case {
  std::string id;
  Findings findings;
  std::vector<SlideCounts> slides;  ///< blood and marrow, none or several of each
  /// By specimen, where the slides were held to other numbers than those of QualityLimits.
  std::map<Specimen, std::uint64_t> least_cells;

  /// Fewer cells give no share, on a slide or by a person.
  [[nodiscard]] std::uint64_t least_cells_of(Specimen specimen) const {
    const auto found = least_cells.find(specimen);
    if (found != least_cells.end()) return found->second;
    return static_cast<std::uint64_t>(QualityLimits{}.min_leukocytes(specimen));
  }
};

}  // namespace cytocape::criteria
