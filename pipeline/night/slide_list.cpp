#include "pipeline/night/slide_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "io/dicom_series.hpp"
#include "io/digest.hpp"
#include "io/errors.hpp"
#include "io/text.hpp"
#include "pipeline/night/slide_places.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

/// Files that accompany slides and are none, when a shell's `night/*` names them.
bool is_named_as_other(const fs::path& path) {
  static constexpr std::array kEndings{".csv",  ".tsv", ".txt",  ".json", ".jsonl", ".xml", ".html",
                                       ".pdf",  ".xls", ".xlsx", ".ods",  ".doc",   ".md",  ".log",
                                       ".docx", ".ini", ".toml", ".yaml", ".yml",   ".h5",  ".gz",
                                       ".zip",  ".md5", ".db",   ".sha1", ".sha256"};
  const auto ending = in_lower_case(path.extension().string());
  return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

/// A file that a person gave, or a shell's `night/*`: tables and texts, a DICOM slide's label.
bool is_no_slide(const fs::path& path) {
  const auto dicom = dicom_file(path).kind;
  return dicom == DicomKind::beside || dicom == DicomKind::other ||
         (is_named_as_other(path) && slide_kind(path) == SlideKind::none);
}

/// One folder that was given.
class FolderSearch {
 public:
  FolderSearch(fs::path folder, const FolderRules& rules)
      : folder_(std::move(folder)), rules_(rules), out_(real_path(rules.out)) {}

  void add_to(SlideList& list);

 private:
  void search(const fs::path& folder);
  void find_belonging(const fs::path& folder, const std::vector<fs::path>& files);
  void sort_in(const fs::path& file);
  [[nodiscard]] bool passed_over(const fs::path& folder) const;
  [[nodiscard]] std::string place(const fs::path& path) const {
    return path.lexically_relative(folder_).string();
  }

  fs::path folder_;
  const FolderRules& rules_;
  fs::path out_;
  std::set<fs::path> been_;       ///< folders: links may lead in circles
  std::set<fs::path> belonging_;  ///< files and folders of a slide of several files
  std::vector<fs::path> slides_;
  std::vector<std::string> others_;
  std::vector<std::string> pictures_;
};

/// Reports, and what belongs to a slide.
bool FolderSearch::passed_over(const fs::path& folder) const {
  std::error_code error;
  return real_path(folder) == out_ || belonging_.contains(folder) ||
         fs::exists(folder / "report.h5", error);
}

void FolderSearch::sort_in(const fs::path& file) {
  if (belonging_.contains(file)) return;
  const auto kind = rules_.kind_of(file);
  if (kind == SlideKind::slide || (kind == SlideKind::none && is_named_as_slide(file)) ||
      (kind == SlideKind::picture && rules_.pictures))
    slides_.push_back(file);
  else
    (kind == SlideKind::picture ? pictures_ : others_).push_back(place(file));
}

void FolderSearch::search(const fs::path& folder) {
  if (!been_.insert(real_path(folder)).second) return;
  std::vector<fs::path> files;
  std::vector<fs::path> folders;
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    const auto& path = entry->path();
    std::error_code unknown;
    const auto name = path.filename().string();
    const bool hidden = name.starts_with('.');
    if (entry->is_directory(unknown)) {
      if (!hidden) folders.push_back(path);
    } else if (hidden || is_named_for_now(name)) {
      others_.push_back(place(path));
    } else {
      files.push_back(path);
    }
  }
  if (error)
    throw ConfigError(
        fmt::format("{}: cannot be searched for slides: {}; make it readable, or "
                    "give the slides themselves",
                    folder.string(), error.message()));
  std::sort(files.begin(), files.end());
  std::sort(folders.begin(), folders.end());
  find_belonging(folder, files);
  for (const auto& file : files) sort_in(file);
  for (const auto& inner : folders)
    if (!passed_over(inner)) search(inner);
}

