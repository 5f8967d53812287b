#include "models/detail/judge.hpp"

#include "models/detail/weights.hpp"

namespace cytocape::detail {
namespace {

void append(LabelledMaps& maps, const torch::Tensor& logits) {
  const auto kept = logits.to(torch::kCPU, torch::kFloat32).contiguous();
  maps.classes = static_cast<int>(kept.size(1));
  maps.positions = static_cast<int>(kept.size(2) * kept.size(3));
  maps.logits.insert(maps.logits.end(), kept.data_ptr<float>(),
                     kept.data_ptr<float>() + kept.numel());
}

}  // namespace

torch::Tensor network_input(const CropBatch& cells, std::int64_t begin, std::int64_t end,
                            const ModelCard& card, const torch::Device& device) {
  const std::int64_t bytes = std::int64_t{card.input_px} * card.input_px * 3;
  // from_blob takes no const pointer; normalise copies.
  auto* first = const_cast<std::uint8_t*>(cells.crops.data() + begin * bytes);
  const auto crops =
      torch::from_blob(first, {end - begin, card.input_px, card.input_px, 3}, torch::kUInt8);
  return normalise(crops.to(device), card);
}

HeadOutputs run_network(CapeNet& network, const CropBatch& cells, const ModelCard& card) {
  const torch::NoGradGuard no_grad;
  network.eval();
  HeadOutputs outputs;
  outputs.ordinary.labels = cells.labels;
  outputs.cape.labels = cells.labels;
  const auto device = network.t1.device();
  const auto count = static_cast<std::int64_t>(cells.labels.size());
  constexpr std::int64_t kBatch = 32;
  for (std::int64_t begin = 0; begin < count; begin += kBatch) {
    const auto input = network_input(cells, begin, std::min(begin + kBatch, count), card, device);
    const HeadMaps maps = network.heads(network.features(input), false);
    append(outputs.ordinary, maps.ordinary);
    append(outputs.cape, maps.cape);
  }
  return outputs;
}

CapeScales scales_of(const CapeNet& network) {
  return {network.t1.item<double>(), network.t2.item<double>()};
}

void round_to_half(CapeNet& network) {
  const torch::NoGradGuard no_grad;
  for (auto& [name, tensor] : named_state(network)) {
    torch::Tensor target = tensor;
    if (!name.ends_with(".T")) target.copy_(tensor.to(torch::kHalf));
  }
}

ModelCard judged_card(CapeNet& network, const TrainData& data, const ModelCard& unjudged) {
  const HeadOutputs centred = run_network(network, data.centred(), unjudged);
  const HeadOutputs moved = run_network(network, data.moved(), unjudged);
  const CapeScales learned = scales_of(network);
  const Calibration calibration = fit_calibration(centred.cape, learned);
  const CapeScales calibrated{learned.t1 + calibration.a, learned.t2 + calibration.w};
  const Probabilities cape = cape_probabilities(centred.cape, calibrated);
  const Figures figures = measure(cape);
  const Figures raw = measure(cape_probabilities(centred.cape, learned));
  ModelCard card = unjudged;
  card.calibration_a = calibration.a;
  card.calibration_w = calibration.w;
  card.unidentified_below = rejection_threshold(cape);
  card.validation_accuracy = figures.accuracy;
  card.validation_macro_f1 = figures.macro_f1;
  card.validation_ece = figures.ece;
  card.validation_ece_uncalibrated = raw.ece;
  card.validation_nll = figures.nll;
  card.validation_nll_uncalibrated = raw.nll;
  card.confusion = figures.confusion;
  card.validation_accuracy_ordinary = measure(ordinary_probabilities(centred.ordinary)).accuracy;
  card.validation_accuracy_moved = measure(cape_probabilities(moved.cape, calibrated)).accuracy;
  for (std::size_t c = 0; c < card.classes.size(); ++c) {
    card.classes[c].recall = recall_of(figures, c);
    card.classes[c].precision = precision_of(figures, c);
  }
  return card;
}

}  // namespace cytocape::detail
