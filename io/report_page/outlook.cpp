#include "io/report_page/outlook.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace cytocape::report_page {
namespace {

using criteria::Axis;
using criteria::Decision;
using criteria::EditionResult;
using criteria::Need;

std::string asked_of(const Need& need) {
  return readable(fmt::format("{}: {}", need.label, need.answer));
}

data need_item(const Need& need) {
  data item;
  item.set("asked", as_text(asked_of(need)));
  item.set("why", optional_text(readable(need.why)));
  return item;
}

/// "erythroid dysplasia: yes", or "A: yes and B: no together".
std::string way_words(const std::vector<Need>& way) {
  std::vector<std::string> answers;
  for (const auto& need : way) answers.push_back(asked_of(need));
  return joined(answers, " and ") + (way.size() > 1 ? " together" : "");
}

std::string confirm_heading(const Decision& decision) {
  return fmt::format("The shortest way to confirm the criteria of {}", decision.title);
}

data decision_item(const Decision& decision, const std::string& heading) {
  data item;
  item.set("heading", as_text(heading));
  List needs;
  for (const auto& need : decision.confirm) needs.push_back(need_item(need));
  item.set("needs", needs);
  List groups;
  for (const auto& alternatives : decision.one_of) {
    List ways;
    for (const auto& way : alternatives) ways.push_back(data{"text", as_text(way_words(way))});
    groups.push_back(data{"ways", ways});
  }
  item.set("groups", groups);
  List excluding;
  for (const auto& need : decision.exclude)
    excluding.push_back(data{"text", as_text(asked_of(need))});
  item.set("has_excluding", !excluding.empty());
  item.set("excluding", excluding);
  return item;
}

Axis axis_of(const EditionResult& edition, const Decision& decision) {
  const auto found = std::find_if(edition.classes.begin(), edition.classes.end(),
                                  [&](const auto& item) { return item.id == decision.class_id; });
  return found == edition.classes.end() ? Axis::disease : found->axis;
}

/// Each input that an axis waits for, once, and why where that was not said before: which answer
/// would give which class is told below.
data axis_item(const EditionResult& edition, Axis axis, std::set<std::string>& told) {
  List needs;
  std::set<std::string> seen;
  const auto add = [&](const Need& need) {
    if (!seen.insert(need.input).second) return;
    data item;
    item.set("label", as_text(readable(need.label)));
    item.set("why", optional_text(told.insert(need.input).second ? readable(need.why) : ""));
    needs.push_back(item);
  };
  for (const auto& decision : edition.decisions) {
    if (axis_of(edition, decision) != axis) continue;
    for (const auto& need : decision.confirm) add(need);
    for (const auto& alternatives : decision.one_of)
      for (const auto& way : alternatives)
        for (const auto& need : way) add(need);
  }
  data item;
  item.set("axis", to_string(axis));
  item.set("needs", needs);
  return item;
}

/// The shortest list: how the first open disease would be confirmed, then each open axis.
void set_missing(data& item, const EditionResult& edition) {
  List disease;
  std::set<std::string> told;
  for (const auto& decision : edition.decisions) {
    if (axis_of(edition, decision) != Axis::disease) continue;
    disease.push_back(decision_item(decision, confirm_heading(decision)));
    for (const auto& need : decision.confirm) told.insert(need.input);
    break;
  }
  List axes;
  for (const auto axis : {Axis::subtype, Axis::grade}) {
    const bool open =
        std::any_of(edition.decisions.begin(), edition.decisions.end(),
                    [&](const auto& decision) { return axis_of(edition, decision) == axis; });
    if (open) axes.push_back(axis_item(edition, axis, told));
  }
  item.set("has_missing", !edition.decisions.empty());
  item.set("missing", disease);
  item.set("axes", axes);
}

/// Every open class with all its answers, but for the one that `missing` shows whole.
List others(const EditionResult& edition) {
  List list;
  bool first_disease = true;
  for (const auto& decision : edition.decisions) {
    if (axis_of(edition, decision) == Axis::disease && std::exchange(first_disease, false))
      continue;
    list.push_back(decision_item(decision, confirm_heading(decision)));
  }
  return list;
}

List changes(const EditionResult& edition) {
  List list;
  for (const auto& change : edition.changes) {
    data item;
    item.set("if", as_text(asked_of(change.if_known)));
    item.set("why", optional_text(readable(change.if_known.why)));
    item.set("known", change.known);
    item.set("becomes", as_text(readable(change.becomes)));
    list.push_back(item);
  }
  return list;
}

}  // namespace

void set_outlook(data& item, const EditionResult& edition) {
  const auto rest = others(edition);
  const auto changed = changes(edition);
  set_missing(item, edition);
  item.set("has_others", !rest.empty());
  item.set("others", rest);
  item.set("has_changes", !changed.empty());
  item.set("changes", changed);
}

}  // namespace cytocape::report_page
