#include "pipeline/criteria/karyotype_variants.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "pipeline/criteria/signs.hpp"

namespace cytocape::criteria {
namespace {

bool is_acrocentric(std::string_view chromosome) {
  return is_one_of(chromosome, {"13", "14", "15", "21", "22"});
}

/// "13;14" of "(13;14)..": what two brackets hold, and what stands behind them.
struct Pair {
  std::string_view first;
  std::string_view second;
  std::string_view rest;
};

std::optional<Pair> pair_in(std::string_view text) {
  const auto sign = text.find(';');
  const auto end = text.find(')');
  if (!text.starts_with('(') || sign == std::string_view::npos || end == std::string_view::npos ||
      end < sign)
    return std::nullopt;
  return Pair{text.substr(1, sign - 1), text.substr(sign + 1, end - sign - 1),
              text.substr(end + 1)};
}

/// On the short arm of an acrocentric chromosome, which has no genes of its own, or beside it.
bool is_of_short_arm(std::string_view band) {
  return band.starts_with("p1") || is_one_of(band, {"q10", "q11", "q11.1", "q11.2", "cen"});
}

/// "rob(13;14)(q10;q10)", "der(14;21)(q10;q10)", "t(13;14)(p11;q11)", "der(13;14)".
bool is_robertsonian(std::string_view part) {
  const auto kind = part.substr(0, part.find('('));
  if (!is_one_of(kind, {"rob", "der", "t", "dic"})) return false;
  const auto chromosomes = pair_in(part.substr(kind.size()));
  if (!chromosomes || !is_acrocentric(chromosomes->first) || !is_acrocentric(chromosomes->second))
    return false;
  const auto bands = pair_in(chromosomes->rest);
  return kind == "rob" || chromosomes->rest.empty() ||
         (bands && is_of_short_arm(bands->first) && is_of_short_arm(bands->second));
}

/// "der(15)t(Y;15)(q12;p12)": the long arm of Y on a short arm, as healthy families have it.
bool is_y_on_short_arm(std::string_view part) {
  if (!part.starts_with("der(") && !part.starts_with("t(Y;")) return false;
  const auto begin = part.find("t(Y;");
  if (begin == std::string_view::npos) return false;
  const auto chromosomes = pair_in(part.substr(begin + 1));
  if (!chromosomes || !is_acrocentric(chromosomes->second)) return false;
  const auto bands = pair_in(chromosomes->rest);
  return chromosomes->rest.empty() ||
         (bands && bands->first.starts_with("q1") && bands->second.starts_with("p1"));
}

/// Deletions of 22q11 (DiGeorge syndrome), and a Robertsonian translocation of 21 with itself.
bool is_of_a_syndrome(std::string_view part) {
  return part.starts_with("del(22)(q11") || part.starts_with("i(21)(q10") || part == "i(21q)";
}

}  // namespace

bool is_variant(const std::vector<Rearrangement>& found) {
  if (found.size() != 1 || found.front().kind != "inv" || found.front().breaks.size() != 2)
    return false;
  const auto& first = found.front().breaks.front();
  const auto& second = found.front().breaks.back();
  if (first.chromosome == "9")
    return first.band.empty() || (first.band.starts_with("p1") && (second.band.starts_with("q1") ||
                                                                   second.band.starts_with("q21")));
  if (first.chromosome == "2") return first.band == "p11" && second.band.starts_with("q13");
  return first.chromosome == "Y";
}

bool may_be_variant(std::string_view part) {
  if (is_robertsonian(part) || is_y_on_short_arm(part) || is_of_a_syndrome(part) || part == "+21" ||
      part.starts_with("fra("))
    return true;
  const auto found = rearrangements_in(part);
  return found.size() == 1 && is_inherited_inversion(found.front());
}

}  // namespace cytocape::criteria
