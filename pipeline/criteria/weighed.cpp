#include "pipeline/criteria/weighed.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "pipeline/criteria/blast_readings.hpp"
#include "pipeline/criteria/children.hpp"
#include "pipeline/criteria/days.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/criteria/told.hpp"
#include "pipeline/criteria/weighed_genes.hpp"
#include "pipeline/wording/gaps.hpp"
#include "pipeline/wording/genetics.hpp"
#include "pipeline/wording/sources.hpp"

namespace cytocape::criteria {
namespace {

constexpr double kSmall = 10;  // per cent: what ICC asks for

const Provenance* said_unknown(const Findings& findings, const std::string& item) {
  const auto found = findings.said_unknown.find(item);
  return found == findings.said_unknown.end() ? nullptr : &found->second;
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
    if (const auto* row = row_of_child(findings))
      return told_open("child", wording::child_in_source(child_told_of(row->source), row->row));
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

/// As the cause itself is open: to be weighed, or not known.
Reading open_beside_cause(const Readings& readings, const char* input, std::string why) {
  return readings.at("reactive_cause").basis == Basis::disputed ? left_open(input, std::move(why))
                                                                : told_open(input, std::move(why));
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
  if (!unclear.empty())
    return open_beside_cause(readings, input, wording::open_cause_beside_small_clone(unclear));
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
  if (!unclear.empty())
    return open_beside_cause(readings, input, wording::open_cause_without_clone(unclear));
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
    if (code.ends_with("_blasts") && number.value >= kAcuteLeukaemia)
      counts.push_back(wording::earlier_blasts(code == "pb_blasts" ? "blood" : "marrow",
                                               number.value, number.from));
  if (counts.empty()) return told("earlier_leukaemia", Choice::no, wording::none_recorded());
  return left_open("earlier_leukaemia", wording::earlier_leukaemia(counts));
}

}  // namespace

const GivenValue* row_of_child(const Findings& findings) {
  if (findings.numbers.contains("age")) return nullptr;
  std::set<std::string> read;  // many rows may share one
  for (const auto& row : findings.given)
    // "6 months" there is how long it lasts.
    if (!row.source.empty() && in_small_letters(row.item) != "persistence" &&
        read.insert(row.source).second && !child_told_of(row.source).empty())
      return &row;
  return nullptr;
}

void weigh(const Findings& findings, Readings& readings) {
  readings["child"] = child(findings);
  readings["bystander_clone"] = bystander_clone(readings);
  readings["cause_without_clone"] = cause_without_clone(readings);
  readings["neoplasm_beside"] = neoplasm_beside(findings, readings);
  readings["earlier_leukaemia"] = earlier_leukaemia(findings);
  weigh_genes(findings, readings);
}

}  // namespace cytocape::criteria
