#pragma once

/// From what a person gives (slides, folders, rows of a manifest) to the slides of a run. How they
/// are named: slide_names.hpp.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "io/slide_kind.hpp"
#include "pipeline/night/manifest.hpp"

namespace cytocape {

struct FolderRules {
  std::filesystem::path out;  ///< of the run: reports in it are no slides
  bool pictures = false;      ///< the run has a pixel size for files that do not state theirs
  bool may_be_empty = false;  ///< a folder without a slide is none's fault
  /// What a file is; whoever looks often may remember it.
  std::function<SlideKind(const std::filesystem::path&)> kind_of = slide_kind;
};

struct SlideList {
  std::vector<GivenSlide> slides;
  std::vector<std::string> notes;  ///< what a person should know of what was left out, a line each
};

/// Files stay as they are given, unless they are known to be something else (tables, texts).
/// Folders are searched to their depth, links followed: a slide is what a reader knows
/// (io/slide_kind.hpp) or what is named as one, so that a damaged one fails by name. Left out and
/// counted in `notes` are other files, hidden ones, files under a name for the time of a copy
/// (".part", ".tmp", "~"), files that belong to another slide (beside a .mrxs or .vms, of a DICOM
/// series), labels and overviews in DICOM, reports,
/// and pictures where there is no pixel size. Sorted by path within each folder. Throws ConfigError
/// where a folder cannot be read or holds no slide.
[[nodiscard]] SlideList find_slides(const std::vector<std::filesystem::path>& given,
                                    const FolderRules& rules);

/// One part of several of a list, "3/8": the third of eight.
struct Shard {
  std::uint32_t number = 1;
  std::uint32_t of = 1;
};

/// Throws ConfigError naming --shard.
[[nodiscard]] Shard parse_shard(const std::string& text);

/// Of a list with settled names: a slide's part follows from the SHA-256 of its id alone, so that
/// it stays whatever else is in the list. All parts together have each slide once.
[[nodiscard]] bool is_in(const Shard& shard, const GivenSlide& slide);

}  // namespace cytocape
