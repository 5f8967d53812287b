#pragma once

/// How far a run is: counters that stages bump and a display that reads them.

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

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

enum class ProgressForm : std::uint8_t { none, text, json };

/// Shows the line on stderr while it lives: redrawn in place on a terminal, as a line each 30 s
/// elsewhere and of JSON. Thread-safe.
class ProgressDisplay {
 public:
  ProgressDisplay(const RunProgress& progress, ProgressForm form);
  ~ProgressDisplay();
  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;

  /// Runs `say`, which prints whole lines, with the line of progress out of the way.
  void make_room(const std::function<void()>& say);

 private:
  struct Thread;
  std::unique_ptr<Thread> thread_;
};

}  // namespace cytocape
