#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "embedded/page_differential.hpp"
#include "pipeline/pages/report/bars.hpp"
#include "pipeline/pages/report/parts.hpp"
#include "pipeline/pages/report/text.hpp"
#include "pipeline/settings/clinical_order.hpp"

namespace cytocape::report_page {
namespace {

using Slides = std::vector<const SlideReport*>;

/// Side by side; more would not fit a page.
constexpr std::size_t kSlidesOfATable = 2;

/// The leukocytes of the blood, where the laboratory gave them. Shares of a marrow are of no
/// volume.
std::optional<double> leukocytes(const criteria::Readings& readings, const SlideReport& report) {
  if (report.specimen != Specimen::blood) return std::nullopt;
  const auto found = readings.find("wbc");
  if (found == readings.end() || found->second.basis != criteria::Basis::exact) return std::nullopt;
  const auto value = found->second.value;
  return value && std::isfinite(*value) ? value : std::nullopt;
}

bool is_usable(const SlideReport& report) {
  return report.status == Status::ok;
}

bool has_reference(const SlideReport& report) {
  return std::any_of(report.differential.begin(), report.differential.end(), [](const auto& row) {
    return row.in_denominator && row.reference.has_value();
  });
}

/// One slide's part of the table. Of a slide that cannot be used numbers of cells stand in the
/// place of what would be taken for a result: bars, bold shares, absolute counts and H/L.
struct Column {
  const SlideReport& report;
  bool usable = true;
  std::optional<double> wbc;
  bool reference = false;
  bool alone = true;  ///< in its table: then there is room for bars
  double scale = 1;   ///< of the bars
};

bool has_bars(const Column& column) {
  return column.alone && column.usable;
}

std::vector<Column> columns_of(const Slides& slides, const criteria::Readings& readings) {
  std::vector<Column> columns;
  for (const auto* report : slides) {
    const bool usable = is_usable(*report);
    columns.push_back({*report, usable, usable ? leukocytes(readings, *report) : std::nullopt,
                       usable && has_reference(*report), slides.size() == 1, bar_scale(*report)});
  }
  return columns;
}

const char* step_code(CountStep step) {
  switch (step) {
    case CountStep::under_the_minimum:
      return "under";
    case CountStep::preliminary:
      return "preliminary";
    case CountStep::full:
      return "full";
  }
  return "";
}

std::string step_words(CountStep step) {
  switch (step) {
    case CountStep::under_the_minimum:
      return "under the minimum";
    case CountStep::preliminary:
      return "preliminary count";
    case CountStep::full:
      return "full count";
  }
  return "";
}

data head(const Column& column) {
  data item;
  // Two heads stand side by side: without "slide" each has one line.
  std::string specimen = labels_of(column.report.specimen).adjective;
  specimen.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(specimen.front())));
  item.set("slide", as_text(column.alone ? slide_words(column.report)
                                         : fmt::format("{} {}", specimen, column.report.slide.id)));
  item.set("denominator", counted(column.report.denominator, "cell", "cells"));
  const auto step = count_step(column.report);
  data words(data::type::bool_false);
  if (step) {
    words = data{"text", step_words(*step)};
    words.set("code", step_code(*step));
  }
  // A number of cells that would do says nothing where part of the slide was not read.
  if (column.report.status == Status::incomplete) {
    words = data{"text", "incomplete slide"};
    words.set("code", "preliminary");
  }
  item.set("step", words);
  item.set("bars", has_bars(column));
  item.set("usable", column.usable);
  item.set("has_absolute", column.wbc.has_value());
  item.set("has_reference", column.reference);
  const int span = 2 + (column.alone || !column.usable ? 1 : 0) + (column.wbc ? 1 : 0) +
                   (column.reference ? 2 : 0);
  item.set("span", std::to_string(span));
  return item;
}

/// A share as the table prints it, below a head that says per cent.
std::string share(double fraction) {
  const auto text = percent(fraction);
  const auto end = text.find(kSpace);
  return text.substr(0, end);
}

std::string range(const std::optional<Interval>& interval) {
  const auto text = interval ? percent_range(*interval) : std::string();
  return text.size() < 2 ? text : text.substr(1, text.size() - 2);
}

/// What a cell of the table says of a class or a sum of classes.
struct Entry {
  std::uint64_t count = 0;
  std::optional<double> fraction;
  std::optional<Interval> wilson95;
  std::optional<Interval> reference;
  std::string missing;  ///< why there is no share
};

