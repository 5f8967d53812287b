#pragma once

/// What is said of a case: which criteria are met, what is missing, and what was counted and given
/// for them. Plain data: pipeline/criteria fills in the values, pipeline/wording the texts that are
/// made of them, and the writers of io/ show both.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "io/interval.hpp"
#include "io/phrase.hpp"
#include "io/specimen.hpp"
#include "io/unit.hpp"

namespace cytocape::criteria {

/// How a criterion stands.
enum class State { met, not_met, indeterminate, not_assessable };
/// "met", "not met", "indeterminate", "not assessable".
[[nodiscard]] const char* to_string(State state);

enum class Axis { disease, subtype, grade };
[[nodiscard]] const char* to_string(Axis axis);

/// An answer to what is no quantity, in alphabetical order.
enum class Choice { female, male, no, yes };
/// "female", "male", "no", "yes".
[[nodiscard]] const char* to_string(Choice choice);
/// None where `text` is no such word.
[[nodiscard]] std::optional<Choice> choice_of(std::string_view text);

enum class Comparison { at_least, above, at_most, below, exactly };

/// One end of a range.
struct Bound {
  Comparison comparison = Comparison::at_least;
  double threshold = 0;  ///< in the unit of what is compared
};

/// What an input is asked to be.
struct Asked {
  /// A quantity is to lie in one of these ranges, each given by bounds that hold together ("at
  /// least 5 and below 20").
  std::vector<std::vector<Bound>> ranges;
  Unit unit = Unit::none;
  std::vector<Choice> choices;  ///< an answer is to be one of these
  Phrase say;                   ///< the rules' own words for it; mostly empty
};

/// Where a value comes from.
struct Provenance {
  std::string file;       ///< the laboratory file's name
  std::uint64_t row = 0;  ///< its row; the header is row 1
  std::string date;       ///< ISO 8601 (2024-03-01), or empty
  std::string source;     ///< as the file names it ("LIS", "Dr. No, smear review"), or empty
};

/// What a mutation in a gene means for the criteria (configs/criteria/genes.toml).
enum class GeneMeaning {
  not_listed,      ///< decides nothing: may be a slip of the pen
  supports,        ///< of myeloid neoplasms: clonality
  haematopoiesis,  ///< of clonal haematopoiesis alone: decides nothing
  lymphoid,        ///< of lymphoid neoplasms: decides nothing
  predisposition,  ///< inherited where nothing else is shown: decides nothing
  vexas,           ///< of VEXAS: decides nothing
  fusion,          ///< no mutation but a fusion: never the clonality of CMML
};

struct Mutation {
  std::string gene;           ///< as the list of genes spells it ("FLT3"), else as written
  std::optional<double> vaf;  ///< per cent; none: found, but not measured
  Provenance from;
  std::string variant;  ///< what was written after the gene, with the sign before: "-ITD"
  bool listed = true;   ///< the list of genes holds it; else it decides nothing
  GeneMeaning meaning = GeneMeaning::not_listed;  ///< set where the mutations are read together
  bool unsequenced = false;  ///< of a test that sees chromosomes alone; set there too
};

struct Source;

// What a reading may rest on.
struct GivenOnce {
  Provenance from;
};
struct PersonsCount {
  std::uint64_t count = 0;
  std::uint64_t total = 0;
  Provenance from;
};
struct SlidesCount {
  std::uint64_t count = 0;
  std::uint64_t total = 0;
  Specimen specimen = Specimen::blood;
  std::vector<std::string> slides;  ///< ids, sorted
};
struct WbcTimesShare {
  double wbc = 0;  ///< x 10^9/L
  Provenance from;
  double share = 0;                   ///< per cent
  std::vector<Source> share_is_from;  ///< one
};
struct AmcOverWbc {
  Provenance from;  ///< of the AMC
};
struct MutationsFound {
  std::vector<Mutation> mutations;  ///< the highest VAF first
};
struct NoMutationFound {
  Provenance from;
};

/// In words of pipeline/wording/genetics.hpp: what follows from several findings.
struct Told {
  std::string words;
};

struct Source {
  std::variant<std::monostate, Told, GivenOnce, PersonsCount, SlidesCount, WbcTimesShare,
               AmcOverWbc, MutationsFound, NoMutationFound>
      what;
};

// Why a reading is unknown, a lower bound or disputed.
enum class Lack {
  not_given,
  not_given_by_laboratory,
  sources_contradict,
  slides_differ,          ///< by more than chance
  no_wbc_for_amc,         ///< neither of the two is given
  share_of_another_day,   ///< than the WBC; the next gap says why no other share helps
  no_share_of_monocytes,  ///< nor an AMC; the next gap says why
};
/// An answer of a laboratory's row, in words.
struct RowAnswer {
  std::string value;
  Provenance from;
};
struct ContradictoryAnswers {
  RowAnswer last;
  std::vector<RowAnswer> others;
};
/// A person's share of fewer cells than decide.
struct TooFewCells {
  double share = 0;  ///< per cent
  std::uint64_t cells = 0;
  Provenance from;
  std::uint64_t least = 0;
};
struct NoSlide {
  Specimen specimen = Specimen::blood;
  std::vector<Phrase> left_out;  ///< slides that there are, and why they do not count
};
struct UnknownToModel {
  std::vector<std::string> parts;     ///< of the sum
  std::vector<std::string> of_total;  ///< of what it is divided by
};
/// Beside UnknownToModel: classes that may have been counted in the sum, for which a person's
/// blasts are taken off its lower end.
struct BlastsTakenOff {
  std::vector<std::string> classes;
  double blasts = 0;  ///< per cent
  Provenance from;
};
/// That are no clonality of CMML, as far as is known.
struct UndecidingMutations {
  std::vector<Mutation> mutations;
};
struct UnmeasuredMutations {
  std::vector<std::string> names;
};
/// A row says that it is not known.
struct SaidUnknown {
  Provenance from;
};
using Gap =
    std::variant<Lack, ContradictoryAnswers, TooFewCells, NoSlide, UnknownToModel, BlastsTakenOff,
                 UndecidingMutations, UnmeasuredMutations, SaidUnknown, Told>;

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
  std::optional<Choice> answer;  ///< none of a quantity
  Source from;
  std::vector<Gap> gaps;        ///< why it is unknown, a lower bound or disputed
  Phrase source;                ///< `from` in words
  Phrase gap;                   ///< `gaps` in words
  std::vector<Phrase> remarks;  ///< such as a contradiction between laboratory and slide

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
  Unit unit = Unit::none;
  std::optional<double> value;
  std::optional<Interval> interval;  ///< 95 %, sampling alone; the high end may be infinite
  std::uint64_t numerator = 0;
  std::uint64_t denominator = 0;
  Phrase rule;      ///< one sentence: what was divided by what
  std::string gap;  ///< why there is none; empty when there is one
};

