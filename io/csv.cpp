#include "io/csv.hpp"

#include <csv.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <iterator>
#include <new>
#include <optional>
#include <utility>

#include "io/errors.hpp"
#include "io/fault_list.hpp"
#include "io/text.hpp"
#include "io/text_file.hpp"

namespace cytocape {
namespace {

/// The longest path of a file system; no other field comes near.
constexpr std::size_t kMostFieldBytes = 4096;
/// Several times the columns of any table that is read.
constexpr std::size_t kMostColumns = 64;
/// With the fields of all columns some 512 MiB of memory.
constexpr std::size_t kMostRows = 250'000;
constexpr std::uint64_t kMostFileBytes = 64ULL << 20U;

/// What libcsv hands over, row by row. It is a C library: nothing may be thrown through it, so what
/// goes wrong is kept, and the parser stopped after the piece at hand.
struct Rows {
  std::vector<std::vector<std::string>> all;
  std::vector<std::size_t> numbers;
  std::vector<std::string> current;
  std::size_t fields = 0;    ///< of the current row, with empty ones that are not kept
  std::size_t lines = 0;     ///< rows begun so far, as a spreadsheet counts them
  bool skips_first = false;  ///< the first row names the separator
  std::string fault;
  std::exception_ptr failure;
};

bool has_no_break_space_at_an_end(std::string_view field) {
  for (const std::string_view space : {"\u00a0", "\u202f"})
    if (field.starts_with(space) || field.ends_with(space)) return true;
  return false;
}

bool same_letters(std::string_view a, std::string_view b) {
  const auto small = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return small(x) == small(y); });
}

/// What the first line of tables that Excel is to open with a given separator names: "sep=;", also
/// in quotes or with empty fields behind it, as when it was saved once more. None where there is no
/// such line.
std::optional<char> named_separator(std::string_view content) {
  constexpr std::string_view kName = "sep=";
  auto line = content.substr(0, std::min(content.find_first_of("\r\n"), content.size()));
  if (line.starts_with('"')) line.remove_prefix(1);
  if (!same_letters(line.substr(0, kName.size()), kName)) return std::nullopt;
  line.remove_prefix(kName.size());
  const char sign = line.empty() || line.front() == '"' ? ',' : line.front();
  if (sign != ',' && sign != ';' && sign != '\t') return std::nullopt;
  const bool nothing_else = line.find_first_not_of(",;\t\" ") == std::string_view::npos;
  return nothing_else ? std::optional(sign) : std::nullopt;
}

std::string place_of(const Rows& rows) {
  return fmt::format("row {}: field {}", rows.lines + 1, rows.fields + 1);
}

std::string too_long(const Rows& rows, bool open_quote) {
  return fmt::format("{} has more than {} bytes, which no value or path has; {}", place_of(rows),
                     kMostFieldBytes,
                     open_quote ? "close its quote (\")" : "check that the file is the right one");
}

/// What a spreadsheet computes, and may run, in place of showing it.
bool is_formula(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos || parse_number(text)) return false;
  constexpr std::string_view kWideEquals = "\uff1d";
  return std::string_view("=+-@\t\r").find(text[first]) != std::string_view::npos ||
         text.substr(first).starts_with(kWideEquals);
}

void add_field(Rows& rows, std::string_view field) {
  if (field.starts_with('\'') && is_formula(field.substr(1))) field.remove_prefix(1);
  if (field.size() > kMostFieldBytes && rows.fault.empty()) rows.fault = too_long(rows, false);
  ++rows.fields;
  // Spreadsheets write empty columns behind the last one without end.
  if (rows.current.size() < kMostColumns)
    rows.current.emplace_back(field);
  else if (!field.empty() && rows.fault.empty())
    rows.fault = fmt::format("row {}: more than {} columns; keep those that the table needs",
                             rows.lines + 1, kMostColumns);
}

void add_row(Rows& rows) {
  ++rows.lines;
  auto fields = std::exchange(rows.current, {});
  const auto count = std::exchange(rows.fields, 0);
  // libcsv knows ASCII's blanks alone.
  for (auto& field : fields)
    if (has_no_break_space_at_an_end(field)) field = std::string(trimmed(field));
  const auto is_empty = [](const std::string& field) { return field.empty(); };
  if (count > 1 && std::all_of(fields.begin(), fields.end(), is_empty)) return;
  const bool header = rows.all.empty();
  const auto wanted = header ? 1 : rows.all.front().size();
  while (fields.size() > wanted && fields.back().empty()) fields.pop_back();
  if (header && rows.skips_first && std::exchange(rows.skips_first, false)) return;
  if (rows.all.size() > kMostRows && rows.fault.empty())
    rows.fault =
        fmt::format("row {}: more than {} rows, the most that are held in memory; split the table",
                    rows.lines, kMostRows);
  if (!rows.fault.empty()) return;
  rows.numbers.push_back(rows.lines);
  rows.all.push_back(std::move(fields));
}

