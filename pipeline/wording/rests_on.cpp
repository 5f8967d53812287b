#include "pipeline/wording/rests_on.hpp"

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "pipeline/wording/numbers.hpp"
#include "pipeline/wording/phrases.hpp"
#include "pipeline/wording/sources.hpp"

namespace cytocape::wording {
namespace {

using namespace criteria;

struct Teller {
  const char* operator()(std::monostate) const { return "source not recorded"; }
  const char* operator()(const SlidesCount& counted) const {
    return counted.slides.size() > 1 ? "slides" : "slide";
  }
  const char* operator()(const WbcTimesShare& product) const {
    for (const auto& share : product.share_is_from)
      if (std::holds_alternative<SlidesCount>(share.what)) return "WBC and slide";
    return "file";
  }
  template <class Other>
  const char* operator()(const Other& /*of the file*/) const {
    return "file";
  }
};

/// "30 % (file)"; empty where nothing is known.
Phrase used(const Readings& readings, const char* input, Unit unit) {
  const auto found = readings.find(input);
  if (found == readings.end() || !found->second.value || !std::isfinite(*found->second.value))
    return {};
  const auto& reading = found->second;
  const auto* doubt = reading.basis == Basis::disputed      ? ", disputed"
                      : reading.basis == Basis::lower_bound ? ", a lower bound"
                                                            : "";
  return say("{} ({}{})", quantity(format_reported(*reading.value), unit),
             std::visit(Teller{}, reading.from.what), doubt);
}

Phrase clonality(const Readings& readings) {
  std::vector<std::string> by;
  if (const auto found = readings.find("mutation"); found != readings.end())
    if (const auto* genes = std::get_if<MutationsFound>(&found->second.from.what))
      for (const auto& mutation : genes->mutations) by.push_back(mutation_words(mutation));
  if (const auto found = readings.find("cytogenetics");
      found != readings.end() && found->second.answer == Choice::yes)
    by.emplace_back("an abnormal karyotype");
  if (by.empty()) return {};
  return say("clonality by {}", join_words(by));
}

bool is_yes(const Readings& readings, const char* input) {
  const auto found = readings.find(input);
  return found != readings.end() && found->second.answer == Choice::yes;
}

/// "dysplasia (erythroid, granulocytic)".
Phrase dysplasia(const Readings& readings) {
  std::vector<std::string> lineages;
  for (const auto* lineage : {"erythroid", "granulocytic", "megakaryocytic"})
    if (is_yes(readings, fmt::format("dysplasia_{}", lineage).c_str()))
      lineages.emplace_back(lineage);
  if (lineages.empty()) return {};
  return say("dysplasia ({})", fmt::format("{}", fmt::join(lineages, ", ")));
}

/// What supports where no clone does: flow cytometry.
void add_flow(const Readings& readings, std::vector<Phrase>& parts) {
  constexpr double kAbnormal = 94;  // per cent, where partitioning is abnormal
  const auto classical = readings.find("classical_monocytes");
  if (classical != readings.end() && classical->second.value.value_or(0) > kAbnormal)
    parts.push_back(
        say("classical monocytes {}", used(readings, "classical_monocytes", Unit::percent)));
  if (is_yes(readings, "immunophenotype")) parts.push_back(say("immunophenotype"));
}

void add(std::vector<Phrase>& parts, const char* before, const Phrase& words) {
  if (!words.empty()) parts.push_back(say("{}{}", before, words));
}

}  // namespace

Phrase rests_on(const Readings& readings) {
  std::vector<Phrase> parts;
  std::vector<Phrase> monocytes;
  add(monocytes, "", used(readings, "monocytes", Unit::percent));
  add(monocytes, "", used(readings, "amc", Unit::cells_per_volume));
  add(parts, "monocytes ", join(monocytes, ", "));
  const auto clone = clonality(readings);
  add(parts, "", clone);
  add(parts, "", dysplasia(readings));
  if (clone.empty()) add_flow(readings, parts);
  std::vector<Phrase> blasts;
  add(blasts, "in blood ", used(readings, "pb_blasts", Unit::percent));
  add(blasts, "in marrow ", used(readings, "bm_blasts", Unit::percent));
  add(parts, "blasts ", join(blasts, ", "));
  return join(parts, "; ");
}

}  // namespace cytocape::wording
