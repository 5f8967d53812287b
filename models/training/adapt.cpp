#include "models/training/adapt.hpp"

#include <ATen/Parallel.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <thread>

#include "models/network/weights.hpp"
#include "models/training/adaptation.hpp"
#include "models/training/measure.hpp"

namespace cytocape::detail {
namespace {

/// Of the cells of each fit.
constexpr std::array kCurveShares{0.25, 0.5, 1.0};

/// Where a label leaves several classes open, the likeliest by `values` [n, C].
std::vector<std::int64_t> settled(const SiteCells& site, const std::vector<double>& values) {
  const std::size_t classes = site.classes.size();
  std::vector<std::int64_t> labels;
  for (std::size_t i = 0; i < site.cells.size(); ++i) {
    const auto& open = site.cells[i].may_be;
    labels.push_back(*std::max_element(open.begin(), open.end(), [&](int a, int b) {
      return values[i * classes + static_cast<std::size_t>(a)] <
             values[i * classes + static_cast<std::size_t>(b)];
    }));
  }
  return labels;
}

}  // namespace

Rows Adaptation::site_rows(int fold, bool held, double share) const {
  const auto& cells = options_.cells.cells;
  Rows rows;
  std::map<std::vector<int>, std::vector<std::int64_t>> by_label;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const bool own = fold_of_group_[static_cast<std::size_t>(cells[i].group)] == fold;
    if (own == held) by_label[cells[i].may_be].push_back(static_cast<std::int64_t>(i));
  }
  for (const auto& [label, own] : by_label) {
    const auto most = std::max<std::size_t>(
        1, static_cast<std::size_t>(std::lround(share * static_cast<double>(own.size()))));
    for (const std::size_t i : spread_evenly(own.size(), most)) rows.push_back(own[i]);
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

Rows Adaptation::home_rows(int fold, bool held) const {
  Rows rows;
  for (std::int64_t i = 0; i < home_.size(0); ++i)
    if ((i % folds_ == fold) == held) rows.push_back(i);
  return rows;
}

void Adaptation::cross_validate() {
  const auto& cells = options_.cells;
  const std::size_t size =
      cells.classes.size() * static_cast<std::size_t>(site_.maps.size(2) * site_.maps.size(3));
  held_ = {.classes = static_cast<int>(cells.classes.size()),
           .positions = static_cast<int>(site_.maps.size(2) * site_.maps.size(3)),
           .logits = std::vector<float>(size * cells.cells.size()),
           .labels = std::vector<std::int64_t>(cells.cells.size(), 0)};
  auto home = torch::zeros({home_.size(0), held_.classes}, torch::kFloat64);
  for (int fold = 0; fold < folds_; ++fold) {
    tell("holding cells back", static_cast<std::size_t>(fold), static_cast<std::size_t>(folds_));
    const Fit fitted = fit(site_rows(fold, false), home_rows(fold, false));
    const Rows rows = site_rows(fold, true);
    const auto maps = maps_of(fitted.cape, rows);
    for (std::size_t i = 0; i < rows.size(); ++i)
      std::copy_n(maps.logits.begin() + static_cast<std::ptrdiff_t>(i * size), size,
                  held_.logits.begin() + rows[i] * static_cast<std::ptrdiff_t>(size));
    const Rows at_home = home_rows(fold, true);
    home.index_copy_(0, torch::tensor(at_home, torch::kInt64),
                     fitted.cape.logits(picked(home_, at_home)));
  }
  const CapeScales learned = scales_of(*parent_.network);
  const CapeScales used{learned.t1 + parent_.card.calibration_a,
                        learned.t2 + parent_.card.calibration_w};
  held_.labels = settled(cells, cape_probabilities(held_, used).value);
  calibration_ = fit_calibration(held_, learned);
  figures_.after =
      cape_probabilities(held_, {learned.t1 + calibration_.a, learned.t2 + calibration_.w});
  figures_.home_before = of_home(cape_.logits(home_), 0);
  figures_.home_after = of_home(home, calibration_.a - parent_.card.calibration_a);
  figures_.before = before();
  figures_.before.labels = settled(cells, figures_.before.value);
  tell("holding cells back", static_cast<std::size_t>(folds_), static_cast<std::size_t>(folds_));
}

void Adaptation::add_curve_point(double share) {
  const auto& cells = options_.cells;
  LearningPoint point;
  std::vector<std::int64_t> taught(cells.classes.size(), 0);
  const CapeScales learned = scales_of(*parent_.network);
  LabelledMaps maps = held_;
  const std::size_t size = maps.map_size();
  for (int fold = 0; fold < folds_; ++fold) {
    const Rows own = site_rows(fold, false, share);
    for (const auto row : own)
      for (const int label : cells.cells[static_cast<std::size_t>(row)].may_be)
        ++taught[static_cast<std::size_t>(label)];
    if (share == 1) continue;
    const Fit fitted = fit(own, home_rows(fold, false));
    const Rows rows = site_rows(fold, true);
    const auto some = maps_of(fitted.cape, rows);
    for (std::size_t i = 0; i < rows.size(); ++i)
      std::copy_n(some.logits.begin() + static_cast<std::ptrdiff_t>(i * size), size,
                  maps.logits.begin() + rows[i] * static_cast<std::ptrdiff_t>(size));
  }
  for (auto& count : taught) count /= folds_;
  point.taught = std::move(taught);
  point.held_back =
      cape_probabilities(maps, {learned.t1 + calibration_.a, learned.t2 + calibration_.w});
  figures_.curve.push_back(std::move(point));
}

void Adaptation::run() {
  at::set_num_threads(options_.threads);
  parent_ = load_parent(options_);
  card_ = parent_.card;
  take_features();
  prepare();
  cross_validate();
  for (const double share : kCurveShares) {
    tell("learning curve", figures_.curve.size(), kCurveShares.size());
    add_curve_point(share);
  }
  figures_.folds = folds_;
  measure_strangeness();
  fill_card();
  say_what_it_is();
  finish();
  bank_ = parent_.bank;
}

namespace {

class AdaptedModel : public Adapted {
 public:
  explicit AdaptedModel(Adaptation& adaptation)
      : network_(adaptation.network_),
        dtype_(adaptation.parent_.dtype),
        bank_(std::move(adaptation.bank_)) {
    figures = std::move(adaptation.figures_);
    card = std::move(adaptation.card_);
  }
  void save(const std::filesystem::path& path) const override {
    save_model(path, *network_, card, dtype_, bank_);
  }

 private:
  std::shared_ptr<CapeNet> network_;
  DType dtype_;
  EmbeddingBank bank_;
};

}  // namespace
}  // namespace cytocape::detail

namespace cytocape {

ModelCard card_of_model(const std::filesystem::path& path) {
  return detail::read_card(SafetensorsFile::open(path), path.string());
}

std::unique_ptr<Adapted> adapt_model(const AdaptOptions& given, const AdaptProgress& progress,
                                     const std::function<bool()>& stop) {
  AdaptOptions options = given;
  if (options.threads == 0)
    options.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  try {
    detail::Adaptation adaptation(options, progress, stop);
    adaptation.run();
    return std::make_unique<detail::AdaptedModel>(adaptation);
  } catch (const detail::AdaptStopped&) {
    return nullptr;
  }
}

}  // namespace cytocape
