#pragma once

/// What `inspect` says of records.

#include <filesystem>
#include <nlohmann/json.hpp>

namespace cytocape {

/// Everything that the record holds but for its rows, whichever kind it is.
[[nodiscard]] nlohmann::json record_json(const std::filesystem::path& path);

/// A screen for people on stdout.
void print_record(const std::filesystem::path& path);

}  // namespace cytocape
