#include "models/engine/engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "io/errors.hpp"
#include "models/engine/device.hpp"
#include "models/network/frozen_network.hpp"
#include "models/network/weights.hpp"

namespace cytocape::detail {
namespace {

class NetworkEngine : public Engine {
 public:
  NetworkEngine(CapeNet& network, const InferenceTarget& target) : frozen_(network, target) {}

  [[nodiscard]] HeadMaps run(const torch::Tensor& x) const override { return frozen_.run(x); }
  [[nodiscard]] std::array<int, 2> map_size() const override {
    const auto px = static_cast<int>(frozen_.map_px());
    return {px, px};
  }

 private:
  FrozenNetwork frozen_;
};

void check_finite(const Engine& engine, std::span<const float> logits) {
  const bool finite =
      std::all_of(logits.begin(), logits.end(), [](float value) { return std::isfinite(value); });
  if (!finite) {
    throw ModelError(fmt::format(
        "model \"{}\": it gave a logit that is not a finite number; its weights are damaged, or "
        "too large for the precision: use float32",
        engine.card.name));
  }
}

std::vector<double> strangeness_of(const Engine& engine, std::span<const float> embeddings) {
  if (!engine.embedding) return {};
  const auto features = engine.embedding->features();
  std::vector<double> values;
  for (std::size_t first = 0; first < embeddings.size(); first += features) {
    values.push_back(strangeness(*engine.embedding, embeddings.subspan(first, features)));
  }
  return values;
}

bool is_script(const std::filesystem::path& path) {
  return path.extension() == ".pt";
}

std::unique_ptr<Engine> engine_of(const SafetensorsFile& file, const std::string& source,
                                  const Target& target) {
  auto card = read_card(file, source);
  check_room(card, file, source);
  CapeNet network(card.backbone, static_cast<std::int64_t>(card.classes.size()), card.output_stride,
                  card.members);
  load_state(network, file, source);
  const InferenceTarget inference{.device = target.device,
                                  .dtype = target.dtype,
                                  .input_px = card.input_px,
                                  .views = card.views,
                                  .embedding = network.embedding.has_value()};
  auto engine = std::make_unique<NetworkEngine>(network, inference);
  engine->scales = {.t1 = network.t1.item<double>() + card.calibration_a,
                    .t2 = network.t2.item<double>() + card.calibration_w};
  engine->embedding = std::move(network.embedding);
  engine->runs_on = target;
  engine->card = std::move(card);
  engine->sha256 = file.sha256();
  return engine;
}

}  // namespace

std::unique_ptr<Engine> load_engine(const std::filesystem::path& path, const Target& target) {
  if (is_script(path)) return load_script_engine(path, target);
  return engine_of(SafetensorsFile::open(path), path.string(), target);
}

std::unique_ptr<Engine> load_engine(const std::filesystem::path& path, const torch::Device& device,
                                    Precision precision) {
  // What cannot be had is refused before the file is read.
  Target target{device, choose_dtype(device, precision)};
  const bool asked = precision != Precision::automatic;
  const auto with_reason = [asked](std::unique_ptr<Engine> engine, const char* reason) {
    engine->why_dtype = asked ? "as asked" : reason;
    return engine;
  };
  // Training rounds what it keeps to half precision and measures that. What was trained elsewhere
  // was measured in float32, and may not bear less.
  if (is_script(path)) {
    if (!asked) target.dtype = torch::kFloat32;
    return with_reason(load_script_engine(path, target),
                       "as every TorchScript module unless asked otherwise");
  }
  const auto file = SafetensorsFile::open(path);
  const bool kept_in_half = is_kept_in_half(file);
  if (!asked && !kept_in_half) target.dtype = torch::kFloat32;
  const bool full = target.dtype == torch::kFloat32;
  return with_reason(engine_of(file, path.string(), target),
                     !kept_in_half ? "its weights are float32"
                     : full        ? "this processor is no quicker in 16 bits"
                                   : "its weights are 16 bits wide");
}

void check_crops(const Engine& engine, std::size_t bytes, std::int64_t count, std::int64_t batch) {
  const auto px = static_cast<std::size_t>(engine.card.input_px);
  if (count >= 1 && count <= batch && bytes == static_cast<std::size_t>(count) * px * px * 3)
    return;
  throw ModelError(fmt::format(
      "model \"{}\": {} crops in {} bytes; give 1 to {} crops of {} x {} RGB bytes each",
      engine.card.name, count, bytes, batch, px, px));
}

torch::Tensor stacked(const HeadMaps& maps, std::int64_t count) {
  return torch::stack({maps.ordinary.narrow(0, 0, count), maps.cape.narrow(0, 0, count)})
      .to(torch::kFloat32)
      .contiguous();
}

std::vector<float> to_host(const torch::Tensor& tensor) {
  const auto* first = tensor.data_ptr<float>();
  return {first, first + tensor.numel()};
}

ClassLogits logits_of(const Engine& engine, const HostOutput& output, std::int64_t count) {
  const auto& logits = output.logits;
  check_finite(engine, logits);
  const auto [height, width] = engine.map_size();
  const auto half = logits.size() / 2;
  return {.count = count,
          .classes = static_cast<int>(engine.card.classes.size()),
          .height = height,
          .width = width,
          .ordinary = {logits.begin(), logits.begin() + static_cast<std::ptrdiff_t>(half)},
          .cape = {logits.begin() + static_cast<std::ptrdiff_t>(half), logits.end()}};
}

ClassMaps maps_of(const Engine& engine, const HostOutput& output, std::int64_t count) {
  const std::span<const float> logits = output.logits;
  check_finite(engine, logits);
  const auto [height, width] = engine.map_size();
  const auto classes = engine.card.classes.size();
  const auto crops = static_cast<std::size_t>(count);
  const auto positions = static_cast<std::size_t>(height * width);
  const auto per_crop = classes * positions;
  ClassMaps maps{.count = count,
                 .classes = static_cast<int>(classes),
                 .height = height,
                 .width = width,
                 .map = std::vector<double>(crops * per_crop),
                 .probability = std::vector<double>(crops * classes),
                 .ordinary = std::vector<double>(crops * classes),
                 .strangeness = strangeness_of(engine, output.embedding)};
  const auto cape_logits = logits.subspan(crops * per_crop);
  std::vector<double> wide(per_crop);
  for (std::size_t k = 0; k < crops; ++k) {
    const auto own = cape_logits.subspan(k * per_crop, per_crop);
    std::copy(own.begin(), own.end(), wide.begin());
    cape_map(wide, maps.classes, height * width, engine.scales,
             std::span(maps.map).subspan(k * per_crop, per_crop),
             std::span(maps.probability).subspan(k * classes, classes));
    ordinary_prediction(logits.subspan(k * per_crop, per_crop), height * width,
                        std::span(maps.ordinary).subspan(k * classes, classes));
  }
  return maps;
}

}  // namespace cytocape::detail
