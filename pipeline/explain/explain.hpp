#pragma once

/// `explain` without its command line: images of single cells in, a page, pictures and JSON out.

#include <atomic>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "io/appearance_map.hpp"
#include "io/geometry.hpp"
#include "models/engine/classifier.hpp"
#include "models/engine/explanation_figures.hpp"
#include "pipeline/explain/cell_explanation.hpp"

namespace cytocape {

inline constexpr int kMostShifts = 4;
/// A side of the map: more numbers on a picture could not be read.
inline constexpr int kMostNumbers = 24;

inline constexpr const char* kExplanationSchema = "cytocape-explanation";

struct ImagePoint {
  double x = 0;  ///< image pixels from the left edge
  double y = 0;  ///< from the top
};

struct ExplainRequest {
  std::filesystem::path model;
  std::vector<std::filesystem::path> images;
  double mpp = 0;                    ///< um an image pixel spans, both axes
  std::optional<ImagePoint> at;      ///< the crop's middle; none: the image's
  int top = 3;                       ///< so many classes are shown
  std::vector<std::string> compare;  ///< none, or two classes by code, alias or label
  int shifts = 1;          ///< so many shifted views a side, up to kMostShifts: a finer map
  bool numbers = false;    ///< print each patch's number on the pictures
  bool one_scale = false;  ///< the same scale of CAPE's maps in all images
  bool curves = false;     ///< measure insertion, deletion and ROAD, too
  ClassifierOptions classifier;
  AppearanceMap appearance = AppearanceMap::none;  ///< of all images together
  int threads = 0;                                 ///< images at once; 0 uses all cores
  std::filesystem::path out;
  bool overwrite = false;  ///< replace an explanation that is there
  std::string command;     ///< for provenance
};

/// The part of the image that the network saw.
struct CropFacts {
  Size image;             ///< pixels
  std::int64_t left = 0;  ///< image pixels; negative where the crop reaches over the edge
  std::int64_t top = 0;
  int edge = 0;            ///< image pixels
  double mirrored = 0;     ///< share of the area of all its views that lies outside the image
  double enlargement = 1;  ///< crop pixels an image pixel becomes; above 1 the image is too coarse
};

/// A panel as it stands on the page.
struct PagePicture {
  std::vector<std::uint8_t> jpeg;
  std::string png;  ///< name of the file beside the page; empty: none
};

struct PagePictures {
  PagePicture cell;
  std::vector<PagePicture> cape;  ///< of CellExplanation::shown
  std::vector<PagePicture> cam;
  std::vector<PagePicture> mu_cape;
  PagePicture difference;
  PagePicture patches;  ///< the called class, each patch in one colour
};

struct ExplainedImage {
  std::filesystem::path path;
  std::string name;     ///< how its pictures' names begin
  std::string failure;  ///< empty, or why there is nothing else here
  std::string sha256;
  CropFacts crop;
  /// ClassMaps::strangeness; none where the model has no measure of it.
  std::optional<double> strangeness;
  bool cell_found = false;  ///< something stained like a nucleated cell lies in the middle
  bool nucleus_found = false;
  CellExplanation cell;
  /// CAPE p of the crop itself where `cell` is of shifted views; empty without.
  std::vector<double> unshifted;
  CropFigures figures;  ///< of the crop itself
  PagePictures pictures;
};

struct ExplainedModel {
  std::string path;
  std::string sha256;
  std::string device;
  ModelCard card;
  int map_height = 0;  ///< positions
  int map_width = 0;
  MapScales scales;
  /// Labels of card.classes: the taxonomy's, whatever alias the card has; the card's own where the
  /// taxonomy does not know it.
  std::vector<std::string> codes;
  std::vector<std::string> labels;  ///< likewise, as printed
};

struct ExplainOutcome {
  ExplainedModel model;
  AppearanceUse appearance;
  std::vector<ExplainedImage> images;  ///< in the order of the request
  double mpp = 0;
  int shifts = 1;
  bool one_scale = false;
  std::string command;
  std::string finished_utc;
  bool interrupted = false;
  /// Empty where nothing was written: no image could be explained, and an earlier explanation,
  /// which `overwrite` would replace, was left as it is.
  std::filesystem::path page;
  std::filesystem::path json;
  [[nodiscard]] std::size_t failed() const;
  /// 0; failed (5) when an image could not be explained; interrupted (130).
  [[nodiscard]] int exit_code() const;
};

/// Checks all that can be checked before anything is written and throws ConfigError or ModelError;
/// after that an image's failure is a value. Writes `<name>.<method>.<class>.png`, maps.csv (a row
/// for each image and kind of map), explanation.json and explanation.html, and takes away what an
/// earlier explanation wrote; until all images are done and all files written under other names, an
/// earlier explanation stays whole. `stop` ends it early: images that were not begun fail as
/// "interrupted". Throws StorageError when a file cannot be written. The result does not depend on
/// `threads`.
[[nodiscard]] ExplainOutcome explain(const ExplainRequest& request, const std::atomic<bool>& stop);

/// File name stems for the pictures of `images`, all different: the image's own stem with what file
/// systems dislike replaced, and "-2", "-3" .. behind it where another image has it already.
[[nodiscard]] std::vector<std::string> picture_names(
    const std::vector<std::filesystem::path>& images);

/// The indices of two classes of `card`, given by code, alias or label. Throws ConfigError listing
/// the model's classes and the nearest name.
[[nodiscard]] std::vector<int> compared_classes(const std::vector<std::string>& names,
                                                const ModelCard& card);

/// Views of the outcome. The page is one file without scripts or outside references, all text
/// escaped; the JSON has all numbers in full.
[[nodiscard]] std::string explanation_html(const ExplainOutcome& outcome);
[[nodiscard]] std::string explanation_json(const ExplainOutcome& outcome);
/// The same without maps and provenance, for --json.
[[nodiscard]] std::string explanation_summary_json(const ExplainOutcome& outcome);

}  // namespace cytocape