template <class Step>
void guarded(void* target, const Step& step) noexcept {
  auto& rows = *static_cast<Rows*>(target);
  if (rows.failure) return;
  try {
    step(rows);
  } catch (...) {
    rows.failure = std::current_exception();
  }
}

void take_field(void* bytes, std::size_t size, void* target) {
  guarded(target, [&](Rows& rows) { add_field(rows, {static_cast<const char*>(bytes), size}); });
}

void take_row(int, void* target) {
  guarded(target, add_row);
}

void refuse_other_encodings(const std::filesystem::path& path, std::string_view content) {
  const bool utf16 = content.starts_with("\xff\xfe") || content.starts_with("\xfe\xff");
  if (utf16 || content.find('\0') != std::string_view::npos)
    throw ConfigError(fmt::format("{}: the file is UTF-16{}: save it as CSV UTF-8", path.string(),
                                  utf16 ? "" : " or no text at all (a workbook?)"));
}

std::string read_whole(const std::filesystem::path& path) {
  auto content = read_text_file(path, kMostFileBytes);
  refuse_other_encodings(path, content);
  // A byte-order mark, as spreadsheets write it, is no part of the first column's name.
  if (content.starts_with("\xef\xbb\xbf")) content.erase(0, 3);
  return content;
}

/// One file's way through libcsv.
class Parser {
 public:
  Parser(const std::filesystem::path& path, std::optional<char> separator) : path_(path) {
    if (csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI) != 0) throw std::bad_alloc();
    if (!separator) return;
    csv_set_delim(&parser_, static_cast<unsigned char>(*separator));
    rows_.skips_first = true;
  }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;
  ~Parser() { csv_free(&parser_); }

  /// A line, so that empty ones, which libcsv passes over, count as rows.
  void take_line(std::string_view line) {
    const auto before = rows_.lines;
    // In pieces, so that a field without end is seen before all of it is copied.
    for (; !line.empty(); line.remove_prefix(std::min(line.size(), kMostFieldBytes))) {
      const auto piece = line.substr(0, kMostFieldBytes);
      if (csv_parse(&parser_, piece.data(), piece.size(), take_field, take_row, &rows_) !=
          piece.size())
        refuse_syntax(false);
      check();
    }
    constexpr int kRowNotBegun = 0;  // of libcsv, which has no name for it in its header
    if (rows_.lines == before && parser_.pstate == kRowNotBegun) ++rows_.lines;
  }

  [[nodiscard]] Rows finish() {
    if (csv_fini(&parser_, take_field, take_row, &rows_) != 0) refuse_syntax(true);
    check();
    return std::move(rows_);
  }

 private:
  void check() const {
    if (rows_.failure) std::rethrow_exception(rows_.failure);
    if (!rows_.fault.empty()) refuse(rows_.fault);
    if (parser_.entry_pos <= kMostFieldBytes) return;
    refuse(too_long(rows_, parser_.quoted != 0));
  }

  [[noreturn]] void refuse(const std::string& what) const {
    throw ConfigError(fmt::format("{}: {}", path_.string(), what));
  }

  [[noreturn]] void refuse_syntax(bool ended) {
    if (rows_.failure) std::rethrow_exception(rows_.failure);
    const auto where = place_of(rows_);
    if (csv_error(&parser_) == CSV_ENOMEM) throw std::bad_alloc();
    if (csv_error(&parser_) != CSV_EPARSE)
      refuse(fmt::format("{}: {}", where, csv_strerror(csv_error(&parser_))));
    if (ended) refuse(where + " begins with a quote (\") that is never closed; close it");
    refuse(where +
           " has a quote (\") inside; put the whole field in quotes and write each quote inside it "
           "twice, as in \"a \"\"b\"\" c\"");
  }

  const std::filesystem::path& path_;
  csv_parser parser_{};
  Rows rows_;
};

/// Length of the first line with what ends it: LF, CR LF, or CR alone, as old Macintosh programs
/// write.
std::size_t line_size(std::string_view content) {
  const auto end = content.find_first_of("\r\n");
  if (end == std::string_view::npos) return content.size();
  const bool pair = content.substr(end).starts_with("\r\n");
  return end + (pair ? 2 : 1);
}

