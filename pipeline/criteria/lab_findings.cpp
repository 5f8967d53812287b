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
#include "pipeline/criteria/lab_mutations.hpp"
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

/// Every row "no" of the newest day must be read as a denial, and no row of another day may say
/// otherwise. An older one that is not understood is passed over beside a newer that is.
void note_unread(const Item& item, const std::vector<Answer>& given, Findings& findings) {
  const auto taken = findings.answers.find(item.code);
  const bool weighed = excludes_when_yes(item.code) || item.code == "reactive_cause";
  if (!weighed || taken == findings.answers.end() || taken->second.value != Choice::no) return;
  std::optional<UnreadNo> opens;
  std::optional<UnreadNo> older;
  std::map<std::string, std::optional<Unread>> texts;  // many rows may share one
  for (const auto& answer : given) {
    const auto& from = answer.from;
    if (answer.value != Choice::no || has_weighed(findings, item.code, from.date)) continue;
    const auto [text, is_new] = texts.try_emplace(from.source);
    if (is_new) text->second = not_read_as_denial(from.source, {.item = item.code});
    const auto& unread = text->second;
    if (!unread) continue;
    const bool newest = may_be_of_one_day(from, taken->second.from);
    auto& kept = newest || unread->contrary ? opens : older;
    if (!kept || unread->contrary)
      kept = {.item = item.code,
              .gene = "",
              .part = unread->part,
              .from = from,
              .passed_over = !newest && !unread->contrary};
  }
  if (opens) return findings.unread.push_back(std::move(*opens));
  if (older) findings.unread.push_back(std::move(*older));
}

/// A newer "observed too briefly" stands before an older answer.
void take_too_brief(const std::string& code, const Provenance& from, Findings& findings) {
  const auto answer = findings.answers.find(code);
  if (answer != findings.answers.end() && from.date < answer->second.from.date) return;
  if (answer != findings.answers.end()) findings.answers.erase(answer);
  findings.too_brief[code] = from;
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
  take_mutations(gathered, findings, faults);
  take_unknown(gathered, findings);
  return findings;
}

}  // namespace cytocape::criteria
