#pragma once

/// What `evaluate` says of a model, as plain data. It is filled once; JSON, CSV, the page and the
/// summary on a terminal are written from it, so that a number appears once.

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "io/report.hpp"
#include "models/cape/figures.hpp"
#include "models/engine/explanation_figures.hpp"
#include "pipeline/explain/map_figures_csv.hpp"

namespace cytocape {

/// `count` of `total`, with the Wilson interval at 95 %. None of both where total is 0.
struct Proportion {
  std::uint64_t count = 0;
  std::uint64_t total = 0;
  std::optional<double> share;
  std::optional<Interval> wilson95;
};
[[nodiscard]] Proportion proportion(std::uint64_t count, std::uint64_t total);

struct ClassScore {
  std::string name;   ///< the model's
  std::string label;  ///< as printed
  Proportion recall;
  Proportion precision;
  std::optional<double> f1;  ///< none where the class was neither met nor called
  /// F1 = 2J / (1 + J) with J = both / (met or called), whose Wilson interval is transformed.
  std::optional<Interval> f1_95;
};

/// What `analyze` does with these cells: those below the model's threshold are unidentified.
struct OperatingPoint {
  double threshold = 0;  ///< least probability of a called class
  Proportion called;     ///< of all cells: the coverage
  Proportion wrong;      ///< of those called: the risk
};

/// One head's predictions against the truth. Without cells only `name` and `classes` are filled.
struct HeadScore {
  std::string name;  ///< "CAPE", "ordinary" or "CAPE before calibration"
  Proportion accuracy;
  Proportion group_accuracy;  ///< over the taxonomy's groups
  Figures figures;
  FigureIntervals intervals;
  double mean_confidence = 0;  ///< of the called class
  std::vector<ClassScore> classes;
  std::array<ReliabilityBin, kReliabilityBins> bins;
  std::vector<CoveragePoint> coverage;
  double area_under_coverage = 0;
  std::optional<OperatingPoint>
      operating;  ///< of the head that calls, where the model has a threshold
};

/// Images of a class that the model does not know: in no figure, but told apart.
struct ApartFolder {
  std::string name;
  std::uint64_t images = 0;
  std::vector<std::uint64_t> called;  ///< by the model's classes
};

struct EvidenceScore {
  std::uint64_t cells = 0;  ///< that had evidence for the called class at all
  double inside = 0;        ///< mean share on the cell
  double reflected = 0;     ///< mean share on its reflection
  Proportion follows;       ///< the centroid is nearer to the cell than to its reflection
};

/// Cells moved within the crop: see models/cape/evidence_place.hpp and models/data/moved_cell.hpp.
struct MovedScore {
  std::uint64_t images = 0;
  std::uint64_t no_room = 0;    ///< too small to be moved without showing the cell twice
  std::uint64_t unstained = 0;  ///< no cell found by stain
  std::uint64_t mirrored = 0;   ///< among the measured, those with mirrored surroundings
  double cell_share = 0;        ///< mean share of the crop that the cell covers
  Proportion accuracy;          ///< CAPE, on moved cells
  std::array<EvidenceScore, kMapKinds.size()> by_kind;
};

struct ExplanationScore {
  std::array<ExplanationFigures, kMapKinds.size()> by_kind;
  std::vector<MeasuredImage> images;
};

struct Throughput {
  double images_per_second = 0;          ///< read, cropped and classified
  double network_images_per_second = 0;  ///< classified
};

/// True cells of one kind and what became of them.
struct TruthKind {
  std::string name;  ///< "in focus, whole", "touching", "blurred", ..
  std::uint64_t cells = 0;
  std::uint64_t classified = 0;
  std::uint64_t excluded = 0;  ///< or failed
  std::uint64_t merged = 0;    ///< taken for one with another cell
  std::uint64_t missed = 0;
};

struct DifferentialError {
  std::string name;
  std::string label;
  std::uint64_t true_count = 0;
  std::uint64_t found_count = 0;
  double true_share = 0;   ///< of all true cells that are counted in this specimen
  double found_share = 0;  ///< of all found ones
  [[nodiscard]] double points() const { return 100 * (found_share - true_share); }
};

/// A slide against its truth: see pipeline/evaluation/match.hpp for what matches what.
struct SlideScore {
  std::string id;
  Status status = Status::failed;
  std::vector<std::string> reasons;
  Proportion recall;     ///< whole cells in focus that are no smudges: those that were classified
  Proportion precision;  ///< classified cells: those that are a nucleated cell
  std::vector<TruthKind> kinds;
  std::map<std::string, std::uint64_t> excluded;     ///< reason -> true cells
  std::map<std::string, std::uint64_t> false_found;  ///< what is there -> classified cells
  std::vector<DifferentialError> differential;
  double mean_absolute_points = 0;  ///< over the classes that occur in truth or count
  std::filesystem::path report;     ///< folder of the analysis
};

/// One image or one cell of a slide, for evaluation.csv.
struct EvaluatedCell {
  std::string file;   ///< "class/name"; on a slide "x,y" of the centre, level-0 pixels
  std::string truth;  ///< the model's class; as named in the data where it knows none; empty where
                      ///< nothing is there
  int label = -1;     ///< into the model's classes; -1: not one of them
  bool classified = true;        ///< false: in no figure, although `cape` may be known
  std::vector<double> cape;      ///< CAPE p; empty where the network did not see the cell
  std::vector<double> ordinary;  ///< the ordinary head's; empty on a slide
  std::string outcome;           ///< "judged", "apart", or what became of a slide's cell
};

struct DataSummary {
  std::filesystem::path path;
  std::filesystem::path list;  ///< empty: all images
  double mpp = 0;              ///< um per pixel of the images; 0 on a slide
  int crop_px = 0;
  std::map<std::string, std::string> renamed;                  ///< --map
  std::vector<std::pair<std::string, std::uint64_t>> classes;  ///< as named in the data, and images
  /// Only for a folder: images with equal bytes in several classes, "class/name" each.
  std::vector<std::vector<std::string>> in_several_classes;
  std::uint64_t passed_over_files = 0;    ///< in class folders, no images by their names
  std::uint64_t passed_over_folders = 0;  ///< in class folders
};

/// Who is right on how many of the same images.
struct PairedCounts {
  std::uint64_t both = 0;
  std::uint64_t only_first = 0;
  std::uint64_t only_second = 0;
  std::uint64_t neither = 0;
  double p = 1;  ///< of McNemar's exact test (mcnemar_exact)
};

/// The model beside a second one (`--against`), on images of classes that both know.
struct ModelComparison {
  std::string model;  ///< the second's name
  std::string path;
  std::string sha256;
  AppearanceUse appearance;
  std::uint64_t images = 0;
  PairedCounts classes;
  PairedCounts groups;  ///< over the taxonomy's groups
};

/// What the model's card says of itself that a reader of figures must know.
struct ModelWarnings {
  std::string figures_of;  ///< see ModelCard
  std::string limits;
  bool calibrated = false;  ///< its CAPE maps differ from those that it learned
};

struct Evaluation {
  ModelSummary model;
  ModelWarnings model_warnings;
  RunSummary run;
  DataSummary data;
  AppearanceUse appearance;      ///< all images of a folder are one
  std::vector<HeadScore> heads;  ///< CAPE first; on a slide it alone
  std::vector<ApartFolder> apart;
  std::optional<ExplanationScore> explanations;
  std::optional<MovedScore> moved;
  std::optional<Throughput> throughput;
  std::optional<ModelComparison> comparison;
  std::optional<SlideScore> slide;
  std::vector<EvaluatedCell> cells;
};

}  // namespace cytocape
