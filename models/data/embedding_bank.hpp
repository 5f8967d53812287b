#pragma once

/// Cells of a network's training that its model file remembers, so that a laboratory can teach it
/// its own cells and nothing known is lost: of each class up to 60 embeddings (the spatial mean of
/// the last feature map), a byte a value. In a model file the tensors `bank.codes` [n, F],
/// `bank.range` [2, F], `bank.labels` [n], `bank.sources` [n] and `bank.own_specimen` [n], all or
/// none of them. Pure; no LibTorch.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/data/safetensors.hpp"

namespace cytocape::detail {

inline constexpr const char* kBankPrefix = "bank.";
/// Of a class.
inline constexpr std::size_t kMostBankCells = 60;
/// Of all codes; where many classes or features would take more, each class has fewer cells.
inline constexpr std::size_t kMostBankBytes = 1U << 20U;

struct EmbeddingBank {
  std::vector<float> range;                ///< [2, F]: a value is range[0] + code / 255 * range[1]
  std::vector<std::uint8_t> codes;         ///< [cells, F]
  std::vector<std::int32_t> labels;        ///< into the card's classes
  std::vector<std::int32_t> sources;       ///< into the card's training data
  std::vector<std::uint8_t> own_specimen;  ///< 1: of the model's specimen; 0: of another

  [[nodiscard]] std::size_t cells() const { return labels.size(); }
  [[nodiscard]] std::size_t features() const { return range.size() / 2; }
  /// [cells, F]
  [[nodiscard]] std::vector<float> embeddings() const;
};

/// What is known of a cell beside its embedding.
struct BankCell {
  int label = 0;
  int source = 0;
  bool own_specimen = true;
};

/// Which of `cells` a bank keeps, by rising index: of each class up to `most`, its sources alike as
/// far as they have them, evenly through each. Labels below 0 are of no class.
[[nodiscard]] std::vector<std::size_t> bank_choice(std::span<const BankCell> cells,
                                                   std::size_t most);
/// How many cells of a class fit into kMostBankBytes.
[[nodiscard]] std::size_t bank_cells_of_class(std::size_t classes, std::size_t features);

/// `embeddings`: [cells.size(), F], finite.
[[nodiscard]] EmbeddingBank make_bank(std::span<const float> embeddings,
                                      std::span<const BankCell> cells);

/// Views of `bank`, which must outlive them.
void add_bank(const EmbeddingBank& bank, std::vector<TensorToWrite>& tensors);

/// None where the file has none. Throws ModelError naming `source` where it is not whole or holds
/// what no network of `classes` classes and `features` features has.
[[nodiscard]] std::optional<EmbeddingBank> read_bank(const SafetensorsFile& file,
                                                     std::size_t classes, std::size_t features,
                                                     const std::string& source);

}  // namespace cytocape::detail
