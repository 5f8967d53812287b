#pragma once

/// What is said of a case: which criteria are met, what is missing, and what was counted and given
/// for them. Plain data; pipeline/criteria fills it, the writers of io/ show it.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "io/interval.hpp"

namespace cytocape::criteria {

/// How a criterion stands.
enum class State { met, not_met, indeterminate, not_assessable };
/// "met", "not met", "indeterminate", "not assessable".
[[nodiscard]] const char* to_string(State state);

enum class Axis { disease, subtype, grade };
[[nodiscard]] const char* to_string(Axis axis);

/// A class that went into a sum.
struct CountedClass {
  std::string code;
  std::string label;
  std::uint64_t count = 0;
};

enum class Basis {
  unknown,      ///< nothing is known of it
  exact,        ///< given as one value or answer
  counted,      ///< counted on a slide: a value with its interval
  lower_bound,  ///< part of it is unknown: at least interval.low
  disputed,     ///< sources contradict each other: interval holds all that they say
};
/// "unknown", "exact", "counted", "lower bound", "disputed".
[[nodiscard]] const char* to_string(Basis basis);

struct Reading {
  std::string input;  ///< rules.hpp: inputs()
  Basis basis = Basis::unknown;
  std::optional<double> value;  ///< in the input's unit; of a lower bound the known part
  /// What decides; of a laboratory's value that is calculated the digits written, else none. Of a
  /// count 95 % by sampling, and where the model's validation tells, by sampling and the
  /// classifier's error together: what reaches further. The high end of a lower bound is 100 % or
  /// infinite.
  std::optional<Interval> interval;
  std::string answer;                ///< "yes", "no", "male", "female"; empty for a quantity
  std::string source;                ///< where it comes from, as a phrase
  std::string gap;                   ///< why it is unknown or a lower bound
  std::vector<std::string> remarks;  ///< such as a contradiction between laboratory and slide

  // Where it was counted:
  std::uint64_t count = 0;
  std::uint64_t total = 0;
  double scale = 0;                      ///< value = scale * count / total
  std::optional<Interval> classifier95;  ///< by the classifier's error alone, where known
  std::vector<CountedClass> classes;
};

/// Every input, by code.
using Readings = std::map<std::string, Reading>;

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

/// Belongs on every page that shows these intervals.
inline constexpr const char* kIntervalNote =
    "Intervals that decide criteria are of 95 %: by sampling (Wilson) or, where the model's "
    "validation tells, by sampling and the classifier's error together, whichever reaches further. "
    "Cells unlike those of its validation are not in them.";

/// One line of the printed table. Numbers are in `unit`.
struct CriterionResult {
  std::string id;
  std::string title;
  int level = 0;  ///< 0 for a row of the file, its members one deeper
  State state = State::not_assessable;
  std::string input;                 ///< of a leaf; empty for a criterion made of others
  std::string asked;                 ///< of a leaf: "at least 0.5 x 10^9/L", "no"
  std::optional<double> value;       ///< of a leaf on a quantity
  std::optional<Interval> interval;  ///< Reading::interval
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

/// EditionResult::code where no slide is ok, so that nothing is concluded.
inline constexpr const char* kWithheld = "withheld";

struct EditionResult {
  std::string edition;
  std::string title;
  std::string source;
  std::string rules_sha256;
  std::string grade_rule;
  std::vector<CriterionResult> criteria;  ///< depth first, each once
  std::vector<ClassResult> classes;
  /// disease[/subtype/grade] by class ids; "none" where all are excluded, "open" where undecided:
  /// "cmml/md/cmml_1", "cmml/open/open", "open/md/open", "cmus", "none"; kWithheld.
  std::string code;
  State state = State::not_assessable;  ///< of the disease: met where one follows, not met for none
  std::string sentence;                 ///< the classification that would follow
  std::vector<std::string> shortest;    ///< sentences: the shortest list of what would decide it
  std::vector<Decision> decisions;      ///< of every open class
  std::vector<Change> changes;          ///< what would change it; unknown inputs first
  std::vector<std::string> hints;
};

/// One row of a laboratory file, as written (docs/labs-format.md).
struct GivenValue {
  std::string item;
  std::string value;
  std::string unit;
  std::string gene;
  std::string date;
  std::string source;
  std::string file;       ///< its name
  std::uint64_t row = 0;  ///< the header is row 1
  std::string cells;      ///< that a person counted for a share; empty where the row has none
};

/// The file of laboratory values.
struct LabsFile {
  std::string path;  ///< empty where none was given
  std::string sha256;
  bool has_case = false;  ///< it has a row of this case
};

struct CaseResult {
  std::string id;
  LabsFile labs;
  std::vector<GivenValue> given;  ///< the file's rows of this case
  std::vector<EditionResult> editions;
  std::string agreement;  ///< one sentence on whether the editions agree
  Readings readings;      ///< what was counted and given
};

/// Leaves what was counted and given and the criteria on it, and takes back every conclusion: the
/// criteria made of others, the classes, what would decide them, and whether the editions agree.
/// `why` ends the sentence that says so: "no slide of the case is ok".
void withhold_classification(CaseResult& result, const std::string& why);

}  // namespace cytocape::criteria
