#pragma once

/// One edition's criteria as its file states them (configs/criteria/*.toml). The text, the
/// thresholds and how criteria combine are all in the file; this is their typed form.

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/assessment.hpp"

namespace cytocape::criteria {

/// What a criterion may ask about.
struct Input {
  std::string code;             ///< "pb_blasts"
  Unit unit = Unit::none;       ///< none for an answer
  std::vector<Choice> choices;  ///< of an answer; empty for a quantity
};

/// All inputs: the laboratory's items and what slides count. Thread-safe.
[[nodiscard]] const std::vector<Input>& inputs();
/// None where there is no such input.
[[nodiscard]] const Input* find_input(const std::string& code);

struct Criterion {
  std::string id;
  Phrase title;
  Phrase text;       ///< what the edition asks for
  std::string cite;  ///< where in the source

  // A leaf has an input:
  std::string input;
  Bound bound;                   ///< of a quantity, in the input's unit
  std::optional<Choice> choice;  ///< of an answer; none of a quantity
  Phrase say;                    ///< how a wanted answer is worded; may be empty

  // A gate has members, of which `needed` must be met; `negated` turns the result round.
  std::vector<std::size_t> members;  ///< into Rules::criteria
  std::size_t needed = 0;
  bool negated = false;

  [[nodiscard]] bool is_leaf() const { return !input.empty(); }
};

/// What follows when its criterion is met.
struct Class {
  std::string id;
  std::string title;  ///< "MD-CMML"
  std::string name;   ///< "myelodysplastic CMML"
  Axis axis = Axis::disease;
  std::string of;  ///< the disease that a subtype or grade belongs to
  /// The disease of which this one is a kind: while this is open, that one follows all the same.
  std::string within;
  std::size_t criterion = 0;
};

/// A remark beside the result, shown when everything that it asks for holds.
struct Hint {
  Phrase text;
  std::vector<std::string> genes;        ///< one is mutated: "JAK2", "KIT D816V"
  std::vector<std::string> all_genes;    ///< each is mutated
  double vaf = 0;                        ///< per cent that a mutation of `genes` has at least
  std::string meaning;                   ///< a mutated gene is of this list: "lymphoid"
  std::vector<std::string> fusions;      ///< "PML::RARA", or "KMT2A" with any partner
  std::vector<std::string> earlier;      ///< inputs of which an older value counts
  double at_least = 0;                   ///< of the older value
  double below = 0;                      ///< of the older value; 0 where it has no limit
  std::string brief;                     ///< an item that was observed too briefly
  std::optional<std::size_t> criterion;  ///< that has the state
  State state = State::met;
  std::optional<std::size_t> unless_not_met;  ///< a criterion that must not have failed
  /// Said with what is concluded: "Acute leukaemia is to be excluded now."; mostly empty.
  std::string conclusion;
  Call call = Call::none;  ///< with a conclusion: else than none it is said first of all
};

/// Abnormalities that define an acute myeloid leukaemia.
struct AmlFamily {
  std::string id;
  std::string name;                  ///< "acute promyelocytic leukaemia"
  std::vector<std::string> genes;    ///< mutated: "NPM1", "CEBPA bZIP"
  std::vector<std::string> fusions;  ///< "PML::RARA", or "KMT2A" with any partner
  double blasts = 0;                 ///< per cent in blood or marrow from which on; 0: any count
  bool open_below = false;           ///< fewer blasts leave the question open
  bool certain = true;               ///< else a finding as written may be of the family
  bool urgent = false;
  std::string text;  ///< a further sentence; may be empty
  std::string cite;
};

struct Frame;  // possible_facts.hpp

struct Rules {
  std::string edition;  ///< "WHO 2022"
  std::string title;
  std::string source;
  std::string sha256;      ///< of the file's text
  std::string grade_rule;  ///< one sentence
  std::vector<Criterion> criteria;
  std::vector<std::size_t> rows;  ///< what is printed, in order, each with its members
  std::vector<Class> classes;     ///< in order of precedence
  std::vector<Hint> hints;
  std::vector<AmlFamily> aml;
  /// The criteria that such a family fails: whatever the count of blasts, or from 10 % on.
  std::optional<std::size_t> aml_any;
  std::optional<std::size_t> aml_from_10;
  std::shared_ptr<const Frame> frame;  ///< of `criteria`; set by read_rules
};

/// Throws ConfigError naming `source`, the key, the value and what would be right: an unknown input
/// or criterion, a threshold missing or given twice, criteria that contain themselves.
[[nodiscard]] Rules read_rules(std::string_view toml, const std::string& source);

/// The editions that are compiled in, WHO 2022 first. Thread-safe.
[[nodiscard]] const std::vector<Rules>& published_rules();

}  // namespace cytocape::criteria
