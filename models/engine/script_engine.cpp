#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/script.h>

#include <cstdint>
#include <filesystem>

#include "io/digest.hpp"
#include "io/errors.hpp"
#include "io/text_file.hpp"
#include "models/engine/engine.hpp"
#include "models/network/views.hpp"
#include "models/network/weights.hpp"

/// TorchScript: what every LibTorch loads, for networks whose backbone is none of ours.

namespace cytocape::detail {
namespace {

class ScriptEngine : public Engine {
 public:
  ScriptEngine(torch::jit::Module module, const Target& target, std::string source)
      : module_(std::move(module)), target_(target), source_(std::move(source)) {}

  [[nodiscard]] HeadMaps run(const torch::Tensor& x) const override {
    // The optimising executor rewrites the graph after its first runs, and with it the last bits
    // of the result.
    const torch::jit::GraphOptimizerEnabledGuard plain(false);
    const auto maps =
        mean_over_views(x, card.views, [this](const torch::Tensor& one) { return maps_of(one); });
    return {.ordinary = maps, .cape = maps};
  }
  [[nodiscard]] std::array<int, 2> map_size() const override { return map_size_; }

  /// One run on a black crop tells the map's size and whether the classes agree with the card.
  void probe() {
    const torch::InferenceMode guard;
    const auto x = torch::zeros({1, 3, card.input_px, card.input_px},
                                torch::dtype(torch::kFloat32).device(target_.device));
    const auto maps = run(x).cape;
    if (maps.size(1) != static_cast<std::int64_t>(card.classes.size())) {
      throw ModelError(fmt::format("{}: forward gave {} classes, its card names {}", source_,
                                   maps.size(1), card.classes.size()));
    }
    map_size_ = {static_cast<int>(maps.size(2)), static_cast<int>(maps.size(3))};
  }

 private:
  [[nodiscard]] torch::Tensor maps_of(const torch::Tensor& x) const {
    const auto maps = call(x).to(torch::kFloat32);
    if (maps.dim() != 4 || maps.size(0) != x.size(0)) {
      throw ModelError(
          fmt::format("{}: forward gave shape [{}]; it must be class maps "
                      "[crops, classes, height, width]",
                      source_, fmt::join(maps.sizes(), ", ")));
    }
    return maps;
  }

  [[nodiscard]] torch::Tensor call(const torch::Tensor& x) const {
    auto module = module_;  // shares the parameters; forward() is not const
    try {
      return module.forward({x.to(target_.dtype)}).toTensor();
    } catch (const std::exception& cause) {
      const std::string what = cause.what();
      throw ModelError(
          fmt::format("{}: its forward failed: {}", source_, what.substr(0, what.find('\n'))));
    }
  }

  torch::jit::Module module_;
  Target target_;
  std::string source_;
  std::array<int, 2> map_size_{};
};

ModelCard script_card(const std::filesystem::path& path, const std::string& extra) {
  if (!extra.empty()) return card_from_json(extra, path.string());
  auto beside = path;
  beside.replace_extension(".json");
  if (!std::filesystem::exists(beside)) {
    throw ModelError(
        fmt::format("{}: it has no extra file \"{}\" and there is no {}; a TorchScript "
                    "model needs its card in one of them",
                    path.string(), kCardKey, beside.string()));
  }
  constexpr std::uint64_t kMostBytes = 4ULL << 20U;
  return card_from_json(read_text_file(beside, kMostBytes), beside.string());
}

}  // namespace

std::unique_ptr<Engine> load_script_engine(const std::filesystem::path& path,
                                           const Target& target) {
  torch::jit::ExtraFilesMap extra{{kCardKey, ""}};
  torch::jit::Module module;
  try {
    module = torch::jit::load(path.string(), target.device, extra);
  } catch (const std::exception& cause) {
    const std::string what = cause.what();
    throw ModelError(fmt::format("{}: it is not a TorchScript module: {}", path.string(),
                                 what.substr(0, what.find('\n'))));
  }
  module.eval();
  module.to(target.dtype);
  auto engine = std::make_unique<ScriptEngine>(std::move(module), target, path.string());
  engine->runs_on = target;
  engine->card = script_card(path, extra.at(kCardKey));
  engine->sha256 = sha256_of_file(path);
  engine->scales = {.t1 = engine->card.calibration_a, .t2 = engine->card.calibration_w};
  engine->probe();
  return engine;
}

}  // namespace cytocape::detail
