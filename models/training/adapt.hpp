#pragma once

/// A laboratory teaches a finished model its own cells: the backbone stays, the heads are fitted
/// anew near what they were, on the laboratory's cells and on those that the model remembers of its
/// training; calibration, thresholds and the statistics of strangeness come from cells held back.
/// How and why: docs/decisions/0034. No LibTorch in this header.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "io/appearance_map.hpp"
#include "models/cape/figures.hpp"
#include "models/data/model_card.hpp"
#include "models/data/site_cells.hpp"

namespace cytocape {

/// A folder of images without labels, of a specimen that the model is not for.
struct OtherCells {
  std::vector<std::filesystem::path> files;  ///< empty: none
  double mpp = 0;                            ///< um/px
};

struct AdaptOptions {
  std::filesystem::path model;
  std::filesystem::path bank;  ///< model whose remembered cells are used; empty: `model`
  SiteCells cells;
  double mpp = 0;  ///< um/px of the cells' images
  AppearanceMap appearance = AppearanceMap::lab;
  OtherCells other;
  std::string site;
  std::string reviewer;
  std::string tool_version;
  double penalty = 0.5;  ///< how strongly the head is held near what it was (HeadProblem::penalty)
  int folds = 5;
  int threads = 0;  ///< 0: all cores
};

/// Cells strange to a model.
struct StrangeCount {
  std::int64_t strange = 0;
  std::int64_t cells = 0;
};

/// With a share of the laboratory's cells.
struct LearningPoint {
  std::vector<std::int64_t> taught;  ///< by class, cells of a fit, mean over the folds
  Probabilities held_back;           ///< of all cells
};

/// Each cell was held back from the fit that calls it. Labels that leave several classes open have
/// become the likeliest of them. Probabilities are calibrated.
struct AdaptFigures {
  int folds = 0;
  Probabilities before;  ///< the laboratory's cells as the model called them; over all classes, 0
                         ///< of the new ones
  Probabilities after;
  Probabilities home_before;  ///< the cells that the model remembers, from their embeddings
  Probabilities home_after;
  std::vector<LearningPoint> curve;  ///< by rising share; all cells last
  StrangeCount site_before;
  StrangeCount site_after;
  StrangeCount other_before;
  StrangeCount other_after;
  AppearanceUse appearance;
};

/// Probabilities of the laboratory's cells follow AdaptOptions::cells.
class Adapted {
 public:
  virtual ~Adapted() = default;
  Adapted(const Adapted&) = delete;
  Adapted& operator=(const Adapted&) = delete;

  /// The whole model file. Throws StorageError.
  virtual void save(const std::filesystem::path& path) const = 0;

  AdaptFigures figures;
  ModelCard card;

 protected:
  Adapted() = default;
};

/// The card of a model file. Throws ModelError.
[[nodiscard]] ModelCard card_of_model(const std::filesystem::path& path);

using AdaptProgress = std::function<void(const char* stage, std::size_t done, std::size_t total)>;

/// Null where `stop`, asked between steps, said true. Sets LibTorch's intra-op threads for the
/// whole process. Throws ModelError (what is wrong with the model file, or that it remembers no
/// cells) and ConfigError (images that cannot be used, all of them listed; fewer than two groups).
[[nodiscard]] std::unique_ptr<Adapted> adapt_model(const AdaptOptions& options,
                                                   const AdaptProgress& progress,
                                                   const std::function<bool()>& stop);

}  // namespace cytocape
