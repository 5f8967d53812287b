#include "pipeline/wording/figures.hpp"

#include <fmt/format.h>

#include "pipeline/wording/phrases.hpp"

namespace cytocape::wording {

criteria::Figure normoblast_figure() {
  criteria::Figure figure;
  figure.label = "normoblasts per 100 leukocytes";
  figure.unit = Unit::per_100_leukocytes;
  figure.rule = say(
      "Normoblasts are outside the leukocytes: 100 {} normoblasts / leukocytes counted.", times());
  return figure;
}

criteria::Figure myeloid_erythroid_figure() {
  criteria::Figure figure;
  figure.label = "myeloid:erythroid ratio";
  figure.unit = Unit::to_one;
  figure.rule =
      "Granulocytes, monocytes and their precursors / nucleated erythroid cells; lymphocytes, "
      "plasma cells and megakaryocytes are on neither side.";
  return figure;
}

std::string unknown_classes(const std::vector<std::string>& parts) {
  return fmt::format("the model does not know {}", fmt::join(parts, ", "));
}

std::string nothing_to_divide(bool nothing_counted) {
  return nothing_counted ? "nothing was counted" : "the denominator is 0";
}

}  // namespace cytocape::wording
