#include "pipeline/criteria/rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "embedded/criteria_icc_2022.hpp"
#include "embedded/criteria_who_2022.hpp"
#include "io/digest.hpp"
#include "io/errors.hpp"
#include "pipeline/criteria/items.hpp"
#include "pipeline/criteria/possible_facts.hpp"
#include "pipeline/settings/toml_reader.hpp"
#include "pipeline/wording/phrases.hpp"

namespace cytocape::criteria {
namespace {

/// What follows from several items (genetics.hpp, weighed.hpp).
constexpr std::array<const char*, 11> kDerived = {
    "aml_at_any_count",  "aml_from_10",         "child",      "bystander_clone", "neoplasm_beside",
    "earlier_leukaemia", "cause_without_clone", "mpn_driver", "vexas_alone",     "disease_named",
    "gene_of_another"};

std::vector<Input> make_inputs() {
  std::vector<Input> all;
  for (const auto& item : items()) {
    Input input{.code = item.code, .unit = item.unit, .choices = {}};
    if (item.kind == ItemKind::answer) input.choices = {Choice::yes, Choice::no};
    if (item.kind == ItemKind::sex) input.choices = {Choice::male, Choice::female};
    if (item.kind != ItemKind::text) all.push_back(std::move(input));
  }
  for (const auto* code : kDerived)
    all.push_back({.code = code, .choices = {Choice::yes, Choice::no}});
  return all;
}

template <class Value>
using Names = std::array<std::pair<const char*, Value>, 4>;

constexpr Names<Comparison> kComparisons = {{{"at_least", Comparison::at_least},
                                             {"above", Comparison::above},
                                             {"below", Comparison::below},
                                             {"at_most", Comparison::at_most}}};
constexpr std::array<const char*, 4> kGates = {"all", "any", "some", "none"};
constexpr std::array<State, 4> kStates = {State::met, State::not_met, State::indeterminate,
                                          State::not_assessable};

/// Reads one file. Names are looked up among all criteria, so that their order is free.
class RulesReader {
 public:
  RulesReader(std::string_view toml, std::string source) : source_(std::move(source)) {
    reader_.add(toml, source_);
    for (const auto& id : reader_.tables_below("criterion")) {
      index_[id] = ids_.size();
      ids_.push_back(id);
    }
  }

  Rules read() {
    Rules rules;
    rules.edition = text("edition");
    rules.title = text("title");
    rules.source = text("source");
    rules.grade_rule = text("grade_rule");
    for (const auto& id : ids_) rules.criteria.push_back(criterion(id));
    rules.rows = criteria("rows");
    for (const auto& id : texts("classes")) rules.classes.push_back(read_class(id));
    for (const auto& id : reader_.tables_below("hint")) rules.hints.push_back(hint("hint." + id));
    read_aml(rules);
    reader_.refuse_unread();
    refuse_cycles(rules);
    refuse_many_thresholds(rules);
    refuse_strange_owners(rules);
    return rules;
  }

 private:
  [[noreturn]] void refuse(const std::string& key, const std::string& value,
                           const std::string& expected) const {
    throw ConfigError(fmt::format("{}: {} = \"{}\": expected {}", source_, key, value, expected));
  }
  void need(const std::string& key) const {
    if (!reader_.has(key)) throw ConfigError(fmt::format("{}: {} is missing", source_, key));
  }
  std::string text(const std::string& key) {
    need(key);
    return reader_.text(key);
  }
  std::vector<std::string> texts(const std::string& key) {
    need(key);
    return reader_.texts(key);
  }
  std::string optional_text(const std::string& key) {
    return reader_.has(key) ? reader_.text(key) : "";
  }

  std::size_t find(const std::string& key, const std::string& id) const {
    if (const auto found = index_.find(id); found != index_.end()) return found->second;
    const auto nearest = nearest_name(id, ids_);
    refuse(
        key, id,
        nearest.empty() ? "the name of a criterion" : "a criterion; did you mean " + nearest + "?");
  }
  std::vector<std::size_t> criteria(const std::string& key) {
    std::vector<std::size_t> found;
    for (const auto& id : texts(key)) found.push_back(find(key, id));
    return found;
  }

  Criterion criterion(const std::string& id) {
    const auto prefix = "criterion." + id + ".";
    Criterion result;
    result.id = id;
    result.title = wording::authored(text(prefix + "title"));
    result.text = wording::authored(text(prefix + "text"));
    result.cite = text(prefix + "cite");
    const bool leaf = reader_.has(prefix + "input");
    const auto gates = std::count_if(kGates.begin(), kGates.end(),
                                     [&](const char* gate) { return reader_.has(prefix + gate); });
    if (gates + (leaf ? 1 : 0) != 1)
      throw ConfigError(fmt::format("{}: criterion.{}: expected exactly one of input, {}", source_,
                                    id, fmt::join(kGates, ", ")));
    if (leaf)
      read_leaf(prefix, result);
    else
      read_gate(prefix, result);
    return result;
  }

