#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "models/network/weights.hpp"
#include "models/training/adaptation.hpp"
#include "models/training/measure.hpp"

namespace cytocape::detail {
namespace {

EmbeddingStatistics statistics_with(const torch::Tensor& site, const torch::Tensor& home) {
  return embedding_statistics_of_both(site.to(torch::kFloat64), home.to(torch::kFloat64));
}

std::vector<double> strangeness_of(const EmbeddingStatistics& statistics,
                                   const torch::Tensor& embeddings) {
  const auto rows = embeddings.to(torch::kFloat32).contiguous();
  std::vector<double> values;
  for (std::int64_t i = 0; i < rows.size(0); ++i)
    values.push_back(strangeness(
        statistics, {rows.data_ptr<float>() + i * rows.size(1), statistics.features()}));
  return values;
}

StrangeCount count_above(const std::vector<double>& values, double limit) {
  return {.strange = std::count_if(values.begin(), values.end(),
                                   [&](double value) { return value > limit; }),
          .cells = static_cast<std::int64_t>(values.size())};
}

/// A count that is corrected by known confusions needs some of every class: those that the
/// laboratory gave no cell of stand with remembered ones.
Probabilities with_missing_classes(const Probabilities& site, const Probabilities& home) {
  Probabilities all = site;
  for (std::size_t i = 0; i < home.cells(); ++i) {
    const auto label = home.labels[i];
    if (std::find(site.labels.begin(), site.labels.end(), label) != site.labels.end()) continue;
    const auto row = home.row(i);
    all.value.insert(all.value.end(), row.begin(), row.end());
    all.labels.push_back(label);
  }
  return all;
}

/// Those that the program would call and count: only their confusions correct its counts.
Probabilities above(const Probabilities& all, double least) {
  Probabilities kept{.classes = all.classes, .value = {}, .labels = {}};
  for (std::size_t i = 0; i < all.cells(); ++i) {
    const auto row = all.row(i);
    if (row[called_class(row)] < least) continue;
    kept.value.insert(kept.value.end(), row.begin(), row.end());
    kept.labels.push_back(all.labels[i]);
  }
  return kept;
}

}  // namespace

/// The limit is of the laboratory's cells that the statistics have not seen.
void Adaptation::measure_strangeness() {
  const auto site = site_.embeddings.select(1, 0);
  Rows own;
  for (std::size_t i = 0; i < parent_.bank.cells(); ++i)
    if (parent_.bank.own_specimen[i] != 0) own.push_back(static_cast<std::int64_t>(i));
  const auto home = picked(home_, own);
  std::vector<double> held;
  for (int fold = 0; fold < folds_; ++fold) {
    const auto fitted = statistics_with(picked(site, site_rows(fold, false)), home);
    const auto values = strangeness_of(fitted, picked(site, site_rows(fold, true)));
    held.insert(held.end(), values.begin(), values.end());
  }
  statistics_ = statistics_with(site, home);
  card_.strange_above = strange_threshold(held);
  card_.strange_share_limit = strange_share_limit(held.size());
  figures_.site_after = count_above(held, card_.strange_above);
  if (other_.defined())
    figures_.other_after = count_above(strangeness_of(statistics_, other_), card_.strange_above);
  const auto& before = parent_.network->embedding;
  if (!before || parent_.card.strange_above <= 0) return;
  figures_.site_before = count_above(strangeness_of(*before, site), parent_.card.strange_above);
  if (other_.defined())
    figures_.other_before =
        count_above(strangeness_of(*before, other_), parent_.card.strange_above);
}

void Adaptation::fill_card() {
  const auto& cells = options_.cells;
  const Figures figures = measure(figures_.after);
  const Figures raw = measure(cape_probabilities(held_, scales_of(*parent_.network)));
  card_.calibration_a = calibration_.a;
  card_.calibration_w = calibration_.w;
  card_.unidentified_below = rejection_threshold(figures_.after);
  card_.validation_accuracy = figures.accuracy;
  card_.validation_macro_f1 = figures.macro_f1;
  card_.validation_ece = figures.ece;
  card_.validation_ece_uncalibrated = raw.ece;
  card_.validation_nll = figures.nll;
  card_.validation_nll_uncalibrated = raw.nll;
  card_.validation_accuracy_moved = 0;
  card_.validation_accuracy_ordinary = 0;
  const Probabilities met = with_missing_classes(figures_.after, figures_.home_after);
  const Figures of_classes = measure(met);
  card_.confusion = measure(above(met, card_.unidentified_below)).confusion;
  card_.classes.resize(cells.classes.size());
  for (std::size_t c = 0; c < cells.classes.size(); ++c) {
    auto& own = card_.classes[c];
    own.name = cells.classes[c];
    const auto taught = static_cast<std::int64_t>(cells.count_of(c));
    own.train_images += taught;
    own.validation_images = tally_of(of_classes, c).met;
    own.recall = recall_of(of_classes, c);
    own.precision = precision_of(of_classes, c);
  }
}

void Adaptation::say_what_it_is() {
  const auto& cells = options_.cells;
  card_.never_seen.clear();
  // Two models of one name would be mixed up.
  card_.name = fmt::format("{} for {}", parent_.card.name, options_.site);
  card_.limits = fmt::format("Adapted to cells of {}: for slides of this laboratory alone. {}",
                             options_.site, parent_.card.limits);
  card_.tool_version = options_.tool_version;
  card_.figures_of = fmt::format(
      "{} cells of {} in {} groups, each held back from the fit that called it "
      "(cross-validation, {} folds); of classes that it gave no cell of, from cells of the "
      "training "
      "that the model remembers. This model is fitted on all of them",
      cells.cells.size(), options_.site, cells.groups, folds_);
  card_.adapted = AdaptedFrom{.parent = parent_.card.name,
                              .parent_sha256 = parent_.sha256,
                              .site = options_.site,
                              .reviewer = options_.reviewer,
                              .cells = static_cast<std::int64_t>(cells.cells.size()),
                              .groups = cells.groups};
  card_.training_data.push_back(
      {.name = options_.site,
       .citation = fmt::format("cells of a laboratory, which taught {} (SHA-256 {})",
                               parent_.card.name, parent_.sha256),
       .licence = "",
       .images = static_cast<std::int64_t>(cells.cells.size())});
}

/// The network with the head that all cells gave, and the cells that it will remember.
void Adaptation::finish() {
  Rows all(options_.cells.cells.size());
  std::iota(all.begin(), all.end(), 0);
  Rows home(static_cast<std::size_t>(home_.size(0)));
  std::iota(home.begin(), home.end(), 0);
  const Fit fitted = fit(all, home);
  const torch::NoGradGuard no_grad;
  network_ =
      std::make_shared<CapeNet>(card_.backbone, static_cast<std::int64_t>(card_.classes.size()),
                                card_.output_stride, card_.members);
  std::map<std::string, torch::Tensor> old;
  for (const auto& [name, tensor] : named_state(*parent_.network)) old.emplace(name, tensor);
  for (auto& [name, tensor] : named_state(*network_)) {
    torch::Tensor target = tensor;
    if (!name.starts_with("classifiers.")) target.copy_(old.at(name));
  }
  network_->cape_head->weight.copy_(fitted.cape.weight * scale_);
  network_->cape_head->bias.copy_(fitted.cape.bias * scale_);
  network_->ordinary_head->weight.copy_(fitted.ordinary.weight);
  network_->ordinary_head->bias.copy_(fitted.ordinary.bias);
  network_->embedding = statistics_;
  network_->eval();
}

}  // namespace cytocape::detail
