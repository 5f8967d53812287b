#pragma once

/// What may be told of a case beside its slides: each item's name, kind, unit and possible range.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "io/unit.hpp"

namespace cytocape::criteria {

enum class ItemKind {
  number,    ///< with a unit
  answer,    ///< yes or no
  sex,       ///< male or female
  mutation,  ///< rows of gene and VAF in per cent, or no
  text,      ///< in a notation of its own
};

struct Item {
  std::string code;  ///< as in a laboratory file and in the criteria's files
  ItemKind kind = ItemKind::answer;
  Unit unit = Unit::none;  ///< in which its values are kept
  double low = 0;          ///< smaller is impossible; in the unit kept
  double high = 0;         ///< larger is impossible
  /// What was once found stays true: a later "no" contradicts an earlier "yes".
  bool lasting = false;
  /// Of an answer that few laboratories are asked for and that excludes CMML when it is "yes":
  /// where it is not given, nothing of the kind is taken to be found, and the report says so.
  bool presumed_no = false;
};

/// All items that a laboratory file may hold. Thread-safe.
[[nodiscard]] const std::vector<Item>& items();
/// Of what several sources may tell: a person may decide which of them stands.
[[nodiscard]] bool may_be_resolved(const Item& item);

/// Items whose "yes" excludes CMML, or must be weighed first, whenever it was said.
[[nodiscard]] bool excludes_when_yes(const std::string& code);

/// What laboratories call an item otherwise: "pb_blasts or bm_blasts" of "blasts", in small
/// letters; empty where `name` is no such word.
[[nodiscard]] std::string known_as(const std::string& name);
/// None where no item has this code.
[[nodiscard]] const Item* find_item(const std::string& code);

struct Conversion {
  std::optional<double> value;  ///< in the unit kept
  std::string refusal;          ///< what would be right; empty when converted
};

/// Converts where the unit `written` says clearly what is meant, and refuses otherwise; a missing
/// unit is never guessed. Knows UCUM ("10*9/L", "/uL", "g/L") and what laboratories write ("G/L",
/// "K/uL", "x10⁹/L", "cells/µL").
[[nodiscard]] Conversion convert(double value, const std::string& written, Unit unit);

/// Shares of cells, which a person counts: they alone may say of how many.
[[nodiscard]] bool may_be_counted(const Item& item);

/// A number as a row of a laboratory file writes it.
struct WrittenNumber {
  double value = 0;
  std::string unit;
  std::optional<std::uint64_t> cells;  ///< of how many a share is
};

/// What would be right where a possible value with a unit that `convert` knows is more likely a
/// slip: a share of 0.45 % that is 45 %, 1.2 cells/uL that are 1200. Empty where it is clear.
[[nodiscard]] std::string unclear(const Item& item, const WrittenNumber& written);

/// Half a unit of the last digit that is written: 0.05 of "11.2", 0.5 of "11200", 50 of "1e2".
/// Precondition: `text` is a number (parse_number).
[[nodiscard]] double half_last_digit(const std::string& text);

/// The share in per cent nearest to `percent` that a whole number of `cells` cells makes.
[[nodiscard]] double nearest_share(double percent, std::uint64_t cells);

}  // namespace cytocape::criteria
