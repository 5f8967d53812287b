#pragma once

/// From what a person gives (slides, folders, rows of a manifest) to the slides of a run, each once
/// and each with a name of its own, before anything starts.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
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

/// Names that slides got in earlier runs: what comes beside a slide later leaves it its name, and
/// so its report. Not thread-safe.
class EarlierNames {
 public:
  /// `files`: files_state then (standing.hpp); may be empty.
  void remember(const std::filesystem::path& slide, const std::string& id,
                const std::string& files = "");
  /// Empty where there is none.
  [[nodiscard]] std::string of(const std::filesystem::path& slide) const;
  /// Whether `id` is that of a slide at another path, which may be away; not where `slide` has the
  /// same size and time: it was moved.
  [[nodiscard]] bool is_anothers(const std::string& id, const std::filesystem::path& slide) const;

 private:
  struct Known {
    std::filesystem::path slide;
    std::string files;
  };
  std::map<std::filesystem::path, std::string> names_;  ///< by path without links
  std::map<std::string, Known> by_id_;                  ///< by id in lower case
};

/// Of all journals of `out`.
[[nodiscard]] EarlierNames earlier_names(const std::filesystem::path& out);

/// Leaves each file once and gives every slide an `id`. One of a manifest keeps its own, and one
/// that is known from earlier runs the name that it had, unless a manifest gives that to another;
/// others are named after their file, and where they lie in a folder that was given, after their
/// place in it ("ward_3/a.svs": "ward_3_a"), so that a name does not depend on what else is there.
/// A DICOM slide goes by the first of its files (slide_path), and is named after its folder where
/// it has several files and the folder no other DICOM slide, unless the folder is watched. Where
/// two would still be called alike (letter case aside, which some file systems do not tell apart)
/// their folder comes first, then a digest of their path; names too long for a folder are cut and
/// get the digest. Throws one ConfigError with all faults: one id for two slides of a manifest, one
/// slide with two ids.
void settle_names(SlideList& list, const EarlierNames& earlier = {});

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
