#include "pipeline/criteria/lab_row.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include "io/csv.hpp"
#include "io/text.hpp"
#include "pipeline/criteria/affirmed_genes.hpp"
#include "pipeline/criteria/days.hpp"
#include "pipeline/criteria/genes.hpp"
#include "pipeline/criteria/items.hpp"
#include "pipeline/criteria/named_diseases.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/criteria/sources_of_no.hpp"
#include "pipeline/criteria/sources_of_yes.hpp"
#include "pipeline/criteria/untested.hpp"
#include "pipeline/settings/toml_reader.hpp"

namespace cytocape::criteria {
namespace {

bool is_unknown(const std::string& value) {
  return value.empty() || in_small_letters(value) == "unknown";
}

std::string without_blanks(std::string_view text) {
  std::string closed;
  while (!text.empty()) {
    std::size_t blank = 0;
    for (const std::string_view one : {" ", "\u00a0", "\u202f"})
      if (text.starts_with(one)) blank = one.size();
    if (blank == 0) closed += text.front();
    text.remove_prefix(std::max<std::size_t>(blank, 1));
  }
  return closed;
}

/// What would be right instead of a text that is no number.
std::string right_number(const std::string& text) {
  if (const auto meant = without_comma(text); !meant.empty())
    return "a number without a comma: " + shortened(meant);
  const auto closed = without_blanks(text);
  return parse_number(closed) ? "a number without spaces: " + shortened(closed)
                              : "a number or unknown";
}

/// A number in the unit kept, and half a unit of its last digit.
struct Quantity {
  double value = 0;
  double rounding = 0;
};

std::optional<Quantity> parse_quantity(const LabRow& row, const Item& item,
                                       std::optional<std::uint64_t> cells = {}) {
  const auto number = parse_number(row.given.value);
  if (!number) {
    row.bad_value(right_number(row.given.value));
    const auto unit = convert(1, row.given.unit, item.unit);
    if (!unit.value) row.bad_unit(unit.refusal);
    return std::nullopt;
  }
  const auto converted = convert(*number, row.given.unit, item.unit);
  if (!converted.value) {
    row.bad_unit(converted.refusal);
    return std::nullopt;
  }
  const WrittenNumber written{.value = *number, .unit = row.given.unit, .cells = cells};
  if (const auto clear = unclear(item, written); !clear.empty()) {
    row.bad_value(clear);
    return std::nullopt;
  }
  if (!(*converted.value >= item.low && *converted.value <= item.high)) {
    row.bad_value(fmt::format("{} from {} to {} {}; check value and unit (\"{}\")", item.code,
                              item.low, item.high, plain(item.unit), row.given.unit));
    return std::nullopt;
  }
  const double half = half_last_digit(std::string(trimmed(row.given.value)));
  return Quantity{.value = *converted.value,
                  .rounding = convert(half, row.given.unit, item.unit).value.value_or(0)};
}

void note_unknown(const LabRow& row, const Item& item, GatheredRows& gathered) {
  gathered.unknown[item.code].push_back({.gene = row.given.gene, .from = row.provenance()});
}

std::optional<std::uint64_t> parse_cells(const LabRow& row, const Item& item) {
  const auto& text = row.given.cells;
  if (text.empty() || !may_be_counted(item)) return std::nullopt;
  constexpr std::uint64_t kMost = 1'000'000;
  std::uint64_t cells = 0;
  const auto* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, cells);
  if (result.ec == std::errc{} && result.ptr == end && cells >= 1 && cells <= kMost) return cells;
  row.fault("cells", text,
            fmt::format("how many were counted, a whole number from 1 to {}", kMost));
  return std::nullopt;
}

/// Within the rounding of its digits.
bool may_be_of(const Quantity& share, std::uint64_t cells) {
  return std::abs(nearest_share(share.value, cells) - share.value) <= share.rounding + 1e-9;
}

/// Whether the row's gene may stand under the item mutation. A fusion that defines another disease
/// would pass for clonality there.
bool check_gene(const LabRow& row) {
  const auto& gene = row.given.gene;
  if (names_several_genes(gene)) {
    row.bad_gene("one gene a row, or a fusion as PML::RARA");
    return false;
  }
  if (const auto item = item_of_fusion(gene); !item.empty()) {
    row.bad_gene(
        fmt::format("no fusion of this kind under mutation; write it as the item {} with "
                    "yes or no",
                    item));
    return false;
  }
  auto wrong = no_gene_symbol(gene);
  const auto name = read_gene(gene);
  if (wrong.empty() && !name.variant.empty() &&
      (name.variant.find('?') != std::string::npos ||
       takes_itself_back(ascii_signs(gene), {.item = "mutation", .gene = name.gene})))
    wrong =
        "the gene with its variant alone; what is not sure, not acquired or not there has no "
        "row, or the value \"no\" or \"unknown\"";
  if (!wrong.empty()) row.bad_gene(wrong);
  return wrong.empty();
}

/// Whether the source of a "no" says that there is no result, or that it is there.
bool contradicts_itself(const GivenValue& row) {
  if (says_untested(row.source) || says_part_untested(row.source, "mutation", row.gene) ||
      says_found(row.source) || says_left_possible(row.source))
    return true;
  const auto found = affirmed_genes(row.source);
  const auto gene = read_gene(row.gene).gene;
  return std::any_of(found.begin(), found.end(), [&](const std::string& one) {
    return row.gene.empty() ? meaning_of(one) == GeneMeaning::supports : one == gene;
  });
}

/// Without a gene: genes were tested, and none is mutated. With one: this gene is not.
void take_negative(const LabRow& row, const Item& item, GatheredRows& gathered) {
  const auto& gene = row.given.gene;
  if (contradicts_itself(row.given)) return note_unknown(row, item, gathered);
  if (means_another_disease(gene))
    if (const auto unread =
            not_read_as_denial(row.given.source, {.item = item.code, .gene = gene})) {
      gathered.unread.push_back(
          {.item = item.code, .gene = gene, .part = unread->part, .from = row.provenance()});
      return note_unknown(row, item, gathered);
    }
  if (names_several_genes(gene)) {
    static_cast<void>(check_gene(row));
    return;
  }
  if (gene.empty()) return gathered.no_mutation.push_back(row.provenance());
  auto genes = fused_genes(gene);
  const bool is_fusion = !genes.empty();
  if (!is_fusion && !check_gene(row)) return;
  const auto name = read_gene(gene);
  if (!is_fusion) genes = {name.gene};
  gathered.negatives.push_back({.genes = std::move(genes),
                                .is_fusion = is_fusion,
                                .from = row.provenance(),
                                .variant = is_fusion ? "" : name.variant});
}

void take_mutation(const LabRow& row, const Item& item, GatheredRows& gathered) {
  const auto gene = row.given.gene;
  const auto value = in_small_letters(row.given.value);
  if ((value == "no" || value == "yes") && !row.given.unit.empty())
    row.bad_unit(fmt::format("no unit beside \"{}\"; a VAF in its place has one", value));
  if (value == "no") return take_negative(row, item, gathered);
  const bool right_gene = gene.empty() || check_gene(row);
  if (is_unknown(value)) return note_unknown(row, item, gathered);
  if (gene.empty()) row.bad_gene("the mutated gene, such as TET2");
  const auto name = read_gene(gene);
  Mutation found{.gene = name.gene,
                 .vaf = {},
                 .from = row.provenance(),
                 .variant = name.variant,
                 .listed = name.known};
  if (value != "yes") {
    const auto number = parse_quantity(row, item);
    if (!number) return;
    found.vaf = number->value;
    if (*found.vaf <= 0)
      return row.bad_value("a VAF above 0; write \"no\" where no gene is mutated");
  }
  if (!gene.empty() && right_gene) gathered.mutations.push_back(std::move(found));
}

void note_too_brief(const LabRow& row, const Item& item, GatheredRows& gathered) {
  if (!row.given.unit.empty()) row.bad_unit("no unit for " + item.code);
  const auto from = row.provenance();
  const auto [known, is_new] = gathered.too_brief.try_emplace(item.code, from);
  if (!is_new && known->second.date < from.date) known->second = from;
}

void take_choice(const LabRow& row, const Item& item, GatheredRows& gathered) {
  const auto value = in_small_letters(row.given.value);
  if (is_unknown(value)) return note_unknown(row, item, gathered);
  if (value == "brief" && item.code == "persistence") return note_too_brief(row, item, gathered);
  const auto choice = choice_of(value);
  const bool of_sex = choice == Choice::male || choice == Choice::female;
  const bool right = choice && of_sex == (item.kind == ItemKind::sex);
  if (!right)
    row.bad_value(item.kind == ItemKind::sex   ? "male, female or unknown"
                  : item.code == "persistence" ? "yes, no, brief (observed too briefly) or unknown"
                                               : "yes, no or unknown");
  if (!row.given.unit.empty()) row.bad_unit("no unit for " + item.code);
  if (right && row.given.unit.empty())
    gathered.answers[item.code].push_back({.value = *choice, .from = row.provenance()});
}

void take_karyotype(const LabRow& row, const Item& item, GatheredRows& gathered) {
  if (!row.given.unit.empty()) row.bad_unit("no unit for " + item.code);
  if (is_unknown(row.given.value)) return note_unknown(row, item, gathered);
  const auto value = in_small_letters(row.given.value);
  if (value == "yes" || value == "no" || value == "normal")
    return row.bad_value("the karyotype in ISCN's notation, such as 46,XY[20]");
  gathered.karyotypes.emplace_back(row.given.value, row.provenance());
}

void take_number(const LabRow& row, const Item& item, GatheredRows& gathered) {
  const auto cells = parse_cells(row, item);
  if (is_unknown(row.given.value)) return note_unknown(row, item, gathered);
  const auto number = parse_quantity(row, item, cells);
  if (!number) return;
  if (cells && !may_be_of(*number, *cells))
    return row.bad_value(fmt::format(
        "a share that a whole number of {} cells gives, such as {:.4g} %; check value and cells",
        *cells, nearest_share(number->value, *cells)));
  gathered.numbers[item.code].push_back(
      {.value = number->value,
       .given = fmt::format("{} {}", row.given.value, row.given.unit),
       .cells = cells,
       .from = row.provenance(),
       .rounding = number->rounding});
}

/// Keeps the newest of one item or gene.
void keep_newest(std::map<std::string, Provenance>& rows, const std::string& of,
                 const Provenance& from) {
  const auto [known, is_new] = rows.try_emplace(of, from);
  if (!is_new && known->second.date <= from.date) known->second = from;
}

/// "resolved,mutation" with a gene: its newest row stands.
void take_gene_resolution(const LabRow& row, GatheredRows& gathered) {
  if (row.given.gene.empty()) return row.bad_gene("the gene whose newest row stands");
  if (!check_gene(row)) return;
  if (row.given.source.empty()) return row.fault("source", "", "the reason, and who decided");
  keep_newest(gathered.resolved_genes, read_gene(row.given.gene).gene, row.provenance());
}

/// "resolved": what the file gives of an item stands, for the reason that is the row's source.
void take_resolution(const LabRow& row, GatheredRows& gathered) {
  const auto& given = row.given;
  if (!given.unit.empty()) row.bad_unit("no unit for resolved");
  const auto code = in_small_letters(given.value);
  if (code == "mutation") return take_gene_resolution(row, gathered);
  if (!given.gene.empty()) row.bad_gene("no gene: the item mutation alone has one");
  const auto* item = find_item(code);
  if (item == nullptr || !may_be_resolved(*item)) {
    std::vector<std::string> codes;
    for (const auto& one : items())
      if (may_be_resolved(one)) codes.push_back(one.code);
    codes.emplace_back("mutation");
    return row.bad_value(
        fmt::format("the item whose value stands, one of {}", fmt::join(codes, ", ")));
  }
  if (given.source.empty()) return row.fault("source", "", "the reason, and who decided");
  keep_newest(gathered.resolved, code, row.provenance());
}

/// A karyotype of many clones, a paragraph of a report.
constexpr std::size_t kMostOfAText = 2000;

/// Longer than any text that a laboratory writes there. What follows compares and prints these, and
/// they name people's cases on pages.
bool check_lengths(const LabRow& row) {
  constexpr std::size_t kMostBytes = 200;
  bool right = true;
  const auto check = [&](const char* column, const std::string& text) {
    const bool is_iscn =
        &text == &row.given.value && in_small_letters(row.given.item) == "karyotype";
    const bool is_source = &text == &row.given.source;
    const auto most = is_iscn || is_source ? kMostOfAText : kMostBytes;
    if (text.size() <= most) return;
    row.fault(
        column, text,
        fmt::format("at most {} bytes; this has {}{}", most, text.size(),
                    is_source ? "; give the sentence that decides, and where the rest is" : ""));
    right = false;
  };
  const auto& given = row.given;
  check("case", row.case_id);
  for (const auto& [column, text] :
       {std::pair{"item", &given.item}, std::pair{"value", &given.value},
        std::pair{"unit", &given.unit}, std::pair{"gene", &given.gene},
        std::pair{"date", &given.date}, std::pair{"source", &given.source},
        std::pair{"cells", &given.cells}})
    check(column, *text);
  return right;
}

}  // namespace

