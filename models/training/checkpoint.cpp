#include "models/training/checkpoint.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "io/errors.hpp"
#include "io/json_fault.hpp"
#include "models/data/config_lines.hpp"
#include "models/data/safetensors.hpp"
#include "models/network/weights.hpp"

namespace cytocape::detail {
namespace {

using nlohmann::json;

constexpr const char* kRecordKey = "cytocape.training";
constexpr const char* kNetwork = "network.";
constexpr const char* kAverage = "average.";
constexpr const char* kBest = "best.";
constexpr const char* kFirst = "first.";
constexpr const char* kSecond = "second.";

json to_json(const EpochFigures& figures) {
  json record = {{"epoch", figures.epoch},
                 {"train_loss", figures.train_loss},
                 {"learning_rate", figures.learning_rate}};
  if (figures.validation) {
    record["validation"] = {{"loss", figures.validation->loss},
                            {"accuracy", figures.validation->accuracy},
                            {"accuracy_moved", figures.validation->accuracy_moved},
                            {"accuracy_ordinary", figures.validation->accuracy_ordinary}};
  }
  return record;
}

EpochFigures figures_from(const json& record) {
  EpochFigures figures{.epoch = record.at("epoch"),
                       .train_loss = record.at("train_loss"),
                       .learning_rate = record.at("learning_rate"),
                       .validation = {}};
  if (record.contains("validation")) {
    const json& stored = record.at("validation");
    figures.validation = {.loss = stored.at("loss"),
                          .accuracy = stored.at("accuracy"),
                          .accuracy_moved = stored.at("accuracy_moved"),
                          .accuracy_ordinary = stored.at("accuracy_ordinary")};
  }
  return figures;
}

json record_of(const TrainingState& state, std::int64_t updates) {
  json history = json::array();
  for (const EpochFigures& figures : state.history) history.push_back(to_json(figures));
  return {{"epoch", state.epoch},
          {"step", state.step},
          {"loss_sum", state.loss_sum},
          {"threads", state.threads},
          {"best_epoch", state.best_epoch},
          {"updates", updates},
          {"history", history},
          {"fingerprint", json::parse(state.fingerprint)}};
}

TrainingState state_from(const json& record) {
  TrainingState state;
  state.epoch = record.at("epoch");
  state.step = record.at("step");
  state.loss_sum = record.at("loss_sum");
  state.threads = record.at("threads");
  state.best_epoch = record.at("best_epoch");
  state.fingerprint = record.at("fingerprint").dump();
  for (const json& figures : record.at("history")) state.history.push_back(figures_from(figures));
  return state;
}

/// The tensors of a checkpoint, kept alive while it is written.
class TensorList {
 public:
  void add(const std::string& name, const torch::Tensor& tensor) {
    kept_.push_back(tensor.detach().to(torch::kCPU, torch::kFloat32).contiguous());
    const torch::Tensor& kept = kept_.back();
    const auto* bytes = static_cast<const std::byte*>(kept.data_ptr());
    entries_.push_back({name, DType::f32, kept.sizes().vec(), {bytes, kept.nbytes()}});
  }
  [[nodiscard]] const std::vector<TensorToWrite>& entries() const { return entries_; }

