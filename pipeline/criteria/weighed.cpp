#include "pipeline/criteria/weighed.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

#include "pipeline/criteria/blast_readings.hpp"
#include "pipeline/criteria/days.hpp"
#include "pipeline/criteria/genes.hpp"
#include "pipeline/criteria/spoken.hpp"
#include "pipeline/criteria/told.hpp"
#include "pipeline/wording/gaps.hpp"
#include "pipeline/wording/genetics.hpp"
#include "pipeline/wording/sources.hpp"

namespace cytocape::criteria {
namespace {

constexpr double kOfHaematopoiesis = 2;  // per cent: a clone of less is not even CHIP
constexpr double kSmall = 10;            // per cent: what ICC asks for

/// A person must weigh it: indeterminate, not unknown.
Reading left_open(const std::string& input, std::string why) {
  auto reading = told_open(input, std::move(why));
  reading.basis = Basis::disputed;
  return reading;
}

const Provenance* said_unknown(const Findings& findings, const std::string& item) {
  const auto found = findings.said_unknown.find(item);
  return found == findings.said_unknown.end() ? nullptr : &found->second;
}

/// "row 4 says unknown of JAK2": rows on genes that are asked about, or on mutations in general.
std::vector<std::string> unknown_genes(const Findings& findings,
                                       const std::function<bool(const std::string&)>& is_asked) {
  const std::string prefix = "mutation ";
  std::vector<std::string> words;
  for (const auto& [key, from] : findings.said_unknown) {
    const auto gene = key.starts_with(prefix) ? key.substr(prefix.size()) : std::string();
    if (gene.empty() ? key == "mutation" : is_asked(gene))
      words.push_back(wording::unknown_genetics(gene.empty() ? "mutations" : gene, from));
  }
  return words;
}

bool is_yes(const Readings& readings, const std::string& item) {
  return readings.at(item).answer == Choice::yes;
}

/// 0 where it is not known, or the age is of that day or later.
double years_until_newest_count(const Findings& findings, const std::string& day) {
  constexpr double kDaysOfAYear = 365.2425;
  std::string newest;
  for (const auto& [code, number] : findings.numbers)
    if (code != "age") newest = std::max(newest, number.from.date);
  if (!is_day(day) || newest <= day) return 0;
  return static_cast<double>((day_of(newest) - day_of(day)).count()) / kDaysOfAYear;
}

Reading child(const Findings& findings) {
  constexpr double kAdult = 18;  // years
  const auto age = findings.numbers.find("age");
  if (age == findings.numbers.end()) {
    if (const auto* unknown = said_unknown(findings, "age"))
      return told_open("child", wording::unknown_age(*unknown));
    return told("child", Choice::no, wording::no_age());
  }
  const auto& number = age->second;
  const auto since = years_until_newest_count(findings, number.from.date);
  if (since <= 0)
    return told("child", number.value < kAdult ? Choice::yes : Choice::no,
                wording::age(number.value, number.from));
  // An age is of the last birthday: up to a unit of its last digit more.
  const double least = number.value + since;
  const double most = least + 2 * number.rounding;
  auto words = wording::age_at_newest_count(least, number.value, number.from);
  if (least < kAdult && most > kAdult) return told_open("child", std::move(words));
  return told("child", least < kAdult ? Choice::yes : Choice::no, std::move(words));
}

/// Why a reactive cause may be there that is not answered; empty where no row tells of one.
std::string open_cause(const Readings& readings) {
  const auto& cause = readings.at("reactive_cause");
  if (cause.answer) return "";
  const bool told = std::any_of(cause.gaps.begin(), cause.gaps.end(),
                                [](const Gap& gap) { return !std::holds_alternative<Lack>(gap); });
  return told ? wording::gap_words(cause.gaps).plain() : std::string();
}

/// Clones of fewer cells are met in healthy people.
Reading bystander_clone(const Readings& readings) {
  const auto& clone = readings.at("mutation");
  const bool reactive = is_yes(readings, "reactive_cause");
  const auto unclear = open_cause(readings);
  const auto highest = clone.interval ? clone.interval->high : clone.value.value_or(0);
  const char* const input = "bystander_clone";
  if (highest <= 0 || clone.value.value_or(0) >= kSmall ||
      (highest >= kSmall && !reactive && unclear.empty()))
    return told(input, Choice::no, wording::no_small_clone());
  if (highest >= kSmall && reactive)
    return left_open(input, wording::unmeasured_clone_beside_cause());
  if (highest < kOfHaematopoiesis) return left_open(input, wording::clone_below_chip(*clone.value));
  if (reactive) return left_open(input, wording::small_clone_beside_cause(*clone.value));
  if (!unclear.empty()) return told_open(input, wording::open_cause_beside_small_clone(unclear));
  return told(input, Choice::no, wording::no_cause_beside_small_clone());
}

Reading cause_without_clone(const Readings& readings) {
  const char* const input = "cause_without_clone";
  const auto& cause = readings.at("reactive_cause");
  const bool clone =
      readings.at("mutation").value.value_or(0) >= kSmall || is_yes(readings, "cytogenetics");
  const auto unclear = open_cause(readings);
  if (clone || (cause.answer != Choice::yes && unclear.empty()))
    return told(input, Choice::no, wording::no_cause_without_clone());
  if (!unclear.empty()) return told_open(input, wording::open_cause_without_clone(unclear));
  return left_open(input, wording::cause_without_clone(wording::source_words(cause.from)));
}

Reading neoplasm_beside(const Findings& findings, const Readings& readings) {
  const auto& other = readings.at("other_neoplasm");
  // Answers that contradict each other, or the words beside one.
  const bool contested = std::any_of(other.gaps.begin(), other.gaps.end(), [](const Gap& gap) {
    return std::holds_alternative<Told>(gap) || std::holds_alternative<ContradictoryAnswers>(gap);
  });
  if (contested) return left_open("neoplasm_beside", wording::gap_words(other.gaps).plain());
  const auto* unknown = said_unknown(findings, "other_neoplasm");
  if (!other.answer && unknown != nullptr)
    return told_open("neoplasm_beside", wording::said_unknown(*unknown));
  if (other.answer != Choice::yes)
    return told("neoplasm_beside", Choice::no, wording::none_recorded());
  return left_open("neoplasm_beside",
                   wording::neoplasm_to_be_weighed(wording::source_words(other.from)));
}

/// What was acute leukaemia is that still, or its remission, or was never: a person must say.
Reading earlier_leukaemia(const Findings& findings) {
  std::vector<std::string> counts;
  for (const auto& [code, number] : findings.higher)
    if (number.value >= kAcuteLeukaemia)
      counts.push_back(wording::earlier_blasts(code == "pb_blasts" ? "blood" : "marrow",
                                               number.value, number.from));
  if (counts.empty()) return told("earlier_leukaemia", Choice::no, wording::none_recorded());
  return left_open("earlier_leukaemia", wording::earlier_leukaemia(counts));
}

/// Mutations that stand, and those that were found and denied later.
std::vector<Mutation> with_denied(const Findings& findings) {
  auto all = findings.mutations;
  all.insert(all.end(), findings.denied_later.begin(), findings.denied_later.end());
  return all;
}

/// A VAF that was not measured may be high.
Reading mpn_driver(const Findings& findings) {
  constexpr double kHigh = 40;  // per cent
  std::vector<std::string> found;
  for (const auto& mutation : with_denied(findings))
    if (drives_mpn(mutation.gene) && mutation.vaf.value_or(kHigh) >= kHigh)
      found.push_back(wording::mutation_words(mutation));
  const auto unknown = unknown_genes(findings, drives_mpn);
  if (found.empty() && unknown.empty())
    return told("mpn_driver", Choice::no, wording::no_driver_of_mpn());
  if (findings.answers.contains("mpn_now"))
    return told("mpn_driver", Choice::no, wording::driver_with_answer());
  if (found.empty()) return told_open("mpn_driver", wording::unknown_driver_of_mpn(unknown));
  return left_open("mpn_driver", wording::driver_of_mpn(found));
}

/// VEXAS has monocytosis, cytopenia and a phenotype like that of CMML by itself.
Reading vexas_alone(const Findings& findings, const Readings& readings) {
  const auto mutations = with_denied(findings);
  const bool vexas = is_spoken_for(findings, "vexas_alone") ||
                     std::any_of(mutations.begin(), mutations.end(), [](const Mutation& one) {
                       return meaning_of(one.gene) == GeneMeaning::vexas;
                     });
  const auto unknown = unknown_genes(
      findings, [](const std::string& gene) { return meaning_of(gene) == GeneMeaning::vexas; });
  if (!vexas && unknown.empty()) return told("vexas_alone", Choice::no, wording::no_vexas());
  const bool supported =
      readings.at("mutation").value.value_or(0) >= kOfHaematopoiesis ||
      is_yes(readings, "cytogenetics") || is_yes(readings, "dysplasia_erythroid") ||
      is_yes(readings, "dysplasia_granulocytic") || is_yes(readings, "dysplasia_megakaryocytic");
  if (supported) return told("vexas_alone", Choice::no, wording::vexas_supported());
  if (!vexas) return told_open("vexas_alone", wording::unknown_vexas(unknown));
  return left_open("vexas_alone", wording::vexas_alone());
}

}  // namespace

void weigh(const Findings& findings, Readings& readings) {
  readings["child"] = child(findings);
  readings["bystander_clone"] = bystander_clone(readings);
  readings["cause_without_clone"] = cause_without_clone(readings);
  readings["neoplasm_beside"] = neoplasm_beside(findings, readings);
  readings["earlier_leukaemia"] = earlier_leukaemia(findings);
  readings["mpn_driver"] = mpn_driver(findings);
  readings["vexas_alone"] = vexas_alone(findings, readings);
}

}  // namespace cytocape::criteria
