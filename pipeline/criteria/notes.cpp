#include "pipeline/criteria/notes.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <variant>

#include "pipeline/criteria/blast_readings.hpp"
#include "pipeline/criteria/children.hpp"
#include "pipeline/criteria/days.hpp"
#include "pipeline/criteria/genes.hpp"
#include "pipeline/criteria/inherited.hpp"
#include "pipeline/criteria/items.hpp"
#include "pipeline/criteria/named_diseases.hpp"
#include "pipeline/criteria/untested.hpp"
#include "pipeline/criteria/weighed.hpp"
#include "pipeline/criteria/weighed_genes.hpp"
#include "pipeline/wording/genetics.hpp"
#include "pipeline/wording/notes.hpp"
#include "pipeline/wording/phrases.hpp"
#include "pipeline/wording/remarks.hpp"
#include "pipeline/wording/sources.hpp"

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
  if (said == "growth_factor")
    return {said, "reactive_cause", "bystander_clone", "cause_without_clone"};
  if (said == "transfusions") return {said, "haemoglobin"};
  const std::string prefix = "mutation ";
  if (!said.starts_with(prefix)) return {said};
  const auto gene = said.substr(prefix.size());
  const auto meaning = meaning_of(gene);
  if (meaning == GeneMeaning::vexas) return {"vexas_alone"};
  if (drives_mpn(gene)) return {"mpn_driver"};
  if (meaning == GeneMeaning::fusion)
    return {"aml_at_any_count", "aml_from_10", "bcr_abl1", "tk_fusion"};
  if (is_looked_for(gene)) return {"aml_at_any_count", "aml_from_10"};
  const auto& others = genes_of_another();
  if (std::any_of(others.begin(), others.end(), [&](const GenesOfAnother& other) {
        return is_of_another(other, Mutation{.gene = gene});
      }))
    return {"gene_of_another"};
  return {};
}

bool is_the_same(const Reading& a, const Reading& b) {
  const auto ends = [](const Reading& one) {
    return one.interval ? std::pair(one.interval->low, one.interval->high) : std::pair(-1.0, -1.0);
  };
  return a.basis == b.basis && a.value == b.value && a.answer == b.answer && ends(a) == ends(b) &&
         a.gap.plain() == b.gap.plain();
}

/// What is known without a row `resolved`.
CaseReadings without_resolution(const Case& facts, const std::string& code) {
  auto without = facts;
  without.findings.resolved.erase(code);
  return read_whole_case(without);
}

/// Whether two ways of reading a case give the same.
bool are_the_same(const CaseReadings& a, const CaseReadings& b) {
  return a.seen.size() == b.seen.size() &&
         std::equal(a.readings.begin(), a.readings.end(), b.readings.begin(), b.readings.end(),
                    [](const auto& one, const auto& other) {
                      return is_the_same(one.second, other.second);
                    });
}

/// What a row `resolved` sets aside, as it would be said without it.
Phrase set_aside(const Reading& with, const Reading& without) {
  std::vector<Phrase> words;
  for (const auto& remark : without.remarks)
    if (std::none_of(with.remarks.begin(), with.remarks.end(),
                     [&](const Phrase& one) { return one.plain() == remark.plain(); }))
      words.push_back(remark);
  if (words.empty() && !without.gap.empty()) words.push_back(without.gap);
  return wording::join(words, "; ");
}

/// What a row `resolved` leaves as it was, and what would settle that.
Phrase why_idle(const Findings& findings, const Reading& reading) {
  const auto higher = findings.higher.find(reading.input);
  if (higher != findings.higher.end() && reading.input.ends_with("_blasts") &&
      higher->second.value >= kAcuteLeukaemia)
    return wording::earlier_count_stays(
        wording::earlier_blasts(reading.input == "pb_blasts" ? "blood" : "marrow",
                                higher->second.value, higher->second.from),
        higher->second.from.row);
  if (!reading.gap.empty()) return wording::contradiction_stays(reading.gap);
  return wording::nothing_to_settle(reading.input);
}

Phrase why_idle(const IdleResolution& idle) {
  using enum IdleResolution::Why;
  switch (idle.why) {
    case older:
      return wording::decided_before(idle.row);
    case treated:
      return wording::decided_of_treated();
    case was_acute_leukaemia:
      break;
  }
  return wording::sarcoma_stays(idle.row);
}

