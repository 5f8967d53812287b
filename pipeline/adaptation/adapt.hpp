#pragma once

/// `adapt` without its command line: a laboratory's cells in, a model for this laboratory out.

#include <atomic>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "models/training/adapt.hpp"
#include "pipeline/evaluation/evaluation.hpp"

namespace cytocape {

struct AdaptRequest {
  std::filesystem::path model;
  std::filesystem::path data;  ///< folder of class folders
  double mpp = 0;              ///< um/px of its images
  /// "folder=class" or "folder=class,class": what a folder means whose name is not its class, each
  /// of several that the laboratory does not tell apart, and "folder=" for images that are not
  /// used.
  std::vector<std::string> classes;
  std::filesystem::path groups;  ///< CSV of slides or cases; empty: by the images' names
  std::filesystem::path bank;    ///< empty: the model's own
  std::filesystem::path other;   ///< folder of images of another specimen; empty: none
  double other_mpp = 0;
  std::string site;
  std::string reviewer;
  AppearanceMap appearance = AppearanceMap::lab;
  double penalty = 0.5;
  int folds = 5;
  int threads = 0;
  bool force = false;  ///< also where the model lost what it knew
  std::filesystem::path out;
  std::string command;
};

/// One class, before and after.
struct AdaptedClass {
  std::string name;
  std::string label;
  std::size_t taught = 0;  ///< cells of the laboratory that can be it
  bool fresh = false;      ///< the model did not know it
  Proportion before;       ///< of its cells, called it
  Proportion after;
  Proportion home_before;  ///< of the cells that the model remembers
  Proportion home_after;
  std::string advice;  ///< what more cells of it would help; empty: nothing is known
};

/// Accuracy with a share of the cells.
struct CurvePoint {
  std::size_t cells = 0;  ///< that a fit was taught, mean
  Proportion groups;      ///< accuracy over groups
};

/// What became of the model, for page, JSON and terminal.
struct AdaptReport {
  AdaptRequest request;
  std::string model;
  std::string model_sha256;
  std::size_t cells = 0;
  std::size_t groups = 0;
  std::string groups_from;  ///< a clause
  std::size_t passed_over = 0;
  int folds = 0;
  Proportion groups_before;  ///< accuracy over the taxonomy's groups
  Proportion groups_after;
  Proportion classes_before;
  Proportion classes_after;
  double better_p = 1;  ///< McNemar's, of before and after over groups
  double ece_before = 0;
  double ece_after = 0;
  Proportion home_before;  ///< over groups
  Proportion home_after;
  std::vector<AdaptedClass> classes;
  std::vector<CurvePoint> curve;
  StrangeCount site_before;
  StrangeCount site_after;
  StrangeCount other_before;
  StrangeCount other_after;
  AppearanceUse appearance;
  std::vector<std::string> warnings;
  std::string limits;
  double seconds = 0;
  std::string started_utc;
};

/// A new class needs as many cells: fewer teach single cells.
inline constexpr std::size_t kLeastNewCells = 30;
/// Points of accuracy over groups that the model may lose on what it knew.
inline constexpr double kMostLost = 0.01;

/// The request's cells as the model's classes and new ones. Throws ConfigError that lists all that
/// is wrong: folders that mean no class of the taxonomy, new classes of fewer than kLeastNewCells.
[[nodiscard]] SiteCells site_cells_of(const AdaptRequest& request, const ModelCard& card);

/// Reads, fits, measures, and publishes `request.out`: model.safetensors, adapt.html, adapt.json
/// and inputs.json, whole or not at all. None where `stop` ended it. Throws ConfigError, ModelError
/// and StorageError; ConfigError also where the model lost more than kMostLost and is not forced.
[[nodiscard]] std::optional<AdaptReport> adapt_site(const AdaptRequest& request,
                                                    const AdaptProgress& progress,
                                                    const std::atomic<bool>& stop);

[[nodiscard]] std::string adapt_html(const AdaptReport& report);
[[nodiscard]] std::string adapt_json(const AdaptReport& report);
/// A summary for a terminal of 80 columns.
[[nodiscard]] std::string adapt_text(const AdaptReport& report);

}  // namespace cytocape
