#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "embedded/page_criteria.hpp"
#include "pipeline/pages/report/outlook.hpp"
#include "pipeline/pages/report/parts.hpp"
#include "pipeline/pages/report/text.hpp"
#include "pipeline/wording/conditions.hpp"
#include "pipeline/wording/labels.hpp"

namespace cytocape::report_page {
namespace {

using criteria::CriterionResult;
using criteria::EditionResult;
using criteria::State;

constexpr std::array<State, 4> kStates{State::met, State::not_met, State::indeterminate,
                                       State::not_assessable};

void set_state(data& row, State state) {
  row.set("state", to_string(state));
  row.set("state_code", code_of(to_string(state)));
}

/// "24.5 % (19.1-30.9)", "24.5 % (at least 19.1)", "no", or nothing. Behind a title that denies,
/// "no" alone would deny it once more: "BCR::ABL1: no".
std::string found_words(const CriterionResult& row, const criteria::Readings& readings) {
  if (row.answer && wording::asks_for_no(row.condition))
    return fmt::format("{}: {}", wording::short_label(row.input), to_string(*row.answer));
  if (row.answer) return to_string(*row.answer);
  if (!row.value || !std::isfinite(*row.value)) return "";
  auto value = fmt::format("{}{}{}", number(*row.value, row.threshold), kSpace, typeset(row.unit));
  const auto reading = readings.find(row.input);
  if (reading != readings.end() && reading->second.basis == criteria::Basis::lower_bound)
    return row.interval
               ? fmt::format("{} (at least {})", value, number(row.interval->low, row.threshold))
               : value;
  if (reading != readings.end() && reading->second.basis == criteria::Basis::disputed)
    return value + " (disputed)";
  if (!row.interval) return value;
  return fmt::format("{} {}", value, number_range(*row.interval, row.threshold));
}

/// A longer one is not printed twice, in bytes.
constexpr std::size_t kShortOrigin = 30;

/// Where the number comes from and what it lacks, in few words: paper has no room for the sentence.
std::string origin(const CriterionResult& row, const criteria::Readings& readings) {
  if (row.input.empty()) return "";
  const auto reading = readings.find(row.input);
  const auto gap = reading == readings.end() ? std::string() : reading->second.gap.typeset();
  return row.source.typeset() + (row.source.empty() || gap.empty() ? "" : "; ") + gap;
}

data criterion(const CriterionResult& row, const criteria::Readings& readings) {
  data item;
  set_state(item, row.state);
  item.set("leaf", !row.input.empty());
  item.set("title", as_text(row.title.typeset()));
  item.set("found", optional_text(found_words(row, readings)));
  item.set("sentence", optional_text(row.sentence.typeset()));
  item.set("asked", optional_text(row.asked.typeset()));
  item.set("source", optional_text(row.source.typeset()));
  item.set("requires", optional_text(row.text.typeset()));
  item.set("cite", optional_text(row.cite));
  item.set("remarks", remark_texts(row.remarks));
  return item;
}

/// How many rows stand where, and in what state: leaves alone, since the others follow from them.
void set_tally(data& edition_item, const EditionResult& edition) {
  List list;
  for (const auto state : kStates) {
    const auto count = static_cast<std::size_t>(
        std::count_if(edition.criteria.begin(), edition.criteria.end(),
                      [&](const auto& row) { return !row.input.empty() && row.state == state; }));
    data item;
    set_state(item, state);
    item.set("count", std::to_string(count));
    list.push_back(item);
  }
  edition_item.set("tally", list);
}

/// What decides stands first, then what may, then what holds.
constexpr std::array<State, 3> kOrder{State::not_met, State::indeterminate, State::met};

/// Those that can be assessed, criteria that are made of others among them; the rest in a list.
void set_criteria(data& edition_item, const EditionResult& edition,
                  const criteria::Readings& readings) {
  List rows;
  std::set<std::string> told;
  for (const auto state : kOrder) {
    for (const auto& row : edition.criteria) {
      if (row.state != state) continue;
      auto item = criterion(row, readings);
      auto from = origin(row, readings);
      if (from.size() > kShortOrigin && !told.insert(row.input + from).second) from = "as above";
      item.set("origin", optional_text(from));
      rows.push_back(item);
    }
  }
  List open;
  std::vector<std::string> titles;
  for (const auto& row : edition.criteria) {
    if (row.state != State::not_assessable) continue;
    open.push_back(criterion(row, readings));
    if (!row.input.empty()) titles.push_back(row.title.typeset());
  }
  edition_item.set("criteria", rows);
  edition_item.set("has_open", !open.empty());
  edition_item.set("open", open);
  edition_item.set("open_count", std::to_string(titles.size()));
  edition_item.set("open_words", as_text(joined(titles, "; ")));
}

data edition_data(const EditionResult& edition, const criteria::Readings& readings) {
  data item;
  item.set("edition", as_text(edition.edition));
  item.set("title", as_text(edition.title));
  item.set("source", as_text(edition.source));
  item.set("grade_rule", optional_text(sentence(edition.grade_rule)));
  item.set("concluded", edition.code != criteria::kWithheld);
  set_outlook(item, edition, readings);
  set_tally(item, edition);
  set_criteria(item, edition, readings);
  return item;
}

/// Those of all editions, each once.
List hints_of(const criteria::CaseResult& assessment) {
  List list;
  std::set<std::string> told;
  for (const auto& edition : assessment.editions)
    for (const auto& hint : edition.hints)
      if (told.insert(hint.plain()).second) list.push_back(data{"text", as_text(hint.typeset())});
  return list;
}

}  // namespace

std::string criteria_part(const criteria::CaseResult& assessment, bool usable) {
  data values;
  List list;
  for (const auto& result : assessment.editions) {
    auto item = edition_data(result, assessment.readings);
    item.set("number", std::to_string(list.size() + 1));
    list.push_back(item);
  }
  values.set("editions", list);
  values.set("usable", usable);
  values.set("hints", hints_of(assessment));
  values.set("thresholds", thresholds(assessment));
  return render(text::page_criteria, values);
}

}  // namespace cytocape::report_page
