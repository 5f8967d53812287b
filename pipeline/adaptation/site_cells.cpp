#include "models/data/site_cells.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "io/fault_list.hpp"
#include "models/data/dataset.hpp"
#include "pipeline/adaptation/adapt.hpp"
#include "pipeline/settings/taxonomy.hpp"

namespace cytocape {
namespace {

using Meanings = std::map<std::string, std::vector<std::string>>;

/// "neutrophil=segmented_neutrophil,band_neutrophil".
Meanings given_meanings(const std::vector<std::string>& texts, FaultList& faults) {
  Meanings given;
  for (const auto& text : texts) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      faults.add(
          "--class {}: expected folder=class, e.g. "
          "neutrophil=segmented_neutrophil,band_neutrophil",
          text);
      continue;
    }
    std::vector<std::string> names;
    std::istringstream rest(text.substr(equals + 1));
    for (std::string name; std::getline(rest, name, ',');) names.push_back(name);
    if (!given.emplace(text.substr(0, equals), names).second)
      faults.add("--class {}: the folder is given twice", text);
  }
  return given;
}

/// The model's name of a class, or the taxonomy's where the model does not know it; empty: neither.
std::string known_as(const std::string& name, const std::vector<std::string>& model) {
  const auto equal = std::find(model.begin(), model.end(), name);
  if (equal != model.end()) return name;
  const auto* own = find_cell_class(name);
  if (own == nullptr) return {};
  const auto alias = std::find_if(model.begin(), model.end(),
                                  [&](const auto& other) { return find_cell_class(other) == own; });
  return alias == model.end() ? own->code : *alias;
}

/// "neutrophil" is no class but a group of the taxonomy: which of its classes the model knows.
std::vector<std::string> of_group(const std::string& name, const std::vector<std::string>& model) {
  std::vector<std::string> members;
  for (const auto& one : model)
    if (const auto* own = find_cell_class(one); own != nullptr && own->group == name)
      members.push_back(one);
  return members;
}

std::vector<std::string> meaning_of(const std::string& folder, const Meanings& given,
                                    const std::vector<std::string>& model, FaultList& faults) {
  const auto own = given.find(folder);
  if (own == given.end()) {
    const auto name = known_as(folder, model);
    if (!name.empty()) return {name};
    auto members = of_group(folder, model);
    if (members.empty())
      faults.add(
          "folder {} is no class that configs/taxonomy.toml knows: say what it means by "
          "--class {}=CLASS, several with commas between where the folder does not tell them "
          "apart, or --class {}= to leave it out; a class that the taxonomy lacks needs an "
          "entry there first",
          folder, folder, folder);
    return members;
  }
  std::vector<std::string> names;
  for (const auto& one : own->second) {
    names.push_back(known_as(one, model));
    if (names.back().empty())
      faults.add(
          "--class {}: configs/taxonomy.toml knows no class {}: give one that it knows, or "
          "add an entry there",
          folder, one);
  }
  return names;
}

void check_new_classes(const SiteCells& site, FaultList& faults) {
  for (std::size_t c = site.known; c < site.classes.size(); ++c)
    if (const auto count = site.count_of(c); count < kLeastNewCells)
      faults.add(
          "class {} is new to the model and has {} cells of its own: give at least {}, or "
          "leave it out by --class {}=",
          site.classes[c], count, kLeastNewCells, site.classes[c]);
}

}  // namespace

SiteCells site_cells_of(const AdaptRequest& request, const ModelCard& card) {
  FaultList faults;
  const auto given = given_meanings(request.classes, faults);
  const auto model = class_names(card);
  SiteRequest wanted{
      .folder = request.data, .meanings = {}, .groups = request.groups, .known = model};
  for (const auto& folder : list_labelled_folder(request.data))
    wanted.meanings[folder.name] = meaning_of(folder.name, given, model, faults);
  for (const auto& [folder, names] : given)
    if (!wanted.meanings.contains(folder))
      faults.add("--class {}: {} has no such folder", folder, request.data.string());
  const auto own_groups = request.data / "groups.csv";
  if (wanted.groups.empty() && std::filesystem::exists(own_groups)) wanted.groups = own_groups;
  faults.throw_if_any("adapt");
  auto site = read_site_cells(wanted);
  check_new_classes(site, faults);
  faults.throw_if_any("adapt");
  return site;
}

}  // namespace cytocape
