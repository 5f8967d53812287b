#include "pipeline/criteria/lab_days.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <tuple>

#include "pipeline/criteria/days.hpp"
#include "pipeline/criteria/items.hpp"
#include "pipeline/criteria/signs.hpp"

namespace cytocape::criteria {
namespace {

constexpr double kDaysOfAYear = 365.2425;

/// The first day on which the patient may have lived.
struct Birth {
  std::chrono::sys_days earliest;
  std::string words;  ///< by what age
};

/// Of 72 years and some days nobody writes 73.
std::optional<Birth> birth_of(const Findings& findings, const std::string& newest) {
  const auto age = findings.numbers.find("age");
  if (age == findings.numbers.end()) return std::nullopt;
  const auto& [value, from] = std::tie(age->second.value, age->second.from);
  const auto& day = from.date.empty() ? newest : from.date;
  if (!is_day(day)) return std::nullopt;
  const std::chrono::days lived{static_cast<int>(std::ceil((value + 1) * kDaysOfAYear)) + 1};
  return Birth{.earliest = day_of(day) - lived,
               .words = fmt::format("the age of {} in row {}{}", age->second.given, from.row,
                                    from.date.empty()
                                        ? " (without a date: as of the newest row, " + day + ")"
                                        : " (" + day + ")")};
}

/// What a person remembers may be older than what a laboratory measures: a "yes" of what was once
/// found, unless a test of this century is meant.
bool is_measured(const GivenValue& row) {
  const auto* item = find_item(in_small_letters(row.item));
  if (item == nullptr || item->code == "age" || item->kind == ItemKind::sex) return false;
  if (item->kind != ItemKind::answer) return true;
  const bool of_a_test = is_one_of(item->code, {"bcr_abl1", "tk_fusion", "cytogenetics"});
  return of_a_test || !item->lasting || in_small_letters(row.value) != "yes";
}

void check_day(const GivenValue& row, const std::string& newest, const std::optional<Birth>& birth,
               FaultList& faults) {
  constexpr std::chrono::days kSlip{static_cast<int>(50 * kDaysOfAYear)};
  const auto day = day_of(row.date);
  if (birth && day < birth->earliest)
    faults.add(
        "row {}: date \"{}\": expected a day of the patient's life, from {} on by {}; check both{}",
        row.row, row.date, day_words(birth->earliest), birth->words,
        birth->words.find("without") == std::string::npos ? "" : ", or give the age its date");
  else if (is_measured(row) && day < day_of(newest) - kSlip)
    faults.add(
        "row {}: date \"{}\": expected a day within 50 years of the case's newest row ({}); check "
        "the year",
        row.row, row.date, newest);
}

}  // namespace

void check_days(const CaseRows& rows, const std::map<std::string, Findings>& cases,
                const std::string& latest_day, FaultList& faults) {
  std::map<std::string, std::string> newest;
  const auto has_day = [&](const GivenValue& row) {
    return is_day(row.date) && row.date <= latest_day;
  };
  for (const auto& [id, row] : rows)
    if (has_day(row)) newest[id] = std::max(newest[id], row.date);
  std::map<std::string, std::optional<Birth>> births;
  for (const auto& [id, day] : newest)
    if (const auto found = cases.find(id); found != cases.end())
      births[id] = birth_of(found->second, day);
  for (const auto& [id, row] : rows)
    if (has_day(row)) check_day(row, newest.at(id), births[id], faults);
}

void check_ages(const std::vector<Number>& ages, FaultList& faults) {
  constexpr double kSlack = 1;  // year: somebody rounds up
  const auto days_of = [](double years) {
    return std::chrono::days{static_cast<int>(std::ceil(years * kDaysOfAYear))};
  };
  const Number* born_last = nullptr;   // the youngest by its age, and the least day of birth
  const Number* born_first = nullptr;  // the oldest, and the last
  std::chrono::sys_days from;
  std::chrono::sys_days until;
  for (const auto& age : ages) {
    if (!is_day(age.from.date)) continue;
    const auto latest = day_of(age.from.date) - days_of(age.value - kSlack);
    const auto earliest = day_of(age.from.date) - days_of(age.value + 2 * age.rounding + kSlack);
    if (born_last == nullptr || earliest > from)
      std::tie(born_last, from) = std::pair(&age, earliest);
    if (born_first == nullptr || latest < until)
      std::tie(born_first, until) = std::pair(&age, latest);
  }
  if (born_last == nullptr || from <= until) return;
  const auto& [one, other] = born_last->from.row < born_first->from.row
                                 ? std::pair(born_last, born_first)
                                 : std::pair(born_first, born_last);
  faults.add(
      "row {}: value of age \"{}\" ({}): expected an age of the person who was {} on {} (row {}): "
      "no "
      "birthday fits both; check both, and whether the rows are of one person",
      other->from.row, other->given, other->from.date, one->given, one->from.date, one->from.row);
}

}  // namespace cytocape::criteria
