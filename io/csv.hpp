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
  std::size_t header_number = 1;
  /// Each row's number in the file, as a spreadsheet counts: from 1, empty lines included.
  std::vector<std::size_t> numbers;
};

struct CsvOptions {
  /// In any letter case; its fields may hold bytes that are not UTF-8, as the names of files do.
  std::string bytes_column;
  /// In small letters: those that hold numbers. Only of these a comma too many may be one of a
  /// number's, and a decimal comma be meant; "0012,007" elsewhere are two identities.
  std::vector<std::string> number_columns{"value", "mpp"};
};

/// Blanks around fields are cut (no-break spaces also inside quotes); empty lines, rows of empty
/// fields (",,,"), a first line "sep=,", "sep=;" or "sep=" with a tab, which names the separator
/// and is believed, and empty columns without a name are left out, and so is an apostrophe ahead of
/// what would be a formula. Lines end with LF, CR LF or CR.
/// Throws ConfigError naming the file, the row and what to do: a file that cannot be read, text
/// that is not UTF-8, other separators than commas, quotes out of place, rows of another length
/// than the header (all of them), a column that occurs twice, values in a column without a name, no
/// header, or more than the table may have: 64 MiB, 250,000 rows, 64 columns, 4,096 bytes in a
/// field. Takes time linear in the file. Thread-safe.
[[nodiscard]] CsvTable read_csv(const std::filesystem::path& path, const CsvOptions& options = {});

/// How a number with commas in it may have been meant: "11.2" of 11,2; "1200 if the comma separates
/// thousands, or 1.2 if it is the decimal sign" of 1,200. Empty where it is no such number.
[[nodiscard]] std::string without_comma(std::string_view number);

/// A field for a row: quoted where it holds a comma, a quote, a line break or a blank at an end;
/// with an apostrophe ahead where a spreadsheet would take it for a formula ("=..", "@..", "-x",
/// but not
/// "-1.5"), which read_csv takes away again.
[[nodiscard]] std::string csv_field(std::string_view text);

}  // namespace cytocape
