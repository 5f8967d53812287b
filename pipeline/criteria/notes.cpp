#include "pipeline/criteria/notes.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "pipeline/criteria/genes.hpp"
#include "pipeline/criteria/named_diseases.hpp"
#include "pipeline/wording/notes.hpp"

namespace cytocape::criteria {
namespace {

bool is_open(State state) {
  return state == State::indeterminate || state == State::not_assessable;
}

/// The inputs that leave a criterion open: of one that is decided none, whatever its members are.
void collect_open_inputs(const Judged& judged, std::size_t i, std::set<std::string>& inputs) {
  if (!is_open(judged.states[i])) return;
  const auto& criterion = judged.rules.criteria[i];
  if (criterion.is_leaf()) inputs.insert(criterion.input);
  for (const auto member : criterion.members) collect_open_inputs(judged, member, inputs);
}

/// The inputs that rest on what a row says is unknown: an item's code, or "mutation GENE".
std::set<std::string> inputs_of(const std::string& said) {
  if (said == "age") return {"child"};
  if (said == "other_neoplasm") return {said, "neoplasm_beside"};
  if (said == "reactive_cause") return {said, "bystander_clone", "cause_without_clone"};
  if (said == "karyotype") return {"aml_at_any_count", "aml_from_10"};
  if (said == "cytogenetics") return {said, "aml_at_any_count", "aml_from_10"};
  if (said == "mutation")
    return {said, "aml_at_any_count", "aml_from_10", "mpn_driver", "vexas_alone"};
  const std::string prefix = "mutation ";
  if (!said.starts_with(prefix)) return {said};
  const auto gene = said.substr(prefix.size());
  const auto meaning = meaning_of(gene);
  if (meaning == GeneMeaning::vexas) return {"vexas_alone"};
  if (gene == "JAK2" || gene == "CALR" || gene == "MPL") return {"mpn_driver"};
  if (meaning == GeneMeaning::fusion)
    return {"aml_at_any_count", "aml_from_10", "bcr_abl1", "tk_fusion"};
  if (is_looked_for(gene)) return {"aml_at_any_count", "aml_from_10"};
  return {};
}

}  // namespace

std::vector<Phrase> notes_on_unknown(const Judged& judged) {
  if (!is_open(judged.now.disease.state)) return {};
  std::set<std::string> open;
  for (const auto i : judged.now.disease.possible)
    collect_open_inputs(judged, judged.rules.classes[i].criterion, open);
  std::vector<wording::Unknown> unknown;
  for (const auto& [said, from] : judged.findings.said_unknown) {
    const auto inputs = inputs_of(said);
    if (std::any_of(inputs.begin(), inputs.end(),
                    [&](const std::string& input) { return open.contains(input); }))
      unknown.push_back({.said = said, .from = from});
  }
  if (unknown.empty()) return {};
  return {wording::left_open_as_unknown(unknown)};
}

}  // namespace cytocape::criteria
