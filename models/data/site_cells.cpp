#include "models/data/site_cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "io/csv.hpp"
#include "io/digest.hpp"
#include "io/fault_list.hpp"
#include "io/text.hpp"
#include "models/data/dataset.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

/// By image, "class/name" or name alone, its group's name.
std::map<std::string, std::string> read_groups(const fs::path& path) {
  const auto table = read_csv(path, {.bytes_column = "file"});
  FaultList faults;
  const auto column = [&](const char* name) -> std::optional<std::size_t> {
    const auto at = std::find(table.header.begin(), table.header.end(), name);
    if (at == table.header.end()) return std::nullopt;
    return static_cast<std::size_t>(at - table.header.begin());
  };
  const auto file = column("file");
  const auto group = column("group");
  if (!file)
    faults.add("it has no column file, which names each image as class/name, or by its name alone");
  if (!group) faults.add("it has no column group, which names each image's slide or case");
  std::map<std::string, std::string> groups;
  for (std::size_t i = 0; file && group && i < table.rows.size(); ++i) {
    const auto& name = table.rows[i][*file];
    const auto& own = table.rows[i][*group];
    if (own.empty()) faults.add("row {}: \"{}\" has no group", table.numbers[i], shortened(name));
    if (!groups.emplace(name, own).second)
      faults.add("row {}: \"{}\" occurs twice", table.numbers[i], shortened(name));
  }
  faults.throw_if_any(path.string());
  return groups;
}

void name_classes(const SiteRequest& request, SiteCells& site) {
  site.classes = request.known;
  site.known = request.known.size();
  std::set<std::string> fresh;
  for (const auto& [folder, meaning] : request.meanings)
    for (const auto& one : meaning)
      if (std::find(request.known.begin(), request.known.end(), one) == request.known.end())
        fresh.insert(one);
  site.classes.insert(site.classes.end(), fresh.begin(), fresh.end());
}

std::vector<int> labels_of(const std::vector<std::string>& meaning, const SiteCells& site) {
  std::vector<int> labels;
  for (const auto& one : meaning)
    labels.push_back(static_cast<int>(std::find(site.classes.begin(), site.classes.end(), one) -
                                      site.classes.begin()));
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  return labels;
}

/// Names by which cells are tied to one group: their slide or, without one, their original; equal
/// images always.
class Groups {
 public:
  explicit Groups(std::map<std::string, std::string> table) : table_(std::move(table)) {}

  /// The group's key for an image of this digest.
  std::string key_of(const std::string& name, const fs::path& path, const std::string& digest) {
    for (const auto& one : {name, path.filename().string()})
      if (const auto row = table_.find(one); row != table_.end()) return "group " + row->second;
    if (!table_.empty()) return {};
    const auto original = original_name(path.filename().string());
    if (original.empty()) return "image " + digest;
    ++originals_;
    return "original " + original;
  }
  [[nodiscard]] GroupsFrom from() const {
    if (!table_.empty()) return GroupsFrom::table;
    return originals_ > 0 ? GroupsFrom::names : GroupsFrom::images;
  }

 private:
  std::map<std::string, std::string> table_;
  std::size_t originals_ = 0;
};

}  // namespace

std::size_t SiteCells::count_of(std::size_t label) const {
  return static_cast<std::size_t>(std::count_if(cells.begin(), cells.end(), [&](const auto& cell) {
    return cell.may_be == std::vector{static_cast<int>(label)};
  }));
}

SiteCells read_site_cells(const SiteRequest& request) {
  SiteCells site;
  name_classes(request, site);
  Groups groups(request.groups.empty() ? std::map<std::string, std::string>()
                                       : read_groups(request.groups));
  FaultList faults;
  std::map<std::string, int> numbers;
  std::map<std::string, std::size_t> of_digest;
  for (const auto& folder : list_labelled_folder(request.folder)) {
    const auto labels = labels_of(request.meanings.at(folder.name), site);
    auto& passed = site.passed_over;
    passed.insert(passed.end(), folder.passed_over.begin(), folder.passed_over.end());
    if (labels.empty()) passed.insert(passed.end(), folder.files.begin(), folder.files.end());
    for (const auto& path : labels.empty() ? std::vector<fs::path>() : folder.files) {
      const auto name = folder.name + "/" + path.filename().string();
      const auto digest = sha256_of_file(path);
      const auto [twin, fresh] = of_digest.emplace(digest, site.cells.size());
      if (!fresh && site.cells[twin->second].may_be != labels)
        faults.add("{} and {} are one image in two classes: remove one",
                   site.cells[twin->second].name, name);
      if (!fresh) continue;  // learnt once
      const auto key = groups.key_of(name, path, digest);
      if (key.empty()) faults.add("{} is not in {}", name, request.groups.string());
      const int group = numbers.emplace(key, static_cast<int>(numbers.size())).first->second;
      site.cells.push_back({.path = path, .name = name, .may_be = labels, .group = group});
    }
  }
  if (site.cells.empty() && faults.empty()) faults.add("no image of a class that is used");
  faults.throw_if_any(request.folder.string());
  site.groups = static_cast<int>(numbers.size());
  site.groups_from = groups.from();
  return site;
}

std::vector<int> folds_of(const SiteCells& cells, int folds) {
  const auto count = static_cast<std::size_t>(cells.groups);
  // Of each group its cells by label; where they have several, the first tells.
  std::vector<std::map<std::vector<int>, std::size_t>> holds(count);
  std::vector<std::size_t> sizes(count, 0);
  for (const auto& cell : cells.cells) {
    ++holds[static_cast<std::size_t>(cell.group)][cell.may_be];
    ++sizes[static_cast<std::size_t>(cell.group)];
  }
  std::vector<std::size_t> order = shuffled_order(count, 1);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return sizes[a] > sizes[b]; });
  std::map<std::vector<int>, std::vector<std::size_t>> filled;  // by label: cells of each fold
  std::vector<std::size_t> all(static_cast<std::size_t>(folds), 0);
  std::vector<int> fold_of(count, 0);
  for (const std::size_t group : order) {
    const auto load = [&](std::size_t fold) {
      std::size_t sum = 0;
      for (const auto& [label, number] : holds[group]) {
        auto& of_label =
            filled.try_emplace(label, static_cast<std::size_t>(folds), 0).first->second;
        sum += of_label[fold];
      }
      return std::pair(sum, all[fold]);
    };
    std::size_t best = 0;
    for (std::size_t fold = 1; fold < all.size(); ++fold)
      if (load(fold) < load(best)) best = fold;
    for (const auto& [label, number] : holds[group])
      filled.try_emplace(label, static_cast<std::size_t>(folds), 0).first->second[best] += number;
    all[best] += sizes[group];
    fold_of[group] = static_cast<int>(best);
  }
  return fold_of;
}

}  // namespace cytocape
