#pragma once

/// Ctrl-C (SIGINT) and SIGTERM as a flag.

#include <atomic>

namespace cytocape {

/// While it lives, the first signal sets the flag and a second one ends the process at once.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  [[nodiscard]] const std::atomic<bool>& flag() const;
};

}  // namespace cytocape