  void read_leaf(const std::string& prefix, Criterion& result) {
    result.input = text(prefix + "input");
    const auto* input = find_input(result.input);
    if (input == nullptr) {
      std::vector<std::string> codes;
      for (const auto& known : inputs()) codes.push_back(known.code);
      const auto nearest = nearest_name(result.input, codes);
      refuse(prefix + "input", result.input,
             nearest.empty() ? fmt::format("one of {}", fmt::join(codes, ", "))
                             : "an input; did you mean " + nearest + "?");
    }
    result.say = wording::authored(optional_text(prefix + "say"));
    if (input->choices.empty())
      read_threshold(prefix, result);
    else
      read_choice(prefix, *input, result);
  }

  void read_threshold(const std::string& prefix, Criterion& result) {
    int given = 0;
    for (const auto& [name, comparison] : kComparisons) {
      if (!reader_.has(prefix + name)) continue;
      ++given;
      result.bound = {comparison, reader_.number(prefix + name, {.low = 0, .high = 1e6})};
    }
    if (given != 1)
      throw ConfigError(
          fmt::format("{}: {}input = \"{}\" is a quantity: expected exactly one of "
                      "at_least, above, below, at_most",
                      source_, prefix, result.input));
  }

  void read_choice(const std::string& prefix, const Input& input, Criterion& result) {
    need(prefix + "is");
    std::vector<std::string> names;
    for (const auto choice : input.choices) names.emplace_back(to_string(choice));
    result.choice = choice_of(reader_.choice(prefix + "is", names));
  }

  void read_gate(const std::string& prefix, Criterion& result) {
    for (const std::string gate : kGates) {
      if (!reader_.has(prefix + gate)) continue;
      result.members = criteria(prefix + gate);
      if (result.members.empty())
        throw ConfigError(fmt::format("{}: {}{} names no criterion", source_, prefix, gate));
      const auto count = result.members.size();
      result.negated = gate == "none";
      result.needed = gate == "all" ? count : 1;
      if (gate == "some") {
        need(prefix + "needed");
        result.needed = static_cast<std::size_t>(
            reader_.integer(prefix + "needed", {.low = 1, .high = static_cast<double>(count)}));
      }
    }
  }

  Class read_class(const std::string& id) {
    const auto prefix = "class." + id + ".";
    Class result{.id = id,
                 .title = text(prefix + "title"),
                 .name = text(prefix + "name"),
                 .axis = {},
                 .of = {},
                 .within = optional_text(prefix + "within"),
                 .criterion = 0};
    need(prefix + "axis");
    const auto axis = reader_.choice(prefix + "axis", {"disease", "subtype", "grade"});
    result.axis = axis == "disease" ? Axis::disease : axis == "grade" ? Axis::grade : Axis::subtype;
    if (result.axis != Axis::disease) result.of = text(prefix + "of");
    result.criterion = find(prefix + "criterion", text(prefix + "criterion"));
    return result;
  }

  Hint hint(const std::string& prefix) {
    Hint result;
    result.text = wording::authored(text(prefix + ".text"));
    for (const auto& [name, list] :
         {std::pair{".genes", &Hint::genes}, std::pair{".all_genes", &Hint::all_genes},
          std::pair{".fusions", &Hint::fusions}, std::pair{".earlier", &Hint::earlier}})
      if (reader_.has(prefix + name)) result.*list = texts(prefix + name);
    for (const auto& code : result.earlier)
      if (find_input(code) == nullptr) refuse(prefix + ".earlier", code, "an input");
    if (!result.earlier.empty()) result.at_least = quantity(prefix + ".at_least");
    if (reader_.has(prefix + ".below")) result.below = quantity(prefix + ".below");
    if (reader_.has(prefix + ".vaf")) result.vaf = quantity(prefix + ".vaf");
    if (reader_.has(prefix + ".meaning"))
      result.meaning = reader_.choice(prefix + ".meaning",
                                      {"haematopoiesis", "lymphoid", "predisposition", "vexas"});
    result.brief = optional_text(prefix + ".brief");
    if (reader_.has(prefix + ".unless_not_met"))
      result.unless_not_met =
          find(prefix + ".unless_not_met", reader_.text(prefix + ".unless_not_met"));
    const bool other = !result.genes.empty() || !result.all_genes.empty() ||
                       !result.fusions.empty() || !result.earlier.empty() ||
                       !result.meaning.empty() || !result.brief.empty();
    if (!other || reader_.has(prefix + ".criterion")) read_state(prefix, result);
    return result;
  }

  double quantity(const std::string& key) {
    need(key);
    return reader_.number(key, {.low = 0, .high = 1e6});
  }

  void read_state(const std::string& prefix, Hint& result) {
    result.criterion = find(prefix + ".criterion", text(prefix + ".criterion"));
    std::vector<std::string> names;
    for (const auto state : kStates) names.emplace_back(to_string(state));
    need(prefix + ".state");
    const auto name = reader_.choice(prefix + ".state", names);
    result.state = kStates.at(
        static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin()));
    result.conclusion = optional_text(prefix + ".conclusion");
    result.call = call(prefix + ".call", result);
  }

