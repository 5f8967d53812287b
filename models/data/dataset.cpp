#include "models/data/dataset.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <iterator>
#include <map>
#include <numeric>
#include <set>
#include <sstream>

#include "io/digest.hpp"
#include "io/errors.hpp"
#include "io/fault_list.hpp"
#include "io/random.hpp"
#include "io/text.hpp"
#include "io/text_file.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

bool is_image(const fs::path& path) {
  std::string extension = path.extension().string();
  for (char& c : extension) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  static constexpr std::array<std::string_view, 5> kKnown{".jpg", ".jpeg", ".png", ".tif", ".tiff"};
  return std::find(kKnown.begin(), kKnown.end(), extension) != kKnown.end();
}

bool is_hidden(const fs::path& path) {
  return path.filename().string().starts_with('.');
}

/// Images of one class that must not be separated.
using Group = std::vector<fs::path>;

struct ClassImages : ClassFolder {
  std::vector<Group> groups;  ///< in the order of their first file
};

void check_folder(const fs::path& folder) {
  if (fs::is_directory(folder)) return;
  throw ConfigError(fmt::format("{} is not a folder: give one that holds a folder for each class",
                                folder.string()));
}

std::vector<ClassFolder> list_classes(const fs::path& folder, FaultList& faults) {
  std::vector<ClassFolder> classes;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (is_hidden(entry.path())) continue;
    if (entry.is_regular_file() && is_image(entry.path())) {
      faults.add("{} lies beside the class folders: move it into one", entry.path().string());
    }
    if (!entry.is_directory()) continue;
    ClassFolder found;
    found.name = entry.path().filename().string();
    for (const fs::directory_entry& file : fs::directory_iterator(entry.path())) {
      if (is_hidden(file.path())) continue;
      if (file.is_symlink() && !file.exists() && is_image(file.path())) {
        faults.add("{} is a link to nothing: mend or remove it", file.path().string());
        continue;
      }
      const bool image = file.is_regular_file() && is_image(file.path());
      (image ? found.files : found.passed_over).push_back(file.path());
    }
    std::sort(found.files.begin(), found.files.end());
    std::sort(found.passed_over.begin(), found.passed_over.end());
    classes.push_back(std::move(found));
  }
  std::sort(classes.begin(), classes.end(),
            [](const ClassFolder& a, const ClassFolder& b) { return a.name < b.name; });
  return classes;
}

/// By file: the keys it shares with files that show the same thing: equal bytes, which come first,
/// and one original.
using IdentityMap = std::map<fs::path, std::vector<std::string>>;

constexpr std::string_view kBytesKey = "bytes ";

IdentityMap identify(const std::vector<ClassImages>& classes) {
  IdentityMap result;
  for (const ClassImages& one : classes) {
    for (const fs::path& file : one.files) {
      std::vector<std::string>& keys = result[file];
      keys.push_back(std::string(kBytesKey) + sha256_of_file(file));
      const std::string original = original_name(file.filename().string());
      if (!original.empty()) keys.push_back("original " + original);
    }
  }
  return result;
}

struct ConflictList {
  std::set<fs::path> files;
  std::vector<std::string> lines;  ///< one for each key that occurs in several classes
};

ConflictList find_conflicts(const std::vector<ClassImages>& classes,
                            const IdentityMap& identities) {
  std::map<std::string, std::map<std::size_t, Group>> by_key;  // key -> class -> files
  for (std::size_t label = 0; label < classes.size(); ++label) {
    for (const fs::path& file : classes[label].files) {
      for (const std::string& key : identities.at(file)) by_key[key][label].push_back(file);
    }
  }
  ConflictList result;
  for (const auto& [key, by_class] : by_key) {
    if (by_class.size() < 2) continue;
    for (const auto& [label, files] : by_class) result.files.insert(files.begin(), files.end());
    result.lines.push_back(fmt::format("{} and {} show the same image in two classes",
                                       by_class.begin()->second.front().string(),
                                       std::next(by_class.begin())->second.front().string()));
  }
  return result;
}

