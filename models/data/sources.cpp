#include "models/data/sources.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "io/errors.hpp"
#include "io/fault_list.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

/// One source's images with its own names.
struct NamedSet {
  const DataSource& source;
  LabelledSet set;
  std::vector<std::vector<std::string>> meaning;  ///< by label: the classes that it may be
};

bool is_used(const std::vector<std::string>& classes) {
  return !classes.empty();
}

NamedSet read_source(const DataSource& source, const SplitOptions& options, FaultList& faults) {
  const bool whole = !options.leave_out.empty();
  std::vector<std::string> found;
  NamedSet named{source, {}, {}};
  try {
    named.set = split_labelled_folder(source.folder, whole ? 0 : options.validation_share,
                                      options.seed, options.conflicts, &found);
  } catch (const ConfigError& error) {
    found.emplace_back(error.what());
  }
  for (const auto& fault : found) faults.add("source {}: {}", source.name, fault);
  auto& set = named.set;
  if (source.name == options.leave_out) std::swap(set.train, set.validation);
  for (const auto& folder : set.classes) {
    const auto given = source.classes.find(folder);
    named.meaning.push_back(given == source.classes.end() ? std::vector{folder} : given->second);
  }
  for (const auto& [folder, unused] : source.classes) {
    if (std::find(set.classes.begin(), set.classes.end(), folder) != set.classes.end()) continue;
    if (found.empty())
      faults.add("source.{}.classes.{}: {} has no such folder", source.name, folder,
                 source.folder.string());
  }
  return named;
}

/// Those that some source that trains has by themselves.
std::vector<std::string> learnt_classes(const std::vector<NamedSet>& sources,
                                        const std::string& left_out) {
  std::set<std::string> classes;
  for (const auto& one : sources) {
    if (one.source.name == left_out) continue;
    for (const auto& meaning : one.meaning)
      if (meaning.size() == 1) classes.insert(meaning.front());
  }
  return {classes.begin(), classes.end()};
}

class Joiner {
 public:
  Joiner(std::vector<std::string> classes, FaultList& faults) : faults_(faults) {
    set_.classes = std::move(classes);
  }

  void add(const NamedSet& named, int source, bool left_out) {
    std::vector<int> labels;
    for (std::size_t i = 0; i < named.meaning.size(); ++i)
      labels.push_back(label_of(named, i, left_out));
    const auto before = set_.train.size() + set_.validation.size();
    add_images(named.set.train, labels, source, set_.train);
    add_images(named.set.validation, labels, source, set_.validation);
    if (set_.train.size() + set_.validation.size() == before && !named.set.classes.empty())
      faults_.add("source {}: none of its images is used: give its folders classes",
                  named.source.name);
    for (const auto* own : {&named.set.left_out, &named.set.passed_over}) {
      auto& all = own == &named.set.left_out ? set_.left_out : set_.passed_over;
      all.insert(all.end(), own->begin(), own->end());
    }
  }

  [[nodiscard]] LabelledSet result() && { return std::move(set_); }

 private:
  static constexpr int kNotUsed = -1;
  static constexpr int kApart = -2;

  /// A group that lost all but one class is that class.
  int label_of(const NamedSet& named, std::size_t folder, bool left_out) {
    const auto& meaning = named.meaning[folder];
    if (!is_used(meaning)) return kNotUsed;
    std::vector<int> known;
    for (const auto& name : meaning) {
      const auto at = std::lower_bound(set_.classes.begin(), set_.classes.end(), name);
      if (at == set_.classes.end() || *at != name) continue;
      known.push_back(static_cast<int>(at - set_.classes.begin()));
    }
    std::sort(known.begin(), known.end());
    known.erase(std::unique(known.begin(), known.end()), known.end());
    if (known.empty()) {
      if (!left_out)
        faults_.add(
            "source.{}.classes.{} is {}: no source has images of one of these classes alone",
            named.source.name, named.set.classes[folder], fmt::join(meaning, ", "));
      return kApart;
    }
    if (known.size() == 1) return known.front();
    auto at = std::find(set_.groups.begin(), set_.groups.end(), known);
    if (at == set_.groups.end()) at = set_.groups.insert(at, known);
    return static_cast<int>(set_.classes.size()) + static_cast<int>(at - set_.groups.begin());
  }

  void add_images(const std::vector<LabelledImage>& images, const std::vector<int>& labels,
                  int source, std::vector<LabelledImage>& side) {
    for (const LabelledImage& image : images) {
      const int label = labels[static_cast<std::size_t>(image.label)];
      if (label == kApart) set_.apart.push_back(image.path);
      if (label < 0) continue;
      side.push_back(image);
      side.back().label = label;
      side.back().source = source;
      find_double(image);
    }
  }

  void find_double(const LabelledImage& image) {
    const auto [at, is_new] = seen_.emplace(image.sha256, image.path);
    if (is_new || at->second.parent_path().parent_path() == image.path.parent_path().parent_path())
      return;
    faults_.add("{} and {} are one image in two sources: remove one", at->second.string(),
                image.path.string());
  }

  FaultList& faults_;
  LabelledSet set_;
  std::map<std::string, fs::path> seen_;  ///< by digest
};

}  // namespace

LabelledSet join_sources(const std::vector<DataSource>& sources, const SplitOptions& options,
                         std::vector<std::string>& all_faults) {
  FaultList faults;
  std::vector<NamedSet> named;
  for (const auto& source : sources) named.push_back(read_source(source, options, faults));
  Joiner joiner(learnt_classes(named, options.leave_out), faults);
  for (std::size_t i = 0; i < named.size(); ++i)
    joiner.add(named[i], static_cast<int>(i), named[i].source.name == options.leave_out);
  faults.move_to(all_faults);
  return std::move(joiner).result();
}

std::vector<TrainingSource> sources_of_card(const std::vector<DataSource>& sources,
                                            const LabelledSet& set) {
  std::vector<TrainingSource> all;
  for (const auto& source : sources)
    all.push_back(
        {.name = source.name, .citation = source.citation, .licence = source.licence, .images = 0});
  for (const auto* side : {&set.train, &set.validation})
    for (const auto& image : *side) ++all[static_cast<std::size_t>(image.source)].images;
  return all;
}

}  // namespace cytocape
