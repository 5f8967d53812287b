#include "pipeline/criteria/lab_findings.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>

#include "pipeline/criteria/days.hpp"
#include "pipeline/criteria/genes.hpp"
#include "pipeline/criteria/items.hpp"
#include "pipeline/criteria/lab_days.hpp"
#include "pipeline/criteria/rearrangements.hpp"
#include "pipeline/criteria/resolutions.hpp"
#include "pipeline/criteria/sources_of_no.hpp"
#include "pipeline/criteria/unknown_rows.hpp"
#include "pipeline/wording/genetics.hpp"
#include "pipeline/wording/remarks.hpp"
#include "pipeline/wording/sources.hpp"

namespace cytocape::criteria {
namespace {

std::optional<std::uint64_t> cells_of(const Number& number) {
  return number.cells;
}

std::optional<std::uint64_t> cells_of(const Answer&) {
  return std::nullopt;
}

/// The newest of an item's values, whatever their order. Values of the newest day, or without a
/// day, must agree; of equal ones the one with the most cells is taken.
template <class Value>
Value take_newest(const std::string& code, std::vector<Value> given, FaultList& faults) {
  std::sort(given.begin(), given.end(), [](const Value& a, const Value& b) {
    return std::forward_as_tuple(a.from.date, cells_of(a), a.from.source, a.value) <
           std::forward_as_tuple(b.from.date, cells_of(b), b.from.source, b.value);
  });
  const auto& last = given.back();
  for (const auto& other : given)
    if (other.value != last.value && (other.from.date.empty() || other.from.date == last.from.date))
      faults.add(
          "row {}: value of \"{}\" differs from row {} of the same case and "
          "date; expected dates, or one of the two",
          std::max(other.from.row, last.from.row), code, std::min(other.from.row, last.from.row));
  return last;
}

RowAnswer answer_of(const Answer& answer) {
  return {.value = to_string(answer.value), .from = answer.from};
}

RowAnswer answer_of(const Mutation& mutation) {
  return {.value = wording::mutation_words(mutation), .from = mutation.from};
}

RowAnswer denial_of(const Provenance& none) {
  return {.value = to_string(Choice::no), .from = none};
}

/// What was done, or inherited, a later "no" does not undo: the hint that follows from it stays.
bool cannot_be_undone(const Item& item) {
  return item.code == "cytotoxic_therapy" || item.code == "predisposition";
}

/// Precondition: one of them is "yes".
Answer newest_yes(const std::vector<Answer>& given) {
  const Answer* newest = nullptr;
  for (const auto& answer : given)
    if (answer.value == Choice::yes &&
        (newest == nullptr || std::tie(newest->from.date, newest->from.row) <
                                  std::tie(answer.from.date, answer.from.row)))
      newest = &answer;
  return *newest;
}

/// Takes the newest answer, and says which older ones it passes over. What was once found stays
/// true: where a lasting item is denied later, neither answer is taken, but where a person resolved
/// it.
void take_answer(const Item& item, const std::vector<Answer>& given, Findings& findings,
                 FaultList& faults) {
  const auto last = take_newest(item.code, given, faults);
  std::vector<RowAnswer> others;
  bool denied = false;
  for (const auto& answer : given) {
    if (answer.value == last.value) continue;
    others.push_back(answer_of(answer));
    denied = denied || (item.lasting && answer.value != Choice::no);
  }
  std::sort(others.begin(), others.end(), [](const RowAnswer& a, const RowAnswer& b) {
    return wording::row_words(a) < wording::row_words(b);
  });
  const auto resolved = findings.resolved.find(item.code);
  if (denied && resolved != findings.resolved.end()) {
    findings.answers[item.code] = last;
    findings.settled.insert(item.code);
    findings.remarks[item.code] = {wording::answer_stands(others, resolved->second)};
    return;
  }
  if (denied && cannot_be_undone(item)) {
    findings.answers[item.code] = newest_yes(given);
    findings.remarks[item.code] = {wording::yes_is_kept(answer_of(last))};
    findings.kept[item.code] = answer_of(last);
    return;
  }
  if (denied) {
    findings.contested[item.code] = {.last = answer_of(last), .others = others};
    return;
  }
  findings.answers[item.code] = last;
  if (!others.empty()) findings.remarks[item.code] = {wording::passed_over(others)};
}

/// Of the rows "no" of the newest day one that is read as a denial is enough, where none of the
/// item may say otherwise.
void note_unread(const Item& item, const std::vector<Answer>& given, Findings& findings) {
  const auto taken = findings.answers.find(item.code);
  if (!excludes_when_yes(item.code) || taken == findings.answers.end() ||
      taken->second.value != Choice::no)
    return;
  std::optional<UnreadNo> first;
  bool read = false;
  for (const auto& answer : given) {
    if (answer.value != Choice::no || has_weighed(findings, item.code, answer.from.date)) continue;
    const auto unread = not_read_as_denial(answer.from.source, {.item = item.code});
    const bool newest = may_be_of_one_day(answer.from, taken->second.from);
    read = read || (newest && !unread);
    if (!unread || (!newest && !unread->contrary)) continue;
    UnreadNo one{.item = item.code, .gene = "", .part = unread->part, .from = answer.from};
    if (unread->contrary) return findings.unread.push_back(std::move(one));
    if (!first) first = std::move(one);
  }
  if (first && !read) findings.unread.push_back(std::move(*first));
}

/// A newer "observed too briefly" stands before an older answer.
void take_too_brief(const std::string& code, const Provenance& from, Findings& findings) {
  const auto answer = findings.answers.find(code);
  if (answer != findings.answers.end() && from.date < answer->second.from.date) return;
  if (answer != findings.answers.end()) findings.answers.erase(answer);
  findings.too_brief[code] = from;
}

/// The place of the first mutation on each day; "" stands for none told.
using FirstOfDay = std::map<std::string, std::size_t>;

/// See may_be_of_one_day. Cases may have as many rows as a table: nothing here compares each row
/// with each other.
std::size_t first_of_one_day(const Provenance& none, const FirstOfDay& days, std::size_t count) {
  if (none.date.empty()) return 0;
  const auto at = [&](const std::string& day) {
    const auto found = days.find(day);
    return found == days.end() ? count : found->second;
  };
  return std::min(at(none.date), at(""));
}

void check_mutations_against_no(const GatheredRows& gathered, FaultList& faults) {
  const auto& mutations = gathered.mutations;
  FirstOfDay days;
  for (std::size_t i = 0; i < mutations.size(); ++i) days.emplace(mutations[i].from.date, i);
  for (const auto& none : gathered.no_mutation) {
    const auto place = first_of_one_day(none, days, mutations.size());
    if (place >= mutations.size()) continue;
    faults.add(
        "row {}: value of mutation \"no\" contradicts the mutated {} of row {}; expected dates, "
        "or one of the two",
        none.row, mutations[place].gene, mutations[place].from.row);
  }
}

/// The newest day of a gene: of any of its rows, and of those with a variant. An unnamed variant,
/// "", may be any of the gene.
struct NewestOfGene {
  std::string any;
  std::map<std::string, std::string> of_variant;
};

/// Splits off what a later row of the same gene replaces.
std::vector<Mutation> take_replaced(std::vector<Mutation>& mutations) {
  std::map<std::string, NewestOfGene> genes;
  for (const auto& mutation : mutations) {
    auto& newest = genes[mutation.gene];
    auto& variant = newest.of_variant[mutation.variant];
    newest.any = std::max(newest.any, mutation.from.date);
    variant = std::max(variant, mutation.from.date);
  }
  const auto day_of_newest = [&](const Mutation& mutation) {
    const auto& newest = genes.at(mutation.gene);
    if (mutation.variant.empty()) return newest.any;
    const auto unnamed = newest.of_variant.find("");
    return std::max(newest.of_variant.at(mutation.variant),
                    unnamed == newest.of_variant.end() ? "" : unnamed->second);
  };
  const auto stays = [&](const Mutation& mutation) {
    return mutation.from.date.empty() || mutation.from.date >= day_of_newest(mutation);
  };
  const auto replaced = std::stable_partition(mutations.begin(), mutations.end(), stays);
  std::vector<Mutation> taken(replaced, mutations.end());
  mutations.erase(replaced, mutations.end());
  return taken;
}

/// Sorted, each once found stays true.
std::vector<Mutation> take_fusions(std::vector<Mutation>& mutations) {
  const auto is_fusion = [](const Mutation& mutation) {
    return meaning_of(mutation.gene) == GeneMeaning::fusion;
  };
  std::vector<Mutation> fusions;
  std::copy_if(mutations.begin(), mutations.end(), std::back_inserter(fusions), is_fusion);
  std::erase_if(mutations, is_fusion);
  std::sort(fusions.begin(), fusions.end(), [](const Mutation& a, const Mutation& b) {
    return std::tie(a.gene, a.from.date, a.from.row) < std::tie(b.gene, b.from.date, b.from.row);
  });
  return fusions;
}

/// The newest row of a gene counts. A mutation that is found later outdoes an earlier "no"; one
/// that is denied later is contested.
void take_mutations(GatheredRows& gathered, Findings& findings, FaultList& faults) {
  auto& mutations = gathered.mutations;
  auto& none = gathered.no_mutation;
  check_mutations_against_no(gathered, faults);
  std::sort(mutations.begin(), mutations.end(), [](const Mutation& a, const Mutation& b) {
    return std::tie(b.vaf, a.gene, a.variant, a.from.date, a.from.source) <
           std::tie(a.vaf, b.gene, b.variant, b.from.date, b.from.source);
  });
  std::sort(none.begin(), none.end(), [](const Provenance& a, const Provenance& b) {
    return std::tie(a.date, a.source, a.row) < std::tie(b.date, b.source, b.row);
  });
  findings.replaced = take_replaced(mutations);
  std::vector<RowAnswer> passed_over;
  for (const auto& mutation : findings.replaced) passed_over.push_back(answer_of(mutation));
  if (!none.empty()) {
    const auto& last = none.back();
    const bool found_later =
        std::any_of(mutations.begin(), mutations.end(),
                    [&](const Mutation& found) { return found.from.date > last.date; });
    if (!found_later && !mutations.empty()) {
      ContradictoryAnswers contested{.last = denial_of(last), .others = {}};
      for (const auto& found : mutations) contested.others.push_back(answer_of(found));
      findings.contested["mutation"] = std::move(contested);
      findings.denied_later = std::move(mutations);
      return;
    }
    if (mutations.empty())
      findings.no_mutation = last;
    else
      for (const auto& denial : none) passed_over.push_back(denial_of(denial));
  }
  std::vector<Phrase> remarks;
  if (!passed_over.empty()) remarks.push_back(wording::passed_over(passed_over));
  for (const auto& mutation : mutations) {
    if (!mutation.listed)
      remarks.push_back(wording::unlisted_gene(mutation, nearest_gene(mutation.gene)));
    else if (may_be_rearranged(mutation))
      remarks.emplace_back(
          wording::mutation_or_rearrangement(mutation, example_of_fusion(mutation.gene)));
  }
  if (!remarks.empty()) findings.remarks["mutation"] = std::move(remarks);
  findings.mutations = std::move(mutations);
}

/// A newer, lower count does not undo that there were more blasts before, nor what MPN that is
/// treated now has shown.
void note_higher_counts(const GatheredRows& gathered, Findings& findings) {
  for (const auto* code : {"pb_blasts", "bm_blasts", "platelets", "haemoglobin"}) {
    const auto given = gathered.numbers.find(code);
    if (given == gathered.numbers.end()) continue;
    const auto highest = std::max_element(given->second.begin(), given->second.end(),
                                          [](const Number& a, const Number& b) {
                                            return std::tie(a.value, a.from.date, b.from.row) <
                                                   std::tie(b.value, b.from.date, a.from.row);
                                          });
    const auto& taken = findings.numbers.at(code);
    if (highest->value <= taken.value || highest->from.date >= taken.from.date) continue;
    findings.higher[code] = *highest;
    if (std::string_view(code).ends_with("_blasts"))
      findings.remarks[code].push_back(wording::was_higher(highest->value, highest->from));
  }
}

/// The newest count of monocytes below the thresholds that is less than three months older than the
/// newest count: then the monocytosis had not lasted for three months; or that is newer than the
/// answer that monocytosis persists, which did not know of it.
void note_low_monocytes(const GatheredRows& gathered, Findings& findings) {
  constexpr std::chrono::days kThreeMonths{92};
  constexpr double kAbsolute = 0.5;  // x 10^9/L
  constexpr double kShare = 10;      // per cent
  std::string newest;
  for (const auto* code : {"amc", "monocytes"})
    if (const auto number = findings.numbers.find(code); number != findings.numbers.end())
      newest = std::max(newest, number->second.from.date);
  if (!is_day(newest)) return;
  const auto persistence = findings.answers.find("persistence");
  const auto answered =
      persistence == findings.answers.end() ? std::string() : persistence->second.from.date;
  std::set<std::string> enough;  // days of absolute counts that reach the threshold
  for (const auto* code : {"amc", "monocytes"}) {
    const auto given = gathered.numbers.find(code);
    if (given == gathered.numbers.end()) continue;
    const bool absolute = given->first == "amc";
    for (const auto& number : given->second) {
      const auto& day = number.from.date;
      const bool low = number.value < (absolute ? kAbsolute : kShare);
      if (absolute && !low) enough.insert(day);
      if (!low || !is_day(day) || day >= newest || (!absolute && enough.contains(day))) continue;
      const bool unknown_to_answer = is_day(answered) && answered < day;
      if (day_of(newest) - day_of(day) > kThreeMonths && !unknown_to_answer) continue;
      auto& kept = findings.low_monocytes;
      if (!kept || kept->second.from.date < day) kept = {given->first, number};
    }
  }
}

/// A part cannot be more than its whole. Values of different days are not compared.
void check_part(const std::string& id, const Findings& findings, const char* part,
                FaultList& faults) {
  const auto whole = findings.numbers.find("wbc");
  const auto share = findings.numbers.find(part);
  if (whole == findings.numbers.end() || share == findings.numbers.end()) return;
  const auto& [all, some] = std::tie(whole->second, share->second);
  if (!may_be_of_one_day(all.from, some.from) || some.value <= all.value * (1 + 1e-9)) return;
  faults.add(
      "row {}: value of {} \"{}\": expected at most the WBC of row {} "
      "(\"{}\") of case {}; check both, and their dates",
      some.from.row, part, some.given, all.from.row, all.given, id);
}

/// Two shares of the same leukocytes on one day.
void check_shares(const std::string& id, const Findings& findings, FaultList& faults) {
  const auto monocytes = findings.numbers.find("monocytes");
  const auto blasts = findings.numbers.find("pb_blasts");
  if (monocytes == findings.numbers.end() || blasts == findings.numbers.end()) return;
  const auto& [one, other] = std::tie(monocytes->second, blasts->second);
  if (!may_be_of_one_day(one.from, other.from) || one.value + other.value <= 100 * (1 + 1e-9))
    return;
  faults.add(
      "row {}: value of pb_blasts \"{}\": with the monocytes of row {} (\"{}\") of case {} "
      "more than 100 %; check both, and their dates",
      other.from.row, other.given, one.from.row, one.given, id);
}

/// The least and the most that the digits of a number allow.
double least_of(const Number& number) {
  return std::max(0.0, number.value - number.rounding);
}

double most_of(const Number& number) {
  return number.value + number.rounding;
}

const Number* number_of(const Findings& findings, const char* code) {
  const auto found = findings.numbers.find(code);
  return found == findings.numbers.end() ? nullptr : &found->second;
}

/// Monocytes and neutrophils are both leukocytes: of one day their sum is no more than the WBC.
void check_sum(const std::string& id, const Findings& findings, FaultList& faults) {
  const auto* wbc = number_of(findings, "wbc");
  const auto* anc = number_of(findings, "anc");
  if (wbc == nullptr || anc == nullptr) return;
  for (const std::string code : {"amc", "monocytes"}) {
    const auto* monocytes = number_of(findings, code.c_str());
    if (monocytes == nullptr || !may_be_of_one_day(monocytes->from, anc->from) ||
        !may_be_of_one_day(monocytes->from, wbc->from) || !may_be_of_one_day(anc->from, wbc->from))
      continue;
    const bool share = code == "monocytes";
    const double least = least_of(*monocytes) * (share ? most_of(*wbc) / 100 : 1);
    if (least + least_of(*anc) <= most_of(*wbc) * (1 + 1e-9)) continue;
    faults.add(
        "row {}: value of anc \"{}\": with the {} of row {} (\"{}\") more than the WBC of row {} "
        "(\"{}\") of case {}; check the three, and their dates",
        anc->from.row, anc->given, code, monocytes->from.row, monocytes->given, wbc->from.row,
        wbc->given, id);
  }
}

}  // namespace

Findings findings_of_rows(const std::string& id, GatheredRows gathered, FaultList& faults) {
  Findings findings;
  for (const auto& [code, from] : gathered.resolved)
    if (!gathered.numbers.contains(code) && !gathered.answers.contains(code))
      faults.add("row {}: value \"{}\": expected a row of {} beside it, whose value then stands",
                 from.row, code, code);
  findings.resolved = std::move(gathered.resolved);
  set_idle_aside(gathered, findings);
  for (const auto& [code, given] : gathered.numbers)
    findings.numbers[code] = take_newest(code, given, faults);
  for (const auto& [code, given] : gathered.answers)
    take_answer(*find_item(code), given, findings, faults);
  for (const auto& [code, given] : gathered.answers) note_unread(*find_item(code), given, findings);
  findings.unread.insert(findings.unread.end(), gathered.unread.begin(), gathered.unread.end());
  for (const auto& [code, from] : gathered.too_brief) take_too_brief(code, from, findings);
  if (const auto ages = gathered.numbers.find("age"); ages != gathered.numbers.end())
    check_ages(ages->second, faults);
  findings.negatives = std::move(gathered.negatives);
  findings.karyotypes = std::move(gathered.karyotypes);
  check_part(id, findings, "amc", faults);
  check_part(id, findings, "anc", faults);
  check_shares(id, findings, faults);
  check_sum(id, findings, faults);
  note_higher_counts(gathered, findings);
  note_low_monocytes(gathered, findings);
  // What joined two genes is no mutation: a panel without mutations does not deny it.
  auto fusions = take_fusions(gathered.mutations);
  take_mutations(gathered, findings, faults);
  findings.mutations.insert(findings.mutations.end(), fusions.begin(), fusions.end());

  take_unknown(gathered, findings);
  return findings;
}

}  // namespace cytocape::criteria
