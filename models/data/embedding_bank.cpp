#include "models/data/embedding_bank.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>

#include "io/errors.hpp"
#include "tiling/lab_map.hpp"

namespace cytocape::detail {
namespace {

constexpr const char* kCodes = "bank.codes";
constexpr const char* kRange = "bank.range";
constexpr const char* kLabels = "bank.labels";
constexpr const char* kSources = "bank.sources";
constexpr const char* kOwn = "bank.own_specimen";

/// So many of each list that together they are at most `most`, alike as far as each has them.
std::vector<std::size_t> alike(const std::vector<std::size_t>& sizes, std::size_t most) {
  std::vector<std::size_t> taken(sizes.size(), 0);
  for (bool more = true; more && most > 0;) {
    more = false;
    for (std::size_t i = 0; i < sizes.size() && most > 0; ++i) {
      if (taken[i] == sizes[i]) continue;
      ++taken[i];
      --most;
      more = true;
    }
  }
  return taken;
}

template <typename Value>
std::vector<Value> values_of(const TensorView& view) {
  std::vector<Value> values(view.bytes.size() / sizeof(Value));
  std::memcpy(values.data(), view.bytes.data(), values.size() * sizeof(Value));
  return values;
}

bool holds(const TensorView& view, DType dtype, const std::vector<std::int64_t>& shape) {
  return view.dtype == dtype && view.shape == shape;
}

template <typename Value>
TensorToWrite tensor(const char* name, DType dtype, const std::vector<std::int64_t>& shape,
                     const std::vector<Value>& values) {
  return {.name = name, .dtype = dtype, .shape = shape, .bytes = std::as_bytes(std::span(values))};
}

/// What is wrong with the values; empty: nothing.
std::string fault_of(const EmbeddingBank& bank, std::size_t classes) {
  for (const auto label : bank.labels)
    if (label < 0 || static_cast<std::size_t>(label) >= classes)
      return fmt::format("{} holds {}, the model has {} classes", kLabels, label, classes);
  for (const auto one : bank.sources)
    if (one < 0) return fmt::format("{} holds {}", kSources, one);
  for (const float one : bank.range)
    if (!std::isfinite(one)) return fmt::format("{} holds {}", kRange, one);
  return {};
}

}  // namespace

std::vector<float> EmbeddingBank::embeddings() const {
  const std::size_t f = features();
  std::vector<float> values(codes.size());
  for (std::size_t i = 0; i < codes.size(); ++i)
    values[i] = range[i % f] + static_cast<float>(codes[i]) / 255 * range[f + i % f];
  return values;
}

std::vector<std::size_t> bank_choice(std::span<const BankCell> cells, std::size_t most) {
  std::map<int, std::map<int, std::vector<std::size_t>>> by_class;
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (cells[i].label >= 0) by_class[cells[i].label][cells[i].source].push_back(i);
  std::vector<std::size_t> chosen;
  for (const auto& [label, by_source] : by_class) {
    std::vector<std::size_t> sizes;
    for (const auto& [source, own] : by_source) sizes.push_back(own.size());
    const auto taken = alike(sizes, most);
    std::size_t k = 0;
    for (const auto& [source, own] : by_source)
      for (const std::size_t i : spread_evenly(own.size(), taken[k++])) chosen.push_back(own[i]);
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

std::size_t bank_cells_of_class(std::size_t classes, std::size_t features) {
  return std::min(kMostBankCells, kMostBankBytes / std::max<std::size_t>(1, classes * features));
}

EmbeddingBank make_bank(std::span<const float> embeddings, std::span<const BankCell> cells) {
  EmbeddingBank bank;
  if (cells.empty()) return bank;
  const std::size_t f = embeddings.size() / cells.size();
  bank.range.resize(2 * f);
  bank.codes.resize(embeddings.size());
  for (std::size_t k = 0; k < f; ++k) {
    float low = embeddings[k];
    float high = low;
    for (std::size_t i = k; i < embeddings.size(); i += f) {
      low = std::min(low, embeddings[i]);
      high = std::max(high, embeddings[i]);
    }
    bank.range[k] = low;
    bank.range[f + k] = high - low;
    const float scale = high > low ? 255 / (high - low) : 0;
    for (std::size_t i = k; i < embeddings.size(); i += f)
      bank.codes[i] = static_cast<std::uint8_t>(std::lround((embeddings[i] - low) * scale));
  }
  for (const BankCell& cell : cells) {
    bank.labels.push_back(cell.label);
    bank.sources.push_back(cell.source);
    bank.own_specimen.push_back(cell.own_specimen ? 1 : 0);
  }
  return bank;
}

void add_bank(const EmbeddingBank& bank, std::vector<TensorToWrite>& tensors) {
  if (bank.cells() == 0) return;
  const auto n = static_cast<std::int64_t>(bank.cells());
  const auto f = static_cast<std::int64_t>(bank.features());
  tensors.push_back(tensor(kCodes, DType::u8, {n, f}, bank.codes));
  tensors.push_back(tensor(kRange, DType::f32, {2, f}, bank.range));
  tensors.push_back(tensor(kLabels, DType::i32, {n}, bank.labels));
  tensors.push_back(tensor(kSources, DType::i32, {n}, bank.sources));
  tensors.push_back(tensor(kOwn, DType::u8, {n}, bank.own_specimen));
}

std::optional<EmbeddingBank> read_bank(const SafetensorsFile& file, std::size_t classes,
                                       std::size_t features, const std::string& source) {
  const auto& tensors = file.tensors();
  std::size_t found = 0;
  for (const auto& [name, view] : tensors)
    if (name.starts_with(kBankPrefix)) ++found;
  if (found == 0) return std::nullopt;
  const auto codes = tensors.find(kCodes);
  const auto f = static_cast<std::int64_t>(features);
  const auto n =
      codes == tensors.end() || codes->second.shape.empty() ? 0 : codes->second.shape.front();
  const auto has = [&](const char* name, DType dtype, const std::vector<std::int64_t>& shape) {
    const auto view = tensors.find(name);
    return view != tensors.end() && holds(view->second, dtype, shape);
  };
  const bool whole = found == 5 && n > 0 && has(kCodes, DType::u8, {n, f}) &&
                     has(kRange, DType::f32, {2, f}) && has(kLabels, DType::i32, {n}) &&
                     has(kSources, DType::i32, {n}) && has(kOwn, DType::u8, {n});
  EmbeddingBank bank;
  if (whole)
    bank = {.range = values_of<float>(tensors.at(kRange)),
            .codes = values_of<std::uint8_t>(tensors.at(kCodes)),
            .labels = values_of<std::int32_t>(tensors.at(kLabels)),
            .sources = values_of<std::int32_t>(tensors.at(kSources)),
            .own_specimen = values_of<std::uint8_t>(tensors.at(kOwn))};
  const auto fault = whole ? fault_of(bank, classes)
                           : fmt::format(
                                 "{} [n, {}], {} [2, {}], {}, {} and {} [n] alone belong "
                                 "there",
                                 kCodes, f, kRange, f, kLabels, kSources, kOwn);
  if (!fault.empty())
    throw ModelError(
        fmt::format("{}: its bank of training cells is not whole: {}; make it anew by `cytocape "
                    "train --finish`",
                    source, fault));
  return bank;
}

}  // namespace cytocape::detail
