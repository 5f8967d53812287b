#include "pipeline/criteria/given_readings.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "pipeline/criteria/items.hpp"
#include "pipeline/criteria/rules.hpp"
#include "pipeline/statistics/statistics.hpp"
#include "pipeline/wording/remarks.hpp"
#include "pipeline/wording/sources.hpp"

namespace cytocape::criteria {

const Number* given_number(const Findings& findings, const std::string& code) {
  const auto found = findings.numbers.find(code);
  return found == findings.numbers.end() ? nullptr : &found->second;
}

Reading unknown_reading(const std::string& input, Gap gap) {
  Reading reading;
  reading.input = input;
  reading.gaps = {std::move(gap)};
  return reading;
}

Reading exact_reading(const std::string& input, double value, Source source) {
  Reading reading;
  reading.input = input;
  reading.basis = Basis::exact;
  reading.value = value;
  reading.from = std::move(source);
  return reading;
}

/// A row may say that nothing is known.
void say_unknown(const Findings& findings, Reading& reading) {
  const auto said = findings.said_unknown.find(reading.input);
  if (said != findings.said_unknown.end()) reading.gaps = {SaidUnknown{said->second}};
}

Interval scaled_interval(const Interval& interval, double factor) {
  return {factor * interval.low, factor * interval.high};
}

/// Why a person's share decides no more than a slide of as few cells; none where it may.
std::optional<TooFewCells> too_few_cells(const Case& facts, const std::string& input,
                                         const Number& number) {
  const bool blood = input == "monocytes" || input == "pb_blasts";
  if (!number.cells || (!blood && input != "bm_blasts")) return std::nullopt;
  // A slide may be held to fewer cells, for a trial; what a person counts is not.
  const auto specimen = blood ? Specimen::blood : Specimen::marrow;
  const auto least = std::max(facts.least_cells_of(specimen), Case{}.least_cells_of(specimen));
  if (*number.cells >= least) return std::nullopt;
  return TooFewCells{
      .share = number.value, .cells = *number.cells, .from = number.from, .least = least};
}

/// A person's share of enough cells, or of a number that is not given.
const Number* share_of(const Case& facts, const std::string& input) {
  const auto* number = given_number(facts.findings, input);
  return number == nullptr || too_few_cells(facts, input, *number) ? nullptr : number;
}

/// A share of how many cells has the interval of a count.
Reading of_laboratory(const Case& facts, const std::string& input) {
  const auto* number = given_number(facts.findings, input);
  if (number == nullptr) {
    auto none = unknown_reading(input, Lack::not_given_by_laboratory);
    say_unknown(facts.findings, none);
    return none;
  }
  auto reading = exact_reading(input, number->value, {GivenOnce{number->from}});
  if (auto few = too_few_cells(facts, input, *number))
    reading = unknown_reading(input, std::move(*few));
  if (const auto told = facts.findings.remarks.find(input); told != facts.findings.remarks.end())
    reading.remarks = told->second;
  if (reading.basis == Basis::unknown) return reading;
  if (!number->cells && may_be_counted(*find_item(input)))
    reading.remarks.push_back(wording::cells_not_given());
  if (!number->cells) return reading;
  reading.basis = Basis::counted;
  reading.total = *number->cells;
  reading.count = static_cast<std::uint64_t>(
      std::llround(number->value / 100 * static_cast<double>(reading.total)));
  reading.scale = 100;
  reading.interval =
      scaled_interval(wilson95(reading.count, reading.total).value_or(Interval{0, 1}), 100);
  reading.from.what =
      PersonsCount{.count = reading.count, .total = reading.total, .from = number->from};
  return reading;
}

Phrase said_with_unit(const Reading& reading) {
  return wording::said(reading, find_input(reading.input)->unit);
}

/// Where `other` says something else than `given`, what both say is held possible.
void weigh_against(Reading& given, const Reading& other) {
  if (!given.value || !other.value) return;
  constexpr double kRounding = 0.2;  // of two exact values that ought to be one
  auto says = other.interval.value_or(Interval{*other.value, *other.value});
  if (other.basis == Basis::exact)
    says = hull(says, {(1 - kRounding) * *other.value, (1 + kRounding) * *other.value});
  if (*given.value >= says.low && *given.value <= says.high) return;
  given.remarks.push_back(wording::contradiction(said_with_unit(given), said_with_unit(other)));
  given.gaps = {Lack::sources_contradict};
  given.interval = hull(given.interval.value_or(Interval{*given.value, *given.value}),
                        other.interval.value_or(Interval{*other.value, *other.value}));
  given.basis = Basis::disputed;
}

const Provenance* decision_for(const Findings& findings, const std::string& input) {
  const auto resolved = findings.resolved.find(input);
  if (resolved == findings.resolved.end()) return nullptr;
  const auto* number = given_number(findings, input);
  const bool older = number != nullptr && !may_be_of_one_day(resolved->second, number->from) &&
                     resolved->second.date < number->from.date;
  return older ? nullptr : &resolved->second;
}

/// Weighs, unless a person decided that `given` stands; it says so then.
void weigh_unresolved(const Findings& findings, Reading& given, const Reading& other,
                      void (*weigh)(Reading&, const Reading&)) {
  auto weighed = given;
  weigh(weighed, other);
  const auto* decision = decision_for(findings, given.input);
  const bool disputes = weighed.basis == Basis::disputed && given.basis != Basis::disputed;
  if (disputes && decision != nullptr)
    given.remarks.push_back(
        wording::stands(said_with_unit(given), said_with_unit(other), *decision));
  else
    given = std::move(weighed);
}

void weigh_each(const Findings& findings, Reading& given, const std::vector<Reading>& each,
                void (*weigh)(Reading&, const Reading&)) {
  const auto own = given;
  for (const auto& slide : each) {
    auto alone = own;
    weigh_unresolved(findings, alone, slide, weigh);
    given.remarks.insert(given.remarks.end(),
                         alone.remarks.begin() + static_cast<std::ptrdiff_t>(own.remarks.size()),
                         alone.remarks.end());
    if (alone.basis != Basis::disputed) continue;
    given.basis = alone.basis;
    given.gaps = alone.gaps;
    if (alone.interval)
      given.interval = hull(given.interval.value_or(*alone.interval), *alone.interval);
  }
}

/// A person's share that is not used, beside the slides' count or why there is none either.
void add_unused(const std::vector<Gap>& gaps, Reading& slides) {
  if (slides.value)
    slides.remarks.push_back(wording::not_used(gaps));
  else
    slides.gaps.insert(slides.gaps.begin(), gaps.begin(), gaps.end());
}

}  // namespace cytocape::criteria
