#pragma once

/// One station a folder: two would not know of each other's sessions and changes.

#include <filesystem>
#include <optional>

#include "io/lock_file.hpp"

namespace cytocape {

/// The lock of a folder of reports, as runs have theirs (docs/decisions/0017-publication.md); none
/// where the folder cannot be written to, in which a station changes nothing. Throws ConfigError
/// naming who has it.
[[nodiscard]] std::optional<LockFile> take_station_lock(const std::filesystem::path& out);

}  // namespace cytocape