/// Which files are tied together, directly or through others: each names another of its group, and
/// the first names itself.
class Ties {
 public:
  explicit Ties(std::size_t files) : next_(files) {
    std::iota(next_.begin(), next_.end(), std::size_t{0});
  }
  /// The first file of the group.
  [[nodiscard]] std::size_t first(std::size_t file) {
    while (next_[file] != file) file = next_[file] = next_[next_[file]];
    return file;
  }
  void tie(std::size_t a, std::size_t b) {
    const auto one = first(a);
    const auto other = first(b);
    next_[std::max(one, other)] = std::min(one, other);
  }

 private:
  std::vector<std::size_t> next_;
};

/// One file can tie two groups together: equal bytes to one, the original of the other.
void group_files(ClassImages& one, const IdentityMap& identities) {
  Ties ties(one.files.size());
  std::map<std::string, std::size_t> file_of;  // key -> the first file that has it
  for (std::size_t i = 0; i < one.files.size(); ++i) {
    for (const std::string& key : identities.at(one.files[i])) {
      ties.tie(file_of.emplace(key, i).first->second, i);
    }
  }
  std::map<std::size_t, std::size_t> place;  // first file -> index into one.groups
  for (std::size_t i = 0; i < one.files.size(); ++i) {
    const auto [at, is_new] = place.emplace(ties.first(i), one.groups.size());
    if (is_new) one.groups.emplace_back();
    one.groups[at->second].push_back(one.files[i]);
  }
}

void split_class(const ClassImages& one, int label, double share, std::uint64_t seed,
                 LabelledSet& set) {
  std::vector<Group> groups = one.groups;
  detail::SplitMix64 random(detail::mix_seed(seed, detail::seed_of(one.name)));
  detail::shuffle(groups, random);
  const double share_of_files = std::round(share * static_cast<double>(one.files.size()));
  const auto wanted = static_cast<std::size_t>(share > 0 ? std::max(1.0, share_of_files) : 0);
  std::vector<fs::path> train;
  std::vector<fs::path> validation;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    // The last group trains even where large groups leave the share unfilled.
    const bool validate = validation.size() < wanted && i + 1 < groups.size();
    std::vector<fs::path>& side = validate ? validation : train;
    side.insert(side.end(), groups[i].begin(), groups[i].end());
  }
  std::sort(train.begin(), train.end());
  std::sort(validation.begin(), validation.end());
  for (fs::path& path : train) set.train.push_back({.path = std::move(path), .label = label});
  for (fs::path& path : validation)
    set.validation.push_back({.path = std::move(path), .label = label});
}

/// What a file system that ignores case, or a reader in a hurry, takes for the name: small letters,
/// no blanks, underscores, points and hyphens. CD34+ and CD34- are two names.
std::string plain_name(const std::string& name) {
  std::string plain;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto byte = static_cast<unsigned char>(name[i]);
    const bool joins = byte == ' ' || byte == '_' || byte == '.' || byte == '-';
    if (joins && i + 1 < name.size()) continue;
    plain += byte < 0x80 ? static_cast<char>(std::tolower(byte)) : name[i];
  }
  return plain;
}

void check_classes(const fs::path& folder, const std::vector<ClassImages>& classes,
                   FaultList& faults) {
  if (classes.size() < 2) {
    faults.add("it has {} class folders: give at least two, each named for its class",
               classes.size());
  }
  std::map<std::string, std::string> seen;  // by letters and digits alone
  for (const ClassImages& one : classes) {
    const auto [at, is_new] = seen.emplace(plain_name(one.name), one.name);
    if (!is_new) {
      faults.add("folders {} and {} are two classes of one name: join them", at->second, one.name);
    }
    if (one.files.empty()) {
      faults.add("{} holds no image (jpg, png, tif): fill or remove it",
                 (folder / one.name).string());
    } else if (one.groups.size() == 1) {
      faults.add("{} holds images of one original alone: give at least two, one to validate on",
                 (folder / one.name).string());
    }
  }
}

}  // namespace

std::vector<std::size_t> shuffled_order(std::size_t count, std::uint64_t seed) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  detail::SplitMix64 random(seed);
  detail::shuffle(order, random);
  return order;
}

std::uint64_t seed_for(std::uint64_t seed, const std::string& name) {
  return detail::mix_seed(seed, detail::seed_of(name));
}