/// Belongs on every page that shows these intervals.
inline constexpr const char* kIntervalNote =
    "Intervals that decide criteria are of 95 %: by sampling (Wilson) or, where the model's "
    "validation tells, by sampling and the classifier's error together, whichever reaches further. "
    "Cells unlike those of its validation are not in them.";

/// One line of the printed table. Numbers are in `unit`.
struct CriterionResult {
  std::string id;
  Phrase title;
  int level = 0;  ///< 0 for a row of the file, its members one deeper
  State state = State::not_assessable;
  std::string input;                 ///< of a leaf; empty for a criterion made of others
  Asked condition;                   ///< of a leaf
  Phrase asked;                      ///< `condition` in words: "at least 0.5 x 10^9/L", "no"
  std::optional<double> value;       ///< of a leaf on a quantity
  std::optional<Interval> interval;  ///< Reading::interval
  std::optional<double> threshold;
  Unit unit = Unit::none;
  std::optional<Choice> answer;      ///< of a leaf on an answer; none when unknown
  Phrase source;                     ///< where the value comes from
  Phrase sentence;                   ///< why the state is what it is
  std::vector<std::string> members;  ///< ids of the criteria it is made of
  std::size_t needed = 0;            ///< of its members,
  bool negated = false;              ///< or none of them may hold
  std::vector<Phrase> remarks;
  Phrase text;  ///< what the edition asks for
  std::string cite;
};

/// Something to be learned.
struct Need {
  std::string input;
  std::string label;
  Asked condition;
  Phrase answer;                       ///< `condition` in words: "yes", "at least 1 x 10^9/L"
  Phrase why;                          ///< why it is open: "no marrow slide"; or what is known
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

/// How soon a haematologist must know of it, the soonest first.
enum class Call { today, promptly, none };

/// What must be acted on.
struct Urgent {
  std::string subject;  ///< what it is about, the same in every edition: "PML::RARA"
  std::string text;     ///< a sentence or several
  Call call = Call::today;
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
  /// "cmml/md/cmml_1", "cmml/open/open", "open/md/open", "cmus", "none"; kWithheld.
  std::string code;
  State state = State::not_assessable;  ///< of the disease: met where one follows, not met for none
  std::string sentence;                 ///< the classification that would follow
  std::vector<Urgent> urgent;           ///< what it excludes CMML for and must be acted on
  std::vector<Urgent> raised;           ///< what must be cleared up before anything follows
  std::vector<std::string> shortest;    ///< sentences: the shortest list of what would decide it
  std::vector<Decision> decisions;      ///< of every open class
  std::vector<Change> changes;          ///< what would change it; unknown inputs first
  std::vector<Phrase> hints;
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
  /// Sentences to be read first, the most urgent first: an acute leukaemia that is found, or must
  /// be excluded, another disease that is treated, a slide to be looked at again. They stay where
  /// everything else is withheld.
  std::vector<std::string> alerts;
  std::string agreement;  ///< one sentence on whether the editions agree
  Readings readings;      ///< what was counted and given
  /// Inputs of which a row `resolved` settles nothing, as no source contradicts another, or as the
  /// contradiction stays. Known where the criteria were just applied, and not kept in a record.
  std::set<std::string> idle_decisions;
};

/// Leaves what was counted and given and the criteria on it, and takes back every conclusion: the
/// criteria made of others, the classes, what would decide them, and whether the editions agree.
/// `why` ends the sentence that says so: "no slide of the case is ok".
void withhold_classification(CaseResult& result, const std::string& why);

}  // namespace cytocape::criteria
