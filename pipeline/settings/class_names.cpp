#include "pipeline/settings/class_names.hpp"

#include "pipeline/settings/taxonomy.hpp"

namespace cytocape {

std::string code_or_name(const std::string& name) {
  const auto* known = find_cell_class(name);
  return known == nullptr ? name : known->code;
}

std::string label_or_name(const std::string& name) {
  const auto* known = find_cell_class(name);
  return known == nullptr ? name : known->label;
}

std::string group_or_name(const std::string& name) {
  const auto* known = find_cell_class(name);
  return known == nullptr ? name : known->group;
}

}  // namespace cytocape
