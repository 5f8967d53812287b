#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "io/errors.hpp"
#include "models/training/adaptation.hpp"
#include "models/training/measure.hpp"

namespace cytocape::detail {
namespace {

/// Together as many cells as the laboratory's, times this.
constexpr double kBankShare = 0.5;
/// Of a network that looks at a cell from one side. Measured: a point better than one.
constexpr int kOrientations = 4;

/// 1 where a cell may be of a class.
torch::Tensor may_be_of(const SiteCells& site) {
  auto may_be = torch::zeros({static_cast<std::int64_t>(site.cells.size()),
                              static_cast<std::int64_t>(site.classes.size())},
                             torch::kFloat64);
  auto place = may_be.accessor<double, 2>();
  for (std::size_t i = 0; i < site.cells.size(); ++i)
    for (const int label : site.cells[i].may_be) place[static_cast<std::int64_t>(i)][label] = 1;
  return may_be;
}

torch::Tensor may_be_of(const EmbeddingBank& bank, std::size_t classes) {
  auto may_be =
      torch::zeros({static_cast<std::int64_t>(bank.cells()), static_cast<std::int64_t>(classes)},
                   torch::kFloat64);
  auto place = may_be.accessor<double, 2>();
  for (std::size_t i = 0; i < bank.cells(); ++i)
    place[static_cast<std::int64_t>(i)][bank.labels[i]] = 1;
  return may_be;
}

Head head_of(const torch::nn::Linear& linear, double scale = 1) {
  return {.weight = linear->weight.detach().to(torch::kFloat64) / scale,
          .bias = linear->bias.detach().to(torch::kFloat64) / scale};
}

/// New classes start as the mixture of known ones that the model took their cells for. `called`:
/// [n, known] of cells that `may_be` [n, C] names.
Head extended(const Head& known, const torch::Tensor& may_be, const torch::Tensor& called) {
  const auto classes = may_be.size(1);
  Head head = known;
  for (std::int64_t c = known.weight.size(0); c < classes; ++c) {
    const auto own = may_be.select(1, c);
    auto mixture = torch::matmul(own, called);
    mixture = own.sum().item<double>() > 0
                  ? mixture / own.sum()
                  : torch::full_like(mixture, 1.0 / static_cast<double>(mixture.numel()));
    head.weight = torch::cat({head.weight, torch::mv(known.weight.t(), mixture).unsqueeze(0)});
    head.bias = torch::cat({head.bias, torch::dot(known.bias, mixture).reshape({1})});
  }
  return head;
}

Head changed(const Head& head, const HeadChange& change) {
  return {.weight = head.weight + change.weight, .bias = head.bias + change.bias};
}

}  // namespace

torch::Tensor picked(const torch::Tensor& tensor, const Rows& rows) {
  return tensor.index_select(0, torch::tensor(rows, torch::kInt64));
}

void Adaptation::take_features() {
  std::vector<std::filesystem::path> files;
  for (const auto& cell : options_.cells.cells) files.push_back(cell.path);
  const AdaptProgress told = [&](const char* stage, std::size_t done, std::size_t total) {
    tell(stage, done, total);
  };
  site_ = features_of_images(parent_, files,
                             {.mpp = options_.mpp,
                              .appearance = options_.appearance,
                              .orientations = parent_.card.views > 1 ? 1 : kOrientations,
                              .maps = true,
                              .threads = options_.threads,
                              .stage = "looking at the cells"},
                             told);
  figures_.appearance = site_.appearance.use;
  if (options_.other.files.empty()) return;
  other_ = features_of_images(parent_, options_.other.files,
                              {.mpp = options_.other.mpp,
                               .appearance = options_.appearance,
                               .threads = options_.threads,
                               .stage = "looking at another specimen"},
                              told)
               .embeddings.select(1, 0);
}

void Adaptation::prepare() {
  const auto& site = options_.cells;
  folds_ = std::min(options_.folds, site.groups);
  if (folds_ < 2)
    throw ConfigError(
        fmt::format("{} cells of one slide or case: give cells of two or more, so that what was "
                    "learnt can be tried on cells that were not",
                    site.cells.size()));
  fold_of_group_ = folds_of(site, folds_);
  const auto& network = *parent_.network;
  scale_ = std::exp(network.t1.item<double>() + parent_.card.calibration_a);
  cape_ = head_of(network.cape_head, scale_);
  ordinary_ = head_of(network.ordinary_head);
  auto remembered = parent_.bank.embeddings();
  home_ = torch::tensor(remembered, torch::kFloat32)
              .reshape({static_cast<std::int64_t>(parent_.bank.cells()), -1});
  site_may_be_ = may_be_of(site);
  home_may_be_ = may_be_of(parent_.bank, site.classes.size());
  const auto orientations = site_.embeddings.size(1);
  const auto all = site_.embeddings.flatten(0, 1);
  const auto weights =
      torch::cat({balanced_weights(site_may_be_).repeat_interleave(orientations) / orientations,
                  balanced_weights(home_may_be_) * kBankShare});
  space_ = head_space(torch::cat({all, home_}), weights);
  site_at_ = space_.coordinates(all);
  home_at_ = space_.coordinates(home_);
}

Fit Adaptation::fit(const Rows& site, const Rows& home) const {
  const auto orientations = site_.embeddings.size(1);
  Rows turned;
  for (const auto row : site)
    for (std::int64_t k = 0; k < orientations; ++k) turned.push_back(row * orientations + k);
  const auto own = picked(site_may_be_, site);
  const auto remembered = picked(home_may_be_, home);
  const auto embeddings = picked(site_.embeddings.flatten(0, 1), turned);
  const auto called = torch::softmax(cape_.logits(picked(site_.embeddings, site).select(1, 0)), 1);
  const Head start = extended(cape_, own, called);
  const Head start_ordinary = extended(ordinary_, own, called);
  const auto many = own.repeat_interleave(orientations, 0);
  const HeadProblem problem{
      .coordinates = torch::cat({picked(site_at_, turned), picked(home_at_, home)}),
      .may_be = torch::cat({many, remembered}),
      .weights = torch::cat({balanced_weights(own).repeat_interleave(orientations) / orientations,
                             balanced_weights(remembered) * kBankShare}),
      .base = torch::cat({start.logits(embeddings), start.logits(picked(home_, home))}),
      .penalty = options_.penalty};
  const auto change = on_features(fit_head(problem), space_);
  return {.cape = changed(start, change), .ordinary = changed(start_ordinary, change)};
}

LabelledMaps Adaptation::maps_of(const Head& head, const Rows& rows) const {
  LabelledMaps maps;
  const auto weight = head.weight.to(torch::kFloat32) * scale_;
  const auto bias = (head.bias.to(torch::kFloat32) * scale_).unsqueeze(1);
  maps.classes = static_cast<int>(weight.size(0));
  maps.positions = static_cast<int>(site_.maps.size(2) * site_.maps.size(3));
  for (const auto row : rows) {
    const auto features = site_.maps[row].to(torch::kFloat32).flatten(1);
    const auto logits = (torch::matmul(weight, features) + bias).contiguous();
    maps.logits.insert(maps.logits.end(), logits.data_ptr<float>(),
                       logits.data_ptr<float>() + logits.numel());
    maps.labels.push_back(0);
  }
  return maps;
}

Probabilities Adaptation::before() const {
  Rows rows(options_.cells.cells.size());
  std::iota(rows.begin(), rows.end(), 0);
  const CapeScales scales{scales_of(*parent_.network).t1 + parent_.card.calibration_a,
                          scales_of(*parent_.network).t2 + parent_.card.calibration_w};
  const auto known = cape_probabilities(maps_of(cape_, rows), scales);
  const std::size_t classes = options_.cells.classes.size();
  Probabilities wide{.classes = static_cast<int>(classes), .value = {}, .labels = {}};
  wide.value.assign(rows.size() * classes, 0.0);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto row = known.row(i);
    std::copy(row.begin(), row.end(),
              wide.value.begin() + static_cast<std::ptrdiff_t>(i * classes));
  }
  return wide;
}

/// Of maps of one position: softmax of A.
Probabilities Adaptation::of_home(const torch::Tensor& logits, double a) const {
  const auto p = torch::softmax(logits / std::exp(a), 1).contiguous();
  Probabilities result{
      .classes = static_cast<int>(options_.cells.classes.size()), .value = {}, .labels = {}};
  const auto wide = torch::constant_pad_nd(p, {0, result.classes - p.size(1)}).contiguous();
  result.value.assign(wide.data_ptr<double>(), wide.data_ptr<double>() + wide.numel());
  for (const auto label : parent_.bank.labels) result.labels.push_back(label);
  return result;
}

}  // namespace cytocape::detail
