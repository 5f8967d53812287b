#pragma once

/// Comma-separated tables with a header line (RFC 4180, UTF-8), through libcsv.

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace cytocape {

struct CsvTable {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;  ///< each as long as the header
};

/// Blanks around fields are cut, empty lines skipped. Throws ConfigError naming the file and the
/// row (the header is row 1) for unbalanced quotes, a row of another length than the header, a
/// column that occurs twice, or no header.
[[nodiscard]] CsvTable read_csv(const std::filesystem::path& path);

/// A field for a row: quoted where it holds a comma, a quote, a line break or a blank at an end.
[[nodiscard]] std::string csv_field(std::string_view text);

}  // namespace cytocape
