#include "models/training/ts_loss.hpp"

namespace cytocape::detail {

torch::Tensor softened_log_probability(const torch::Tensor& cape_map, const LearnedScales& scales) {
  const auto map = cape_map.flatten(2);
  const auto class_scale = torch::exp(scales.t1.reshape({}) + scales.t3.reshape({}));
  const auto position_scale = torch::exp(scales.t2.reshape({}) + scales.t3.reshape({}));
  const auto log_class = torch::log_softmax(map / class_scale, 1);
  const auto log_position = torch::log_softmax(map.mean(1, /*keepdim=*/true) / position_scale, 2);
  return torch::logsumexp(log_class + log_position, 2);
}

namespace {

torch::Tensor grouped_cross_entropy(const torch::Tensor& logits, const torch::Tensor& labels,
                                    const TsLossOptions& options) {
  const auto log_class = torch::log_softmax(logits, 1);
  // A sum over the classes of each label, in log space: [B, L].
  const auto log_label =
      torch::logsumexp(log_class.unsqueeze(1) + options.label_classes.log().unsqueeze(0), 2);
  const auto right = labels.dim() == 1 ? log_label.gather(1, labels.unsqueeze(1)).squeeze(1)
                                       : (labels * log_label).sum(1);
  const double smoothing = options.label_smoothing;
  return -((1 - smoothing) * right + smoothing * log_class.mean(1)).mean();
}

torch::Tensor label_cross_entropy(const torch::Tensor& logits, const torch::Tensor& labels,
                                  const TsLossOptions& options) {
  if (options.label_classes.defined()) return grouped_cross_entropy(logits, labels, options);
  return torch::cross_entropy_loss(logits, labels, options.class_weights, at::Reduction::Mean,
                                   /*ignore_index=*/-100, options.label_smoothing);
}

}  // namespace

torch::Tensor ts_loss(const HeadMaps& maps, const LearnedScales& scales,
                      const torch::Tensor& labels, const TsLossOptions& options) {
  const auto ordinary = maps.ordinary.flatten(2).mean(2);
  auto cross_entropy = label_cross_entropy(ordinary, labels, options);
  if (options.soft_labels.defined()) {
    const auto soft = -(options.soft_labels * torch::log_softmax(ordinary, 1)).sum(1).mean();
    cross_entropy = (1 - options.soft_weight) * cross_entropy + options.soft_weight * soft;
  }
  if (options.beta == 0) return options.alpha * cross_entropy;
  const double temperature = options.temperature;
  const auto log_teacher = torch::log_softmax(ordinary.detach() / temperature, 1);
  const auto log_student = softened_log_probability(maps.cape, scales);
  const auto divergence = (log_teacher.exp() * (log_teacher - log_student)).sum(1).mean();
  return options.alpha * cross_entropy + options.beta * temperature * temperature * divergence;
}

}  // namespace cytocape::detail
