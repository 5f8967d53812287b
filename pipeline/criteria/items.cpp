#include "pipeline/criteria/items.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <string_view>
#include <utility>

namespace cytocape::criteria {
namespace {

using enum ItemKind;

/// Ranges refuse what cannot be (a wrong unit, a slipped decimal point), never what is rare.
std::vector<Item> make_items() {
  constexpr auto cells = Unit::cells_per_volume;
  constexpr auto percent = Unit::percent;
  constexpr auto none = Unit::none;
  return {
      {"wbc", number, cells, 0.05, 1500},
      {"haemoglobin", number, Unit::mass_per_volume, 2, 25},
      {"platelets", number, cells, 0, 5000},
      {"amc", number, cells, 0, 300},
      {"monocytes", number, percent, 0, 100},
      {"anc", number, cells, 0, 500},
      {"pb_blasts", number, percent, 0, 100},
      {"bm_blasts", number, percent, 0, 100},
      {"classical_monocytes", number, percent, 0, 100},
      {"mutation", mutation, percent, 0, 100},
      {"persistence", answer, none, 0, 0},
      {"cytogenetics", answer, none, 0, 0, true},
      {"karyotype", text, none, 0, 0, true},
      {"bcr_abl1", answer, none, 0, 0, true},
      {"tk_fusion", answer, none, 0, 0, true},
      {"mpn_history", answer, none, 0, 0, true},
      {"mpn_now", answer, none, 0, 0, true, true},
      {"myeloid_sarcoma", answer, none, 0, 0, true, true},
      {"other_neoplasm", answer, none, 0, 0, true},
      {"reactive_cause", answer, none, 0, 0},
      {"dysplasia_erythroid", answer, none, 0, 0},
      {"dysplasia_granulocytic", answer, none, 0, 0},
      {"dysplasia_megakaryocytic", answer, none, 0, 0},
      {"marrow_cmml", answer, none, 0, 0},
      {"immunophenotype", answer, none, 0, 0},
      {"sex", sex, none, 0, 0, true},
      {"age", number, Unit::years, 0, 125},
      {"eosinophils", number, cells, 0, 300},
      {"splenomegaly", answer, none, 0, 0},
      {"ldh_raised", answer, none, 0, 0},
      {"fibrosis", answer, none, 0, 0},
      {"transfusions", answer, none, 0, 0},
      {"cytotoxic_therapy", answer, none, 0, 0, true},
      {"predisposition", answer, none, 0, 0, true},
      {"growth_factor", answer, none, 0, 0},
      {"steroids", answer, none, 0, 0},
      {"pregnancy", answer, none, 0, 0},
  };
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

/// One spelling for what laboratories write in many: "×10⁹/L", "x10^9/l" and "10*9/L" are "10^9/l".
std::string plain_unit(std::string unit) {
  static const std::array<std::pair<const char*, const char*>, 10> spellings = {{
      {" ", ""},
      {"\u00a0", ""},
      {"\u00b5", "u"},   // micro sign
      {"\u03bc", "u"},   // Greek mu
      {"\u00d7", "x"},   // multiplication sign
      {"\u2079", "^9"},  // superscripts
      {"\u00b3", "^3"},
      {"\u2076", "^6"},
      {"10*", "10^"},
      {"10e", "10^"},
  }};
  std::transform(unit.begin(), unit.end(), unit.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  for (const auto& [from, to] : spellings) replace_all(unit, from, to);
  if (unit.starts_with("x10")) unit.erase(0, 1);
  return unit;
}

/// Divisors, not factors: 500 / 1000 and 105 / 10 meet a threshold exactly.
const std::map<std::string, double>& divisors(Unit kind) {
  static const std::map<std::string, double> cells = {
      {"10^9/l", 1},       {"g/l", 1},         {"gpt/l", 1},    {"/nl", 1},
      {"10^3/ul", 1},      {"10^3/mm^3", 1},   {"k/ul", 1},     {"thousand/ul", 1},
      {"/ul", 1000},       {"cells/ul", 1000}, {"/mm^3", 1000}, {"/mm3", 1000},
      {"cells/mm3", 1000}, {"10^6/l", 1000},   {"10^3/mm3", 1}, {"cells/mm^3", 1000}};
  static const std::map<std::string, double> mass = {{"g/dl", 1}, {"g/l", 10}};
  static const std::map<std::string, double> percent = {
      {"%", 1}, {"percent", 1}, {"fraction", 0.01}};
  static const std::map<std::string, double> years = {
      {"years", 1}, {"year", 1}, {"a", 1}, {"y", 1}, {"yr", 1}, {"months", 12}, {"mo", 12}};
  static const std::map<std::string, double> none;
  switch (kind) {
    case Unit::cells_per_volume:
      return cells;
    case Unit::mass_per_volume:
      return mass;
    case Unit::percent:
      return percent;
    case Unit::years:
      return years;
    case Unit::none:
    case Unit::per_100_leukocytes:
    case Unit::to_one:
      break;
  }
  return none;
}

std::string right_units(Unit kind) {
  switch (kind) {
    case Unit::cells_per_volume:
      return "10^9/L, 10^3/uL or /uL";
    case Unit::mass_per_volume:
      return "g/dL or g/L";
    case Unit::percent:
      return "% or fraction";
    case Unit::years:
      return "years or months";
    case Unit::none:
    case Unit::per_100_leukocytes:
    case Unit::to_one:
      break;
  }
  return "no unit";
}

/// A whole percentage or a fraction may be meant by "0.45 %".
std::string unclear_share(const Item& item, double value) {
  const bool few_are_usual = may_be_counted(item) && item.code != "classical_monocytes";
  return fmt::format(
      "a clear share: write {0:g} % or {1:g} fraction; or {2:g} fraction where {1:g} % is "
      "meant{3}",
      100 * value, value, value / 100,
      few_are_usual ? ", or say by cells how many were counted" : "");
}

/// 12.5 g/L is most likely 12.5 g/dL.
std::string unclear_haemoglobin(double value, double kept) {
  constexpr double kLeastPerLitre = 30;
  if (kept == value || value >= kLeastPerLitre) return "";
  return fmt::format(
      "at least {0:g} g/L: {1:g} g/L would be {2:g} g/dL; write {1:g} with g/dL, or {2:g} with "
      "g/dL where that is meant",
      kLeastPerLitre, value, kept);
}

/// So few cells in a unit of many: "1,200 /uL" becomes 1.200 where a comma is mended.
std::string unclear_count(const Item& item, double value, double kept, const std::string& unit) {
  const bool platelets = item.code == "platelets";
  constexpr double kLeastPlatelets = 1;    // x 10^9/L
  constexpr double kLeastMicrolitre = 10;  // cells
  if (platelets ? kept >= kLeastPlatelets : kept == value || value >= kLeastMicrolitre) return "";
  return fmt::format(
      "at least {}{}: {:g} {} would be {:g} x 10^9/L; check value and unit (a lost thousands "
      "separator?)",
      platelets ? "1 x 10^9/L" : "10 " + unit, item.low > 0 ? "" : ", or 0", value, unit, kept);
}

}  // namespace

const std::vector<Item>& items() {
  static const std::vector<Item> instance = make_items();
  return instance;
}

const Item* find_item(const std::string& code) {
  const auto& all = items();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Item& item) { return item.code == code; });
  return found == all.end() ? nullptr : &*found;
}

bool may_be_resolved(const Item& item) {
  constexpr std::array kCounts = {"monocytes", "amc", "anc", "pb_blasts", "bm_blasts"};
  return (item.kind == ItemKind::answer && item.lasting) ||
         std::find(kCounts.begin(), kCounts.end(), item.code) != kCounts.end();
}

bool excludes_when_yes(const std::string& code) {
  constexpr std::array<std::string_view, 6> kItems = {
      "bcr_abl1", "tk_fusion", "mpn_history", "mpn_now", "myeloid_sarcoma", "other_neoplasm"};
  return std::find(kItems.begin(), kItems.end(), code) != kItems.end();
}

std::string known_as(const std::string& name) {
  static const std::map<std::string, std::string> codes = {{"hb", "haemoglobin"},
                                                           {"hgb", "haemoglobin"},
                                                           {"plt", "platelets"},
                                                           {"thrombocytes", "platelets"},
                                                           {"leukocytes", "wbc"},
                                                           {"leucocytes", "wbc"},
                                                           {"leuko", "wbc"},
                                                           {"neutrophils", "anc"},
                                                           {"neutrophil", "anc"},
                                                           {"vaf", "mutation"},
                                                           {"iscn", "karyotype"},
                                                           {"cytogenetic", "karyotype"},
                                                           {"mpn", "mpn_now or mpn_history"},
                                                           {"therapy_related", "cytotoxic_therapy"},
                                                           {"g-csf", "growth_factor"},
                                                           {"gcsf", "growth_factor"},
                                                           {"ldh", "ldh_raised"},
                                                           {"spleen", "splenomegaly"},
                                                           {"germline", "predisposition"},
                                                           {"mono", "monocytes or amc"},
                                                           {"blasts", "pb_blasts or bm_blasts"}};
  const auto found = codes.find(name);
  return found == codes.end() ? "" : found->second;
}

Conversion convert(double value, const std::string& unit, Unit kind) {
  const auto plain = plain_unit(unit);
  if (kind == Unit::cells_per_volume && plain == "g/l" && unit.find('g') != std::string::npos)
    return {.value = {},
            .refusal = right_units(kind) + "; g/L is grams a litre, G/L would be 10^9/L"};
  const auto& known = divisors(kind);
  if (const auto found = known.find(plain); found != known.end())
    return {.value = value / found->second, .refusal = ""};
  auto expected = right_units(kind);
  if (plain.empty())
    return {.value = {}, .refusal = expected + "; a missing unit is never guessed"};
  if (kind == Unit::mass_per_volume && plain == "mmol/l")
    expected += "; mmol/L may mean the monomer or the tetramer";
  return {.value = {}, .refusal = expected};
}

bool may_be_counted(const Item& item) {
  return item.kind == ItemKind::number && item.unit == Unit::percent;
}

std::string unclear(const Item& item, const WrittenNumber& written) {
  const double value = written.value;
  const auto kept = convert(value, written.unit, item.unit).value.value_or(0);
  if (value <= 0) return "";
  if (item.unit == Unit::cells_per_volume) return unclear_count(item, value, kept, written.unit);
  if (item.unit == Unit::years) return "";
  if (item.unit == Unit::mass_per_volume) return unclear_haemoglobin(value, kept);
  // One blast of 200 cells is 0.5 %; a VAF or classical monocytes are seldom so low.
  const bool seldom_low = item.code == "mutation" || item.code == "classical_monocytes";
  const bool told = written.cells && !seldom_low;
  // A person's 1 % is common; as a fraction it would be all cells.
  const bool low = seldom_low ? value <= 1 : value < 1;
  return !told && kept == value && low ? unclear_share(item, value) : "";
}

double half_last_digit(const std::string& text) {
  const auto e = text.find_first_of("eE");
  const auto digits = text.substr(0, e);
  const auto point = digits.find('.');
  int exponent = 0;
  if (e != std::string::npos) {
    const auto first = e + 1 + (e + 1 < text.size() && text[e + 1] == '+' ? 1 : 0);
    std::from_chars(text.data() + first, text.data() + text.size(), exponent);
  }
  if (point != std::string::npos) exponent -= static_cast<int>(digits.size() - point - 1);
  return std::pow(10, exponent) / 2;
}

double nearest_share(double percent, std::uint64_t cells) {
  const auto total = static_cast<double>(cells);
  return 100 * std::round(percent / 100 * total) / total;
}

}  // namespace cytocape::criteria
