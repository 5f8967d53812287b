#include "pipeline/pages/report/outlook.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "pipeline/wording/conditions.hpp"
#include "pipeline/wording/labels.hpp"

namespace cytocape::report_page {
namespace {

using criteria::Axis;
using criteria::Decision;
using criteria::EditionResult;
using criteria::Need;
using criteria::Readings;

std::string asked_of(const Need& need) {
  return wording::shown_words(need).typeset();
}

/// Why it is open. A number that is there would otherwise seem to be unknown.
data why_of(const Need& need, const Readings& readings) {
  const auto found = readings.find(need.input);
  const bool bound = found != readings.end() && found->second.basis == criteria::Basis::lower_bound;
  const auto& why = need.why.typeset();
  return optional_text(bound && !why.empty() ? "a lower bound: " + why : why);
}

data need_item(const Need& need, const Readings& readings) {
  data item;
  item.set("asked", as_text(asked_of(need)));
  item.set("why", why_of(need, readings));
  return item;
}

using Way = std::vector<Need>;
using Asked = std::vector<std::string>;

std::string all_of(const Asked& asked) {
  return joined(asked, " and ");
}

bool asks(const Asked& way, const std::string& what) {
  return std::find(way.begin(), way.end(), what) != way.end();
}

/// The answer that most of `ways` ask for; empty where no two share one.
std::string most_shared(const std::vector<Asked>& ways) {
  std::string best;
  std::ptrdiff_t most = 1;
  for (const auto& way : ways) {
    for (const auto& what : way) {
      const auto count = std::count_if(ways.begin(), ways.end(),
                                       [&](const auto& other) { return asks(other, what); });
      if (count > most) {
        most = count;
        best = what;
      }
    }
  }
  return best;
}

data way_item(const std::string& words) {
  data item;
  item.set("text", as_text(words));
  item.set("has_rest", false);
  item.set("rest", List());
  return item;
}

/// Ways that share answers, as one: "A and B, and one of" with what is left of each.
data shared_ways(const std::vector<Asked>& ways) {
  Asked shared;
  for (const auto& what : ways.front())
    if (std::all_of(ways.begin(), ways.end(), [&](const auto& way) { return asks(way, what); }))
      shared.push_back(what);
  List rest;
  for (const auto& way : ways) {
    Asked left;
    for (const auto& what : way)
      if (!asks(shared, what)) left.push_back(what);
    rest.push_back(data{"text", as_text(left.empty() ? "nothing more" : all_of(left))});
  }
  auto item = way_item(all_of(shared));
  item.set("has_rest", true);
  item.set("rest", rest);
  return item;
}

/// The shortest first; what several ways share is said once.
List way_items(const std::vector<Way>& alternatives) {
  std::vector<Asked> open;
  for (const auto& way : alternatives) {
    auto& asked = open.emplace_back();
    for (const auto& need : way) asked.push_back(asked_of(need));
  }
  std::stable_sort(open.begin(), open.end(),
                   [](const auto& a, const auto& b) { return a.size() < b.size(); });
  List items;
  while (!open.empty()) {
    const auto what = most_shared(open);
    const auto shares = [&](const auto& way) { return !what.empty() && asks(way, what); };
    std::vector<Asked> together;
    if (!shares(open.front())) {
      items.push_back(way_item(all_of(open.front())));
      open.erase(open.begin());
      continue;
    }
    std::copy_if(open.begin(), open.end(), std::back_inserter(together), shares);
    std::erase_if(open, shares);
    items.push_back(shared_ways(together));
  }
  return items;
}

std::string confirm_heading(const Decision& decision) {
  return fmt::format("The shortest way to confirm the criteria of {}, still needed",
                     decision.title);
}

data decision_item(const Decision& decision, const Readings& readings) {
  data item;
  item.set("heading", as_text(confirm_heading(decision)));
  List needs;
  for (const auto& need : decision.confirm) needs.push_back(need_item(need, readings));
  item.set("needs", needs);
  List groups;
  for (const auto& alternatives : decision.one_of)
    groups.push_back(data{"ways", way_items(alternatives)});
  item.set("groups", groups);
  List excluding;
  for (const auto& need : decision.exclude)
    excluding.push_back(data{"text", as_text(asked_of(need))});
  item.set("has_excluding", !excluding.empty());
  item.set("excluding", excluding);
  return item;
}

/// Each input that an axis waits for, once, and why where that was not said before: which answer
/// would give which class is told below.
data axis_item(const EditionResult& edition, const Readings& readings, Axis axis,
               std::set<std::string>& told) {
  List needs;
  std::set<std::string> seen;
  const auto add = [&](const Need& need) {
    if (!seen.insert(need.input).second) return;
    data item;
    item.set("label", as_text(need.label));
    item.set("why", told.insert(need.input).second ? why_of(need, readings)
                                                   : data(data::type::bool_false));
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
void set_missing(data& item, const EditionResult& edition, const Readings& readings) {
  List disease;
  std::set<std::string> told;
  for (const auto& decision : edition.decisions) {
    if (axis_of(edition, decision) != Axis::disease) continue;
    disease.push_back(decision_item(decision, readings));
    for (const auto& need : decision.confirm) told.insert(need.input);
    break;
  }
  List axes;
  for (const auto axis : {Axis::subtype, Axis::grade}) {
    const bool open =
        std::any_of(edition.decisions.begin(), edition.decisions.end(),
                    [&](const auto& decision) { return axis_of(edition, decision) == axis; });
    if (open) axes.push_back(axis_item(edition, readings, axis, told));
  }
  item.set("has_missing", !edition.decisions.empty());
  item.set("missing", disease);
  item.set("axes", axes);
}

/// Every open class with all its answers, but for the one that `missing` shows whole.
List others(const EditionResult& edition, const Readings& readings) {
  List list;
  bool first_disease = true;
  for (const auto& decision : edition.decisions) {
    if (axis_of(edition, decision) == Axis::disease && std::exchange(first_disease, false))
      continue;
    list.push_back(decision_item(decision, readings));
  }
  return list;
}

List changes(const EditionResult& edition, const Readings& readings) {
  List list;
  for (const auto& change : edition.changes) {
    data item;
    item.set("if", as_text(asked_of(change.if_known)));
    item.set("why", why_of(change.if_known, readings));
    item.set("known", change.known);
    item.set("becomes", as_text(change.becomes));
    list.push_back(item);
  }
  return list;
}

}  // namespace

Axis axis_of(const EditionResult& edition, const Decision& decision) {
  const auto found = std::find_if(edition.classes.begin(), edition.classes.end(),
                                  [&](const auto& item) { return item.id == decision.class_id; });
  return found == edition.classes.end() ? Axis::disease : found->axis;
}

void set_outlook(data& item, const EditionResult& edition, const Readings& readings) {
  const auto rest = others(edition, readings);
  const auto changed = changes(edition, readings);
  set_missing(item, edition, readings);
  item.set("has_others", !rest.empty());
  item.set("others", rest);
  item.set("has_changes", !changed.empty());
  item.set("changes", changed);
}

}  // namespace cytocape::report_page
