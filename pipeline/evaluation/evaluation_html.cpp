#include <fmt/format.h>

#include <algorithm>
#include <kainjow/mustache.hpp>
#include <numeric>

#include "embedded/evaluation_template.hpp"
#include "io/errors.hpp"
#include "io/text.hpp"
#include "pipeline/evaluation/evaluate.hpp"
#include "pipeline/evaluation/figure_tables.hpp"
#include "pipeline/evaluation/figure_text.hpp"
#include "pipeline/evaluation/warnings.hpp"
#include "pipeline/pages/page_frame.hpp"
#include "pipeline/pages/page_style.hpp"
#include "pipeline/pages/plot.hpp"
#include "pipeline/settings/clinical_order.hpp"
#include "pipeline/wording/appearance.hpp"
#include "pipeline/wording/review.hpp"

namespace cytocape {
namespace {

using kainjow::mustache::data;
using List = kainjow::mustache::list;

/// A point of the reliability plot needs as many: fewer calls say nothing and draw the eye.
constexpr std::int64_t kLeastInBin = 5;

data tiles(const Evaluation& evaluation) {
  List list;
  const auto add = [&](const char* name, const Proportion& p) {
    add_row(list, name, percent(p.share), bracketed(p.wilson95));
  };
  if (evaluation.slide) {
    add("cells found (recall)", evaluation.slide->recall);
    add("found objects that are cells (precision)", evaluation.slide->precision);
    add_row(list, "differential error",
            fmt::format("{:.2f}", evaluation.slide->mean_absolute_points),
            "points, mean over classes");
  }
  const auto& head = evaluation.heads.front();
  if (head.accuracy.total > 0) {
    add("accuracy", head.accuracy);
    add("accuracy over groups", head.group_accuracy);
    add_row(list, "macro F1", fmt::format("{:.3f}", head.figures.macro_f1),
            fmt::format("({:.3f}\u2013{:.3f})", head.intervals.macro_f1.low,
                        head.intervals.macro_f1.high));
    add_row(list, "calibration error", fmt::format("{:.3f}", head.figures.ece), "ECE, 15 bins");
  }
  if (evaluation.moved) {
    const auto& cape = evaluation.moved->by_kind[static_cast<std::size_t>(MapKind::cape)];
    add_row(list, "evidence inside / reflected", ratio_text(cape),
            label_of(MapKind::cape, evaluation.model_warnings.calibrated) +
                "; cells moved; a blind map has 1");
    add_row(list, "centroid follows the cell", percent(cape.follows.share),
            bracketed(cape.follows.wilson95) + "; a blind map has 50 %");
  }
  if (evaluation.throughput)
    add_row(list, "throughput", fmt::format("{:.0f} /s", evaluation.throughput->images_per_second),
            fmt::format("images; network alone {:.0f} /s",
                        evaluation.throughput->network_images_per_second));
  return list;
}

/// Places of the classes in the order in which a film is read, whatever the model's.
std::vector<std::size_t> clinical_order(const HeadScore& head) {
  std::vector<std::size_t> order(head.classes.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return clinical_place(head.classes[a].name) < clinical_place(head.classes[b].name);
  });
  return order;
}

std::string f1_chart(const HeadScore& head) {
  BarChart chart;
  chart.title = "F1 of each class with 95 % intervals";
  chart.axis = {.label = "F1", .low = 0, .high = 1};
  for (const auto c : clinical_order(head)) {
    const auto& one = head.classes[c];
    if (!one.f1) continue;
    chart.bars.push_back({.label = one.label,
                          .value = one.f1,
                          .interval = one.f1_95,
                          .text = fmt::format("{:.2f}", *one.f1)});
  }
  return bar_chart(chart);
}

std::string confusion(const HeadScore& head, const char* cells) {
  HeatTable table;
  table.caption = fmt::format("{}, rows: true class, columns: called class", cells);
  table.row_title = "true";
  table.column_title = "called";
  const auto order = clinical_order(head);
  for (const auto row : order) {
    table.rows.push_back(head.classes[row].label);
    table.columns.push_back(head.classes[row].label);
    auto& counts = table.counts.emplace_back();
    for (const auto column : order) counts.push_back(head.figures.confusion[row][column]);
  }
  return heat_table(table);
}

std::string reliability_chart(const std::vector<HeadScore>& heads) {
  LineChart chart;
  chart.title = "Reliability";
  chart.summary = fmt::format("expected calibration error {:.3f}", heads.front().figures.ece);
  chart.x = {.label = "probability of the called class, %", .low = 0, .high = 100};
  chart.y = {.label = "right, %", .low = 0, .high = 100};
  chart.diagonal = true;
  for (const auto& head : heads) {
    PlotSeries series{.name = head.name, .points = {}, .dot_texts = {}};
    for (const auto& bin : head.bins) {
      if (bin.count < kLeastInBin) continue;
      const auto right =
          proportion(static_cast<std::uint64_t>(bin.right), static_cast<std::uint64_t>(bin.count));
      PlotPoint point{.x = 100 * bin.mean_confidence, .y = 100 * *right.share, .interval = {}};
      if (&head == &heads.front())
        point.interval = Interval{100 * right.wilson95->low, 100 * right.wilson95->high};
      series.points.push_back(point);
      series.dot_texts.push_back(fmt::format("{} of {} right", bin.right, bin.count));
    }
    chart.series.push_back(std::move(series));
  }
  return line_chart(chart);
}

std::string coverage_chart(const std::vector<HeadScore>& heads) {
  LineChart chart;
  chart.title = "Risk and coverage";
  chart.summary =
      fmt::format("{} wrong when all cells are called", percent(1 - *heads.front().accuracy.share));
  chart.x = {.label = "calls kept, most certain first, %", .low = 0, .high = 100};
  chart.y = {.label = "wrong among these, %", .low = 0, .high = {}};
  for (const auto& head : heads) {
    PlotSeries series{.name = head.name, .points = {}, .dot_texts = {}};
    // A pixel's worth of points is enough.
    const auto step = std::max<std::size_t>(1, head.coverage.size() / 400);
    for (std::size_t i = 0; i < head.coverage.size(); i += step)
      series.points.push_back({100 * head.coverage[i].coverage, 100 * head.coverage[i].risk, {}});
    const auto& last = head.coverage.back();
    series.points.push_back({100 * last.coverage, 100 * last.risk, {}});
    chart.series.push_back(std::move(series));
  }
  if (const auto& at = heads.front().operating; at && at->wrong.share) {
    chart.series.push_back(
        {.name = "the model's threshold",
         .points = {{100 * *at->called.share, 100 * *at->wrong.share, {}}},
         .dot_texts = {fmt::format("probability {:.3f}: {} of {} called, {} wrong", at->threshold,
                                   at->called.count, at->called.total, at->wrong.count)}});
  }
  return line_chart(chart);
}

void set_classes(data& page, const HeadScore& head) {
  List rows;
  for (const auto c : clinical_order(head)) {
    const auto& one = head.classes[c];
    data row;
    put(row, "label", one.label);
    put(row, "cells", std::to_string(one.recall.total));
    put(row, "recall", percent_number(one.recall.share));
    put(row, "recall_95", bracketed(one.recall.wilson95));
    put(row, "precision", percent_number(one.precision.share));
    put(row, "precision_95", bracketed(one.precision.wilson95));
    put(row, "f1", one.f1 ? fmt::format("{:.2f}", *one.f1) : kDash);
    put(row, "f1_95",
        one.f1_95 ? fmt::format("({:.2f}\u2013{:.2f})", one.f1_95->low, one.f1_95->high) : "");
    rows.push_back(row);
  }
  page.set("classes", rows);
}

void set_judged(data& page, const Evaluation& evaluation) {
  const auto& head = evaluation.heads.front();
  page.set("judged", head.accuracy.total > 0);
  if (head.accuracy.total == 0) return;
  const char* cells = evaluation.slide ? "matched cells" : "images";
  put(page, "cells_name", cells);
  put(page, "class_note",
      fmt::format(
          "{} {}, called by CAPE's probability.{}", head.accuracy.total, cells,
          evaluation.slide ? " Cells excluded by the analysis are in none of the figures." : ""));
  put(page, "f1_chart", f1_chart(head));
  put(page, "confusion", confusion(head, cells));
  put(page, "reliability", reliability_chart(evaluation.heads));
  put(page, "coverage", coverage_chart(evaluation.heads));
  set_classes(page, head);
  page.set("heads", heads_table(evaluation.heads));
}

void set_apart(data& page, const Evaluation& evaluation) {
  List rows;
  for (const auto& folder : evaluation.apart) {
    data row;
    put(row, "name", folder.name);
    put(row, "images", std::to_string(folder.images));
    put(row, "called", called_text(folder, evaluation.model.classes));
    rows.push_back(row);
  }
  page.set("has_apart", !rows.empty());
  page.set("apart", rows);
}

void set_against(data& page, const Evaluation& evaluation) {
  page.set("against", data(data::type::bool_false));
  if (!evaluation.comparison) return;
  const auto& other = *evaluation.comparison;
  data section;
  put(section, "name", other.model);
  put(section, "images", std::to_string(other.images));
  put(section, "sha256", other.sha256);
  List rows;
  const auto add = [&](const char* over, const PairedCounts& counts) {
    data row;
    put(row, "over", over);
    put(row, "both", std::to_string(counts.both));
    put(row, "first", std::to_string(counts.only_first));
    put(row, "second", std::to_string(counts.only_second));
    put(row, "neither", std::to_string(counts.neither));
    put(row, "p", fmt::format("{:.2g}", counts.p));
    rows.push_back(row);
  };
  add("groups", other.groups);
  add("classes", other.classes);
  section.set("rows", rows);
  page.set("against", section);
}

data account(const char* title, const std::map<std::string, std::uint64_t>& counts) {
  List rows;
  for (const auto& [name, count] : counts) {
    data row;
    put(row, "name", name);
    put(row, "count", std::to_string(count));
    rows.push_back(row);
  }
  data table;
  put(table, "title", title);
  table.set("rows", rows);
  return table;
}

data kind_rows(const SlideScore& score) {
  List rows;
  for (const auto& kind : score.kinds) {
    data row;
    put(row, "name", kind.name);
    put(row, "cells", std::to_string(kind.cells));
    put(row, "classified", std::to_string(kind.classified));
    put(row, "excluded", std::to_string(kind.excluded));
    put(row, "merged", std::to_string(kind.merged));
    put(row, "missed", std::to_string(kind.missed));
    rows.push_back(row);
  }
  return rows;
}

data differential_rows(const SlideScore& score) {
  auto classes = score.differential;
  std::stable_sort(classes.begin(), classes.end(), [](const auto& a, const auto& b) {
    return clinical_place(a.name) < clinical_place(b.name);
  });
  List rows;
  for (const auto& one : classes) {
    data row;
    put(row, "label", one.label);
    put(row, "true_count", std::to_string(one.true_count));
    put(row, "found_count", std::to_string(one.found_count));
    put(row, "true_share", percent_number(one.true_share));
    put(row, "found_share", percent_number(one.found_share));
    put(row, "points", points_text(one));
    rows.push_back(row);
  }
  return rows;
}

void set_slide(data& page, const Evaluation& evaluation) {
  page.set("slide", data(data::type::bool_false));
  if (!evaluation.slide) return;
  const auto& score = *evaluation.slide;
  data section;
  List reasons;
  for (const auto& reason : score.reasons) reasons.push_back(data{"text", valid_utf8(reason)});
  section.set("reasons", reasons);
  put(section, "status", to_string(score.status));
  section.set("kinds", kind_rows(score));
  List accounts;
  accounts.push_back(account("True cells that were excluded, by reason", score.excluded));
  accounts.push_back(account("Classified, but not a cell of its own", score.false_found));
  section.set("accounts", accounts);
  section.set("differential", differential_rows(score));
  section.set("report", data{"href", valid_utf8("analysis/" + score.id + "/report.html")});
  page.set("slide", section);
}

data provenance(const Evaluation& evaluation) {
  const auto& [model, run, from] = std::tie(evaluation.model, evaluation.run, evaluation.data);
  List list;
  add_row(list, "model",
          fmt::format("{}, {} px at {:.4g} \u00b5m, maps of {} \u00d7 {}", model.name,
                      model.input_px, model.mpp, model.map_height, model.map_width));
  add_row(list, "model file", model.path);
  add_row(list, "model SHA-256", model.sha256);
  add_row(list, "figures on its card are those of",
          evaluation.model_warnings.figures_of.empty() ? "its own validation split"
                                                       : evaluation.model_warnings.figures_of);
  add_row(list, "data", from.path.string());
  add_row(list, "colours", wording::appearance_sentence(evaluation.appearance));
  if (!from.list.empty()) add_row(list, "only images in", from.list.string());
  if (from.mpp > 0)
    add_row(list, "pixel size",
            fmt::format("{:.4g} \u00b5m, from the user; crops of {} px", from.mpp, from.crop_px));
  for (const auto& [name, as] : from.renamed) add_row(list, "taken as " + as, name);
  add_row(list, "program", fmt::format("cytocape {} ({})", run.tool_version, run.commit));
  add_row(list, "command", run.command);
  add_row(list, "device", run.device);
  add_row(list, "started", wording::time_words(run.started_utc));
  add_row(list, "finished", wording::time_words(run.finished_utc));
  return list;
}

/// Before any figure.
List warnings(const Evaluation& evaluation) {
  List list;
  for (const auto& warning : warnings_of(evaluation))
    list.push_back(data{"text", valid_utf8(warning)});
  const auto& limits = evaluation.model_warnings.limits;
  if (!limits.empty())
    list.push_back(data{
        "text", valid_utf8(fmt::format("Limits of model {}: {}", evaluation.model.name, limits))});
  return list;
}

std::string facts(const Evaluation& evaluation) {
  std::uint64_t images = 0;
  for (const auto& [name, count] : evaluation.data.classes) images += count;
  return fmt::format("{} {} of {} classes \u00b7 {}", images,
                     evaluation.slide ? "true cells and decoys" : "images",
                     evaluation.data.classes.size(),
                     wording::time_words(evaluation.run.finished_utc));
}

}  // namespace

