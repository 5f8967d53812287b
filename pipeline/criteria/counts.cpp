#include "pipeline/criteria/counts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include "embedded/criteria_cells.hpp"
#include "io/errors.hpp"
#include "pipeline/settings/taxonomy.hpp"
#include "pipeline/settings/toml_reader.hpp"
#include "pipeline/statistics/statistics.hpp"
#include "pipeline/wording/figures.hpp"
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

Phrase why_left_out(const SlideCounts& slide) {
  return wording::slide_is(slide.slide, to_string(slide.status));
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
      left_out.push_back(why_left_out(slide));
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

/// `below` null: over the leukocytes or nucleated cells counted.
Figure ratio_of(const SlideCounts& slide, const char* above, const char* below, Figure figure) {
  if (slide.status != Status::ok) {
    figure.gap = why_left_out(slide);
    return figure;
  }
  const auto upper = count_group({slide}, slide.specimen, cell_group(above));
  figure.numerator = upper.count;
  figure.denominator = upper.total;
  auto unknown = upper.unknown_parts;
  if (below == nullptr)
    unknown.insert(unknown.end(), upper.unknown_total.begin(), upper.unknown_total.end());
  if (below != nullptr) {
    const auto lower = count_group({slide}, slide.specimen, cell_group(below));
    figure.denominator = lower.count;
    unknown.insert(unknown.end(), lower.unknown_parts.begin(), lower.unknown_parts.end());
  }
  if (!unknown.empty()) {
    figure.gap = wording::unknown_classes(unknown);
    return figure;
  }
  const auto ratio = ratio95(figure.numerator, figure.denominator);
  if (!ratio) {
    figure.gap = wording::nothing_to_divide(figure.numerator == 0);
    return figure;
  }
  const double scale = figure.unit == Unit::per_100_leukocytes ? 100 : 1;
  figure.value = scale * ratio->value;
  figure.interval = Interval{scale * ratio->interval.low, scale * ratio->interval.high};
  return figure;
}

/// Cells that the model does not know may be among those that it counted; as many as a person's
/// blasts are taken off the lower end.
void allow_for_lookalikes(const std::vector<std::string>& lookalikes, const Number* blasts,
                          Reading& reading) {
  std::optional<BlastsTakenOff> off;
  if (blasts != nullptr && blasts->value > 0) {
    off = BlastsTakenOff{.classes = lookalikes, .blasts = blasts->value, .from = blasts->from};
    reading.interval->low = std::max(0.0, reading.interval->low - blasts->value);
    // No number of cells decides what may be called by a wrong name.
    if (reading.classifier95)
      reading.classifier95->low = std::max(0.0, reading.classifier95->low - blasts->value);
    if (reading.basis == Basis::lower_bound) reading.gaps.emplace_back(*off);
  }
  reading.remarks.push_back(wording::lookalikes(lookalikes, off));
}

/// Which slides were left out, whose classifier's error is not known, and which differ.
void note_slides(const GroupCount& sum, Reading& reading) {
  for (const auto& left : sum.left_out) reading.remarks.push_back(wording::not_counted(left));
  if (!sum.without_error.empty())
    reading.remarks.push_back(wording::error_not_known(sum.without_error));
  if (sum.dissent.empty()) return;
  reading.basis = Basis::disputed;
  reading.gaps = {Lack::slides_differ};
  reading.remarks.insert(reading.remarks.end(), sum.dissent.begin(), sum.dissent.end());
}

}  // namespace

SlideCounts counts_of(const SlideReport& report) {
  SlideCounts counts{.slide = report.slide.id,
                     .specimen = report.specimen,
                     .status = report.status,
                     .reasons = report.status_reasons,
                     .called = {},
                     .errors = {}};
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

Reading share_on_slides(const std::vector<SlideCounts>& slides, const SlideShare& wanted) {
  const auto sum = count_group(slides, wanted.specimen, cell_group(wanted.group));
  Reading reading;
  reading.input = wanted.input;
  if (!sum.usable) {
    reading.gaps = {NoSlide{.specimen = wanted.specimen, .left_out = sum.left_out}};
    return reading;
  }
  reading.basis = Basis::counted;
  reading.count = sum.count;
  reading.total = sum.total;
  reading.scale = 100;
  reading.classes = sum.classes;
  reading.value = 100 * static_cast<double>(sum.count) / static_cast<double>(sum.total);
  reading.interval = Interval{100 * sum.interval.low, 100 * sum.interval.high};
  if (sum.classifier95)
    reading.classifier95 = Interval{100 * sum.classifier95->low, 100 * sum.classifier95->high};
  reading.from.what = SlidesCount{
      .count = sum.count, .total = sum.total, .specimen = wanted.specimen, .slides = sum.slides};
  if (sum.is_lower_bound()) {
    reading.basis = Basis::lower_bound;
    reading.gaps = {UnknownToModel{.parts = sum.unknown_parts, .of_total = sum.unknown_total}};
  }
  if (!sum.lookalikes.empty()) allow_for_lookalikes(sum.lookalikes, wanted.blasts, reading);
  note_slides(sum, reading);
  return reading;
}

std::vector<Reading> shares_by_slide(const std::vector<SlideCounts>& slides,
                                     const SlideShare& wanted) {
  std::vector<Reading> each;
  for (const auto& slide : slides) {
    if (slide.specimen != wanted.specimen || slide.status != Status::ok) continue;
    auto alone = share_on_slides({slide}, wanted);
    if (alone.value) each.push_back(std::move(alone));
  }
  const auto id = [](const Reading& one) {
    return std::pair(std::get<SlidesCount>(one.from.what).slides, *one.value);
  };
  std::sort(each.begin(), each.end(),
            [&](const Reading& a, const Reading& b) { return id(a) < id(b); });
  return each;
}

Figure normoblasts_per_100_leukocytes(const SlideCounts& slide) {
  return ratio_of(slide, "erythroid", nullptr, wording::normoblast_figure());
}

Figure myeloid_erythroid_ratio(const SlideCounts& slide) {
  return ratio_of(slide, "myeloid", "erythroid", wording::myeloid_erythroid_figure());
}

}  // namespace cytocape::criteria
