#pragma once

/// Exit codes, the same for every command.

#include "io/report.hpp"

namespace cytocape {

inline constexpr int kExitOk = 0;
inline constexpr int kExitUsage = 2;  ///< nothing was started
inline constexpr int kExitInsufficient = 3;
inline constexpr int kExitIncomplete = 4;
inline constexpr int kExitFailed = 5;
/// All was done, and stdout did not take the results, or the folder's tables could not be made.
inline constexpr int kExitOutput = 6;
/// All that could be done was, and other runs are working on the rest.
inline constexpr int kExitHeld = 7;
inline constexpr int kExitInterrupted = 130;  ///< 128 + SIGINT, as shells expect
inline constexpr int kExitTerminated = 143;   ///< 128 + SIGTERM

[[nodiscard]] constexpr int exit_code(Status status) {
  switch (status) {
    case Status::ok:
      return kExitOk;
    case Status::insufficient:
      return kExitInsufficient;
    case Status::incomplete:
      return kExitIncomplete;
    case Status::failed:
      return kExitFailed;
  }
  return kExitFailed;
}

}  // namespace cytocape
