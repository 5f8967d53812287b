#pragma once

/// Paths as the search for slides and their naming compare and tell them. Internal to
/// pipeline/night. Thread-safe.

#include <filesystem>
#include <string>
#include <vector>

namespace cytocape {

/// From the root and without links, as far as it exists.
[[nodiscard]] std::filesystem::path real_path(const std::filesystem::path& path);

/// "a.csv, b.json, c.txt and 4 more"
[[nodiscard]] std::string named_first(const std::vector<std::string>& names);

/// A DICOM slide of several files, alone in its folder, which then names it.
[[nodiscard]] bool has_folder_to_itself(const std::filesystem::path& path);

/// So that what is named by a folder is named as a file of that name would be.
[[nodiscard]] std::filesystem::path as_file(std::filesystem::path folder);

}  // namespace cytocape
