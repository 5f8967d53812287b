#pragma once

/// Records as a command line names them.

#include <filesystem>
#include <vector>

namespace cytocape {

/// Throws ConfigError for a folder that is not a report's own, such as one of many reports: which
/// of these are meant is not guessed.
void check_record_folders(const std::vector<std::filesystem::path>& given);

}  // namespace cytocape
