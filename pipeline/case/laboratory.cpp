#include "pipeline/case/laboratory.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cytocape {
namespace {

std::string accuracy_elsewhere(const ModelCard& card) {
  if (card.never_seen.empty())
    return "how often it is right on laboratories that it has not seen was not measured";
  const auto [least, most] = std::minmax_element(
      card.never_seen.begin(), card.never_seen.end(),
      [](const auto& a, const auto& b) { return a.group_accuracy < b.group_accuracy; });
  const auto range = card.never_seen.size() == 1
                         ? fmt::format("{:.0f} %", 100 * least->group_accuracy)
                         : fmt::format("{:.0f} to {:.0f} %", 100 * least->group_accuracy,
                                       100 * most->group_accuracy);
  return fmt::format(
      "on laboratories that it had not seen it called {} of the cells right, over "
      "groups of classes",
      range);
}

}  // namespace

std::optional<KnownLaboratories> laboratories_of(const ModelCard& card,
                                                 const AppearanceUse& appearance) {
  return appearance.own ? place_among(card, *appearance.own) : std::nullopt;
}

std::string expectation(const ModelCard& card, const std::optional<KnownLaboratories>& place) {
  if (!place || place->familiarity != Familiarity::between) return "";
  return fmt::format(
      "Colours of a laboratory that the model did not learn from (the nearest is {}): {}. Review "
      "the differential; cytocape adapt teaches the model this laboratory.",
      place->nearest, accuracy_elsewhere(card));
}

}  // namespace cytocape