/// Rows `resolved` that settle nothing, and what the others set aside.
std::vector<Phrase> notes_on_resolved(const Case& facts, CaseReadings& known) {
  std::vector<Phrase> notes;
  const auto note_idle = [&](const std::string& code, const Provenance& from, const Phrase& why) {
    auto words = wording::settles_nothing(code, from, why);
    known.readings.at(code).remarks.push_back(words);
    known.idle.insert(code);
    notes.push_back(std::move(words));
  };
  for (const auto& [code, idle] : facts.findings.idle) note_idle(code, idle.from, why_idle(idle));
  for (const auto& [code, from] : facts.findings.resolved) {
    const auto& reading = known.readings.at(code);
    if (facts.findings.settled.contains(code)) {
      notes.push_back(wording::answer_set_aside(code, facts.findings.remarks.at(code).front()));
      continue;
    }
    const auto without = without_resolution(facts, code);
    if (are_the_same(without, known))
      note_idle(code, from, why_idle(facts.findings, reading));
    else
      notes.push_back(
          wording::decided_by_a_person(code, from, set_aside(reading, without.readings.at(code))));
  }
  return notes;
}

constexpr std::chrono::days kVeryFar{180};

/// Answers that exclude another disease and were given long before the newest count.
std::vector<RowAnswer> old_exclusions(const Findings& findings, const std::string& newest_count) {
  std::vector<RowAnswer> old;
  for (const auto& [code, answer] : findings.answers) {
    const auto& day = answer.from.date;
    if (excludes_when_yes(code) && answer.value == Choice::no && is_day(day) &&
        day_of(newest_count) - day_of(day) > kVeryFar)
      old.push_back({.value = code, .from = answer.from});
  }
  return old;
}

/// Whether a mutation supports CMML by itself: none of another disease, of few cells or inherited.
bool supports_by_itself(const Mutation& one) {
  const auto& others = genes_of_another();
  return one.vaf.value_or(kOfHaematopoiesis) >= kOfHaematopoiesis && !may_be_inherited(one) &&
         !is_taken_back(one) &&
         std::none_of(others.begin(), others.end(),
                      [&](const GenesOfAnother& other) { return is_of_another(other, one); });
}

/// Of those that support by themselves; where none does, of all.
const Mutation* newest_support(const Findings& findings) {
  const Mutation* newest = nullptr;
  const auto rank = [](const Mutation& one) {
    return std::tuple(supports_by_itself(one), one.from.date);
  };
  for (const auto& one : findings.mutations)
    if (meaning_of(one.gene) == GeneMeaning::supports &&
        (newest == nullptr || rank(*newest) < rank(one)))
      newest = &one;
  return newest;
}

/// What supports CMML and was found long before the newest count.
std::vector<RowAnswer> old_supports(const Findings& findings, const std::string& newest_count) {
  std::vector<RowAnswer> old;
  const auto add = [&](const std::string& what, const Provenance& from) {
    if (is_day(from.date) && day_of(newest_count) - day_of(from.date) > kVeryFar)
      old.push_back({.value = what, .from = from});
  };
  for (const auto& [code, answer] : findings.answers) {
    const bool sign = code.starts_with("dysplasia") || code == "marrow_cmml" ||
                      code == "immunophenotype" || code == "cytogenetics";
    if (answer.value == (code == "reactive_cause" ? Choice::no : Choice::yes) &&
        (sign || code == "reactive_cause"))
      add(code, answer.from);
  }
  if (const auto flow = findings.numbers.find("classical_monocytes");
      flow != findings.numbers.end())
    add(flow->first, flow->second.from);
  if (const auto* newest = newest_support(findings)) add("mutation", newest->from);
  return old;
}

/// What answers "no" by a test that does not see all of it leave untold.
std::vector<Phrase> notes_on_untold(const CaseReadings& known) {
  std::vector<Phrase> notes;
  for (const auto* code : {"bcr_abl1", "tk_fusion"}) {
    const auto& reading = known.readings.at(code);
    const auto* given = std::get_if<GivenOnce>(&reading.from.what);
    if (given == nullptr || reading.answer != Choice::no) continue;
    const auto untold = left_untold(given->from.source, code);
    if (untold == LeftUntold::other_transcripts)
      notes.push_back(wording::transcripts_untold(given->from));
    if (untold == LeftUntold::cryptic_fusions)
      notes.push_back(wording::karyotype_alone(code, given->from));
  }
  return notes;
}

