#pragma once

/// Ctrl-C (SIGINT) and SIGTERM: a flag for work that can end cleanly, and a limit for SIGTERM.

#include <atomic>

namespace cytocape {

/// While it lives, the first signal sets the flag, and a second one ends the process at once.
/// Ctrl-C waits for the clean end however long that takes. SIGTERM comes from a scheduler or a
/// shutdown, which soon send SIGKILL: `kTermSeconds` after it the process ends wherever it is, says
/// so on stderr, and its exit code is kExitTerminated. This limit outlives the guard. Without a
/// guard either signal ends the process at once, as the system's default is. One at a time.
class InterruptGuard {
 public:
  static constexpr unsigned kTermSeconds = 3;

  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  [[nodiscard]] const std::atomic<bool>& flag() const;
};

/// Exit code of work that was stopped: kExitTerminated after SIGTERM, else kExitInterrupted.
[[nodiscard]] int interrupted_exit_code();

}  // namespace cytocape
