#pragma once

/// Who has a lock, in words.

#include <string>

#include "io/lock_file.hpp"

namespace cytocape {

/// "process 71 on lab-3, started 2026-01-02T03:04:05Z (3 min ago)". Precondition: the lock says
/// whose it is.
[[nodiscard]] std::string owner_words(const LockHolder& holder);

}  // namespace cytocape
