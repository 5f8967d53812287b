#include "io/unit.hpp"

#include <algorithm>
#include <array>

namespace cytocape {
namespace {

struct Spelling {
  Unit unit;
  const char* plain;
  const char* typeset;
};

/// In the order of Unit.
constexpr std::array<Spelling, 7> kSpellings{
    {{Unit::none, "", ""},
     {Unit::percent, "%", "%"},
     {Unit::cells_per_volume, "x 10^9/L", "\u00d7\u00a010\u2079/L"},
     {Unit::mass_per_volume, "g/dL", "g/dL"},
     {Unit::years, "years", "years"},
     {Unit::per_100_leukocytes, "/100 leukocytes", ""},
     {Unit::to_one, ":1", ":\u00a01"}}};

const Spelling& spelling_of(Unit unit) {
  return kSpellings.at(static_cast<std::size_t>(unit));
}

}  // namespace

const char* plain(Unit unit) {
  return spelling_of(unit).plain;
}

const char* typeset(Unit unit) {
  return spelling_of(unit).typeset;
}

std::optional<Unit> unit_of(std::string_view plain) {
  const auto found = std::find_if(kSpellings.begin(), kSpellings.end(),
                                  [&](const Spelling& one) { return one.plain == plain; });
  return found == kSpellings.end() ? std::nullopt : std::optional(found->unit);
}

}  // namespace cytocape
