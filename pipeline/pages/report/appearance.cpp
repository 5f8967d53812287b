#include "pipeline/wording/appearance.hpp"

#include "embedded/page_appearance.hpp"
#include "io/image_codec.hpp"
#include "pipeline/pages/report/laboratories.hpp"
#include "pipeline/pages/report/parts.hpp"
#include "pipeline/pages/report/text.hpp"

namespace cytocape::report_page {
namespace {

data lab_row(const std::string& name, const LabStatistics& statistics) {
  List figures;
  for (std::size_t channel = 0; channel < 3; ++channel)
    figures.push_back(data{"text", wording::lab_figures(statistics, channel)});
  data row;
  row.set("name", as_text(name));
  row.set("figures", figures);
  return row;
}

List lab_rows(const AppearanceUse& use, const std::vector<LaboratoryColours>& laboratories) {
  List rows;
  if (use.own)
    rows.push_back(lab_row("this slide, " + counted(use.cells, "cell", "cells"), *use.own));
  if (use.own && use.model) rows.push_back(lab_row("the model's training cells", *use.model));
  if (use.own)
    for (const auto& one : laboratories)
      rows.push_back(lab_row("learnt from: " + one.name, one.lab));
  return rows;
}

List strip_of(const AppearanceUse& use) {
  List strip;
  for (const auto& cell : use.strip) {
    data pair;
    pair.set("number", std::to_string(strip.size() + 1));
    pair.set("before", data_uri("image/jpeg", cell.before));
    pair.set("after", data_uri("image/jpeg", cell.after));
    strip.push_back(pair);
  }
  return strip;
}

}  // namespace

std::string appearance(const SlideReport& report) {
  const auto& use = report.appearance;
  data values;
  values.set("short", use.outcome == AppearanceOutcome::applied ? "mapped" : "not mapped");
  values.set("sentence", wording::appearance_sentence(use));
  const auto laboratories = laboratories_of(report.model);
  const auto rows = lab_rows(use, laboratories);
  values.set("has_rows", !rows.empty());
  values.set("rows", rows);
  values.set("plot", laboratory_plot(laboratories, use.own));
  const auto strip = strip_of(use);
  values.set("has_strip", !strip.empty());
  values.set("strip", strip);
  return render(text::page_appearance, values);
}

}  // namespace cytocape::report_page
