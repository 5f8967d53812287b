#include "pipeline/criteria/counts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "embedded/criteria_cells.hpp"
#include "io/errors.hpp"
#include "pipeline/statistics.hpp"
#include "pipeline/taxonomy.hpp"
#include "pipeline/toml_reader.hpp"

namespace cytocape::criteria {
namespace {

std::map<std::string, CellGroup> read_cell_groups() {
  TomlReader reader;
  reader.add(text::criteria_cells, "configs/criteria/cells.toml");
  std::map<std::string, CellGroup> groups;
  for (const auto& code : reader.tables_below("cells")) {
    const auto prefix = "cells." + code;
    CellGroup group{.code = code,
                    .label = reader.text(prefix + ".label"),
                    .note = reader.has(prefix + ".note") ? reader.text(prefix + ".note") : "",
                    .parts = {}};
    for (const auto& part : reader.keys_below(prefix + ".part")) {
      std::string name = part;
      std::replace(name.begin(), name.end(), '_', ' ');
      CellPart cells{.name = name, .classes = reader.texts(prefix + ".part." + part)};
      for (auto& name_of_class : cells.classes) name_of_class = cell_class(name_of_class).code;
      group.parts.push_back(std::move(cells));
    }
    groups[code] = std::move(group);
  }
  reader.refuse_unread();
  return groups;
}

bool covers(const SlideCounts& slide, const CellPart& part) {
  return std::any_of(part.classes.begin(), part.classes.end(),
                     [&](const std::string& code) { return slide.called.contains(code); });
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

std::string why_left_out(const SlideCounts& slide) {
  return fmt::format("slide {} is {}{}{}", slide.slide, to_string(slide.status),
                     slide.reasons.empty() ? "" : ": ", fmt::join(slide.reasons, "; "));
}

/// The slides to be pooled: ok, and knowing as many parts as the best of them.
std::vector<const SlideCounts*> choose_slides(const std::vector<SlideCounts>& slides,
                                              const std::string& specimen, const CellGroup& group,
                                              std::vector<std::string>& left_out) {
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
      left_out.push_back(fmt::format("the model of slide {} knows {} of the {} parts of {}",
                                     slide.slide, parts_known(slide, group), group.parts.size(),
                                     group.label));
  }
  std::sort(left_out.begin(), left_out.end());
  return chosen;
}

void add_classes(const std::vector<const SlideCounts*>& slides, const CellGroup& group,
                 GroupCount& result) {
  std::set<std::string> members;
  for (const auto& part : group.parts) {
    const bool known = std::all_of(slides.begin(), slides.end(),
                                   [&](const auto* slide) { return covers(*slide, part); });
    if (!known) result.unknown_parts.push_back(part.name);
    members.insert(part.classes.begin(), part.classes.end());
  }
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

/// `below` null: over the leukocytes or nucleated cells counted.
Figure ratio_of(const SlideCounts& slide, const char* above, const char* below, double scale) {
  Figure figure;
  if (slide.status != Status::ok) {
    figure.gap = why_left_out(slide);
    return figure;
  }
  const auto upper = count_group({slide}, slide.specimen, cell_group(above));
  figure.numerator = upper.count;
  figure.denominator = upper.total;
  auto unknown = upper.unknown_parts;
  if (below != nullptr) {
    const auto lower = count_group({slide}, slide.specimen, cell_group(below));
    figure.denominator = lower.count;
    unknown.insert(unknown.end(), lower.unknown_parts.begin(), lower.unknown_parts.end());
  }
  if (!unknown.empty()) {
    figure.gap = fmt::format("the model does not know {}", fmt::join(unknown, ", "));
    return figure;
  }
  const auto ratio = ratio95(figure.numerator, figure.denominator);
  if (!ratio) {
    figure.gap = figure.numerator == 0 ? "nothing was counted" : "the denominator is 0";
    return figure;
  }
  figure.value = scale * ratio->value;
  figure.interval = Interval{scale * ratio->interval.low, scale * ratio->interval.high};
  return figure;
}

}  // namespace

SlideCounts counts_of(const SlideReport& report) {
  SlideCounts counts{.slide = report.slide.id,
                     .specimen = report.specimen,
                     .status = report.status,
                     .reasons = report.status_reasons,
                     .called = {}};
  for (const auto& row : report.differential) counts.called[row.name] += row.count;
  return counts;
}

const CellGroup& cell_group(const std::string& code) {
  static const auto groups = read_cell_groups();
  const auto found = groups.find(code);
  if (found == groups.end())
    throw ConfigError(fmt::format("configs/criteria/cells.toml: there is no [cells.{}]", code));
  return found->second;
}

GroupCount count_group(const std::vector<SlideCounts>& slides, const std::string& specimen,
                       const CellGroup& group) {
  GroupCount result;
  const auto chosen = choose_slides(slides, specimen, group, result.left_out);
  if (chosen.empty()) {
    for (const auto& part : group.parts) result.unknown_parts.push_back(part.name);
    return result;
  }
  for (const auto* slide : chosen) {
    result.total += denominator_of(*slide);
    result.slides.push_back(slide->slide);
  }
  result.usable = result.total > 0;
  std::sort(result.slides.begin(), result.slides.end());
  add_classes(chosen, group, result);
  return result;
}

Figure normoblasts_per_100_leukocytes(const SlideCounts& slide) {
  auto figure = ratio_of(slide, "erythroid", nullptr, 100);
  figure.label = "normoblasts per 100 leukocytes";
  figure.unit = "/100 leukocytes";
  figure.rule = "Normoblasts are outside the leukocytes: 100 x normoblasts / leukocytes counted.";
  return figure;
}

Figure myeloid_erythroid_ratio(const SlideCounts& slide) {
  auto figure = ratio_of(slide, "myeloid", "erythroid", 1);
  figure.label = "myeloid:erythroid ratio";
  figure.unit = ":1";
  figure.rule =
      "Granulocytes, monocytes and their precursors / nucleated erythroid cells; lymphocytes, "
      "plasma cells and megakaryocytes are on neither side.";
  return figure;
}

}  // namespace cytocape::criteria
