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

/// What a person remembers may be older than what a laboratory measures.
bool is_measured(const GivenValue& row) {
  const auto* item = find_item(in_small_letters(row.item));
  return item != nullptr && (item->kind == ItemKind::number || item->kind == ItemKind::mutation) &&
         item->code != "age";
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
                FaultList& faults) {
  std::map<std::string, std::string> newest;
  for (const auto& [id, row] : rows)
    if (is_day(row.date)) newest[id] = std::max(newest[id], row.date);
  std::map<std::string, std::optional<Birth>> births;
  for (const auto& [id, day] : newest)
    if (const auto found = cases.find(id); found != cases.end())
      births[id] = birth_of(found->second, day);
  for (const auto& [id, row] : rows)
    if (is_day(row.date)) check_day(row, newest.at(id), births[id], faults);
}

}  // namespace cytocape::criteria