/// Labels of counts by their days, those of slides by the days of their specimens; what is found
/// once, and the age, is of any day.
std::vector<std::pair<std::string, std::string>> days_of_counts(const Case& facts,
                                                                const CaseReadings& known) {
  std::vector<std::pair<std::string, std::string>> dated;
  for (const auto* code :
       {"wbc", "amc", "monocytes", "anc", "haemoglobin", "platelets", "pb_blasts", "bm_blasts"})
    if (const auto days = known.days.find(code); days != known.days.end())
      for (const auto& day : days->second)
        if (is_day(day)) dated.emplace_back(day, code);
  for (const auto& slide : facts.slides)
    if (slide.status == Status::ok && is_day(slide.day))
      dated.emplace_back(slide.day, wording::slide_label(slide.specimen, slide.slide));
  return dated;
}

}  // namespace

namespace {

/// Of a mutation and a row "no" of its gene.
Phrase contested_note(const ContestedGene& one) {
  using enum ContestedGene::Decision;
  const auto words = wording::contested_gene(one.gene, one.found, one.denial);
  switch (one.decision) {
    case denial_stands:
      return wording::denial_stands(words, one.decided);
    case older:
      return wording::contested_rows(words, wording::older_than_denial(one.decided));
    case treated:
      return wording::contested_rows(words, wording::of_treated_clone(one.decided));
    case of_one_day:
      return wording::contested_rows(words, wording::of_one_day(one.decided));
    case none:
      break;
  }
  return wording::contested_rows(words, "");
}

}  // namespace

std::vector<Phrase> notes_on_case(const Case& facts, CaseReadings& known) {
  std::vector<Phrase> notes;
  for (const auto& one : facts.findings.unread) {
    // A reactive cause is told of where it leaves something open.
    if (one.item == "reactive_cause") continue;
    const auto& what = one.gene.empty() ? one.item : one.gene;
    notes.push_back(one.passed_over ? wording::passed_over_unread(what, one.part, one.from)
                                    : wording::unread_no(what, one.part, one.from));
  }
  for (const auto& mutation : facts.findings.mutations)
    if (!mutation.listed)
      notes.push_back(wording::upper_first(
          wording::unlisted_gene(mutation, nearest_gene(mutation.gene)).plain() + "."));
  if (const auto* row = row_of_child(facts.findings))
    notes.push_back(
        wording::upper_first(wording::child_in_source(child_told_of(row->source), row->row) + "."));
  for (const auto& one : facts.findings.contested_genes) notes.push_back(contested_note(one));
  for (auto& words : notes_on_resolved(facts, known)) notes.push_back(std::move(words));
  for (const auto& [code, denial] : facts.findings.kept)
    notes.push_back(wording::kept_against(
        code, {.value = "yes", .from = facts.findings.answers.at(code).from}, denial));
  for (const auto& [item, gene, from, used] : facts.findings.unanswered)
    notes.push_back(wording::no_answer(gene.empty() ? item : gene, from, used));
  for (const auto& karyotype : facts.findings.karyotypes)
    if (karyotype.facts.donor)
      notes.emplace_back(wording::upper_first(wording::cells_of_a_donor(karyotype.from)) + ".");
  for (auto& words : notes_on_untold(known)) notes.push_back(std::move(words));
  const auto dated = days_of_counts(facts, known);
  if (dated.empty()) return notes;
  const auto [oldest, newest] = std::minmax_element(dated.begin(), dated.end());
  const auto apart = day_of(newest->first) - day_of(oldest->first);
  if (auto old = old_exclusions(facts.findings, newest->first); !old.empty())
    notes.push_back(wording::old_exclusions(old, newest->first));
  if (auto old = old_supports(facts.findings, newest->first); !old.empty())
    notes.push_back(wording::old_supports(old, newest->first));
  if (apart > kVeryFar)
    notes.push_back(wording::counts_far_apart(
        apart.count(), {.value = oldest->second, .from = {.date = oldest->first}},
        {.value = newest->second, .from = {.date = newest->first}}));
  return notes;
}

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