std::string original_name(const std::string& file_name) {
  const std::size_t mark = file_name.find("___");
  if (mark == std::string::npos) return {};
  std::string rest = fs::path(file_name.substr(mark + 3)).stem().string();
  const std::size_t first = rest.find('_');
  if (first == std::string::npos) return rest;
  return rest.substr(0, rest.find('_', first + 1));
}

std::vector<ClassFolder> list_labelled_folder(const fs::path& folder) {
  check_folder(folder);
  FaultList faults;
  std::vector<ClassFolder> classes = list_classes(folder, faults);
  if (classes.empty()) faults.add("no class folder: expected <class>/*.jpg, *.png or *.tif in it");
  for (const ClassFolder& one : classes) {
    if (one.files.empty()) faults.add("{} holds no image", (folder / one.name).string());
  }
  faults.throw_if_any(folder.string());
  return classes;
}

std::vector<ClassFolder> list_labelled_folder(const fs::path& folder, const fs::path& list) {
  check_folder(folder);
  constexpr std::uint64_t kMostBytes = 64ULL << 20U;
  std::istringstream in(read_text_file(list, kMostBytes));
  FaultList faults;
  std::map<std::string, std::set<fs::path>> named;
  std::string line;
  for (int row = 1; std::getline(in, line); ++row) {
    line.erase(line.find_last_not_of(" \t\r") + 1);
    if (line.empty() || line.front() == '#') continue;
    const fs::path name(line);
    if (name.is_absolute() || std::distance(name.begin(), name.end()) != 2 ||
        *name.begin() == "..") {
      faults.add("row {}: \"{}\": expected class/name", row, shortened(line));
    } else if (!fs::is_regular_file(folder / name)) {
      faults.add("row {}: no file {}", row, shortened((folder / name).string(), 200));
    } else if (!named[name.begin()->string()].insert(folder / name).second) {
      faults.add("row {}: \"{}\" occurs twice", row, shortened(line));
    }
  }
  if (named.empty() && faults.empty()) faults.add("it names no image");
  faults.throw_if_any(list.string());
  std::vector<ClassFolder> classes;
  for (const auto& [name, files] : named)
    classes.push_back({name, {files.begin(), files.end()}, {}});
  return classes;
}

LabelledSet split_labelled_folder(const fs::path& folder, double validation_share,
                                  std::uint64_t seed, Conflicts conflicts,
                                  std::vector<std::string>* all_faults) {
  if (!(validation_share >= 0 && validation_share < 1)) {
    throw ConfigError(
        fmt::format("validation_share is {}: give 0 or a number below 1", validation_share));
  }
  check_folder(folder);
  FaultList faults;
  std::vector<ClassImages> classes;
  for (ClassFolder& found : list_classes(folder, faults)) classes.push_back({std::move(found), {}});
  const IdentityMap identities = identify(classes);
  const ConflictList conflicting = find_conflicts(classes, identities);
  LabelledSet set;
  if (conflicts == Conflicts::refuse) {
    for (const std::string& line : conflicting.lines) {
      faults.add("{}: remove one, or set data.allow_conflicting=true to leave both out", line);
    }
  } else {
    set.left_out.assign(conflicting.files.begin(), conflicting.files.end());
    for (ClassImages& one : classes) {
      std::erase_if(one.files,
                    [&](const fs::path& path) { return conflicting.files.contains(path); });
    }
  }
  for (ClassImages& one : classes) group_files(one, identities);
  check_classes(folder, classes, faults);
  if (all_faults != nullptr) {
    faults.move_to(*all_faults);
  } else {
    faults.throw_if_any(folder.string());
  }

  for (std::size_t i = 0; i < classes.size(); ++i) {
    set.classes.push_back(classes[i].name);
    const auto& passed_over = classes[i].passed_over;
    set.passed_over.insert(set.passed_over.end(), passed_over.begin(), passed_over.end());
    split_class(classes[i], static_cast<int>(i), validation_share, seed, set);
  }
  for (auto* side : {&set.train, &set.validation}) {
    for (LabelledImage& image : *side) {
      image.sha256 = identities.at(image.path).front().substr(kBytesKey.size());
    }
  }
  return set;
}

}  // namespace cytocape
