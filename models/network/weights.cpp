#include "models/network/weights.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "io/errors.hpp"
#include "models/data/backbone_kind.hpp"

namespace cytocape::detail {
namespace {

constexpr std::string_view kNetPrefix = "net.";
constexpr std::string_view kEmbeddingPrefix = "embedding.";
constexpr const char* kMean = "embedding.mean";
constexpr const char* kDirections = "embedding.directions";
constexpr const char* kResidual = "embedding.residual";
constexpr const char* kSquaredResidual = "embedding.squared_residual";

bool ends_with_counter(std::string_view name) {
  return name.ends_with("num_batches_tracked");
}

/// Shortens a list in a message; a wrong backbone would otherwise print hundreds of names.
std::string some_of(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 4;
  const auto shown = std::min(names.size(), kShown);
  const std::vector<std::string> first(names.begin(),
                                       names.begin() + static_cast<std::ptrdiff_t>(shown));
  const auto rest = names.size() - shown;
  return fmt::format("{}{}", fmt::join(first, ", "),
                     rest > 0 ? fmt::format(" and {} more", rest) : "");
}

/// What stands in the way of copying a file's tensors to a network's.
struct Mismatch {
  std::vector<std::string> missing;
  std::vector<std::string> unexpected;
  std::vector<std::string> misshaped;

