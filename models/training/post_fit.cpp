#include "models/training/post_fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "io/errors.hpp"
#include "io/random.hpp"
#include "models/training/ts_loss.hpp"

namespace cytocape::detail {
namespace {

torch::Tensor loss_of(CapeNet& network, const torch::Tensor& features) {
  const auto maps = network.heads(features, /*detach_cape=*/true);
  const auto unread = torch::zeros({features.size(0)}, torch::kInt64).to(features.device());
  return ts_loss({maps.ordinary.detach(), maps.cape}, {network.t1, network.t2, network.t3}, unread,
                 {.alpha = 0});
}

double finite_value(const torch::Tensor& loss, int epoch, const PostFitOptions& options) {
  const auto value = loss.item<double>();
  if (std::isfinite(value)) return value;
  throw ModelError(fmt::format(
      "post-fitting: the loss is {} in epoch {}: lower optimiser.head_learning_rate ({})", value,
      epoch + 1, options.learning_rate));
}

}  // namespace

void post_fit(CapeNet& network, const torch::Tensor& features, const PostFitOptions& options) {
  network.eval();
  network.copy_ordinary_head_to_cape();
  const auto optimiser = make_optimiser(options.optimiser);
  const double rate = options.learning_rate;
  optimiser->add("classifiers.cape.2.weight", network.cape_head->weight, rate,
                 options.weight_decay);
  optimiser->add("classifiers.cape.2.bias", network.cape_head->bias, rate, options.weight_decay);
  optimiser->add("t1.T", network.t1, rate, options.weight_decay);
  optimiser->add("t2.T", network.t2, rate, options.weight_decay);
  optimiser->add("t3.T", network.t3, rate, options.weight_decay);

  const auto cells = features.size(0);
  const auto steps = static_cast<int>((cells + options.batch - 1) / options.batch);
  std::vector<std::int64_t> order(static_cast<std::size_t>(cells));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  for (int epoch = 0; epoch < options.epochs; ++epoch) {
    SplitMix64 random(mix_seed(options.seed, static_cast<std::uint64_t>(epoch)));
    shuffle(order, random);
    const auto shuffled = torch::tensor(order, torch::kInt64).to(features.device());
    double loss_sum = 0;
    for (int step = 0; step < steps; ++step) {
      const auto begin = std::int64_t{step} * options.batch;
      const auto rows =
          shuffled.narrow(0, begin, std::min<std::int64_t>(options.batch, cells - begin));
      optimiser->zero_grad();
      const auto loss = loss_of(network, features.index_select(0, rows));
      loss_sum += finite_value(loss, epoch, options);
      loss.backward();
      const int update = epoch * steps + step;
      optimiser->step(options.schedule ? options.schedule(update, steps * options.epochs) : 1.0);
    }
    if (options.told) options.told(epoch + 1, loss_sum / steps);
  }
}

}  // namespace cytocape::detail
