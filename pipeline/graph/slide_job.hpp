#pragma once

/// One slide under analysis: what is fixed once its plan is made, and shared by all its blocks.

#include <atomic>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "io/slide_state.hpp"
#include "models/engine/classifier.hpp"
#include "pipeline/case/assess.hpp"
#include "pipeline/graph/progress.hpp"
#include "pipeline/settings/analyze_config.hpp"
#include "tiling/block_plan.hpp"
#include "tiling/crop.hpp"
#include "tiling/lab_map.hpp"
#include "tiling/locate.hpp"

namespace cytocape {

/// What is to be done with one slide.
struct SlideRequest {
  std::filesystem::path path;
  std::string id;       ///< names the report's folder
  std::string case_id;  ///< whose slide it is
  Specimen specimen = Specimen::blood;
  std::optional<Mpp> mpp;   ///< the user's pixel size for this slide; before the configuration's
  SlideIdentity identity;   ///< what the manifest says of it
  std::uint64_t bytes = 0;  ///< of its files, for the time left; 0 where not known
  std::string sha256{};     ///< of its content when the run was planned, where it is known
};

/// What all slides of a run share. Outlives every job.
struct RunContext {
  AnalyzeConfig config;
  std::shared_ptr<const Classifier> classifier;
  std::filesystem::path model_path;
  Labs labs;
  /// Asked before a slide is begun: false passes it over, as if it were not in the list. May be
  /// empty. Must not throw.
  std::function<bool(const SlideRequest&)> admit;
  /// Called before anything of a slide is read; what it throws fails the slide. May be empty.
  std::function<void(const SlideRequest&)> before_slide;
  const std::atomic<bool>* stop = nullptr;  ///< as of GraphOptions
  mutable RunProgress progress;
};

/// Immutable after planning but for the two flags; safe to share between threads.
struct SlideJob {
  SlideRequest request;
  std::shared_ptr<const RunContext> run;
  SlideState state;              ///< of the slide's files, before it was opened
  std::unique_ptr<Slide> slide;  ///< null when planning failed
  LocateScale scale;
  StainProfile stain;
  CropSpec crop;
  Appearance appearance;  ///< the map of its crops ahead of the network
  std::vector<Block> blocks;
  Size overview;  ///< pixels of the overview picture
  std::string started_utc;
  mutable std::future<std::string>
      sha256;  ///< computed beside the analysis; taken once, at the end

  std::string plan_failure;  ///< why there are no blocks
  /// Set by whoever sees the slide fail; its remaining blocks are then passed through unread.
  mutable std::atomic<bool> abandoned{false};
};

/// Opens the slide, measures its stain and its appearance, and cuts it into blocks. Never throws: a
/// slide that cannot be planned comes back with `plan_failure`.
[[nodiscard]] std::shared_ptr<const SlideJob> plan_slide(const SlideRequest& request,
                                                         std::shared_ptr<const RunContext> run);

}  // namespace cytocape
