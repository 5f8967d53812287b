#pragma once

/// A laboratory's own labelled cells, from which a model learns what it does not know of them. No
/// LibTorch here.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace cytocape {

/// What tells which cells come from one slide or case, and so must be held back together.
enum class GroupsFrom {
  table,   ///< a file of theirs
  names,   ///< originals in the file names (original_name)
  images,  ///< nothing: each image stands alone
};

struct SiteRequest {
  std::filesystem::path folder;  ///< <folder>/<class>/*.{jpg,jpeg,png,tif,tiff}
  /// By folder, what it may be: one class, several that the laboratory does not tell apart, or none
  /// where its images are not used. Every folder is here.
  std::map<std::string, std::vector<std::string>> meanings;
  std::filesystem::path
      groups;  ///< CSV with columns file ("class/name", or the name) and group; empty: none
  std::vector<std::string> known;  ///< the model's classes, in its order
};

struct SiteCell {
  std::filesystem::path path;
  std::string name;         ///< "class/name"
  std::vector<int> may_be;  ///< into SiteCells::classes, rising; not empty
  int group = 0;
};

struct SiteCells {
  std::vector<std::string> classes;  ///< the model's, and behind them the new ones by name
  std::size_t known = 0;             ///< how many are the model's
  std::vector<SiteCell> cells;       ///< by name
  int groups = 0;
  GroupsFrom groups_from = GroupsFrom::images;
  std::vector<std::filesystem::path> passed_over;  ///< no images, or images of no class

  /// Cells that can be of the class alone.
  [[nodiscard]] std::size_t count_of(std::size_t label) const;
};

/// Throws ConfigError that lists all that is wrong at once: what list_labelled_folder finds, an
/// image that is in two folders which mean different things, rows of the table that name no image
/// or a group twice, images that the table leaves out, and no cell at all.
[[nodiscard]] SiteCells read_site_cells(const SiteRequest& request);

/// Of each group the fold in which it is held back, 0 .. folds - 1: the groups of each class are
/// spread evenly, the largest first. Depends on the cells alone.
[[nodiscard]] std::vector<int> folds_of(const SiteCells& cells, int folds);

}  // namespace cytocape
