/// training_steps MODEL BATCH OUT: what one step of training from scratch and ten of post-fitting
/// make of a model file, by the schedule of CAPE's authors (SGD, 1e-3, momentum 0.9, decay 1e-4),
/// as safetensors. BATCH: "images", normalised float32 [B, 3, H, W], and "labels", int64 [B]. For
/// compare_with_authors.py, which makes the same steps with the authors' own program.

#include <fmt/format.h>
#include <torch/torch.h>

#include <cstdio>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "models/network/weights.hpp"
#include "models/training/optimiser.hpp"
#include "models/training/post_fit.hpp"
#include "models/training/ts_loss.hpp"

namespace cytocape::detail {
namespace {

constexpr double kRate = 1e-3;
constexpr double kDecay = 1e-4;
constexpr int kPostFittingSteps = 10;

struct Batch {
  torch::Tensor images;
  torch::Tensor labels;
};

/// Tensors to be written, kept alive until they are.
class Results {
 public:
  void add(const std::string& name, const torch::Tensor& tensor) {
    kept_.push_back(tensor.detach().to(torch::kFloat64).contiguous());
    const auto& own = kept_.back();
    const std::span values(own.data_ptr<double>(), static_cast<std::size_t>(own.numel()));
    tensors_.push_back({.name = name,
                        .dtype = DType::f64,
                        .shape = own.sizes().vec(),
                        .bytes = std::as_bytes(values)});
  }
  void write(const std::string& path) const { write_safetensors(path, tensors_, {}); }

 private:
  std::deque<torch::Tensor> kept_;
  std::vector<TensorToWrite> tensors_;
};

std::shared_ptr<CapeNet> network_of(const SafetensorsFile& file, const std::string& path) {
  const auto card = read_card(file, path);
  auto network = std::make_shared<CapeNet>(
      card.backbone, static_cast<std::int64_t>(card.classes.size()), card.output_stride);
  load_state(*network, file, path);
  return network;
}

void add_forward(CapeNet& network, const Batch& batch, Results& results) {
  const torch::NoGradGuard no_grad;
  network.eval();
  const auto maps = network.heads(network.features(batch.images), false);
  results.add("orig", maps.ordinary);
  results.add("cape", maps.cape);
}

void add_training_step(CapeNet& network, const Batch& batch, Results& results) {
  network.train();
  Sgd optimiser;
  for (const auto& item : network.named_parameters())
    optimiser.add(item.key(), item.value(), kRate, kDecay);
  const auto loss = ts_loss(network.heads(network.features(batch.images), /*detach_cape=*/true),
                            {network.t1, network.t2, network.t3}, batch.labels);
  loss.backward();
  optimiser.step(1);
  results.add("ts.loss", loss);
  // The momentum of a first step is its gradient, with the decay.
  for (const auto& slot : optimiser.slots()) results.add("ts.momentum." + slot.name, slot.first);
  for (const auto& [name, tensor] : named_state(network)) results.add("ts." + name, tensor);
}

void add_post_fitting(CapeNet& network, const Batch& batch, Results& results) {
  network.eval();
  torch::Tensor features;
  {
    const torch::NoGradGuard no_grad;
    features = network.features(batch.images);
  }
  std::vector<double> losses;
  post_fit(network, features,
           {.epochs = kPostFittingSteps,
            .batch = static_cast<int>(batch.images.size(0)),
            .learning_rate = kRate,
            .weight_decay = kDecay,
            .told = [&losses](int, double loss) { losses.push_back(loss); }});
  results.add("pf.losses", torch::tensor(losses, torch::kFloat64));
  for (const auto& [name, tensor] : named_state(network)) results.add("pf." + name, tensor);
}

}  // namespace

void make_training_steps(const std::string& model, const std::string& batch_file,
                         const std::string& out) {
  torch::manual_seed(0);
  const auto file = SafetensorsFile::open(model);
  const auto inputs = SafetensorsFile::open(batch_file);
  const Batch batch{to_tensor(inputs.at("images")), to_tensor(inputs.at("labels"))};
  Results results;
  add_forward(*network_of(file, model), batch, results);
  add_training_step(*network_of(file, model), batch, results);
  add_post_fitting(*network_of(file, model), batch, results);
  results.write(out);
}

}  // namespace cytocape::detail

int main(int count, char** arguments) {
  if (count != 4) {
    fmt::print(stderr, "usage: training_steps MODEL BATCH OUT\n");
    return 2;
  }
  try {
    cytocape::detail::make_training_steps(arguments[1], arguments[2], arguments[3]);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
  return 0;
}
