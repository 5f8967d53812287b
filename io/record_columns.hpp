#pragma once

/// The columns of the record's tables, each listed once: TableWriter writes and TableFiller reads
/// by the same list. A column is its name and the member that holds it. Internal to io/.

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "io/record_table.hpp"
#include "io/report.hpp"

namespace cytocape {

template <class Table>
void list_differential(Table&& table) {
  using Row = DifferentialRow;
  table.text("name", &Row::name)
      .text("label", &Row::label)
      .flag("in_denominator", &Row::in_denominator)
      .whole("count", &Row::count)
      .share("fraction", &Row::fraction)
      .interval("wilson95", &Row::wilson95)
      .share("expected_fraction", &Row::expected_fraction)
      .share("corrected_fraction", &Row::corrected_fraction)
      .interval("corrected95", &Row::corrected95)
      .interval("reference", &Row::reference);
}

template <class Table>
void list_groups(Table&& table) {
  using Row = GroupEstimate;
  table.text("code", &Row::code)
      .text("label", &Row::label)
      .whole("count", &Row::count)
      .whole("total", &Row::total)
      .share("fraction", &Row::fraction)
      .interval("wilson95", &Row::wilson95)
      .share("corrected_fraction", &Row::corrected)
      .interval_of("corrected_sampling95", &Row::sampling95, &Row::corrected)
      .interval_of("corrected_classifier95", &Row::classifier95, &Row::corrected)
      .interval_of("corrected95", &Row::both95, &Row::corrected)
      .text("gap", &Row::gap);
}

template <class Table>
void list_quality(Table&& table) {
  using Row = QualityCheck;
  table.named("code", &Row::rule)
      .text("label", &Row::label)
      .named("verdict", &Row::verdict)
      .flag("decides", &Row::decides)
      .real("value", &Row::value)
      .text("unit", &Row::unit)
      .real("at_least", &Row::at_least)
      .real("at_most", &Row::at_most)
      .text("key", &Row::key)
      .text("meaning", &Row::meaning)
      .text("remedy", &Row::remedy);
}

template <class Table>
void list_given(Table&& table) {
  using Row = criteria::GivenValue;
  table.text("item", &Row::item)
      .text("value", &Row::value)
      .text("unit", &Row::unit)
      .text("gene", &Row::gene)
      .text("date", &Row::date)
      .text("source", &Row::source)
      .text("file", &Row::file)
      .whole("row", &Row::row)
      .later_text("cells", &Row::cells);
}

inline std::string joined_remarks(const criteria::Reading& reading) {
  std::string text;
  for (const auto& remark : reading.remarks) text += (text.empty() ? "" : "; ") + remark.plain();
  return text;
}

/// An answer's word, empty where there is none; and back.
inline std::string answer_word(const std::optional<criteria::Choice>& answer) {
  return answer ? to_string(*answer) : "";
}
inline std::optional<std::optional<criteria::Choice>> answer_named(const std::string& word) {
  const auto answer = criteria::choice_of(word);
  return answer || word.empty() ? std::optional(answer) : std::nullopt;
}

template <class Table>
void list_readings(Table&& table) {
  using Row = criteria::Reading;
  table.text("input", &Row::input)
      .written_text("basis", [](const Row& reading) { return to_string(reading.basis); })
      .real("value", &Row::value)
      .interval("interval95", &Row::interval)
      .worded("answer", &Row::answer, answer_word, answer_named)
      .text("source", &Row::source)
      .text("gap", &Row::gap)
      .written_text("remarks", joined_remarks)
      .whole("count", &Row::count)
      .whole("total", &Row::total);
}

inline std::optional<criteria::State> state_named(const std::string& word) {
  using criteria::State;
  for (const auto state : {State::met, State::not_met, State::indeterminate, State::not_assessable})
    if (word == to_string(state)) return state;
  return std::nullopt;
}

template <class Table>
void list_criteria(Table&& table) {
  using Row = criteria::CriterionResult;
  table.text("id", &Row::id)
      .text("title", &Row::title)
      .whole("level", &Row::level)
      .worded(
          "state", &Row::state, [](criteria::State state) { return to_string(state); }, state_named)
      .text("input", &Row::input)
      .text("asked", &Row::asked)
      .real("value", &Row::value)
      .interval("interval95", &Row::interval)
      .real("threshold", &Row::threshold)
      .worded(
          "unit", &Row::unit, [](Unit unit) { return plain(unit); }, unit_of)
      .worded("answer", &Row::answer, answer_word, answer_named)
      .text("source", &Row::source)
      .text("sentence", &Row::sentence);
}

/// Attributes of an edition.
inline constexpr std::array kEditionTexts{
    std::pair{"edition", &criteria::EditionResult::edition},
    std::pair{"title", &criteria::EditionResult::title},
    std::pair{"source", &criteria::EditionResult::source},
    std::pair{"rules_sha256", &criteria::EditionResult::rules_sha256},
    std::pair{"code", &criteria::EditionResult::code},
    std::pair{"sentence", &criteria::EditionResult::sentence},
    std::pair{"grade_rule", &criteria::EditionResult::grade_rule}};

}  // namespace cytocape