void set_reference(data& cell, const Entry& entry) {
  const auto& usual = entry.reference;
  cell.set("reference", usual ? fmt::format("{}\u2013{}", number(100 * usual->low),
                                            std::isfinite(usual->high) ? number(100 * usual->high)
                                                                       : std::string("100"))
                              : std::string());
  data flag(data::type::bool_false);
  if (usual && entry.fraction && *entry.fraction < usual->low) {
    flag = data{"letter", "L"};
    flag.set("words", "below");
  }
  if (usual && entry.fraction && *entry.fraction > usual->high) {
    flag = data{"letter", "H"};
    flag.set("words", "above");
  }
  cell.set("flag", flag);
}

data cell(const Column& column, const Entry& entry, Marks& marks) {
  data item;
  const bool known = entry.fraction && std::isfinite(*entry.fraction);
  item.set("name", column.alone ? "%" : labels_of(column.report.specimen).adjective);
  item.set("bars", has_bars(column));
  item.set("usable", column.usable);
  item.set("count", known ? std::to_string(entry.count) : std::string());
  item.set("has_absolute", column.wbc.has_value());
  item.set("has_reference", column.reference);
  item.set("absent", !known);
  item.set("mark", "");
  if (!known) item.set("mark", marks.letter_of(entry.missing));
  item.set("fraction", known ? share(*entry.fraction) : std::string());
  item.set("interval", known ? range(entry.wilson95) : std::string());
  item.set("absolute",
           known && column.wbc ? fmt::format("{:.2f}", *entry.fraction * *column.wbc) : "");
  set_reference(item, entry);
  set_bar(item,
          {known ? entry.fraction : std::nullopt, known ? entry.wilson95 : std::nullopt,
           entry.reference},
          column.scale);
  return item;
}

/// A line of the table: a class, or a sum of classes, of any of the slides.
struct Line {
  std::string code;
  std::string label;
  bool sum = false;
};

std::vector<Line> class_lines(const std::vector<Column>& columns) {
  std::vector<Line> lines;
  for (const auto& column : columns)
    for (const auto& row : column.report.differential)
      if (row.in_denominator && std::none_of(lines.begin(), lines.end(), [&](const auto& line) {
            return line.code == row.name;
          }))
        lines.push_back({row.name, row.label});
  std::stable_sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) {
    return clinical_place(a.code) < clinical_place(b.code);
  });
  return lines;
}

/// Sums that say more than one line of a class does, or that the model cannot give.
std::vector<Line> sum_lines(const std::vector<Column>& columns) {
  std::vector<Line> lines;
  for (const auto& column : columns)
    for (const auto& group : column.report.groups)
      if (group.classes.size() != 1 &&
          std::none_of(lines.begin(), lines.end(),
                       [&](const auto& line) { return line.code == group.code; }))
        lines.push_back({group.code, group.label, true});
  return lines;
}

constexpr const char* kNotAssessed = "not assessed by this model";

Entry entry_of(const SlideReport& report, const Line& line) {
  if (line.sum) {
    for (const auto& group : report.groups)
      if (group.code == line.code)
        return {group.count, group.fraction, group.wilson95, std::nullopt,
                group.classes.empty() ? kNotAssessed : "no cell was counted"};
    return {0, std::nullopt, std::nullopt, std::nullopt, "not summed for this specimen"};
  }
  for (const auto& row : report.differential) {
    if (row.name != line.code) continue;
    if (!row.in_denominator)
      return {0, std::nullopt, std::nullopt, std::nullopt, "outside the count of this specimen"};
    return {row.count, row.fraction, row.wilson95, row.reference, "no cell was counted"};
  }
  return {0, std::nullopt, std::nullopt, std::nullopt, kNotAssessed};
}

data table(const std::vector<Column>& columns, Marks& marks) {
  List heads;
  for (const auto& column : columns) heads.push_back(head(column));
  auto lines = class_lines(columns);
  const auto sums = sum_lines(columns);
  lines.insert(lines.end(), sums.begin(), sums.end());
  List rows;
  for (const auto& line : lines) {
    List cells;
    for (const auto& column : columns)
      cells.push_back(cell(column, entry_of(column.report, line), marks));
    data row;
    row.set("label", as_text(line.label));
    row.set("sum", line.sum);
    row.set("cells", cells);
    rows.push_back(row);
  }
  std::vector<std::string> titles;
  for (const auto& column : columns) titles.push_back(slide_words(column.report));
  data item;
  item.set("title", as_text(joined(titles, " and ")));
  item.set("alone", columns.size() == 1);
  item.set("columns", heads);
  item.set("rows", rows);
  return item;
}

