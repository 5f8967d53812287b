#pragma once

/// Diseases that a text in no notation names (configs/criteria/named.toml), and what it says of
/// them.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/assessment.hpp"
#include "pipeline/criteria/denials.hpp"

namespace cytocape::criteria {

/// What texts may name. Names are spelt as the table has them.
struct Disease {
  std::string id;                       ///< "acute_leukaemia"
  std::string say;                      ///< "acute leukaemia"
  std::vector<std::string> names;       ///< "acute leuk*"
  std::vector<std::string> beside;      ///< words right beside it that make it another thing
  std::vector<std::string> speaks_for;  ///< inputs that it leaves open
  std::vector<std::string> beside_no;   ///< items; empty where any row may name it
  bool against_yes =
      false;                ///< speaks against an answer "yes" of these too, where no CMML is named
  std::string on_yes = {};  ///< item whose answer "yes" says the same; empty where none does
  Call call = Call::none;
};
[[nodiscard]] const std::vector<Disease>& diseases();
/// By its name in the table; throws ConfigError where there is none.
[[nodiscard]] const Disease& disease_called(const std::string& id);
/// Whether a gene is to be looked for in texts: its mutation may be another disease.
[[nodiscard]] bool is_looked_for(const std::string& gene);

/// Whether a mutation of the gene, or a fusion, as written, is of another disease than CMML or may
/// be: "NPM1", "JAK2", "UBA1", "KMT2A-r".
[[nodiscard]] bool means_another_disease(const std::string& gene);

/// What in a word that has "blast" makes it another cell: "sidero", "erythro".
[[nodiscard]] const std::vector<std::string>& cells_called_blasts();

struct NamedDisease {
  const Disease* disease = nullptr;
  std::string written;  ///< "AML"
};

/// In the order of the text, each disease once; without what the text denies, or names as a test
/// ("AML panel"). Thread-safe; linear.
[[nodiscard]] std::vector<NamedDisease> named_diseases(std::string_view text);

/// What a text names at a place.
struct PlacedDisease {
  Mention at;
  const Disease* disease = nullptr;
};
/// Where a text names diseases, whatever it says of them. Its signs are ASCII. Thread-safe; linear.
[[nodiscard]] std::vector<PlacedDisease> places_of_diseases(std::string_view text);

/// A share of blasts or of their equivalents that a text tells: "blasts 25 % by flow".
struct NamedBlasts {
  double percent = 0;
  std::string written;  ///< "blasts 25 %"
  bool apart = false;   ///< "promonocytes 22 % counted separately"
  bool alone = false;   ///< of equivalents, and of blasts nothing is told: "promonocytes 15 %"
};

/// The highest share, with that of equivalents where it is no part of it ("12 % blasts, 11 %
/// promonocytes"), and the share of what was counted apart. Limits ("blasts < 20 %") and parts
/// of blasts ("25 % of blasts") are no share. Thread-safe; linear.
[[nodiscard]] std::vector<NamedBlasts> named_blasts(std::string_view text);

}  // namespace cytocape::criteria
