#include "pipeline/settings/clinical_order.hpp"

#include <algorithm>
#include <limits>

#include "pipeline/settings/taxonomy.hpp"

namespace cytocape {

int clinical_place(const std::string& code) {
  const auto* known = find_cell_class(code);
  return known == nullptr ? std::numeric_limits<int>::max() : known->order;
}

std::vector<const DifferentialRow*> in_clinical_order(std::span<const DifferentialRow> rows) {
  std::vector<const DifferentialRow*> ordered;
  for (const auto& row : rows) ordered.push_back(&row);
  std::stable_sort(ordered.begin(), ordered.end(), [](const auto* a, const auto* b) {
    return clinical_place(a->name) < clinical_place(b->name);
  });
  return ordered;
}

}  // namespace cytocape