/// A slide is named where there are several of its specimen: what is said of blood and of marrow
/// has other names.
std::string of_several(const Slides& slides, const SlideReport& report) {
  const auto alike = std::count_if(slides.begin(), slides.end(), [&](const auto* slide) {
    return slide->specimen == report.specimen;
  });
  return alike > 1 ? slide_words(report) : "";
}

/// With the space before it; empty where the label says it.
std::string unit_beside(Unit unit) {
  const std::string set = typeset(unit);
  return set.empty() ? set : kSpace + set;
}

/// One decimal, as the shares beside it have.
std::string tenths(double value) {
  if (!std::isfinite(value)) return kDash;
  return value > 0 && value < 0.05 ? "<0.1" : fmt::format("{:.1f}", value);
}

std::string tenths_range(const Interval& interval) {
  if (!std::isfinite(interval.high)) return fmt::format("({} or more)", tenths(interval.low));
  return fmt::format("({}\u2013{})", tenths(interval.low), tenths(interval.high));
}

List figure_items(const Slides& slides) {
  List items;
  for (const auto* report : slides) {
    for (const auto& entry : report->figures) {
      data item;
      const bool known = entry.value && std::isfinite(*entry.value);
      item.set("slide", optional_text(of_several(slides, *report)));
      item.set("label", as_text(entry.label));
      item.set("value", known ? tenths(*entry.value) : std::string(kDash));
      item.set("unit", as_text(known ? unit_beside(entry.unit) : ""));
      item.set("interval",
               optional_text(known && entry.interval ? tenths_range(*entry.interval) : ""));
      item.set("gap", optional_text(known ? "" : entry.gap.empty() ? "not known" : entry.gap));
      items.push_back(item);
    }
  }
  return items;
}

List outside_items(const Slides& slides) {
  List items;
  for (const auto* report : slides) {
    std::vector<std::string> words;
    for (const auto& row : report->differential)
      if (!row.in_denominator) words.push_back(fmt::format("{} {}", row.label, row.count));
    if (words.empty()) continue;
    const auto slide = slides.size() > 1 ? slide_words(*report) : std::string();
    items.push_back(
        data{"text", as_text((slide.empty() ? "" : slide + ": ") + joined(words, ", "))});
  }
  return items;
}

List note_items(const Slides& slides, const criteria::CaseResult& assessment) {
  std::vector<std::string> notes;
  const auto add = [&](const std::string& note) {
    if (!note.empty() && std::find(notes.begin(), notes.end(), note) == notes.end())
      notes.push_back(note);
  };
  for (const auto* report : slides) {
    if (!is_usable(*report)) {
      add(
          fmt::format("{} is {}: numbers of cells stand in the place of bars, absolute counts and "
                      "H/L, and no percentage is bold.",
                      slide_words(*report), to_string(report->status)));
      continue;
    }
    if (const auto wbc = leukocytes(assessment.readings, *report))
      add(fmt::format("Absolute counts: share \u00d7 WBC {}{}{} ({}).", number(*wbc), kSpace,
                      typeset(Unit::cells_per_volume),
                      assessment.readings.at("wbc").source.typeset()));
    if (has_reference(*report))
      add(fmt::format("Reference intervals: {}. H above, L below.", report->reference_source));
  }
  List items;
  for (const auto& note : notes) items.push_back(data{"text", as_text(note)});
  return items;
}

}  // namespace

std::string differential(const criteria::CaseResult& assessment,
                         std::span<const SlideReport> slides) {
  data values;
  List withheld;
  Slides counted;
  for (const auto& report : slides) {
    if (!has_counts(report)) continue;
    if (const auto why = why_withheld(report); !why.empty()) {
      withheld.push_back(data{"text", as_text(why)});
      withheld.back().set("slide", as_text(slide_words(report)));
    } else {
      counted.push_back(&report);
    }
  }
  Marks marks;
  List tables;
  for (std::size_t i = 0; i < counted.size(); i += kSlidesOfATable) {
    const auto begin = counted.begin() + static_cast<std::ptrdiff_t>(i);
    const auto size = std::min(kSlidesOfATable, counted.size() - i);
    const auto columns =
        columns_of({begin, begin + static_cast<std::ptrdiff_t>(size)}, assessment.readings);
    if (class_lines(columns).empty()) continue;
    tables.push_back(table(columns, marks));
  }
  values.set("any", !tables.empty() || !withheld.empty());
  values.set("withheld", withheld);
  values.set("tables", tables);
  values.set("figures", figure_items(counted));
  const auto outside = outside_items(counted);
  values.set("has_outside", !outside.empty());
  values.set("outside", outside);
  values.set("notes", note_items(counted, assessment));
  values.set("marks", marks.list());
  return render(text::page_differential, values);
}

}  // namespace cytocape::report_page
