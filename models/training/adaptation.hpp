#pragma once

/// The steps of adapt_model, and what they share. Internal to models/training/.

#include <torch/torch.h>

#include <functional>
#include <memory>
#include <vector>

#include "models/cape/labelled_maps.hpp"
#include "models/training/adapt_cells.hpp"
#include "models/training/head_fit.hpp"

namespace cytocape::detail {

/// Of tensors, from 0.
using Rows = std::vector<std::int64_t>;
[[nodiscard]] torch::Tensor picked(const torch::Tensor& tensor, const Rows& rows);

/// A linear head [C, F] and [C], float64.
struct Head {
  torch::Tensor weight;
  torch::Tensor bias;

  [[nodiscard]] torch::Tensor logits(const torch::Tensor& embeddings) const {
    return torch::matmul(embeddings.to(torch::kFloat64), weight.t()) + bias;
  }
};

/// What one fit changes: for CAPE's head in units of A, and for the ordinary head as it is.
struct Fit {
  Head cape;  ///< A = M / scale
  Head ordinary;
};

/// One call of adapt_model.
class Adaptation {
 public:
  Adaptation(const AdaptOptions& options, const AdaptProgress& progress,
             const std::function<bool()>& stop)
      : options_(options), progress_(progress), stop_(stop) {}

  void run();

  ParentModel parent_;
  EmbeddingStatistics statistics_;
  ModelCard card_;
  EmbeddingBank bank_;
  AdaptFigures figures_;
  std::shared_ptr<CapeNet> network_;

 private:
  void tell(const char* stage, std::size_t done, std::size_t total) const {
    if (stop_()) throw AdaptStopped();
    progress_(stage, done, total);
  }
  void take_features();
  void prepare();
  /// On the laboratory's cells `site` and the remembered ones `home`.
  [[nodiscard]] Fit fit(const Rows& site, const Rows& home) const;
  [[nodiscard]] LabelledMaps maps_of(const Head& head, const Rows& rows) const;
  void cross_validate();
  void add_curve_point(double share);
  void measure_strangeness();
  void finish();
  void fill_card();
  void say_what_it_is();
  [[nodiscard]] Rows site_rows(int fold, bool held, double share = 1) const;
  [[nodiscard]] Rows home_rows(int fold, bool held) const;
  [[nodiscard]] Probabilities before() const;
  [[nodiscard]] Probabilities of_home(const torch::Tensor& logits, double a) const;

  const AdaptOptions& options_;
  const AdaptProgress& progress_;
  const std::function<bool()>& stop_;
  int folds_ = 0;
  std::vector<int> fold_of_group_;
  double scale_ = 1;  ///< exp of CAPE's t1 as the model uses it
  SiteFeatures site_;
  torch::Tensor other_;        ///< embeddings; undefined without
  torch::Tensor home_;         ///< remembered embeddings [n, F]
  torch::Tensor site_may_be_;  ///< [n, C]
  torch::Tensor home_may_be_;
  Head cape_;  ///< as the model has them; CAPE's in units of A
  Head ordinary_;
  HeadSpace space_;
  torch::Tensor site_at_;  ///< coordinates [n * orientations, k]
  torch::Tensor home_at_;
  LabelledMaps held_;  ///< CAPE's maps of all cells, each held back
  Calibration calibration_;
};

}  // namespace cytocape::detail
