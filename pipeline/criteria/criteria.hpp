#pragma once

/// The criteria of CMML applied to one case, edition by edition. Pure: no clock, no file, no global
/// state; the same facts give the same result in whatever order they come. Nothing here is a
/// diagnosis: it says which criteria are met, what is missing, and which class would follow.
///
///     const auto result = evaluate(facts, published_rules());
///     for (const auto& edition : result.editions)
///       for (const auto& row : edition.criteria) print(row.title, row.state, row.sentence);

#include <optional>
#include <string>
#include <vector>

#include "pipeline/criteria/findings.hpp"
#include "pipeline/criteria/readings.hpp"
#include "pipeline/criteria/rules.hpp"

namespace cytocape::criteria {

/// Belongs on every page that shows these intervals.
inline constexpr const char* kIntervalNote =
    "Intervals are 95 % Wilson intervals of the cells counted. They hold sampling error alone, not "
    "the classifier's own errors.";

/// One line of the printed table. Numbers are in `unit`.
struct CriterionResult {
  std::string id;
  std::string title;
  int level = 0;  ///< 0 for a row of the file, its members one deeper
  State state = State::not_assessable;
  std::string input;                 ///< of a leaf; empty for a criterion made of others
  std::string asked;                 ///< of a leaf: "at least 0.5 x 10^9/L", "no"
  std::optional<double> value;       ///< of a leaf on a quantity
  std::optional<Interval> interval;  ///< 95 %, sampling alone
  std::optional<double> threshold;
  std::string unit;
  std::string answer;                ///< of a leaf on an answer; empty when unknown
  std::string source;                ///< where the value comes from
  std::string sentence;              ///< why the state is what it is
  std::vector<std::string> members;  ///< ids of the criteria it is made of
  std::vector<std::string> remarks;
  std::string text;  ///< what the edition asks for
  std::string cite;
};

/// Something to be learned.
struct Need {
  std::string input;
  std::string label;
  std::string answer;                  ///< the answer in question: "yes", "at least 1 x 10^9/L"
  std::string why;                     ///< why it is open: "no marrow slide"; or what is known
  std::optional<std::uint64_t> cells;  ///< counted cells that would decide at the same share
};

/// Each alternative is a list of answers that are needed together.
using Alternatives = std::vector<std::vector<Need>>;

/// What would decide one open class, in the fewest answers.
struct Decision {
  std::string class_id;
  std::string title;
  std::vector<Need> confirm;         ///< all of these,
  std::vector<Alternatives> one_of;  ///< and of each of these lists one alternative
  std::vector<Need> exclude;         ///< each alone would exclude it
};

/// One input that, answered otherwise, would give another classification.
struct Change {
  Need if_known;
  bool known = false;   ///< the input is known now: only an error in it would change the result
  std::string code;     ///< of the classification that would follow
  std::string becomes;  ///< in words
};

struct ClassResult {
  std::string id;
  std::string title;  ///< "MD-CMML"
  std::string name;   ///< "myelodysplastic CMML"
  Axis axis = Axis::disease;
  State state = State::not_assessable;
};

struct EditionResult {
  std::string edition;
  std::string title;
  std::string source;
  std::string rules_sha256;
  std::string grade_rule;
  std::vector<CriterionResult> criteria;  ///< depth first, each once
  std::vector<ClassResult> classes;
  /// disease[/subtype/grade] by class ids; "none" where all are excluded, "open" where undecided:
  /// "cmml/md/cmml_1", "cmml/open/open", "open/md/open", "cmus", "none".
  std::string code;
  State state = State::not_assessable;  ///< of the disease: met where one follows, not met for none
  std::string sentence;                 ///< the classification that would follow
  std::vector<std::string> shortest;    ///< sentences: the shortest list of what would decide it
  std::vector<Decision> decisions;      ///< of every open class
  std::vector<Change> changes;          ///< what would change it; unknown inputs first
  std::vector<std::string> hints;
};

struct CaseResult {
  std::string id;
  std::vector<EditionResult> editions;
  std::string agreement;  ///< one sentence on whether the editions agree
  Readings readings;      ///< what was counted and given
};

/// Throws nothing for what a case lacks: that is a state with a reason.
[[nodiscard]] CaseResult evaluate(const Case& facts, const std::vector<Rules>& editions);

}  // namespace cytocape::criteria
