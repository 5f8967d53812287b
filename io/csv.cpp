#include "io/csv.hpp"

#include <csv.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>

#include "io/errors.hpp"
#include "io/fault_list.hpp"

namespace cytocape {
namespace {

/// What libcsv hands over, row by row.
struct Rows {
  std::vector<std::vector<std::string>> all;
  std::vector<std::size_t> numbers;
  std::vector<std::string> current;
  std::size_t lines = 0;  ///< rows begun so far, as a spreadsheet counts them
};

void take_field(void* bytes, std::size_t size, void* rows) {
  static_cast<Rows*>(rows)->current.emplace_back(static_cast<const char*>(bytes), size);
}

void take_row(int, void* target) {
  auto& rows = *static_cast<Rows*>(target);
  rows.numbers.push_back(++rows.lines);
  rows.all.push_back(std::move(rows.current));
  rows.current.clear();
}

std::string read_whole(const std::filesystem::path& path) {
  const auto refuse = [&](const char* why) {
    throw ConfigError(fmt::format("{}: cannot be read: {}; check the path", path.string(), why));
  };
  if (std::filesystem::is_directory(path)) refuse("it is a folder");
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) refuse(errno == 0 ? "no cause given" : std::strerror(errno));
  std::string content(std::istreambuf_iterator<char>(stream), {});
  // A byte-order mark, as spreadsheets write it, is no part of the first column's name.
  if (content.starts_with("\xef\xbb\xbf")) content.erase(0, 3);
  return content;
}

[[noreturn]] void refuse_syntax(const std::filesystem::path& path, csv_parser& parser,
                                const Rows& rows, bool ended) {
  const auto where =
      fmt::format("{}: row {}: field {}", path.string(), rows.lines + 1, rows.current.size() + 1);
  if (csv_error(&parser) != CSV_EPARSE)
    throw ConfigError(fmt::format("{}: {}", where, csv_strerror(csv_error(&parser))));
  if (ended) throw ConfigError(where + " begins with a quote (\") that is never closed; close it");
  throw ConfigError(where +
                    " has a quote (\") inside; put the whole field in quotes and write each quote "
                    "inside it twice, as in \"a \"\"b\"\" c\"");
}

/// Line by line, so that empty lines, which libcsv passes over, count as rows.
Rows parse(const std::filesystem::path& path, std::string_view content) {
  csv_parser parser;
  if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) throw ConfigError("csv: out of memory");
  const std::unique_ptr<csv_parser, decltype(&csv_free)> owner(&parser, &csv_free);
  Rows rows;
  while (!content.empty()) {
    const auto size = std::min(content.find('\n'), content.size() - 1) + 1;
    const auto before = rows.lines;
    if (csv_parse(&parser, content.data(), size, take_field, take_row, &rows) != size)
      refuse_syntax(path, parser, rows, false);
    constexpr int kRowNotBegun = 0;  // of libcsv, which has no name for it in its header
    if (rows.lines == before && parser.pstate == kRowNotBegun) ++rows.lines;
    content.remove_prefix(size);
  }
  if (csv_fini(&parser, take_field, take_row, &rows) != 0) refuse_syntax(path, parser, rows, true);
  return rows;
}

void check_separator(const std::string& where, const std::vector<std::string>& fields) {
  if (fields.size() != 1) return;
  for (const auto& [sign, name] : {std::pair{';', "semicolons"}, std::pair{'\t', "tabs"}})
    if (fields.front().find(sign) != std::string::npos)
      throw ConfigError(
          fmt::format("{}: fields are separated by {}; save the table as comma-separated (CSV with "
                      "commas, and a point as the decimal sign)",
                      where, name));
}

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Why a row may have more fields than the header.
std::string likely_reason(const std::vector<std::string>& fields) {
  for (std::size_t i = 0; i + 1 < fields.size(); ++i) {
    const auto whole = std::string_view(fields[i]).substr(fields[i].starts_with('-') ? 1 : 0);
    if (all_digits(whole) && all_digits(fields[i + 1]))
      return fmt::format("; likely {0},{1} is a number with a decimal comma: write {0}.{1}",
                         fields[i], fields[i + 1]);
  }
  return "; put a field that holds a comma in quotes";
}

void check(const std::filesystem::path& path, const CsvTable& table) {
  check_separator(fmt::format("{}: row {}", path.string(), table.header_number), table.header);
  for (auto name = table.header.begin(); name != table.header.end(); ++name)
    if (std::find(table.header.begin(), name, *name) != name)
      throw ConfigError(fmt::format("{}: row {}: column \"{}\" occurs twice", path.string(),
                                    table.header_number, *name));
  FaultList faults;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto& row = table.rows[i];
    if (row.size() == table.header.size()) continue;
    check_separator(fmt::format("{}: row {}", path.string(), table.numbers[i]), row);
    faults.add("row {}: {} fields, but the header has {}{}", table.numbers[i], row.size(),
               table.header.size(), row.size() > table.header.size() ? likely_reason(row) : "");
  }
  faults.throw_if_any(path.string());
}

}  // namespace

CsvTable read_csv(const std::filesystem::path& path) {
  auto rows = parse(path, read_whole(path));
  if (rows.all.empty())
    throw ConfigError(fmt::format("{}: is empty; expected a header line", path.string()));
  CsvTable table{.header = std::move(rows.all.front()),
                 .rows = {},
                 .header_number = rows.numbers.front(),
                 .numbers = {rows.numbers.begin() + 1, rows.numbers.end()}};
  table.rows.assign(std::make_move_iterator(rows.all.begin() + 1),
                    std::make_move_iterator(rows.all.end()));
  check(path, table);
  return table;
}

std::string csv_field(std::string_view text) {
  const bool blank_end = !text.empty() && (text.front() == ' ' || text.back() == ' ');
  if (!blank_end && text.find_first_of(",\"\r\n") == std::string_view::npos)
    return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace cytocape
