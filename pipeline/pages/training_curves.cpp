#include "pipeline/pages/training_curves.hpp"

#include <fmt/format.h>

#include "io/report.hpp"
#include "io/text.hpp"
#include "pipeline/pages/page_style.hpp"
#include "pipeline/pages/plot.hpp"

namespace cytocape {
namespace {

PlotSeries training_loss(const std::vector<EpochFigures>& history) {
  PlotSeries series;
  series.name = "training";
  for (const EpochFigures& row : history) {
    series.points.push_back({static_cast<double>(row.epoch), row.train_loss, {}});
  }
  return series;
}

PlotSeries series_of(const std::string& name, const std::vector<EpochFigures>& history,
                     double ValidationFigures::*value, double scale) {
  PlotSeries series;
  series.name = name;
  for (const EpochFigures& row : history) {
    if (!row.validation) continue;
    series.points.push_back({static_cast<double>(row.epoch), scale * *row.validation.*value, {}});
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

LineChart accuracy_chart(const TrainOptions& options, const std::vector<EpochFigures>& history) {
  const auto of = [&](const std::string& label, double ValidationFigures::*value) {
    return series_of(label, history, value, 100);
  };
  const std::string head = options.scheme == "cam" ? "ordinary head" : "CAPE head";
  std::vector<PlotSeries> series = {of(head, &ValidationFigures::accuracy),
                                    of(head + ", cells moved", &ValidationFigures::accuracy_moved)};
  if (options.scheme != "cam") {
    series.push_back(of("ordinary head", &ValidationFigures::accuracy_ordinary));
  }
  return chart_of("Validation accuracy by epoch", "%", std::move(series));
}

}  // namespace

std::string curves_html(const TrainOptions& options, const std::vector<EpochFigures>& history) {
  const bool validated = options.validation_share > 0;
  std::vector<PlotSeries> losses_shown = {training_loss(history)};
  if (validated) {
    losses_shown.push_back(series_of("validation", history, &ValidationFigures::loss, 1));
  }
  auto losses = chart_of("Loss by epoch", "loss", std::move(losses_shown));
  losses.summary = "Training: the loss that is minimised. Validation: negative log likelihood.";
  const std::string accuracies =
      validated ? line_chart(accuracy_chart(options, history))
                : "<p class=\"note\">None: this run learns from every image.</p>";
  const std::string title = escape_html("Training of " + options.name);
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
      "<meta name=\"color-scheme\" content=\"light dark\">"
      "<title>{0}</title><style>{1}{2}</style></head><body><p class=\"research\">{3}</p>"
      "<main><header><h1>{0}</h1></header><section><h2>Loss</h2>{4}<p class=\"note\">{5}</p>"
      "</section><section><h2>Accuracy on the validation split</h2>{6}</section></main>"
      "<p class=\"research\">{3}</p></body></html>\n",
      title, page_style(), plot_style(), kResearchUse, line_chart(losses), losses.summary,
      accuracies);
}

}  // namespace cytocape
