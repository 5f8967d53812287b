#include "pipeline/criteria/counts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "embedded/criteria_cells.hpp"
#include "io/errors.hpp"
#include "pipeline/settings/taxonomy.hpp"
#include "pipeline/settings/toml_reader.hpp"
#include "pipeline/statistics/statistics.hpp"
#include "pipeline/wording/gaps.hpp"
#include "pipeline/wording/remarks.hpp"

namespace cytocape::criteria {
namespace {

struct CellRules {
  std::map<std::string, CellGroup> groups;
  std::map<Specimen, std::vector<CellPart>> total;
};

std::vector<CellPart> read_parts(TomlReader& reader, const std::string& table) {
  std::vector<CellPart> parts;
  for (const auto& key : reader.keys_below(table)) {
    CellPart part{.name = key, .classes = reader.texts(table + "." + key)};
    std::replace(part.name.begin(), part.name.end(), '_', ' ');
    for (auto& code : part.classes) code = cell_class(code).code;
    parts.push_back(std::move(part));
  }
  return parts;
}

CellRules read_cell_rules() {
  TomlReader reader;
  reader.add(text::criteria_cells, "configs/criteria/cells.toml");
  CellRules rules;
  for (const auto specimen : values_of<Specimen>())
    rules.total[specimen] = read_parts(reader, std::string("total.") + to_string(specimen));
  for (const auto& code : reader.tables_below("cells")) {
    const auto prefix = "cells." + code;
    rules.groups[code] = {.code = code,
                          .label = reader.text(prefix + ".label"),
                          .note = reader.has(prefix + ".note") ? reader.text(prefix + ".note") : "",
                          .parts = read_parts(reader, prefix + ".part"),
                          .lookalikes = read_parts(reader, prefix + ".lookalike")};
  }
  reader.refuse_unread();
  return rules;
}

const CellRules& cell_rules() {
  static const auto rules = read_cell_rules();
  return rules;
}

bool covers(const SlideCounts& slide, const CellPart& part) {
  return std::any_of(part.classes.begin(), part.classes.end(), [&](const std::string& code) {
    return slide.called.contains(code) && !slide.partly.contains(code);
  });
}

std::size_t parts_known(const SlideCounts& slide, const CellGroup& group) {
  return static_cast<std::size_t>(
      std::count_if(group.parts.begin(), group.parts.end(),
                    [&](const CellPart& part) { return covers(slide, part); }));
}

std::uint64_t denominator_of(const SlideCounts& slide) {
  std::uint64_t total = 0;
  for (const auto& [code, count] : slide.called)
    if (cell_class(code).counted_in(slide.specimen)) total += count;
  return total;
}

Phrase why_not_chosen(const SlideCounts& slide, const CellGroup& group) {
  std::vector<std::string> unknown;
  for (const auto& part : group.parts)
    if (!covers(slide, part)) unknown.push_back(part.name);
  return wording::slide_lacks(slide.slide, unknown);
}

/// The slides to be pooled: ok, and knowing as many parts as the best of them.
std::vector<const SlideCounts*> choose_slides(const std::vector<SlideCounts>& slides,
                                              Specimen specimen, const CellGroup& group,
                                              std::vector<Phrase>& left_out) {
  std::vector<const SlideCounts*> chosen;
  std::size_t most = 0;
  for (const auto& slide : slides) {
    if (slide.specimen != specimen) continue;
    if (slide.status == Status::ok)
      most = std::max(most, parts_known(slide, group));
    else
      left_out.push_back(wording::slide_is(slide.slide, to_string(slide.status)));
  }
  for (const auto& slide : slides) {
    if (slide.specimen != specimen || slide.status != Status::ok) continue;
    if (most > 0 && parts_known(slide, group) == most)
      chosen.push_back(&slide);
    else
      left_out.push_back(why_not_chosen(slide, group));
  }
  std::sort(left_out.begin(), left_out.end());
  return chosen;
}

using Slides = std::vector<const SlideCounts*>;

/// The names of those that a model of the slides does not know.
std::vector<std::string> unknown_of(const Slides& slides, const std::vector<CellPart>& parts) {
  std::vector<std::string> names;
  for (const auto& part : parts)
    if (!std::all_of(slides.begin(), slides.end(),
                     [&](const auto* slide) { return covers(*slide, part); }))
      names.push_back(part.name);
  return names;
}

void add_classes(const Slides& slides, const CellGroup& group, GroupCount& result) {
  std::set<std::string> members;
  for (const auto& part : group.parts) members.insert(part.classes.begin(), part.classes.end());
  for (const auto& code : members) {
    CountedClass counted{.code = code, .label = cell_class(code).label, .count = 0};
    bool known = false;
    for (const auto* slide : slides) {
      const auto found = slide->called.find(code);
      if (found == slide->called.end()) continue;
      known = true;
      counted.count += found->second;
    }
    if (!known) continue;
    result.count += counted.count;
    result.classes.push_back(std::move(counted));
  }
}

/// The mean of the slides' ends, weighted by cells. None where a slide has none.
std::optional<Interval> mean_error(const Slides& slides, const std::string& group,
                                   Interval ShareError::*which) {
  Interval sum;
  double cells = 0;
  for (const auto* slide : slides) {
    const auto found = slide->errors.find(group);
    if (found == slide->errors.end()) return std::nullopt;
    const auto weight = static_cast<double>(denominator_of(*slide));
    sum.low += weight * (found->second.*which).low;
    sum.high += weight * (found->second.*which).high;
    cells += weight;
  }
  if (cells <= 0) return std::nullopt;
  return Interval{sum.low / cells, sum.high / cells};
}

std::uint64_t named_cells(const SlideCounts& slide) {
  std::uint64_t sum = 0;
  for (const auto& [code, count] : slide.called) sum += count;
  return sum;
}

/// What these slides say together. The high end is left as counted.
GroupCount sum_of(const Slides& slides, Specimen specimen, const CellGroup& group) {
  GroupCount sum;
  std::uint64_t named = 0;
  for (const auto* slide : slides) {
    sum.total += denominator_of(*slide);
    named += named_cells(*slide);
    sum.slides.push_back(slide->slide);
  }
  std::sort(sum.slides.begin(), sum.slides.end());
  sum.usable = sum.total > 0;
  add_classes(slides, group, sum);
  sum.unknown_parts = unknown_of(slides, group.parts);
  sum.lookalikes = unknown_of(slides, group.lookalikes);
  const auto& total = cell_rules().total;
  if (const auto found = total.find(specimen); found != total.end())
    sum.unknown_total = unknown_of(slides, found->second);
  sum.interval = wilson95(sum.count, sum.total).value_or(Interval{0, 1});
  if (const auto both = mean_error(slides, group.code, &ShareError::both))
    sum.interval = hull(sum.interval, *both);
  sum.classifier95 = mean_error(slides, group.code, &ShareError::classifier);
  for (const auto* slide : slides)
    if (!slide->errors.contains(group.code)) sum.without_error.push_back(slide->slide);
  if (sum.without_error.size() == slides.size()) sum.without_error.clear();
  std::sort(sum.without_error.begin(), sum.without_error.end());
  if (const auto least = wilson95(sum.count, named); least && !sum.unknown_total.empty())
    sum.interval.low = std::min(sum.interval.low, least->low);
  return sum;
}

Phrase share_words(const GroupCount& sum) {
  return wording::slide_alone(sum.slides.front(),
                              static_cast<double>(sum.count) / static_cast<double>(sum.total),
                              sum.interval);
}

/// What a count tells, without what lies beyond a lower bound: that is not reached by counting on,
/// so that it would be passed over.
Interval reached_by(const GroupCount& sum) {
  auto reached = sum.interval;
  if (sum.is_lower_bound())
    reached.high = reach_of_count(sum.count, sum.total, 1, sum.classifier95);
  return reached;
}

bool meet(const Interval& a, const Interval& b) {
  return a.low <= b.high && b.low <= a.high;
}

/// Whether a slide of the sum contradicts it or another one of it.
bool contradicts(const GroupCount& alone, const std::vector<GroupCount>& others,
                 const Interval& pooled) {
  const auto reached = reached_by(alone);
  return !meet(reached, pooled) ||
         std::any_of(others.begin(), others.end(),
                     [&](const GroupCount& other) { return !meet(reached, reached_by(other)); });
}

/// What a slide says by itself, open above where it is a lower bound.
Interval said_alone(const GroupCount& alone) {
  return {alone.interval.low, alone.is_lower_bound() ? 1 : alone.interval.high};
}

/// Makes the sum as wide as all of its slides where these contradict each other: what they say
/// together would lie between them.
void widen_to_contradicting(const std::vector<GroupCount>& counted, const Interval& pooled,
                            GroupCount& sum) {
  bool differ = false;
  for (const auto& alone : counted) {
    if (!contradicts(alone, counted, pooled)) continue;
    differ = true;
    sum.dissent.push_back(share_words(alone));
  }
  if (!differ) return;
  for (const auto& alone : counted) sum.interval = hull(sum.interval, said_alone(alone));
}

/// Widens the sum to what every slide says by itself; a slide that knows fewer parts says at least.
void widen_to_each_slide(const std::vector<SlideCounts>& slides, Specimen specimen,
                         const CellGroup& group, GroupCount& sum) {
  const auto pooled = reached_by(sum);
  std::vector<GroupCount> counted;
  std::vector<GroupCount> others;
  for (const auto& slide : slides) {
    if (slide.specimen != specimen || slide.status != Status::ok) continue;
    auto alone = sum_of({&slide}, specimen, group);
    if (!alone.usable || alone.classes.empty()) continue;
    const bool of_sum = std::binary_search(sum.slides.begin(), sum.slides.end(), slide.slide);
    (of_sum ? counted : others).push_back(std::move(alone));
  }
  widen_to_contradicting(counted, pooled, sum);
  for (const auto& alone : others) {
    if (sum.is_lower_bound()) {
      sum.interval.low = std::max(sum.interval.low, alone.interval.low);
      sum.interval.high = std::max(sum.interval.high, sum.interval.low);
    } else if (alone.interval.low > pooled.high) {
      sum.interval = hull(sum.interval, said_alone(alone));
      sum.dissent.push_back(share_words(alone));
    }
  }
  std::sort(sum.dissent.begin(), sum.dissent.end());
}

}  // namespace

SlideCounts counts_of(const SlideReport& report) {
  SlideCounts counts{.slide = report.slide.id,
                     .specimen = report.specimen,
                     .status = report.status,
                     .reasons = report.status_reasons,
                     .called = {},
                     .errors = {},
                     .day = report.identity.sampled};
  for (const auto& row : report.differential) {
    counts.called[row.name] += row.count;
    if (row.partly_known) counts.partly.insert(row.name);
  }
  for (const auto& group : report.groups)
    if (group.corrected)
      counts.errors[group.code] = {.both = group.both95, .classifier = group.classifier95};
  return counts;
}

const CellGroup& cell_group(const std::string& code) {
  const auto& groups = cell_rules().groups;
  const auto found = groups.find(code);
  if (found == groups.end())
    throw ConfigError(fmt::format("configs/criteria/cells.toml: there is no [cells.{}]", code));
  return found->second;
}

double reach_of_count(std::uint64_t count, std::uint64_t total, double scale,
                      const std::optional<Interval>& classifier95) {
  const double sampling = scale * wilson95(count, total).value_or(Interval{0, 1}).high;
  return classifier95 ? std::max(sampling, classifier95->high) : sampling;
}

GroupCount count_group(const std::vector<SlideCounts>& slides, Specimen specimen,
                       const CellGroup& group) {
  std::vector<Phrase> left_out;
  const auto chosen = choose_slides(slides, specimen, group, left_out);
  GroupCount result;
  if (chosen.empty()) {
    for (const auto& part : group.parts) result.unknown_parts.push_back(part.name);
  } else {
    result = sum_of(chosen, specimen, group);
    widen_to_each_slide(slides, specimen, group, result);
    if (result.is_lower_bound()) result.interval.high = 1;
  }
  result.left_out = std::move(left_out);
  return result;
}

}  // namespace cytocape::criteria
