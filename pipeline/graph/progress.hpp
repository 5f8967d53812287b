#pragma once

/// How far a run is: counters that stages bump and a display that reads them.

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "pipeline/program/progress_line.hpp"

namespace cytocape {

/// All members may be changed and read from any thread.
struct RunProgress {
  std::atomic<std::uint64_t> slides{0};
  std::atomic<std::uint64_t> slides_done{0};
  std::atomic<std::uint64_t> bytes{0};           ///< of all slides' files
  std::atomic<std::uint64_t> bytes_planned{0};   ///< of the slides planned so far
  std::atomic<std::uint64_t> blocks_planned{0};  ///< of the slides planned so far
  std::atomic<std::uint64_t> blocks_done{0};
  std::atomic<std::uint64_t> cells_found{0};
  std::atomic<std::uint64_t> cells_done{0};
};

/// Seconds until all slides are done, at the pace so far by the bytes of their files; none before
/// there is a pace.
[[nodiscard]] std::optional<double> seconds_left(const RunProgress& progress, double seconds);

/// One line for people: "slides 1 of 5  blocks 120/400  cells 813  41 cells/s  1 h 20 min left".
[[nodiscard]] std::string progress_line(const RunProgress& progress, double seconds);
/// The same as one JSON object, for programs.
[[nodiscard]] std::string progress_json(const RunProgress& progress, double seconds);

/// Shows it while it lives; the counters outlive it. Thread-safe.
class ProgressDisplay {
 public:
  ProgressDisplay(const RunProgress& progress, ProgressForm form);

  /// See ProgressLine.
  void make_room(const std::function<void()>& say) { line_.make_room(say); }

 private:
  ProgressLine line_;
};

}  // namespace cytocape