std::string evaluation_html(const Evaluation& evaluation) {
  data page;
  set_frame(page);
  put(page, "figures_style", figures_style());
  put(page, "plot_style", plot_style());
  put(page, "model", evaluation.model.name);
  // The last part of a path that may end in a slash.
  const auto path = evaluation.data.path;
  put(page, "data", (path.has_filename() ? path : path.parent_path()).filename().string());
  put(page, "facts", facts(evaluation));
  page.set("warnings", warnings(evaluation));
  page.set("tiles", tiles(evaluation));
  set_slide(page, evaluation);
  set_judged(page, evaluation);
  set_apart(page, evaluation);
  set_against(page, evaluation);
  const bool calibrated = evaluation.model_warnings.calibrated;
  page.set("explained", evaluation.explanations
                            ? explanations_table(*evaluation.explanations, calibrated)
                            : data(data::type::bool_false));
  page.set("moved", evaluation.moved ? moved_table(*evaluation.moved, calibrated)
                                     : data(data::type::bool_false));
  page.set("provenance", provenance(evaluation));
  kainjow::mustache::mustache page_template{std::string(text::evaluation_template)};
  auto html = page_template.render(page);
  if (!page_template.is_valid())
    throw StorageError("evaluation.html: the page template is damaged: " +
                       page_template.error_message());
  return html;
}

}  // namespace cytocape
