#pragma once

/// Where the model saw its class in a cell. Pure but for the file that it reads; thread-safe.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "io/report.hpp"

namespace cytocape {

/// JPEG of the CAPE map of the class that the model called `cell`, from its record: as wide as the
/// pictures of cells (`kCropMargin` times the model's field), white where the model did not look,
/// violet where its share is the largest of the map. None where the record has no map of it. Throws
/// StorageError.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> evidence_jpeg(
    const std::filesystem::path& record, const ModelSummary& model, const CellRow& cell);

// Of the pictures of cells.
inline constexpr int kCropPx = 160;
inline constexpr double kCropMargin = 1.25;  ///< of the model's crop: neighbours help a person

}  // namespace cytocape
