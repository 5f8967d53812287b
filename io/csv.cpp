#include "io/csv.hpp"

#include <csv.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <utility>

#include "io/errors.hpp"
#include "io/fault_list.hpp"
#include "io/text.hpp"

namespace cytocape {
namespace {

/// What libcsv hands over, row by row.
struct Rows {
  std::vector<std::vector<std::string>> all;
  std::vector<std::size_t> numbers;
  std::vector<std::string> current;
  std::size_t lines = 0;  ///< rows begun so far, as a spreadsheet counts them
};

bool has_no_break_space_at_an_end(std::string_view field) {
  for (const std::string_view space : {"\u00a0", "\u202f"})
    if (field.starts_with(space) || field.ends_with(space)) return true;
  return false;
}

void take_field(void* bytes, std::size_t size, void* rows) {
  static_cast<Rows*>(rows)->current.emplace_back(static_cast<const char*>(bytes), size);
}

void take_row(int, void* target) {
  auto& rows = *static_cast<Rows*>(target);
  ++rows.lines;
  auto fields = std::exchange(rows.current, {});
  // libcsv knows ASCII's blanks alone.
  for (auto& field : fields)
    if (has_no_break_space_at_an_end(field)) field = std::string(trimmed(field));
  const auto is_empty = [](const std::string& field) { return field.empty(); };
  if (fields.size() > 1 && std::all_of(fields.begin(), fields.end(), is_empty)) return;
  rows.numbers.push_back(rows.lines);
  rows.all.push_back(std::move(fields));
}

void refuse_other_encodings(const std::filesystem::path& path, std::string_view content) {
  const bool utf16 = content.starts_with("\xff\xfe") || content.starts_with("\xfe\xff");
  if (utf16 || content.find('\0') != std::string_view::npos)
    throw ConfigError(fmt::format("{}: the file is UTF-16{}: save it as CSV UTF-8", path.string(),
                                  utf16 ? "" : " or no text at all (a workbook?)"));
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
  refuse_other_encodings(path, content);
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

bool same_letters(std::string_view a, std::string_view b) {
  const auto small = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return small(x) == small(y); });
}

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Why a row may have more fields than the header.
std::string likely_reason(const std::vector<std::string>& fields) {
  for (std::size_t i = 0; i + 1 < fields.size(); ++i) {
    std::string split;
    std::string meant;
    auto joined = fields[i];
    for (auto next = i + 1; next < fields.size(); ++next) {
      joined += "," + fields[next];
      const auto advice = without_comma(joined);
      if (advice.empty()) break;
      split = joined;
      meant = advice;
    }
    if (!split.empty()) return fmt::format("; likely {} is one number: write {}", split, meant);
  }
  return "; put a field that holds a comma in quotes";
}

/// One fault for all of the file: it has one encoding.
void check_encoding(const std::filesystem::path& path, const CsvTable& table,
                    const CsvOptions& options) {
  const auto refuse = [&](std::size_t number, const std::string& what) {
    throw ConfigError(fmt::format("{}: row {}: {} is not UTF-8; save the table as CSV UTF-8",
                                  path.string(), number, what));
  };
  for (const auto& name : table.header)
    if (!is_utf8(name)) refuse(table.header_number, fmt::format("column \"{}\"", valid_utf8(name)));
  for (std::size_t i = 0; i < table.rows.size(); ++i)
    for (std::size_t c = 0; c < table.header.size(); ++c)
      if (const auto& field = table.rows[i][c];
          !is_utf8(field) && !same_letters(table.header[c], options.bytes_column))
        refuse(table.numbers[i], fmt::format("{} \"{}\"", table.header[c], valid_utf8(field)));
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

CsvTable read_csv(const std::filesystem::path& path, const CsvOptions& options) {
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
  check_encoding(path, table, options);
  return table;
}

std::string without_comma(std::string_view number) {
  const auto point = std::min(number.find('.'), number.size());
  const auto tail = number.substr(point);
  if (!tail.empty() && !all_digits(tail.substr(1))) return "";
  const std::string_view sign = number.starts_with('-') ? "-" : "";
  auto rest = number.substr(sign.size(), point - sign.size());
  std::vector<std::string_view> parts;
  for (auto comma = rest.find(','); comma != std::string_view::npos; comma = rest.find(',')) {
    parts.push_back(rest.substr(0, comma));
    rest.remove_prefix(comma + 1);
  }
  parts.push_back(rest);
  if (parts.size() < 2 || !std::all_of(parts.begin(), parts.end(), all_digits)) return "";
  const bool thousands = parts.front().size() <= 3 && parts.front().front() != '0' &&
                         std::all_of(parts.begin() + 1, parts.end(),
                                     [](const auto& part) { return part.size() == 3; });
  const bool decimal = parts.size() == 2 && tail.empty();
  const auto whole = fmt::format("{}{}{}", sign, fmt::join(parts, ""), tail);
  if (!decimal) return thousands ? whole : "";
  if (!thousands) return fmt::format("{}{}.{}", sign, parts.front(), parts.back());
  const auto fraction = parts.back().substr(0, parts.back().find_last_not_of('0') + 1);
  return fmt::format("{} if the comma separates thousands, or {}{}{}{} if it is the decimal sign",
                     whole, sign, parts.front(), fraction.empty() ? "" : ".", fraction);
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