  [[nodiscard]] bool empty() const {
    return missing.empty() && unexpected.empty() && misshaped.empty();
  }
  [[nodiscard]] std::string message() const {
    std::vector<std::string> parts;
    if (!missing.empty()) parts.push_back("missing " + some_of(missing));
    if (!unexpected.empty()) parts.push_back("unexpected " + some_of(unexpected));
    if (!misshaped.empty()) parts.push_back("of another shape " + some_of(misshaped));
    return fmt::format("{}", fmt::join(parts, "; "));
  }
};

using Named = std::vector<std::pair<std::string, torch::Tensor>>;
using Views = std::map<std::string, const TensorView*>;

Mismatch compare(const Named& wanted, const Views& found) {
  Mismatch mismatch;
  std::set<std::string> names;
  for (const auto& [name, tensor] : wanted) {
    names.insert(name);
    const auto view = found.find(name);
    if (view == found.end()) {
      mismatch.missing.push_back(name);
    } else if (tensor.sizes() != torch::IntArrayRef(view->second->shape)) {
      mismatch.misshaped.push_back(fmt::format("{} [{}], not [{}]", name,
                                               fmt::join(view->second->shape, ", "),
                                               fmt::join(tensor.sizes(), ", ")));
    }
  }
  for (const auto& [name, view] : found) {
    if (!names.contains(name)) mismatch.unexpected.push_back(name);
  }
  return mismatch;
}

void copy_all(const Named& wanted, const Views& found, const std::string& source) {
  const auto mismatch = compare(wanted, found);
  if (!mismatch.empty()) {
    throw ModelError(
        fmt::format("{}: its tensors do not fit the network: {}", source, mismatch.message()));
  }
  const torch::NoGradGuard no_grad;
  for (const auto& [name, tensor] : wanted) tensor.copy_(to_tensor(*found.at(name)));
}

/// torchvision's names of a ResNet's parts as places in the reference code's Sequential.
std::string reference_name(const std::string& name) {
  static const std::vector<std::pair<std::string, std::string>> places{
      {"conv1.", "0."},  {"bn1.", "1."},    {"layer1.", "4."},
      {"layer2.", "5."}, {"layer3.", "6."}, {"layer4.", "7."}};
  for (const auto& [theirs, ours] : places) {
    if (name.starts_with(theirs)) return ours + name.substr(theirs.size());
  }
  return name;
}

/// Names of the classifiers that ImageNet files bring, and of our own heads and statistics.
bool is_classifier(const std::string& name) {
  if (name.starts_with(kEmbeddingPrefix) || name.starts_with(kBankPrefix)) return true;
  return name.starts_with("fc.") || name.starts_with("63_conv.") ||
         name.starts_with("classifiers.") || name.starts_with("t1.") || name.starts_with("t2.") ||
         name.starts_with("t3.");
}

std::vector<float> floats_of(const TensorView& view) {
  const auto values = to_tensor(view).to(torch::kFloat32).contiguous();
  return {values.data_ptr<float>(), values.data_ptr<float>() + values.numel()};
}

EmbeddingStatistics embedding_from(const Views& found, std::int64_t features,
                                   const std::string& source) {
  const auto shape_of = [&](const char* name) {
    const auto view = found.find(name);
    return view == found.end() ? std::vector<std::int64_t>{} : view->second->shape;
  };
  const auto directions = shape_of(kDirections);
  const bool squared = found.contains(kSquaredResidual);
  const char* const residual = squared ? kSquaredResidual : kResidual;
  EmbeddingStatistics statistics;
  const bool whole = found.size() == 3 && shape_of(kMean) == std::vector{features} &&
                     directions == std::vector{directions.empty() ? 0 : directions[0], features} &&
                     shape_of(residual) == std::vector<std::int64_t>{1};
  if (whole) {
    statistics = {.mean = floats_of(*found.at(kMean)),
                  .directions = floats_of(*found.at(kDirections)),
                  .residual = floats_of(*found.at(residual))[0],
                  .kind = squared ? Residual::distance : Residual::share};
  }
  if (!(whole && statistics.residual > 0)) {
    throw ModelError(
        fmt::format("{}: its statistics of the embedding are not whole: {} [{}], {} [any, {}] and "
                    "{} or {} [1], positive, alone belong there; make them anew by "
                    "`cytocape train --finish`",
                    source, kMean, features, kDirections, features, kResidual, kSquaredResidual));
  }
  return statistics;
}

void add_embedding(const EmbeddingStatistics& embedding, std::vector<TensorToWrite>& tensors) {
  const auto features = static_cast<std::int64_t>(embedding.features());
  const auto rows = static_cast<std::int64_t>(embedding.directions.size()) / features;
  tensors.push_back({.name = kMean,
                     .dtype = DType::f32,
                     .shape = {features},
                     .bytes = std::as_bytes(std::span(embedding.mean))});
  tensors.push_back({.name = kDirections,
                     .dtype = DType::f32,
                     .shape = {rows, features},
                     .bytes = std::as_bytes(std::span(embedding.directions))});
  const bool squared = embedding.kind == Residual::distance;
  tensors.push_back({.name = squared ? kSquaredResidual : kResidual,
                     .dtype = DType::f32,
                     .shape = {1},
                     .bytes = std::as_bytes(std::span(&embedding.residual, 1))});
}

}  // namespace

bool is_kept_in_half(const SafetensorsFile& file) {
  return std::none_of(file.tensors().begin(), file.tensors().end(), [](const auto& entry) {
    const auto& [name, tensor] = entry;
    const bool convolution = tensor.shape.size() == 4 && tensor.shape[0] > 1;  // t3 has one value
    return convolution && tensor.dtype != DType::f16 && tensor.dtype != DType::bf16;
  });
}

torch::ScalarType scalar_type(DType dtype) {
  switch (dtype) {
    case DType::f64:
      return torch::kFloat64;
    case DType::f16:
      return torch::kFloat16;
    case DType::bf16:
      return torch::kBFloat16;
    case DType::i64:
      return torch::kInt64;
    case DType::i32:
      return torch::kInt32;
    case DType::u8:
      return torch::kUInt8;
    case DType::boolean:
      return torch::kBool;
    case DType::f32:
      break;
  }
  return torch::kFloat32;
}

torch::Tensor to_tensor(const TensorView& view) {
  auto tensor = torch::empty(view.shape, torch::dtype(scalar_type(view.dtype)));
  std::copy(view.bytes.begin(), view.bytes.end(), static_cast<std::byte*>(tensor.data_ptr()));
  return tensor;
}

Named named_state(CapeNet& network) {
  Named state;
  for (const auto& item : network.named_parameters()) state.emplace_back(item.key(), item.value());
  for (const auto& item : network.named_buffers()) {
    if (!ends_with_counter(item.key())) state.emplace_back(item.key(), item.value());
  }
  std::sort(state.begin(), state.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  return state;
}

void load_state(CapeNet& network, const SafetensorsFile& file, const std::string& source) {
  Views found;
  Views embedding;
  for (const auto& [name, view] : file.tensors()) {
    if (ends_with_counter(name) || name.starts_with(kBankPrefix)) continue;
    (name.starts_with(kEmbeddingPrefix) ? embedding : found).emplace(name, &view);
  }
  copy_all(named_state(network), found, source);
  network.embedding.reset();
  if (!embedding.empty()) {
    network.embedding = embedding_from(embedding, network.backbone().channels(), source);
  }
}

void load_pretrained(CapeNet& network, const std::filesystem::path& path) {
  const auto file = SafetensorsFile::open(path);
  // EfficientNet's last norm has the name of torchvision's first: only a ResNet is renamed.
  const bool resnet = file.tensors().contains("layer1.0.conv1.weight");
  Views found;
  for (const auto& [name, view] : file.tensors()) {
    if (ends_with_counter(name) || is_classifier(name)) continue;
    const auto own = resnet ? reference_name(name) : name;
    found.emplace(own.starts_with(kNetPrefix) ? own : std::string(kNetPrefix) + own, &view);
  }
  Named wanted;
  for (auto& item : named_state(network)) {
    if (item.first.starts_with(kNetPrefix)) wanted.push_back(std::move(item));
  }
  copy_all(wanted, found, path.string());
}

void save_model(const std::filesystem::path& path, CapeNet& network, const ModelCard& card,
                DType dtype, const EmbeddingBank& bank) {
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> kept;  // owns the bytes until they are written
  std::vector<TensorToWrite> tensors;
  for (const auto& [name, tensor] : named_state(network)) {
    const bool scale = name.ends_with(".T");
    const auto stored = scale ? DType::f32 : dtype;
    kept.push_back(tensor.detach().to(torch::kCPU).to(scalar_type(stored)).contiguous());
    const auto& bytes = kept.back();
    tensors.push_back({.name = name,
                       .dtype = stored,
                       .shape = tensor.sizes().vec(),
                       .bytes = {static_cast<const std::byte*>(bytes.data_ptr()), bytes.nbytes()}});
  }
  if (network.embedding) add_embedding(*network.embedding, tensors);
  add_bank(bank, tensors);
  write_safetensors(path, tensors, {{kCardKey, to_json(card)}});
}

ModelCard read_card(const SafetensorsFile& file, const std::string& source) {
  const auto card = file.metadata().find(kCardKey);
  if (card == file.metadata().end()) {
    throw ModelError(
        fmt::format("{}: its metadata has no \"{}\"; make a model of it by "
                    "script/convert_reference_checkpoint.py",
                    source, kCardKey));
  }
  return card_from_json(card->second, source);
}

void check_room(const ModelCard& card, const SafetensorsFile& file, const std::string& source) {
  const auto kind = value_named<BackboneKind>(card.backbone);
  if (!kind) return;  // refused by make_backbone
  std::int64_t weights = 0;
  for (const auto& [name, view] : file.tensors()) {
    weights += static_cast<std::int64_t>(view.bytes.size() / byte_size(view.dtype));
  }
  constexpr std::int64_t kMillion = 1'000'000;
  if (const auto wanted = labels_of(*kind).least_weights * kMillion * card.members;
      weights < wanted) {
    throw ModelError(fmt::format(
        "{}: its tensors do not fit the network: {} member(s) of {} have more than {} weights, the "
        "file has {}",
        source, card.members, card.backbone, wanted, weights));
  }
}

torch::Tensor normalise(const torch::Tensor& crops, const ModelCard& card) {
  const auto row = [&](const std::array<double, 3>& values) {
    return torch::tensor({values[0], values[1], values[2]}, torch::kFloat32).to(crops.device());
  };
  std::array<double, 3> scale{};
  std::array<double, 3> offset{};
  for (std::size_t c = 0; c < 3; ++c) {
    scale[c] = 1 / (255 * card.std[c]);
    offset[c] = -card.mean[c] / card.std[c];
  }
  // Channels are innermost in the bytes already, so that channels_last costs no transposition.
  return crops.to(torch::kFloat32).mul_(row(scale)).add_(row(offset)).permute({0, 3, 1, 2});
}

}  // namespace cytocape::detail
