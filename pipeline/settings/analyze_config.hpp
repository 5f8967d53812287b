#pragma once

/// The settings of `analyze`: configs/analyze.toml, in types.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "io/appearance_map.hpp"
#include "io/geometry.hpp"
#include "io/interval.hpp"
#include "io/slide.hpp"
#include "models/engine/classifier.hpp"
#include "pipeline/settings/quality_limits.hpp"
#include "tiling/block_plan.hpp"
#include "tiling/locate.hpp"

namespace cytocape {

enum class RegionKind { cells, grid };

/// A site's reference intervals for one specimen.
struct ReferenceIntervals {
  std::string source;                        ///< where they come from
  std::map<std::string, Interval> interval;  ///< by taxonomy code; fractions 0..1
};

/// What stands here without a configuration are the values of configs/analyze.toml.
struct AnalyzeConfig {
  std::optional<Mpp> mpp;    ///< the user's pixel size
  std::string slide_reader;  ///< one of slide_reader_names(); empty: the first that can
  int slide_plane = 1;       ///< of several pictures of one size in a file
  IccUse slide_icc = IccUse::apply;
  ClassifierOptions classifier;
  int threads = 0;  ///< 0: all processors
  RegionKind regions = RegionKind::cells;
  BlockPlanOptions blocks;
  FinderOptions finder;
  AppearanceMap appearance = AppearanceMap::none;
  double min_crop_focus = 0;
  std::optional<double> unidentified_below;  ///< CAPE p; none: the model's own
  QualityLimits quality;
  std::map<Specimen, ReferenceIntervals> references;
  int evidence_max_squares = 128;
  int thumbnail_px = 1024;
  int gallery_cells = 100;
  double watch_interval_s = 10;  ///< from one look at a watched folder to the next
  double watch_settle_s = 30;    ///< how long a slide's files have not changed when it is whole
  /// Every value in force that can change a result, as TOML; its SHA-256 is the configuration's
  /// identity.
  std::string toml;
};

/// Layers, of which later ones win: the defaults, `files` (empty names are passed over),
/// `assignments` ("key=value"). Throws ConfigError.
[[nodiscard]] AnalyzeConfig load_analyze_config(const std::vector<std::string>& files,
                                                const std::vector<std::string>& assignments);
[[nodiscard]] AnalyzeConfig load_analyze_config(const std::string& file,
                                                const std::vector<std::string>& assignments);

}  // namespace cytocape