  Call call(const std::string& key, const Hint& hint) {
    if (hint.conclusion.empty()) return Call::none;
    need(key);
    const auto name = reader_.choice(key, {"today", "promptly", "none"});
    return name == "today" ? Call::today : name == "none" ? Call::none : Call::promptly;
  }

  AmlFamily aml_family(const std::string& id) {
    const auto prefix = "aml." + id + ".";
    AmlFamily family{.id = id, .name = text(prefix + "name")};
    if (reader_.has(prefix + "genes")) family.genes = texts(prefix + "genes");
    if (reader_.has(prefix + "fusions")) family.fusions = texts(prefix + "fusions");
    if (family.genes.empty() == family.fusions.empty())
      throw ConfigError(fmt::format(
          "{}: aml.{}: expected either genes or fusions, with one entry at least", source_, id));
    need(prefix + "blasts");
    family.blasts = reader_.number(prefix + "blasts", {.low = 0, .high = 100});
    if (reader_.has(prefix + "below"))
      family.open_below = reader_.choice(prefix + "below", {"open", "nothing"}) == "open";
    if (reader_.has(prefix + "certain")) family.certain = reader_.boolean(prefix + "certain");
    if (reader_.has(prefix + "urgent")) family.urgent = reader_.boolean(prefix + "urgent");
    family.text = optional_text(prefix + "text");
    family.cite = text(prefix + "cite");
    return family;
  }

  void read_aml(Rules& rules) {
    if (reader_.has("aml_any")) rules.aml_any = find("aml_any", reader_.text("aml_any"));
    if (reader_.has("aml_from_10"))
      rules.aml_from_10 = find("aml_from_10", reader_.text("aml_from_10"));
    for (const auto& id : reader_.tables_below("aml")) rules.aml.push_back(aml_family(id));
  }

  void refuse_cycles(const Rules& rules) const {
    std::vector<char> mark(rules.criteria.size(), 0);  // 1: being visited, 2: done
    for (std::size_t i = 0; i < mark.size(); ++i) visit(rules, i, mark);
  }
  void visit(const Rules& rules, std::size_t i, std::vector<char>& mark) const {
    if (mark[i] == 2) return;
    if (mark[i] == 1)
      throw ConfigError(fmt::format("{}: criterion.{} contains itself", source_, ids_[i]));
    mark[i] = 1;
    for (const auto member : rules.criteria[i].members) visit(rules, member, mark);
    mark[i] = 2;
  }

  /// possible_facts.hpp keeps two cells a threshold and one more in 64 bits.
  void refuse_many_thresholds(const Rules& rules) const {
    constexpr std::size_t kMost = 31;
    std::map<std::string, std::set<double>> thresholds;
    for (const auto& item : rules.criteria)
      if (item.is_leaf() && thresholds[item.input].insert(item.bound.threshold).second &&
          thresholds[item.input].size() > kMost)
        throw ConfigError(fmt::format("{}: criterion.{}: input \"{}\" has more than {} thresholds",
                                      source_, item.id, item.input, kMost));
  }

  static bool is_disease(const Rules& rules, const std::string& id) {
    return std::any_of(rules.classes.begin(), rules.classes.end(), [&](const Class& owner) {
      return owner.axis == Axis::disease && owner.id == id;
    });
  }

  void refuse_strange_owners(const Rules& rules) const {
    for (const auto& sub : rules.classes) {
      if (!sub.within.empty() && !is_disease(rules, sub.within))
        refuse("class." + sub.id + ".within", sub.within, "a class of axis disease");
      if (sub.axis == Axis::disease) continue;
      if (!is_disease(rules, sub.of))
        refuse("class." + sub.id + ".of", sub.of, "a class of axis disease");
    }
  }

  std::string source_;
  TomlReader reader_;
  std::vector<std::string> ids_;
  std::map<std::string, std::size_t> index_;
};

}  // namespace

const std::vector<Input>& inputs() {
  static const std::vector<Input> instance = make_inputs();
  return instance;
}

const Input* find_input(const std::string& code) {
  const auto& all = inputs();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Input& input) { return input.code == code; });
  return found == all.end() ? nullptr : &*found;
}

Rules read_rules(std::string_view toml, const std::string& source) {
  auto rules = RulesReader(toml, source).read();
  rules.sha256 = sha256_of(toml);
  rules.frame = make_frame(rules.criteria);
  return rules;
}

const std::vector<Rules>& published_rules() {
  static const std::vector<Rules> instance = {
      read_rules(text::criteria_who_2022, "configs/criteria/who-2022.toml"),
      read_rules(text::criteria_icc_2022, "configs/criteria/icc-2022.toml")};
  return instance;
}

}  // namespace cytocape::criteria
