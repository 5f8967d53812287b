#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "embedded/page_editions.hpp"
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

constexpr int kDeepest = 6;

data criterion(const CriterionResult& row, const criteria::Readings& readings) {
  data item;
  set_state(item, row.state);
  item.set("level", std::to_string(std::clamp(row.level, 0, kDeepest)));
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
  std::size_t all = 0;
  for (const auto state : kStates) {
    const auto count = static_cast<std::size_t>(
        std::count_if(edition.criteria.begin(), edition.criteria.end(),
                      [&](const auto& row) { return !row.input.empty() && row.state == state; }));
    data item;
    set_state(item, state);
    item.set("count", std::to_string(count));
    list.push_back(item);
    all += count;
  }
  edition_item.set("tally", list);
  edition_item.set("tallied", std::to_string(all));
  edition_item.set("has_combined", all < edition.criteria.size());
}

/// Tags of nested lists before the criterion at `depth`, where the one before is at `last` (-1:
/// none): a screen reader then tells what is made of what, which others see by the indentation.
std::string list_tags(int last, int depth) {
  if (depth > last) return "<ul role=\"list\"><li>";
  std::string tags = "</li>";
  for (; last > depth; --last) tags += "</ul></li>";
  return tags + "<li>";
}

/// Each criterion with the tags before it; sets those behind the last, too.
void set_criteria(data& edition_item, const EditionResult& edition,
                  const criteria::Readings& readings) {
  List rows;
  std::set<std::string> told;
  int depth = -1;
  for (const auto& row : edition.criteria) {
    auto item = criterion(row, readings);
    auto from = origin(row, readings);
    if (from.size() > kShortOrigin && !told.insert(row.input + from).second) from = "as above";
    item.set("origin", optional_text(from));
    const int next = std::clamp(row.level, 0, std::min(depth + 1, kDeepest));
    item.set("lists", list_tags(depth, next));
    depth = next;
    rows.push_back(item);
  }
  std::string closing;
  for (; depth >= 0; --depth) closing += "</li></ul>";
  edition_item.set("criteria", rows);
  edition_item.set("closing", closing);
}

data edition(const EditionResult& edition, const criteria::Readings& readings) {
  data item;
  item.set("edition", as_text(edition.edition));
  item.set("title", as_text(edition.title));
  item.set("source", as_text(edition.source));
  item.set("grade_rule", optional_text(sentence(edition.grade_rule)));
  item.set("concluded", edition.code != criteria::kWithheld);
  item.set("sentence", optional_text(edition.sentence));
  item.set("sentence_state", code_of(to_string(edition.state)));
  std::vector<std::string> hints;
  for (const auto& hint : edition.hints) hints.push_back(hint.typeset());
  item.set("hints", texts(hints));
  set_outlook(item, edition, readings);
  set_tally(item, edition);
  set_criteria(item, edition, readings);
  return item;
}

}  // namespace

std::string editions(const criteria::CaseResult& assessment, bool usable) {
  data values;
  List list;
  for (const auto& result : assessment.editions) {
    auto item = edition(result, assessment.readings);
    item.set("number", std::to_string(list.size() + 1));
    list.push_back(item);
  }
  values.set("any", !list.empty());
  values.set("editions", list);
  values.set("usable", usable);
  values.set("agreement", optional_text(assessment.agreement));
  return render(text::page_editions, values);
}

}  // namespace cytocape::report_page