/// Of slides of several files, those that are not the slide's own path.
void FolderSearch::find_belonging(const fs::path& folder, const std::vector<fs::path>& files) {
  for (const auto& file : files) {
    const auto ending = in_lower_case(file.extension().string());
    if (ending == ".mrxs") belonging_.insert(fs::path(file).replace_extension());
    if (ending != ".vms" && ending != ".vmu") continue;
    const auto parts = slide_files(file);
    belonging_.insert(parts.begin() + 1, parts.end());
  }
  for (const auto& slide : dicom_slides_in(folder)) {
    const auto parts = slide_files(slide);
    belonging_.insert(parts.begin() + 1, parts.end());
  }
}

void FolderSearch::add_to(SlideList& list) {
  search(folder_);
  if (!others_.empty())
    list.notes.push_back(fmt::format("{}: {} in it {}: {}", folder_.string(), others_.size(),
                                     others_.size() == 1 ? "is no slide" : "are no slides",
                                     named_first(others_)));
  if (!pictures_.empty())
    list.notes.push_back(fmt::format(
        "{}: {} of its pictures are left out, since they do not state their pixel size: {}; give "
        "it with --set slide.mpp=0.25 to analyze them",
        folder_.string(), pictures_.size(), named_first(pictures_)));
  if (slides_.empty() && !rules_.may_be_empty)
    throw ConfigError(fmt::format("{}: there is no slide in this folder{}", folder_.string(),
                                  list.notes.empty() ? "" : "; " + list.notes.back()));
  for (const auto& path : slides_) {
    auto within = path.lexically_relative(folder_);
    const bool is_deeper = within.has_parent_path();
    // A folder that is watched may get other slides; its name is none's.
    if ((is_deeper || !rules_.may_be_empty) && has_folder_to_itself(path))
      within = is_deeper ? as_file(within.parent_path()) : as_file(real_path(folder_).filename());
    list.slides.push_back({.path = path, .within = std::move(within)});
  }
}

}  // namespace

SlideList find_slides(const std::vector<fs::path>& given, const FolderRules& rules) {
  SlideList list;
  std::vector<std::string> others;
  for (const auto& path : given) {
    std::error_code error;
    if (fs::is_directory(path, error))
      FolderSearch(path, rules).add_to(list);
    else if (is_no_slide(path))
      others.push_back(path.string());
    else
      list.slides.push_back({.path = path});
  }
  const auto manifest = std::find_if(others.begin(), others.end(), looks_like_manifest);
  if (manifest != others.end())
    throw ConfigError(
        fmt::format("analyze: {} is a table of slides; give it by --manifest {}, or leave it out",
                    *manifest, *manifest));
  if (!others.empty())
    list.notes.push_back(
        fmt::format("{} no {}: {}",
                    others.size() == 1 ? "1 file is" : fmt::format("{} files are", others.size()),
                    others.size() == 1 ? "slide" : "slides", named_first(others)));
  if (list.slides.empty() && !list.notes.empty() && !rules.may_be_empty)
    throw ConfigError("analyze: no slide given: " + list.notes.back());
  return list;
}

Shard parse_shard(const std::string& text) {
  constexpr std::uint32_t kMost = 100'000;
  Shard shard{.number = 0, .of = 0};
  const auto* end = text.data() + text.size();
  const auto number = std::from_chars(text.data(), end, shard.number);
  if (number.ec == std::errc() && number.ptr != end && *number.ptr == '/') {
    const auto of = std::from_chars(number.ptr + 1, end, shard.of);
    const bool whole = of.ec == std::errc() && of.ptr == end;
    if (whole && shard.of >= 1 && shard.of <= kMost && shard.number >= 1 &&
        shard.number <= shard.of)
      return shard;
  }
  throw ConfigError(
      fmt::format("--shard {}: expected I/N, the I-th of N parts, as 1/8 to 8/8; N is at most {}",
                  text, kMost));
}

bool is_in(const Shard& shard, const GivenSlide& slide) {
  // 60 bits of the digest, so that parts are even for any N.
  const auto digits = sha256_of(slide.id).substr(0, 15);
  std::uint64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
  return number % shard.of == shard.number - 1;
}

}  // namespace cytocape
