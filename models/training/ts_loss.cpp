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

torch::Tensor ts_loss(const HeadMaps& maps, const LearnedScales& scales,
                      const torch::Tensor& labels, const TsLossOptions& options) {
  const auto ordinary = maps.ordinary.flatten(2).mean(2);
  auto cross_entropy =
      torch::cross_entropy_loss(ordinary, labels, options.class_weights, at::Reduction::Mean,
                                /*ignore_index=*/-100, options.label_smoothing);
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
