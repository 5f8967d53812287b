#include "pipeline/evaluation/warnings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "io/digest.hpp"
#include "pipeline/wording/appearance.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNamedGroups = 5;  ///< evaluation.json names all

/// Files whose key of type Key is that of a file in another class; by key, in their order.
template <class Key, class KeyOf>
std::map<Key, std::vector<const LabelledFile*>> shared_by_classes(
    const std::vector<const LabelledFile*>& files, const KeyOf& key_of) {
  std::map<Key, std::vector<const LabelledFile*>> by_key;
  for (const auto* file : files) by_key[key_of(*file)].push_back(file);
  std::erase_if(by_key, [](const auto& entry) {
    const auto& group = entry.second;
    return std::all_of(group.begin(), group.end(), [&](const LabelledFile* file) {
      return file->data_class == group.front()->data_class;
    });
  });
  return by_key;
}

std::string several_classes_text(const std::vector<std::vector<std::string>>& groups) {
  std::string text = groups.size() == 1
                         ? "1 image lies in several class folders and is counted in each: "
                         : fmt::format(
                               "{} images lie in several class folders and are counted in "
                               "each: ",
                               groups.size());
  for (std::size_t i = 0; i < groups.size() && i < kNamedGroups; ++i)
    text += fmt::format("{}{}", i == 0 ? "" : "; ", fmt::join(groups[i], ", "));
  if (groups.size() > kNamedGroups)
    text += fmt::format("; and {} more, named in evaluation.json", groups.size() - kNamedGroups);
  return text + ".";
}

std::string passed_over_text(const DataSummary& data) {
  const auto [files, folders] = std::pair(data.passed_over_files, data.passed_over_folders);
  std::vector<std::string> parts;
  if (files > 0) parts.push_back(fmt::format("{} file{}", files, files == 1 ? "" : "s"));
  if (folders > 0) parts.push_back(fmt::format("{} folder{}", folders, folders == 1 ? "" : "s"));
  const bool one = files + folders == 1;
  return fmt::format("{} in the class folders {} ignored: {} not jpg, png or tif.",
                     fmt::join(parts, " and "), one ? "was" : "were", one ? "it is" : "they are");
}

}  // namespace

ModelWarnings model_warnings_of(const ModelCard& card) {
  return {.figures_of = card.figures_of, .limits = card.limits};
}

std::vector<std::vector<std::string>> in_several_classes(const std::vector<LabelledFile>& files) {
  std::vector<const LabelledFile*> all;
  for (const auto& file : files) all.push_back(&file);
  std::vector<const LabelledFile*> of_one_size;
  for (const auto& [size, group] : shared_by_classes<std::uintmax_t>(
           all, [](const LabelledFile& file) { return fs::file_size(file.path); }))
    of_one_size.insert(of_one_size.end(), group.begin(), group.end());
  std::vector<std::vector<std::string>> found;
  for (const auto& [digest, group] : shared_by_classes<std::string>(
           of_one_size, [](const LabelledFile& file) { return sha256_of_file(file.path); })) {
    std::vector<std::string> names;
    for (const auto* file : group) names.push_back(file->name);
    found.push_back(std::move(names));
  }
  std::sort(found.begin(), found.end());
  return found;
}

void note_passed_over(const std::vector<ClassFolder>& classes, DataSummary& data) {
  for (const auto& one : classes) {
    for (const auto& path : one.passed_over)
      ++(fs::is_directory(path) ? data.passed_over_folders : data.passed_over_files);
  }
}

std::vector<std::string> warnings_of(const Evaluation& evaluation) {
  std::vector<std::string> list;
  const auto& figures_of = evaluation.model_warnings.figures_of;
  if (!figures_of.empty())
    list.push_back(fmt::format(
        "On images that the model was trained on, these figures are optimistic. Those of "
        "its card are of {}.",
        figures_of));
  const auto& appearance = evaluation.appearance;
  if (appearance.asked != AppearanceMap::none && appearance.outcome != AppearanceOutcome::applied)
    list.push_back(wording::appearance_sentence(appearance));
  const auto& data = evaluation.data;
  if (!data.in_several_classes.empty())
    list.push_back(several_classes_text(data.in_several_classes));
  if (data.passed_over_files + data.passed_over_folders > 0) list.push_back(passed_over_text(data));
  return list;
}

}  // namespace cytocape
