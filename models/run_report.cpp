#include "models/detail/run_report.hpp"

#include <fmt/format.h>

#include "io/page_style.hpp"
#include "io/plot.hpp"
#include "io/report.hpp"
#include "io/text.hpp"

namespace cytocape::detail {
namespace {

PlotSeries series_of(const std::string& name, const std::vector<EpochFigures>& history,
                     double EpochFigures::*value, double scale) {
  PlotSeries series;
  series.name = name;
  for (const EpochFigures& row : history) {
    series.points.push_back({static_cast<double>(row.epoch), scale * row.*value, {}});
  }
  return series;
}

LineChart chart_of(const std::string& title, const std::string& unit,
                   std::vector<PlotSeries> series) {
  LineChart chart;
  chart.title = title;
  chart.x.label = "epoch";
  chart.y.label = unit;
  chart.series = std::move(series);
  return chart;
}

}  // namespace

std::string metrics_csv(const std::vector<EpochFigures>& history) {
  std::string lines =
      "epoch,train_loss,validation_loss,accuracy_ordinary,accuracy_cape,accuracy_moved,"
      "learning_rate_factor\n";
  for (const EpochFigures& row : history) {
    lines += fmt::format("{},{:.6g},{:.6g},{:.6g},{:.6g},{:.6g},{:.6g}\n", row.epoch,
                         row.train_loss, row.validation_loss, row.accuracy_ordinary,
                         row.accuracy_cape, row.accuracy_moved, row.learning_rate);
  }
  return lines;
}

std::string curves_html(const std::string& name, const std::vector<EpochFigures>& history) {
  const auto of = [&](const char* label, double EpochFigures::*value, double scale) {
    return series_of(label, history, value, scale);
  };
  auto losses = chart_of("Loss by epoch", "loss",
                         {of("training", &EpochFigures::train_loss, 1),
                          of("validation", &EpochFigures::validation_loss, 1)});
  losses.summary = "Training: the loss that is minimised. Validation: negative log likelihood.";
  auto accuracies = chart_of("Validation accuracy by epoch", "%",
                             {of("CAPE head", &EpochFigures::accuracy_cape, 100),
                              of("CAPE head, cells moved", &EpochFigures::accuracy_moved, 100),
                              of("ordinary head", &EpochFigures::accuracy_ordinary, 100)});
  const std::string title = escape_html("Training of " + name);
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
      "<meta name=\"color-scheme\" content=\"light dark\">"
      "<title>{0}</title><style>{1}{2}</style></head><body><p class=\"research\">{3}</p>"
      "<main><header><h1>{0}</h1></header><section><h2>Loss</h2>{4}<p class=\"note\">{5}</p>"
      "</section><section><h2>Accuracy on the validation split</h2>{6}</section></main>"
      "<p class=\"research\">{3}</p></body></html>\n",
      title, page_style(), plot_style(), kResearchUse, line_chart(losses), losses.summary,
      line_chart(accuracies));
}

}  // namespace cytocape::detail
