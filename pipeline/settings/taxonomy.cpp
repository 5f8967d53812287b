#include "pipeline/settings/taxonomy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "embedded/taxonomy_text.hpp"
#include "io/errors.hpp"
#include "pipeline/settings/toml_reader.hpp"

namespace cytocape {
namespace {

struct Taxonomy {
  std::vector<CellClass> classes;
  std::map<std::string, std::size_t> by_name;
};

std::vector<Specimen> read_specimens(TomlReader& reader, const std::string& key) {
  std::vector<Specimen> specimens;
  for (const auto& code : reader.texts(key)) {
    const auto known = value_named<Specimen>(code);
    if (!known)
      throw ConfigError(fmt::format(
          "configs/taxonomy.toml: {} holds \"{}\": give \"pb\", \"bm\" or both", key, code));
    specimens.push_back(*known);
  }
  return specimens;
}

Taxonomy read_taxonomy() {
  TomlReader reader;
  reader.add(text::taxonomy_text, "configs/taxonomy.toml");
  Taxonomy result;
  for (const auto& code : reader.tables_below("class")) {
    const auto prefix = "class." + code + ".";
    const auto counted = read_specimens(reader, prefix + "counted");
    const auto has = [&](Specimen specimen) {
      return std::find(counted.begin(), counted.end(), specimen) != counted.end();
    };
    result.by_name[code] = result.classes.size();
    for (const auto& alias : reader.texts(prefix + "aliases"))
      result.by_name[alias] = result.classes.size();
    result.classes.push_back({.code = code,
                              .label = reader.text(prefix + "label"),
                              .group = reader.text(prefix + "group"),
                              .order = static_cast<int>(reader.integer(prefix + "order", {1, 999})),
                              .counted_pb = has(Specimen::blood),
                              .counted_bm = has(Specimen::marrow)});
  }
  reader.refuse_unread();
  return result;
}

const Taxonomy& the_taxonomy() {
  static const Taxonomy instance = read_taxonomy();
  return instance;
}

}  // namespace

const std::vector<CellClass>& taxonomy() {
  return the_taxonomy().classes;
}

const CellClass* find_cell_class(const std::string& name) {
  const auto& [classes, by_name] = the_taxonomy();
  const auto found = by_name.find(name);
  return found == by_name.end() ? nullptr : &classes[found->second];
}

const CellClass& cell_class(const std::string& name) {
  if (const auto* found = find_cell_class(name)) return *found;
  std::vector<std::string> names;
  for (const auto& [known, unused] : the_taxonomy().by_name) names.push_back(known);
  const auto nearest = nearest_name(name, names);
  throw ConfigError(fmt::format("class \"{}\" is not in configs/taxonomy.toml{}", name,
                                nearest.empty() ? "" : "; did you mean " + nearest + "?"));
}

}  // namespace cytocape
