#include "pipeline/adaptation/report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "pipeline/settings/taxonomy.hpp"
#include "pipeline/statistics/statistics.hpp"
#include "pipeline/wording/appearance.hpp"

namespace cytocape {
namespace {

constexpr double kGoodRecall = 0.85;
constexpr double kRising = 0.05;
constexpr std::size_t kFewCells = 20;

using Flags = std::vector<bool>;

std::size_t called(const Probabilities& p, std::size_t cell) {
  return called_class(p.row(cell));
}

/// Whether each of the laboratory's cells was called one of the classes that its label leaves open.
Flags right_classes(const Probabilities& p, const SiteCells& site) {
  Flags right;
  for (std::size_t i = 0; i < site.cells.size(); ++i) {
    const auto& open = site.cells[i].may_be;
    const auto call = static_cast<int>(called(p, i));
    right.push_back(std::find(open.begin(), open.end(), call) != open.end());
  }
  return right;
}

/// Likewise, over the taxonomy's groups.
Flags right_groups(const Probabilities& p, const SiteCells& site) {
  const auto group = [&](std::size_t label) { return cell_class(site.classes[label]).group; };
  Flags right;
  for (std::size_t i = 0; i < site.cells.size(); ++i) {
    const auto& open = site.cells[i].may_be;
    const auto call = group(called(p, i));
    right.push_back(std::any_of(open.begin(), open.end(), [&](int label) {
      return group(static_cast<std::size_t>(label)) == call;
    }));
  }
  return right;
}

Flags right_at_home(const Probabilities& p, const SiteCells& site, bool groups) {
  Flags right;
  for (std::size_t i = 0; i < p.cells(); ++i) {
    const auto call = called(p, i);
    const auto truth = static_cast<std::size_t>(p.labels[i]);
    right.push_back(groups ? cell_class(site.classes[call]).group ==
                                 cell_class(site.classes[truth]).group
                           : call == truth);
  }
  return right;
}

Proportion share_of(const Flags& right) {
  return proportion(static_cast<std::uint64_t>(std::count(right.begin(), right.end(), true)),
                    right.size());
}

/// Of the cells of one class by `labels`.
Proportion share_of(const Flags& right, const std::vector<std::int64_t>& labels,
                    std::size_t label) {
  std::uint64_t count = 0;
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < right.size(); ++i) {
    if (static_cast<std::size_t>(labels[i]) != label) continue;
    ++total;
    count += right[i] ? 1U : 0U;
  }
  return proportion(count, total);
}

double p_of_difference(const Flags& before, const Flags& after) {
  std::uint64_t lost = 0;
  std::uint64_t won = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    lost += before[i] && !after[i] ? 1U : 0U;
    won += !before[i] && after[i] ? 1U : 0U;
  }
  return mcnemar_exact(lost, won);
}

/// What more cells of a class would do, as far as the curve's last half tells.
std::string advice_of(const AdaptedClass& one, const Proportion& with_half) {
  if (one.taught == 0) return "";
  if (one.taught < kFewCells)
    return fmt::format("{} more, so that there are {}", kFewCells - one.taught, kFewCells);
  if (!one.after.share || *one.after.share >= kGoodRecall) return "enough for now";
  const bool rising = with_half.share && *one.after.share - *with_half.share > kRising;
  return rising ? fmt::format("{} more: still rising", one.taught)
                : "more will hardly help: look at the labels of those called otherwise";
}

void fill_classes(const Adapted& adapted, const SiteCells& site, AdaptReport& report) {
  const auto& figures = adapted.figures;
  const auto& labels = figures.after.labels;
  const auto before = right_classes(figures.before, site);
  const auto after = right_classes(figures.after, site);
  const auto half = right_classes(figures.curve[figures.curve.size() - 2].held_back, site);
  const auto home_before = right_at_home(figures.home_before, site, false);
  const auto home_after = right_at_home(figures.home_after, site, false);
  for (std::size_t c = 0; c < site.classes.size(); ++c) {
    AdaptedClass one{.name = site.classes[c],
                     .label = cell_class(site.classes[c]).label,
                     .taught = site.count_of(c),
                     .fresh = c >= site.known,
                     .before = share_of(before, labels, c),
                     .after = share_of(after, labels, c),
                     .home_before = share_of(home_before, figures.home_before.labels, c),
                     .home_after = share_of(home_after, figures.home_after.labels, c),
                     .advice = {}};
    one.advice = advice_of(one, share_of(half, labels, c));
    report.classes.push_back(std::move(one));
  }
}

}  // namespace

void fill_figures(const Adapted& adapted, const SiteCells& site, AdaptReport& report) {
  const auto& figures = adapted.figures;
  const auto before = right_groups(figures.before, site);
  const auto after = right_groups(figures.after, site);
  report.folds = figures.folds;
  report.groups_before = share_of(before);
  report.groups_after = share_of(after);
  report.classes_before = share_of(right_classes(figures.before, site));
  report.classes_after = share_of(right_classes(figures.after, site));
  report.better_p = p_of_difference(before, after);
  report.ece_before = measure(figures.before).ece;
  report.ece_after = measure(figures.after).ece;
  report.home_before = share_of(right_at_home(figures.home_before, site, true));
  report.home_after = share_of(right_at_home(figures.home_after, site, true));
  for (const auto& point : figures.curve) {
    std::int64_t cells = 0;
    for (const auto count : point.taught) cells += count;
    report.curve.push_back({.cells = static_cast<std::size_t>(cells),
                            .groups = share_of(right_groups(point.held_back, site))});
  }
  report.site_before = figures.site_before;
  report.site_after = figures.site_after;
  report.other_before = figures.other_before;
  report.other_after = figures.other_after;
  report.appearance = figures.appearance;
  fill_classes(adapted, site, report);
}

double lost_at_home(const AdaptReport& report) {
  if (!report.home_before.share || !report.home_after.share) return 0;
  return std::max(0.0, *report.home_before.share - *report.home_after.share);
}

}  // namespace cytocape