 private:
  std::vector<torch::Tensor> kept_;
  std::vector<TensorToWrite> entries_;
};

void copy_from(const SafetensorsFile& file, const std::string& name, torch::Tensor target) {
  const torch::Tensor stored = to_tensor(file.at(name));
  if (stored.sizes() != target.sizes()) {
    throw ModelError(fmt::format(
        "checkpoint: {} does not have the network's shape: start over in a new output folder",
        name));
  }
  const torch::NoGradGuard no_grad;
  target.copy_(stored);
}

/// Digests say nothing to a reader, settings do.
std::string describe_difference(const json& before, const json& now) {
  constexpr const char* kConfig = "training_config";
  const auto settings = config_differences(before.value(kConfig, ""), now.value(kConfig, ""));
  if (!settings.empty()) return "a run with other settings: " + words_of(settings);
  for (const auto& [key, value] : now.items()) {
    const json old = before.value(key, json());
    if (old == value) continue;
    const bool digest = value.is_string() && value.get<std::string>().size() == 64;
    if (digest || value.is_array()) return "a run with other " + key;
    return fmt::format("a run with {} {}, not {}", key, old.dump(), value.dump());
  }
  return "another version's run";
}

void check_fingerprint(const std::filesystem::path& path, const std::string& stored,
                       const std::string& wanted) {
  if (stored == wanted) return;
  const json before = json::parse(stored);
  const json now = json::parse(wanted);
  const std::string what = describe_difference(before, now);
  throw ConfigError(
      fmt::format("{} is of {}: give another output folder, or remove the file to start over",
                  path.string(), what));
}

}  // namespace

void save_checkpoint(const std::filesystem::path& path, const TrainingState& state,
                     const CheckpointParts& parts) {
  TensorList list;
  for (const auto& [name, tensor] : named_state(*parts.network)) list.add(kNetwork + name, tensor);
  if (parts.average != nullptr) {
    for (const auto& [name, tensor] : named_state(*parts.average)) {
      list.add(kAverage + name, tensor);
    }
  }
  for (const auto& [name, tensor] : state.best) list.add(kBest + name, tensor);
  for (const OptimiserSlot& slot : parts.optimiser->slots()) {
    list.add(kFirst + slot.name, slot.first);
    list.add(kSecond + slot.name, slot.second);
  }
  write_safetensors(path, list.entries(),
                    {{kRecordKey, record_of(state, parts.optimiser->updates()).dump()}});
}

std::optional<TrainingState> load_checkpoint(const std::filesystem::path& path,
                                             const std::string& fingerprint,
                                             const CheckpointParts& parts) {
  if (!std::filesystem::exists(path)) return std::nullopt;
  const SafetensorsFile file = SafetensorsFile::open(path);
  const auto found = file.metadata().find(kRecordKey);
  if (found == file.metadata().end()) {
    throw ModelError(fmt::format("{} is not a training checkpoint: metadata {} is missing",
                                 path.string(), kRecordKey));
  }
  if (const auto fault = json_fault(found->second); !fault.empty()) {
    throw ModelError(
        fmt::format("{}: {} {}: remove the file to start over", path.string(), kRecordKey, fault));
  }
  try {
    const json record = json::parse(found->second);
    TrainingState state = state_from(record);
    check_fingerprint(path, state.fingerprint, fingerprint);
    for (const auto& [name, tensor] : named_state(*parts.network)) {
      copy_from(file, kNetwork + name, tensor);
      if (state.best_epoch > 0) state.best.emplace_back(name, to_tensor(file.at(kBest + name)));
    }
    if (parts.average != nullptr) {
      for (const auto& [name, tensor] : named_state(*parts.average)) {
        copy_from(file, kAverage + name, tensor);
      }
    }
    for (OptimiserSlot& slot : parts.optimiser->slots()) {
      copy_from(file, kFirst + slot.name, slot.first);
      copy_from(file, kSecond + slot.name, slot.second);
    }
    parts.optimiser->set_updates(record.at("updates"));
    return state;
  } catch (const json::exception& error) {
    throw ModelError(fmt::format("{}: {} is damaged ({}): remove the file to start over",
                                 path.string(), kRecordKey, error.what()));
  }
}

NamedTensors copy_state(CapeNet& network) {
  NamedTensors copy;
  for (const auto& [name, tensor] : named_state(network)) {
    copy.emplace_back(name, tensor.detach().clone());
  }
  return copy;
}

void restore_state(const NamedTensors& from, CapeNet& network) {
  const torch::NoGradGuard no_grad;
  const auto target = named_state(network);
  for (std::size_t i = 0; i < target.size(); ++i) {
    torch::Tensor tensor = target[i].second;
    tensor.copy_(from.at(i).second);
  }
}

}  // namespace cytocape::detail
