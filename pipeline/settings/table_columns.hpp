#pragma once

/// The columns of a table that a user wrote.

#include <string>
#include <vector>

#include "io/csv.hpp"

namespace cytocape {

/// Which columns a table may have, and which it must; in small letters.
struct ColumnNames {
  std::vector<std::string> known;
  std::vector<std::string> needed;
};

/// A to Z made small, all else as it is.
[[nodiscard]] std::string small_letters(std::string text);

/// Turns the header into small letters: columns are known in any letter case. Throws one
/// ConfigError naming `subject`, with one fault for each column that is unknown, missing or there
/// twice.
void check_columns(CsvTable& table, const ColumnNames& names, const std::string& subject);

}  // namespace cytocape
