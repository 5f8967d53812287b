/// What training and inference cost, as images a second; script/bench sets them beside PyTorch's.
///   cytocape_throughput_benchmark train float32|bfloat16 THREADS
///   cytocape_throughput_benchmark classify float32|bfloat16 THREADS MODEL
///   cytocape_throughput_benchmark input MODEL
///   cytocape_throughput_benchmark changed MODEL FOLDER MPP LIST

#include <fmt/format.h>
#include <torch/torch.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "io/image_codec.hpp"
#include "models/data/augment.hpp"
#include "models/engine/classifier.hpp"
#include "models/network/network.hpp"
#include "models/training/optimiser.hpp"
#include "models/training/ts_loss.hpp"

namespace cytocape {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t kBatch = 32;
constexpr int kInputPx = 128;
constexpr int kClasses = 11;

/// Images a second of `work`, which takes kBatch of them: 2 calls to warm up, then 6 seconds.
template <typename Work>
double rate_of(const Work& work) {
  for (int i = 0; i < 2; ++i) work();
  const auto begin = Clock::now();
  int calls = 0;
  std::chrono::duration<double> taken{};
  while (taken.count() < 6) {
    work();
    ++calls;
    taken = Clock::now() - begin;
  }
  return static_cast<double>(calls) * kBatch / taken.count();
}

Precision precision_of(const std::string& name) {
  return name == "bfloat16" ? Precision::bfloat16 : Precision::float32;
}

double training_rate(const std::string& precision, int threads) {
  at::set_num_threads(threads);
  detail::CapeNet network("mobilenet_v2", kClasses, 16);
  network.freeze_first(12);
  network.backbone().precision = precision == "bfloat16" ? torch::kBFloat16 : torch::kFloat32;
  network.train();
  detail::AdamW optimiser;
  for (const auto& item : network.named_parameters()) {
    if (item.value().requires_grad()) optimiser.add(item.key(), item.value(), 1e-4, 0.05);
  }
  const auto x =
      torch::randn({kBatch, 3, kInputPx, kInputPx}).contiguous(torch::MemoryFormat::ChannelsLast);
  const auto labels = torch::randint(kClasses, {kBatch}, torch::kInt64);
  return rate_of([&] {
    optimiser.zero_grad();
    const auto maps = network.heads(network.features(x), true);
    detail::ts_loss(maps, {network.t1, network.t2, network.t3}, labels).backward();
    optimiser.clip(1.0);
    optimiser.step(1.0);
  });
}

/// As the analysis does it: each thread classifies batches of its own.
double classification_rate(const std::string& precision, int threads, const std::string& model) {
  const auto classifier =
      Classifier::load(model, {.device = "cpu", .precision = precision_of(precision)});
  const int px = classifier->card().input_px;
  const std::vector<std::uint8_t> crops(static_cast<std::size_t>(kBatch * px * px * 3), 150);
  std::vector<double> rates(static_cast<std::size_t>(threads));
  {
    std::vector<std::jthread> workers;
    for (double& rate : rates) {
      workers.emplace_back(
          [&] { rate = rate_of([&] { (void)classifier->classify(crops, kBatch); }); });
    }
  }
  double sum = 0;
  for (const double rate : rates) sum += rate;
  return sum;
}

/// Prints the share of listed crops that bfloat16 calls another class than float32, and how far a
/// crop's probabilities go apart.
void print_changed(const std::string& model, const std::filesystem::path& folder, double mpp,
                   const std::string& list) {
  const auto wide = Classifier::load(model, {.device = "cpu", .precision = Precision::float32});
  const auto narrow = Classifier::load(model, {.device = "cpu", .precision = Precision::bfloat16});
  const auto& card = wide->card();
  const int crop_px = static_cast<int>(card.mpp * card.input_px / mpp + 0.5);
  std::ifstream names(list);
  int crops = 0;
  int changed = 0;
  double apart = 0;  // sum over the crops of the largest difference of a class's probability
  for (std::string name; std::getline(names, name);) {
    const Image crop = cut_crop(read_image(folder / name), crop_px, card.input_px);
    const auto p = wide->classify(crop.pixels(), 1).probability;
    const auto q = narrow->classify(crop.pixels(), 1).probability;
    const auto top = [](const auto& of) {
      return std::max_element(of.begin(), of.end()) - of.begin();
    };
    changed += top(p) == top(q) ? 0 : 1;
    double largest = 0;
    for (std::size_t k = 0; k < p.size(); ++k) largest = std::max(largest, std::abs(p[k] - q[k]));
    apart += largest;
    ++crops;
  }
  fmt::print(
      "crops whose class changes in bfloat16: {} of {} = {:.2f} %; largest change of a crop's "
      "probabilities: {:.4f} in the mean\n",
      changed, crops, 100.0 * changed / std::max(1, crops), apart / std::max(1, crops));
}

int run_benchmark(const std::vector<std::string>& arguments) {
  configure_inference_threads();
  const auto is = [&](const char* mode, std::size_t count) {
    return arguments.size() == count && arguments[0] == mode;
  };
  if (is("train", 3)) {
    fmt::print("{:.1f}\n", training_rate(arguments[1], std::stoi(arguments[2])));
  } else if (is("classify", 4)) {
    fmt::print("{:.1f}\n",
               classification_rate(arguments[1], std::stoi(arguments[2]), arguments[3]));
  } else if (is("input", 2)) {
    fmt::print("{}\n", Classifier::load(arguments[1], {})->card().input_px);
  } else if (is("changed", 5)) {
    print_changed(arguments[1], arguments[2], std::stod(arguments[3]), arguments[4]);
  } else {
    fmt::print(stderr,
               "see the head of tests/models/engine/throughput_benchmark.cpp for the usage\n");
    return 2;
  }
  return 0;
}

}  // namespace
}  // namespace cytocape

int main(int argc, char** argv) {
  return cytocape::run_benchmark({argv + 1, argv + argc});
}
