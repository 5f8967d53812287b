#include "pipeline/criteria/labs_csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <tuple>

#include "io/csv.hpp"
#include "io/fault_list.hpp"
#include "io/text.hpp"
#include "pipeline/criteria/items.hpp"
#include "pipeline/criteria/wording.hpp"
#include "pipeline/table_columns.hpp"
#include "pipeline/toml_reader.hpp"

namespace cytocape::criteria {
namespace {

const ColumnNames& lab_columns() {
  static const ColumnNames names{
      .known = {"case", "item", "value", "unit", "gene", "date", "source"},
      .needed = {"case", "item", "value"}};
  return names;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

/// A day of the calendar as YYYY-MM-DD, whose order as text is its order in time.
bool is_day(const std::string& text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const auto part = [&](std::size_t begin, std::size_t size) {
    int number = -1;
    const auto* end = text.data() + begin + size;
    const auto result = std::from_chars(text.data() + begin, end, number);
    return result.ptr == end ? number : -1;
  };
  const int year = part(0, 4);
  const int month = part(5, 2);
  const int day = part(8, 2);
  if (year < 1900 || month < 1 || month > 12) return false;
  constexpr std::array<int, 12> days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  const int last = days[static_cast<std::size_t>(month) - 1] + (leap && month == 2 ? 1 : 0);
  return day >= 1 && day <= last;
}

/// One row of a case, and the list that its faults go to.
struct LabRow {
  std::string case_id;
  const GivenValue& given;
  const std::string& latest_day;
  FaultList& faults;

  void fault(const char* column, const std::string& value, const std::string& expected) const {
    faults.add("row {}: {} \"{}\": expected {}", given.row, column, value, expected);
  }
  void bad_value(const std::string& expected) const { fault("value", given.value, expected); }
  void bad_unit(const std::string& expected) const { fault("unit", given.unit, expected); }
  void bad_gene(const std::string& expected) const { fault("gene", given.gene, expected); }
  [[nodiscard]] Provenance provenance() const {
    return {.file = given.file, .row = given.row, .date = given.date, .source = given.source};
  }
};

bool is_unknown(const std::string& value) {
  return value.empty() || lower(value) == "unknown";
}

std::optional<double> parse_quantity(const LabRow& row, const Item& item) {
  const auto text = row.given.value;
  const auto number = parse_number(text);
  if (!number) {
    auto pointed = text;
    std::replace(pointed.begin(), pointed.end(), ',', '.');
    const bool comma = parse_number(pointed).has_value();
    row.bad_value(comma ? "a number with a decimal point" : "a number or unknown");
    const auto unit = convert(1, row.given.unit, item.unit);
    if (!unit.value) row.bad_unit(unit.refusal);
    return std::nullopt;
  }
  const auto converted = convert(*number, row.given.unit, item.unit);
  if (!converted.value) {
    row.bad_unit(converted.refusal);
    return std::nullopt;
  }
  if (!(*converted.value >= item.low && *converted.value <= item.high)) {
    row.bad_value(fmt::format("{} from {} to {} {}; check value and unit (\"{}\")", item.code,
                              item.low, item.high, unit_text(item.unit), row.given.unit));
    return std::nullopt;
  }
  return converted.value;
}

/// One case while its rows are read: everything that was given, in the rows' order.
struct Gathered {
  std::map<std::string, std::vector<Number>> numbers;
  std::map<std::string, std::vector<Answer>> answers;
  std::vector<Mutation> mutations;
  std::vector<Provenance> no_mutation;
};

/// The newest of an item's values, whatever their order. Values of the newest day, or without a
/// day, must agree.
template <class Value>
Value newest(const std::string& code, std::vector<Value> given, FaultList& faults) {
  std::sort(given.begin(), given.end(), [](const Value& a, const Value& b) {
    return std::tie(a.from.date, a.from.source, a.value) <
           std::tie(b.from.date, b.from.source, b.value);
  });
  const auto& last = given.back();
  for (const auto& other : given)
    if (other.value != last.value && (other.from.date.empty() || other.from.date == last.from.date))
      faults.add(
          "row {}: value of \"{}\" differs from row {} of the same case and "
          "date; expected dates, or one of the two",
          std::max(other.from.row, last.from.row), code, std::min(other.from.row, last.from.row));
  return last;
}

std::string answer_words(const Answer& answer) {
  const auto& from = answer.from;
  return fmt::format("{} (row {}{})", answer.value, from.row,
                     from.date.empty() ? "" : ", " + from.date);
}

/// Takes the newest answer, and says which older ones it passes over. What was once found stays
/// true: where a lasting item is denied later, neither answer is taken.
void settle_answer(const Item& item, const std::vector<Answer>& given, Findings& findings,
                   FaultList& faults) {
  const auto last = newest(item.code, given, faults);
  std::vector<std::string> others;
  bool denied = false;
  for (const auto& answer : given) {
    if (answer.value == last.value) continue;
    others.push_back(answer_words(answer));
    denied = denied || (item.lasting && answer.value != "no");
  }
  std::sort(others.begin(), others.end());
  if (denied) {
    findings.contested[item.code] =
        fmt::format("answers contradict each other: {} against {}; leave the right one in the file",
                    answer_words(last), join_words(others));
    return;
  }
  findings.answers[item.code] = last;
  if (!others.empty())
    findings.remarks[item.code] = {"an older answer is passed over: " + join_words(others)};
}

void take_mutation(const LabRow& row, const Item& item, Gathered& gathered) {
  const auto gene = row.given.gene;
  const auto value = lower(row.given.value);
  if (value == "no") {
    if (!gene.empty())
      return row.bad_gene(
          "no gene beside \"no\": a row \"no\" says that none"
          " of the tested genes is mutated");
    gathered.no_mutation.push_back(row.provenance());
    return;
  }
  if (is_unknown(value)) return;
  if (gene.empty()) row.bad_gene("the mutated gene, such as TET2");
  Mutation found{.gene = gene, .vaf = {}, .from = row.provenance()};
  if (value != "yes") {
    found.vaf = parse_quantity(row, item);
    if (!found.vaf) return;
    if (*found.vaf <= 0)
      return row.bad_value("a VAF above 0; write \"no\" where no gene is mutated");
  }
  if (!gene.empty()) gathered.mutations.push_back(std::move(found));
}

void take_choice(const LabRow& row, const Item& item, Gathered& gathered) {
  const auto value = lower(row.given.value);
  if (is_unknown(value)) return;
  const bool right = item.kind == ItemKind::sex ? value == "male" || value == "female"
                                                : value == "yes" || value == "no";
  if (!right)
    row.bad_value(item.kind == ItemKind::sex ? "male, female or unknown" : "yes, no or unknown");
  if (!row.given.unit.empty()) row.bad_unit("no unit for " + item.code);
  if (right && row.given.unit.empty())
    gathered.answers[item.code].push_back({.value = value, .from = row.provenance()});
}

void take_number(const LabRow& row, const Item& item, Gathered& gathered) {
  if (is_unknown(row.given.value)) return;
  const auto value = parse_quantity(row, item);
  if (!value) return;
  gathered.numbers[item.code].push_back(
      {.value = *value,
       .given = fmt::format("{} {}", row.given.value, row.given.unit),
       .from = row.provenance()});
}

/// All that is wrong with a row is told; one of a wrong case or day is not compared with others.
void take_row(const LabRow& row, Gathered& of_case) {
  Gathered aside;
  const auto& date = row.given.date;
  const bool named = !row.case_id.empty();
  const bool dated = date.empty() || (is_day(date) && date <= row.latest_day);
  if (!named) row.fault("case", row.case_id, "the case's identity");
  if (!dated)
    row.fault("date", date,
              is_day(date) ? "a day that is not after " + row.latest_day : "a day as YYYY-MM-DD");
  auto& gathered = named && dated ? of_case : aside;
  const auto code = lower(row.given.item);
  const auto* item = find_item(code);
  if (item == nullptr) {
    std::vector<std::string> codes;
    for (const auto& known : items()) codes.push_back(known.code);
    const auto nearest = nearest_name(code, codes);
    return row.fault("item", row.given.item,
                     nearest.empty()
                         ? fmt::format("one of {}", fmt::join(codes, ", "))
                         : "an item of docs/labs-format.md; did you mean " + nearest + "?");
  }
  if (item->kind != ItemKind::mutation && !row.given.gene.empty())
    row.bad_gene("a gene for the item mutation alone");
  if (item->kind == ItemKind::mutation) return take_mutation(row, *item, gathered);
  if (item->kind == ItemKind::number) return take_number(row, *item, gathered);
  take_choice(row, *item, gathered);
}

/// A part cannot be more than its whole. Values of different days are not compared.
void check_part(const std::string& id, const Findings& findings, const char* part,
                FaultList& faults) {
  const auto whole = findings.numbers.find("wbc");
  const auto share = findings.numbers.find(part);
  if (whole == findings.numbers.end() || share == findings.numbers.end()) return;
  const auto& [all, some] = std::tie(whole->second, share->second);
  if (all.from.date != some.from.date || some.value <= all.value * (1 + 1e-9)) return;
  faults.add(
      "row {}: value of {} \"{}\": expected at most the WBC of row {} "
      "(\"{}\") of case {}",
      some.from.row, part, some.given, all.from.row, all.given, id);
}

/// Two shares of the same leukocytes on one day.
void check_shares(const std::string& id, const Findings& findings, FaultList& faults) {
  const auto monocytes = findings.numbers.find("monocytes");
  const auto blasts = findings.numbers.find("pb_blasts");
  if (monocytes == findings.numbers.end() || blasts == findings.numbers.end()) return;
  const auto& [one, other] = std::tie(monocytes->second, blasts->second);
  if (one.from.date != other.from.date || one.value + other.value <= 100 * (1 + 1e-9)) return;
  faults.add(
      "row {}: value of pb_blasts \"{}\": with the monocytes of row {} (\"{}\") of case {} "
      "more than 100 %",
      other.from.row, other.given, one.from.row, one.given, id);
}

Findings settle(const std::string& id, Gathered& gathered, FaultList& faults) {
  Findings findings;
  for (const auto& [code, given] : gathered.numbers)
    findings.numbers[code] = newest(code, given, faults);
  for (const auto& [code, given] : gathered.answers)
    settle_answer(*find_item(code), given, findings, faults);
  check_part(id, findings, "amc", faults);
  check_part(id, findings, "anc", faults);
  check_shares(id, findings, faults);
  const auto by_day = [](const Provenance& a, const Provenance& b) {
    return std::tie(a.date, a.source, a.row) < std::tie(b.date, b.source, b.row);
  };
  std::sort(gathered.no_mutation.begin(), gathered.no_mutation.end(), by_day);
  std::sort(gathered.mutations.begin(), gathered.mutations.end(),
            [](const Mutation& a, const Mutation& b) {
              return std::tie(b.vaf, a.gene, a.from.date, a.from.source) <
                     std::tie(a.vaf, b.gene, b.from.date, b.from.source);
            });
  findings.mutations = std::move(gathered.mutations);
  if (!gathered.no_mutation.empty()) findings.no_mutation = gathered.no_mutation.back();
  if (findings.no_mutation && !findings.mutations.empty())
    faults.add("row {}: value of mutation \"no\" contradicts the mutated {} of row {}",
               findings.no_mutation->row, findings.mutations.front().gene,
               findings.mutations.front().from.row);
  return findings;
}

/// A row's fields by column.
GivenValue given_value(const CsvTable& table, std::size_t index, const std::string& file) {
  const auto field = [&](const char* column) {
    for (std::size_t c = 0; c < table.header.size(); ++c)
      if (table.header[c] == column) return table.rows[index][c];
    return std::string();
  };
  return {.item = field("item"),
          .value = field("value"),
          .unit = field("unit"),
          .gene = field("gene"),
          .date = field("date"),
          .source = field("source"),
          .file = file,
          .row = table.numbers[index]};
}

/// In the file's order, so that faults are.
using CaseRows = std::vector<std::pair<std::string, GivenValue>>;

std::map<std::string, Findings> read_rows(const CaseRows& rows, const std::string& source,
                                          const std::string& latest_day) {
  FaultList faults;
  std::map<std::string, Gathered> gathered;
  for (const auto& [id, row] : rows) take_row({id, row, latest_day, faults}, gathered[id]);
  std::map<std::string, Findings> cases;
  for (auto& [id, found] : gathered) cases[id] = settle(id, found, faults);
  faults.sort_by_row();
  faults.throw_if_any(source);
  for (const auto& [id, row] : rows) cases[id].given.push_back(row);
  return cases;
}

}  // namespace

std::map<std::string, Findings> read_labs(const std::filesystem::path& path,
                                          const std::string& latest_day) {
  auto table = read_csv(path);
  check_columns(table, lab_columns(), path.string());
  const auto column = std::find(table.header.begin(), table.header.end(), "case");
  const auto place = static_cast<std::size_t>(column - table.header.begin());
  CaseRows rows;
  for (std::size_t i = 0; i < table.rows.size(); ++i)
    rows.emplace_back(table.rows[i][place], given_value(table, i, path.filename().string()));
  return read_rows(rows, path.string(), latest_day);
}

Findings findings_of(const std::vector<GivenValue>& rows, const std::string& source) {
  const std::string only = "-";
  CaseRows all;
  for (const auto& row : rows) all.emplace_back(only, row);
  auto cases = read_rows(all, source, kAnyDay);
  return std::move(cases[only]);
}

}  // namespace cytocape::criteria
