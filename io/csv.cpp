#include "io/csv.hpp"

#include <csv.h>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>

#include "io/errors.hpp"

namespace cytocape {
namespace {

struct Rows {
  std::vector<std::vector<std::string>> all;
  std::vector<std::string> current;
};

void take_field(void* bytes, std::size_t size, void* rows) {
  static_cast<Rows*>(rows)->current.emplace_back(static_cast<const char*>(bytes), size);
}

void take_row(int, void* rows) {
  auto& [all, current] = *static_cast<Rows*>(rows);
  all.push_back(std::move(current));
  current.clear();
}

std::string read_whole(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw ConfigError(fmt::format("{}: cannot be read; check the path", path.string()));
  std::string content(std::istreambuf_iterator<char>(stream), {});
  // A byte-order mark, as spreadsheets write it, is no part of the first column's name.
  if (content.starts_with("\xef\xbb\xbf")) content.erase(0, 3);
  return content;
}

void check(const std::filesystem::path& path, const CsvTable& table) {
  for (auto name = table.header.begin(); name != table.header.end(); ++name)
    if (std::find(table.header.begin(), name, *name) != name)
      throw ConfigError(fmt::format("{}: row 1: column \"{}\" occurs twice", path.string(), *name));
  for (std::size_t i = 0; i < table.rows.size(); ++i)
    if (table.rows[i].size() != table.header.size())
      throw ConfigError(fmt::format("{}: row {}: {} fields, but the header has {}", path.string(),
                                    i + 2, table.rows[i].size(), table.header.size()));
}

}  // namespace

CsvTable read_csv(const std::filesystem::path& path) {
  const auto content = read_whole(path);
  csv_parser parser;
  if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) throw ConfigError("csv: out of memory");
  const std::unique_ptr<csv_parser, decltype(&csv_free)> owner(&parser, &csv_free);

  Rows rows;
  const bool whole = csv_parse(&parser, content.data(), content.size(), take_field, take_row,
                               &rows) == content.size() &&
                     csv_fini(&parser, take_field, take_row, &rows) == 0;
  if (!whole)
    throw ConfigError(fmt::format("{}: row {}: {}; write a quote inside a quoted field twice",
                                  path.string(), rows.all.size() + 1,
                                  csv_strerror(csv_error(&parser))));
  if (rows.all.empty())
    throw ConfigError(fmt::format("{}: is empty; expected a header line", path.string()));
  CsvTable table{.header = std::move(rows.all.front()), .rows = {}};
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
