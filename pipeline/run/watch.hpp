#pragma once

/// Slides as they come: a folder is watched, and each slide that is whole gets its report
/// (docs/decisions/0040-watch.md).

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "pipeline/run/analyze.hpp"

namespace cytocape {

struct WatchRequest {
  AnalyzeRequest analyze;        ///< without slides; `told` hears of each, up to date ones too
  std::filesystem::path folder;  ///< exists
};

struct WatchOutcome {
  bool cut_off = false;  ///< the end came while slides were being analyzed
  /// Whose reports were left as they are, of something else than is there now; id and why.
  std::map<std::string, std::string> left;
};

/// Returns once `stop` is set. Throws what `analyze` throws before it starts; after that nothing
/// ends the watch: what is wrong with a slide, the folder or the laboratory's values is said once,
/// and looked at again.
[[nodiscard]] WatchOutcome watch(const WatchRequest& request, const std::atomic<bool>& stop);

}  // namespace cytocape
