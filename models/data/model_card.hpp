#pragma once

/// What a model file says of itself: the JSON under "cytocape.card" in its safetensors metadata.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "io/appearance_map.hpp"
#include "io/specimen.hpp"
#include "models/data/never_seen.hpp"

namespace cytocape {

struct TrainingSource {
  std::string name;
  std::string citation;
  std::string licence;
  std::int64_t images = 0;
  /// Of its cells (TrainingAppearance), of whatever specimen; none: not measured.
  std::optional<LabStatistics> lab = std::nullopt;
};

struct ClassFigures {
  std::string name;  ///< taxonomy code
  std::int64_t train_images = 0;
  std::int64_t validation_images = 0;
  double recall = 0;
  double precision = 0;
};

/// What the training cells look like: what the cells of a slide may be mapped to
/// (tiling/lab_map.hpp).
struct TrainingAppearance {
  LabStatistics lab;
  std::int64_t cells = 0;  ///< that it was measured on
  std::string of;          ///< which: a clause

  bool operator==(const TrainingAppearance&) const = default;
};

/// Whose cells a finished model was fitted to anew (models/training/adapt.hpp).
struct AdaptedFrom {
  std::string parent;         ///< the name of the model that was taught
  std::string parent_sha256;  ///< of its file
  std::string site;           ///< the laboratory, as its people name it
  std::string reviewer;       ///< who labelled the cells; may be empty
  std::int64_t cells = 0;
  std::int64_t groups = 0;  ///< slides or cases that they come from, as far as was known

  bool operator==(const AdaptedFrom&) const = default;
};

// What a network may be. Training has the same bounds (models/data/train_table.cpp).
inline constexpr int kMinInputPx = 32;  ///< edge of a crop
inline constexpr int kMaxInputPx = 1024;
/// Some ten times the largest cell of marrow. A crop is cut from the slide at full resolution.
inline constexpr double kMaxCropUm = 1000;
inline constexpr double kMaxCropMpp = 20;
inline constexpr std::array kOutputStrides{32, 16};
inline constexpr std::array kViews{1, 2, 4, 8};

/// "1, 2, 4 or 8". Precondition: `values` is not empty.
[[nodiscard]] std::string alternatives(std::span<const int> values);

struct ModelCard {
  std::string name;
  std::string backbone;    ///< of BackboneKind (backbone_kind.hpp)
  int output_stride = 32;  ///< of kOutputStrides, 16 by dilation
  int members = 1;         ///< backbones side by side (models/training/join.hpp)
  int views = 1;           ///< orientations averaged, of kViews (models/network/views.hpp)
  std::vector<ClassFigures> classes;  ///< in logit order
  std::vector<Specimen> specimens;
  std::string stain;             ///< "May-Gruenwald-Giemsa"
  int input_px = 0;              ///< edge of a crop
  double mpp = 0;                ///< um a crop pixel spans
  std::array<double, 3> mean{};  ///< of RGB in 0..1: x' = (x / 255 - mean) / std
  std::array<double, 3> std{1, 1, 1};
  double calibration_a = 0;  ///< added to t1 (log of the scale of A); 0 = as trained
  double calibration_w = 0;  ///< added to t2
  /// A cell whose called class has less CAPE p (calibrated) is unidentified; 0: none is.
  double unidentified_below = 0;
  /// A cell whose strangeness (ClassMaps::strangeness) is above this is strange to the network:
  /// one in twenty of the validation cells was. 0: not measured.
  double strange_above = 0;
  /// A slide with a larger share of strange cells, of 100 or more that the network saw, is of
  /// another stain, specimen or scanner than the model's (how it follows from the validation
  /// split: models/cape/embedding.hpp). 0: not measured.
  double strange_share_limit = 0;
  /// None: not measured; slides are then not mapped.
  std::optional<TrainingAppearance> appearance;
  std::vector<TrainingSource> training_data;
  double validation_accuracy = 0;           ///< CAPE head
  double validation_accuracy_ordinary = 0;  ///< ordinary head
  double validation_accuracy_moved = 0;     ///< CAPE head, cells moved within the crop
  double validation_macro_f1 = 0;
  double validation_ece = 0;               ///< of the called class, 15 bins
  double validation_ece_uncalibrated = 0;  ///< before calibration_a and _w
  double validation_nll = 0;               ///< mean negative log likelihood
  double validation_nll_uncalibrated = 0;
  /// Laboratories that were left out of trainings by this recipe; empty: none was.
  std::vector<LaboratoryFigures> never_seen;
  std::optional<AdaptedFrom> adapted;  ///< none: not adapted to a laboratory
  /// What the figures were measured on: empty for this network's own validation split; else a
  /// sentence (a network trained on all images repeats those of its recipe on a split).
  std::string figures_of;
  std::vector<std::vector<std::int64_t>>
      confusion;       ///< [true][called], validation cells that were called
  std::string limits;  ///< what it is not for
  std::string tool_version;
  std::string scheme;  ///< "ts", "cam", "pf" (models/training/train.hpp); empty: not trained here
  int kept_epoch = 0;  ///< whose weights these are, from 1; 0: not told
  std::string training_config;  ///< the TOML that made it
};

/// What cells are mapped to; none where the card does not say.
[[nodiscard]] std::optional<LabStatistics> training_lab(const ModelCard& card);

/// In logit order.
[[nodiscard]] std::vector<std::string> class_names(const ModelCard& card);

[[nodiscard]] std::string to_json(const ModelCard& card);
/// What a card is before its keys are read: one JSON object, neither nested deeply nor with a key
/// twice, of at most 4 MiB. Throws ModelError naming `source`.
void check_card_text(const std::string& json, const std::string& source);
/// Throws ModelError naming `source`, the key and the value, which is shortened. Unknown keys are
/// kept out. What memory is taken for later is bounded here: 1024 px and 1 mm of a crop, 256
/// classes, 16 members.
[[nodiscard]] ModelCard card_from_json(const std::string& json, const std::string& source);

}  // namespace cytocape
