#include <fmt/format.h>

#include <algorithm>
#include <kainjow/mustache.hpp>

#include "embedded/adapt_template.hpp"
#include "io/errors.hpp"
#include "io/text.hpp"
#include "pipeline/adaptation/adapt.hpp"
#include "pipeline/evaluation/figure_tables.hpp"
#include "pipeline/evaluation/figure_text.hpp"
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

List tiles(const AdaptReport& report) {
  List list;
  const auto add = [&](const char* name, const Proportion& before, const Proportion& after) {
    add_row(list, name, percent(after.share),
            fmt::format("{} before: {} {}", bracketed(after.wilson95), percent(before.share),
                        bracketed(before.wilson95)));
  };
  add("right over groups", report.groups_before, report.groups_after);
  add("right over classes", report.classes_before, report.classes_after);
  add("known before, right over groups", report.home_before, report.home_after);
  add_row(list, "calibration error", fmt::format("{:.3f}", report.ece_after),
          fmt::format("before: {:.3f}; ECE, 15 bins", report.ece_before));
  const auto strange = [&](const char* name, const StrangeCount& before,
                           const StrangeCount& after) {
    if (after.cells == 0) return;
    const auto share = [&](const StrangeCount& one) {
      return proportion(static_cast<std::uint64_t>(one.strange),
                        static_cast<std::uint64_t>(one.cells));
    };
    add(name, share(before), share(after));
  };
  strange("strange cells of the site", report.site_before, report.site_after);
  strange("strange cells of another specimen", report.other_before, report.other_after);
  return list;
}

List class_rows(const AdaptReport& report) {
  auto classes = report.classes;
  std::stable_sort(classes.begin(), classes.end(), [](const auto& a, const auto& b) {
    return clinical_place(a.name) < clinical_place(b.name);
  });
  List rows;
  for (const auto& one : classes) {
    data row;
    put(row, "label", one.label + (one.fresh ? " (new)" : ""));
    put(row, "taught", std::to_string(one.taught));
    put(row, "before", percent_number(one.before.share));
    put(row, "before_95", bracketed(one.before.wilson95));
    put(row, "after", percent_number(one.after.share));
    put(row, "after_95", bracketed(one.after.wilson95));
    put(row, "home",
        fmt::format("{} \u2192 {}", percent_number(one.home_before.share),
                    percent_number(one.home_after.share)));
    put(row, "advice", one.advice);
    rows.push_back(row);
  }
  return rows;
}

std::string curve(const AdaptReport& report) {
  LineChart chart;
  chart.title = "Accuracy over groups by the number of cells learnt from";
  chart.summary =
      fmt::format("from {} without any to {} with all", percent(report.groups_before.share),
                  percent(report.groups_after.share));
  chart.x = {.label = "cells of the laboratory", .low = 0, .high = {}};
  chart.y = {.label = "right, %", .low = {}, .high = 100};
  PlotSeries series{.name = "", .points = {}, .dot_texts = {}};
  const auto add = [&](std::size_t cells, const Proportion& right) {
    PlotPoint point{
        .x = static_cast<double>(cells), .y = 100 * right.share.value_or(0), .interval = {}};
    if (right.wilson95)
      point.interval = Interval{100 * right.wilson95->low, 100 * right.wilson95->high};
    series.points.push_back(point);
    series.dot_texts.push_back(fmt::format("{} cells: {}", cells, percent(right.share)));
  };
  add(0, report.groups_before);
  for (const auto& point : report.curve) add(point.cells, point.groups);
  chart.series.push_back(std::move(series));
  return line_chart(chart);
}

List provenance(const AdaptReport& report) {
  List list;
  const auto& request = report.request;
  add_row(list, "taught model", fmt::format("{}, {}", report.model, request.model.string()));
  add_row(list, "its SHA-256", report.model_sha256);
  add_row(list, "laboratory", request.site);
  add_row(list, "labelled by", request.reviewer.empty() ? "not told" : request.reviewer);
  add_row(list, "cells", fmt::format("{} in {}", report.cells, request.data.string()));
  add_row(list, "pixel size", fmt::format("{:.4g} um, from the user", request.mpp));
  add_row(list, "groups", fmt::format("{}: {}", report.groups, report.groups_from));
  add_row(list, "files left out", std::to_string(report.passed_over));
  add_row(list, "colours", wording::appearance_sentence(report.appearance));
  add_row(list, "limits of the model", report.limits);
  add_row(list, "command", request.command);
  add_row(list, "started", wording::time_words(report.started_utc));
  add_row(list, "took", fmt::format("{:.0f} s", report.seconds));
  return list;
}

}  // namespace

std::string adapt_html(const AdaptReport& report) {
  data page;
  set_frame(page);
  put(page, "figures_style", figures_style());
  put(page, "plot_style", plot_style());
  put(page, "model", report.model);
  put(page, "site", report.request.site);
  put(page, "facts",
      fmt::format("{} cells in {} groups \u00b7 {}", report.cells, report.groups,
                  wording::time_words(report.started_utc)));
  put(page, "how",
      fmt::format(
          "Of the laboratory's cells, each held back from the fit that called it: {} folds "
          "over groups ({}). The model that was written is fitted on all of them. Were both "
          "models equally good, so uneven a split of the cells that only one of them calls "
          "rightly would have p = {:.2g} (McNemar's exact test).",
          report.folds, report.groups_from, report.better_p));
  List warnings;
  for (const auto& warning : report.warnings) warnings.push_back(data{"text", valid_utf8(warning)});
  page.set("warnings", warnings);
  page.set("tiles", tiles(report));
  page.set("classes", class_rows(report));
  put(page, "curve", curve(report));
  page.set("provenance", provenance(report));
  kainjow::mustache::mustache page_template{std::string(text::adapt_template)};
  auto html = page_template.render(page);
  if (!page_template.is_valid())
    throw StorageError("adapt.html: the page template is damaged: " +
                       page_template.error_message());
  return html;
}

}  // namespace cytocape