void take_row(const LabRow& row, GatheredRows& of_case) {
  if (!check_lengths(row)) return;
  GatheredRows aside;
  const auto& date = row.given.date;
  const bool named = !row.case_id.empty();
  const bool dated = date.empty() || (is_day(date) && date <= row.latest_day);
  if (!named) row.fault("case", row.case_id, "the case's identity");
  if (!dated)
    row.fault("date", date,
              is_day(date) ? "a day that is not after " + row.latest_day
                           : "a day of the calendar as YYYY-MM-DD");
  auto& gathered = named && dated ? of_case : aside;
  const auto code = in_small_letters(row.given.item);
  if (code == "resolved") return take_resolution(row, gathered);
  const auto* item = find_item(code);
  if (item == nullptr) {
    std::vector<std::string> codes;
    for (const auto& known : items()) codes.push_back(known.code);
    codes.emplace_back("resolved");
    const auto meant = known_as(code);
    const auto nearest = meant.empty() ? nearest_name(code, codes) : meant;
    return row.fault("item", row.given.item,
                     nearest.empty()
                         ? fmt::format("one of {}", fmt::join(codes, ", "))
                         : "an item of docs/labs-format.md; did you mean " + nearest + "?");
  }
  if (item->kind != ItemKind::mutation && !row.given.gene.empty())
    row.bad_gene("no gene: the item mutation alone has one");
  if (!may_be_counted(*item) && !row.given.cells.empty())
    row.fault("cells", row.given.cells,
              "none: only monocytes, pb_blasts, bm_blasts and classical_monocytes are shares that "
              "a person counts");
  if (item->kind == ItemKind::mutation) return take_mutation(row, *item, gathered);
  if (item->kind == ItemKind::text) return take_karyotype(row, *item, gathered);
  if (item->kind == ItemKind::number) return take_number(row, *item, gathered);
  take_choice(row, *item, gathered);
}

}  // namespace cytocape::criteria
