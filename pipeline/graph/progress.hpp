#pragma once

/// How far a run is: counters that stages bump and a display that reads them.

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

namespace cytocape {

/// All members may be changed and read from any thread.
struct RunProgress {
  std::atomic<std::uint64_t> slides{0};
  std::atomic<std::uint64_t> slides_done{0};
  std::atomic<std::uint64_t> blocks_planned{0};  ///< of the slides planned so far
  std::atomic<std::uint64_t> blocks_done{0};
  std::atomic<std::uint64_t> cells_found{0};
  std::atomic<std::uint64_t> cells_done{0};
};

/// One line for people: "slide 2/5  blocks 120/400  cells 813  41 cells/s  1 min 20 s left".
[[nodiscard]] std::string progress_line(const RunProgress& progress, double seconds);

/// Shows the line on stderr while it lives: redrawn in place on a terminal, as a line each 30 s
/// elsewhere. `quiet` shows nothing.
class ProgressDisplay {
 public:
  ProgressDisplay(const RunProgress& progress, bool quiet);
  ~ProgressDisplay();
  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;

 private:
  struct Thread;
  std::unique_ptr<Thread> thread_;
};

}  // namespace cytocape