Rows parse(const std::filesystem::path& path, std::string_view content) {
  Parser parser(path, named_separator(content));
  while (!content.empty()) {
    const auto size = line_size(content);
    parser.take_line(content.substr(0, size));
    content.remove_prefix(size);
  }
  return parser.finish();
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
std::string likely_reason(const std::vector<std::string>& fields, const CsvTable& table,
                          const CsvOptions& options) {
  const auto& numbers = options.number_columns;
  for (std::size_t i = 0; i + 1 < fields.size(); ++i) {
    const bool number = i < table.header.size() &&
                        std::any_of(numbers.begin(), numbers.end(), [&](const auto& name) {
                          return same_letters(table.header[i], name);
                        });
    if (!number) continue;
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
    if (!split.empty())
      return fmt::format("; likely {} is one number: write {}", shortened(split), shortened(meant));
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
  const auto shown = [](const std::string& text) { return shortened(valid_utf8(text)); };
  for (const auto& name : table.header)
    if (!is_utf8(name)) refuse(table.header_number, fmt::format("column \"{}\"", shown(name)));
  for (std::size_t i = 0; i < table.rows.size(); ++i)
    for (std::size_t c = 0; c < table.header.size(); ++c)
      if (const auto& field = table.rows[i][c];
          !is_utf8(field) && !same_letters(table.header[c], options.bytes_column))
        refuse(table.numbers[i],
               fmt::format("{} \"{}\"", shortened(table.header[c]), shown(field)));
}

void check_header(const std::filesystem::path& path, const CsvTable& table) {
  const auto where = fmt::format("{}: row {}", path.string(), table.header_number);
  check_separator(where, table.header);
  for (auto name = table.header.begin(); name != table.header.end(); ++name)
    if (!name->empty() && std::find(table.header.begin(), name, *name) != name)
      throw ConfigError(fmt::format("{}: column \"{}\" occurs twice", where, shortened(*name)));
}

void check_rows(const std::filesystem::path& path, const CsvTable& table,
                const CsvOptions& options) {
  constexpr std::size_t kExplained = 20;  // as many as a list of faults shows
  std::size_t wrong = 0;
  FaultList faults;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto& row = table.rows[i];
    if (row.size() == table.header.size()) continue;
    check_separator(fmt::format("{}: row {}", path.string(), table.numbers[i]), row);
    const bool explained = row.size() > table.header.size() && ++wrong <= kExplained;
    faults.add("row {}: {} fields, but the header has {}{}", table.numbers[i], row.size(),
               table.header.size(),
               explained                          ? likely_reason(row, table, options)
               : row.size() < table.header.size() ? "; an empty field needs its comma"
                                                  : "");
  }
  faults.throw_if_any(path.string());
}

/// Columns without a name, as spreadsheets write them, are left out where they are empty: all rows
/// have the header's length by now.
void drop_empty_columns(const std::filesystem::path& path, CsvTable& table) {
  std::vector<std::size_t> kept;
  for (std::size_t c = 0; c < table.header.size(); ++c) {
    if (!table.header[c].empty() || table.header.size() == 1) {
      kept.push_back(c);
      continue;
    }
    for (std::size_t i = 0; i < table.rows.size(); ++i)
      if (const auto& field = table.rows[i][c]; !field.empty())
        throw ConfigError(
            fmt::format("{}: row {}: field {} \"{}\" stands in a column without a name; name the "
                        "column in row {} or clear the field",
                        path.string(), table.numbers[i], c + 1, shortened(valid_utf8(field)),
                        table.header_number));
  }
  if (kept.size() == table.header.size()) return;
  const auto keep = [&](std::vector<std::string>& row) {
    for (std::size_t i = 0; i < kept.size(); ++i)
      if (kept[i] != i) row[i] = std::move(row[kept[i]]);
    row.resize(kept.size());
  };
  keep(table.header);
  for (auto& row : table.rows) keep(row);
}

CsvTable to_table(const std::filesystem::path& path, const CsvOptions& options) {
  auto rows = parse(path, read_whole(path));
  if (rows.all.empty())
    throw ConfigError(fmt::format("{}: is empty; expected a header line", path.string()));
  CsvTable table{.header = std::move(rows.all.front()),
                 .rows = {},
                 .header_number = rows.numbers.front(),
                 .numbers = {rows.numbers.begin() + 1, rows.numbers.end()}};
  table.rows.assign(std::make_move_iterator(rows.all.begin() + 1),
                    std::make_move_iterator(rows.all.end()));
  check_header(path, table);
  check_rows(path, table, options);
  drop_empty_columns(path, table);
  check_encoding(path, table, options);
  return table;
}

}  // namespace

CsvTable read_csv(const std::filesystem::path& path, const CsvOptions& options) {
  try {
    return to_table(path, options);
  } catch (const std::bad_alloc&) {
    throw ConfigError(fmt::format(
        "{}: the table does not fit into memory; free some, or split the table", path.string()));
  }
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
  // "0012,007" are two identities.
  if (parts.front().size() > 1 && parts.front().front() == '0') return "";
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
  const std::string ahead = is_formula(text) ? "'" : "";
  const bool blank_end = !text.empty() && (text.front() == ' ' || text.back() == ' ');
  if (!blank_end && text.find_first_of(",\"\r\n") == std::string_view::npos)
    return ahead + std::string(text);
  std::string quoted = "\"" + ahead;
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace cytocape
