#include "models/training/measure.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <span>

#include "models/network/frozen_network.hpp"
#include "models/network/weights.hpp"
#include "tiling/lab_map.hpp"

namespace cytocape::detail {
namespace {

void append(LabelledMaps& maps, const torch::Tensor& logits) {
  const auto kept = logits.to(torch::kCPU, torch::kFloat32).contiguous();
  maps.classes = static_cast<int>(kept.size(1));
  maps.positions = static_cast<int>(kept.size(2) * kept.size(3));
  maps.logits.insert(maps.logits.end(), kept.data_ptr<float>(),
                     kept.data_ptr<float>() + kept.numel());
}

void append(std::vector<double>& values, const torch::Tensor& embeddings,
            const EmbeddingStatistics& statistics) {
  const auto kept = embeddings.to(torch::kCPU).contiguous();
  const auto features = static_cast<std::size_t>(kept.size(1));
  for (std::int64_t k = 0; k < kept.size(0); ++k) {
    values.push_back(strangeness(statistics, {kept[k].data_ptr<float>(), features}));
  }
}

/// Where a label leaves several classes open, the likeliest of them by the ordinary head.
void settle_groups(HeadOutputs& outputs, const std::vector<std::vector<int>>& groups) {
  const LabelledMaps& maps = outputs.ordinary;
  const auto positions = static_cast<std::size_t>(maps.positions);
  for (std::size_t i = 0; i < maps.labels.size(); ++i) {
    const auto label = maps.labels[i];
    if (label < maps.classes) continue;
    const auto logit = [&](int one) {
      const auto own =
          std::span(maps.logits)
              .subspan(i * maps.map_size() + static_cast<std::size_t>(one) * positions, positions);
      return std::accumulate(own.begin(), own.end(), 0.0);
    };
    const auto& members = groups[static_cast<std::size_t>(label - maps.classes)];
    const int likeliest = *std::max_element(members.begin(), members.end(),
                                            [&](int a, int b) { return logit(a) < logit(b); });
    outputs.ordinary.labels[i] = outputs.cape.labels[i] = likeliest;
  }
}

/// `maps_of` turns a network's input into HeadMaps; `network` says where the input belongs.
template <typename MapsOf>
HeadOutputs outputs_of(const CropBatch& cells, const ModelCard& card, const CapeNet& network,
                       const MapsOf& maps_of) {
  const torch::NoGradGuard no_grad;
  HeadOutputs outputs;
  outputs.ordinary.labels = cells.labels;
  outputs.cape.labels = cells.labels;
  const auto count = static_cast<std::int64_t>(cells.labels.size());
  constexpr std::int64_t kBatch = 32;
  for (std::int64_t begin = 0; begin < count; begin += kBatch) {
    const HeadMaps maps = maps_of(
        network_input(cells, begin, std::min(begin + kBatch, count), card, network.t1.device()));
    append(outputs.ordinary, maps.ordinary);
    append(outputs.cape, maps.cape);
    if (maps.embedding.defined()) {
      append(outputs.strangeness, maps.embedding, network.embedding.value());
    }
  }
  settle_groups(outputs, cells.groups);
  return outputs;
}

/// The cells that the program would call: those below the threshold are not in its counts, so the
/// confusions that correct these counts must be without them.
Probabilities called_cells(const Probabilities& all, double unidentified_below) {
  Probabilities called{all.classes, {}, {}};
  const auto classes = static_cast<std::size_t>(all.classes);
  for (std::size_t i = 0; i < all.labels.size(); ++i) {
    const auto own = std::span(all.value).subspan(i * classes, classes);
    if (*std::max_element(own.begin(), own.end()) < unidentified_below) continue;
    called.value.insert(called.value.end(), own.begin(), own.end());
    called.labels.push_back(all.labels[i]);
  }
  return called;
}

std::size_t crop_bytes(const CropBatch& cells) {
  return cells.crops.size() / std::max<std::size_t>(1, cells.labels.size());
}

/// By source, as one slide of its cells, which are centred; none where it has too few.
std::map<int, LabMap> maps_of_sources(const CropBatch& centred, const ModelCard& card) {
  std::map<int, std::vector<std::size_t>> by_source;
  for (std::size_t i = 0; i < centred.sources.size(); ++i)
    by_source[centred.sources[i]].push_back(i);
  const auto bytes = crop_bytes(centred);
  std::map<int, LabMap> maps;
  for (const auto& [source, cells] : by_source) {
    auto appearance = unmeasured_appearance(AppearanceMap::lab, training_lab(card));
    std::vector<LabSums> sums;
    for (const std::size_t i : spread_evenly(cells.size(), kMostAppearanceCells))
      sums.emplace_back().add(std::span(centred.crops).subspan(cells[i] * bytes, bytes));
    fit_appearance(appearance, sums);
    if (appearance.map) maps.emplace(source, *appearance.map);
  }
  return maps;
}

/// The cells as a classifier sees them.
CropBatch mapped(CropBatch cells, const std::map<int, LabMap>& maps) {
  const auto bytes = crop_bytes(cells);
  for (std::size_t i = 0; i < cells.sources.size(); ++i)
    if (const auto map = maps.find(cells.sources[i]); map != maps.end())
      map->second.apply(std::span(cells.crops).subspan(i * bytes, bytes));
  return cells;
}

/// Of the cells of the model's specimen: those of another must stay strange to it.
std::vector<double> own_strangeness(const HeadOutputs& outputs, const CropBatch& cells) {
  std::vector<double> own;
  for (std::size_t i = 0; i < outputs.strangeness.size(); ++i)
    if (cells.own_specimen.empty() || cells.own_specimen[i]) own.push_back(outputs.strangeness[i]);
  return own;
}

/// Of crops that lie as a finder's do, too: centred and moved ones together.
void set_strange(ModelCard& card, const std::vector<double>& centred,
                 const std::vector<double>& moved) {
  if (centred.empty()) return;  // measured on a laboratory of another specimen
  std::vector<double> values = centred;
  values.insert(values.end(), moved.begin(), moved.end());
  card.strange_above = strange_threshold(values);
  card.strange_share_limit = strange_share_limit(centred.size());
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
  network.eval();
  return outputs_of(cells, card, network, [&](const torch::Tensor& input) {
    return network.heads(network.features(input), false);
  });
}

HeadOutputs run_heads(CapeNet& network, const torch::Tensor& features, const CropBatch& cells) {
  const torch::NoGradGuard no_grad;
  network.eval();
  HeadOutputs outputs;
  outputs.ordinary.labels = cells.labels;
  outputs.cape.labels = cells.labels;
  constexpr std::int64_t kBatch = 32;
  for (std::int64_t begin = 0; begin < features.size(0); begin += kBatch) {
    const auto some = features.narrow(0, begin, std::min(kBatch, features.size(0) - begin));
    const HeadMaps maps = network.heads(some.to(torch::kFloat32), false);
    append(outputs.ordinary, maps.ordinary);
    append(outputs.cape, maps.cape);
  }
  settle_groups(outputs, cells.groups);
  return outputs;
}

ValidationFigures validation_figures(const CapeNet& network, const ValidationCells& cells,
                                     const std::string& scheme) {
  const auto probabilities = [&](const HeadOutputs& outputs) {
    return scheme == "cam" ? ordinary_probabilities(outputs.ordinary)
                           : cape_probabilities(outputs.cape, scales_of(network));
  };
  const Figures centred = measure(probabilities(cells.centred));
  return {.loss = centred.nll,
          .accuracy = centred.accuracy,
          .accuracy_moved = measure(probabilities(cells.moved)).accuracy,
          .accuracy_ordinary = measure(ordinary_probabilities(cells.centred.ordinary)).accuracy};
}

CapeScales scales_of(const CapeNet& network) {
  return {network.t1.item<double>(), network.t2.item<double>()};
}

void round_to_stored(CapeNet& network) {
  const torch::NoGradGuard no_grad;
  for (const auto& operation : network.backbone().operations()) {
    if (operation.kind != Operation::Kind::convolution || operation.norm) continue;
    for (auto tensor : operation.convolution->parameters()) {
      tensor.copy_(tensor.to(torch::kBFloat16));
    }
  }
  for (auto& [name, tensor] : named_state(network)) {
    torch::Tensor target = tensor;
    if (!name.ends_with(".T")) target.copy_(tensor.to(torch::kHalf));
  }
}

ModelCard measured_card(CapeNet& network, const TrainData& data, const ModelCard& unjudged,
                        const std::optional<Calibration>& given) {
  const FrozenNetwork frozen(network, {.device = network.t1.device(),
                                       .input_px = unjudged.input_px,
                                       .views = unjudged.views,
                                       .embedding = true});
  const auto run = [&](const torch::Tensor& input) { return frozen.run(input); };
  const auto maps = maps_of_sources(data.centred(), unjudged);
  const HeadOutputs centred = outputs_of(mapped(data.centred(), maps), unjudged, network, run);
  const HeadOutputs moved = outputs_of(mapped(data.moved(), maps), unjudged, network, run);
  const CapeScales learned = scales_of(network);
  const Calibration calibration = given ? *given : fit_calibration(centred.cape, learned);
  const CapeScales calibrated{learned.t1 + calibration.a, learned.t2 + calibration.w};
  const Probabilities cape = cape_probabilities(centred.cape, calibrated);
  const Figures figures = measure(cape);
  const Figures raw = measure(cape_probabilities(centred.cape, learned));
  ModelCard card = unjudged;
  card.calibration_a = calibration.a;
  card.calibration_w = calibration.w;
  card.unidentified_below = rejection_threshold(cape);
  set_strange(card, own_strangeness(centred, data.centred()), own_strangeness(moved, data.moved()));
  card.validation_accuracy = figures.accuracy;
  card.validation_macro_f1 = figures.macro_f1;
  card.validation_ece = figures.ece;
  card.validation_ece_uncalibrated = raw.ece;
  card.validation_nll = figures.nll;
  card.validation_nll_uncalibrated = raw.nll;
  card.confusion = measure(called_cells(cape, card.unidentified_below)).confusion;
  card.validation_accuracy_ordinary = measure(ordinary_probabilities(centred.ordinary)).accuracy;
  card.validation_accuracy_moved = measure(cape_probabilities(moved.cape, calibrated)).accuracy;
  for (std::size_t c = 0; c < card.classes.size(); ++c) {
    card.classes[c].recall = recall_of(figures, c);
    card.classes[c].precision = precision_of(figures, c);
  }
  return card;
}

}  // namespace cytocape::detail
