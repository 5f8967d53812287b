#pragma once

/// What a slide's report says, as plain data. The pipeline fills it once; HDF5, JSON and HTML are
/// written from it, so that a number appears once.

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "io/appearance_map.hpp"
#include "io/assessment.hpp"
#include "io/geometry.hpp"
#include "io/image.hpp"
#include "io/interval.hpp"
#include "io/outcome.hpp"
#include "io/quality_rule.hpp"
#include "io/slide.hpp"
#include "io/specimen.hpp"

namespace cytocape {

inline constexpr const char* kResearchUse =
    "For Research Use Only. Not for use in diagnostic procedures.";

/// One planned block; rows are in plan order.
struct BlockRow {
  std::uint64_t index = 0;
  Level0Rect core;  ///< the area whose cells the block owns, level-0 pixels
  BlockOutcome outcome = BlockOutcome::analysed;
  std::optional<Rejection> rejection;  ///< exactly where rejected
  std::string failure;                 ///< why it failed, naming the unreadable tiles; else empty
  double foreground_share = 0;         ///< of the core's area, 0..1
  double focus = 0;                    ///< see tiling/locate.hpp; NaN where not measured
  std::uint32_t cells = 0;             ///< located cells it owns
};

[[nodiscard]] BlockFate fate_of(const BlockRow& block);
/// Why it is not analysed, as the record says it; empty where it is.
[[nodiscard]] std::string reason_of(const BlockRow& block);

/// One located cell; rows are in plan order of their block, then by y, then x.
struct CellRow {
  std::uint64_t id = 0;     ///< 0, 1, 2 .. within the slide
  std::uint64_t block = 0;  ///< BlockRow::index
  Level0Point centre;
  Level0Rect box;
  double nucleus_um2 = 0;  ///< area of the nuclear stain
  double focus = 0;        ///< of the crop; NaN where no crop was read
  /// From 0, see models/engine/classifier.hpp; NaN where the network did not see it, or has no
  /// measure of it.
  double strangeness = std::numeric_limits<double>::quiet_NaN();
  CellOutcome outcome = CellOutcome::classified;
  std::optional<Exclusion> exclusion;  ///< exactly where excluded
  std::string failure;                 ///< why it failed; else empty
  std::int16_t class_index = -1;       ///< into ModelSummary::classes; -1 unless classified
  std::vector<float> probability;  ///< CAPE p, [classes]; empty where the network did not see it
  std::vector<float> map;          ///< CAPE map, [classes, map_height, map_width]; likewise
};

[[nodiscard]] CellFate fate_of(const CellRow& cell);
/// Why it is not classified, as the record says it; empty where it is.
[[nodiscard]] std::string reason_of(const CellRow& cell);

/// One class of the differential. Fractions are 0..1.
struct DifferentialRow {
  std::string name;   ///< taxonomy code, e.g. "segmented_neutrophil"
  std::string label;  ///< as printed, e.g. "segmented neutrophil"
  bool in_denominator = true;
  std::uint64_t count = 0;                   ///< called cells
  std::optional<double> fraction;            ///< count / denominator; none outside it or of 0 cells
  std::optional<Interval> wilson95;          ///< sampling error alone
  std::optional<double> expected_fraction;   ///< mean CAPE share over classified cells
  std::optional<double> corrected_fraction;  ///< for the classifier's known confusions
  std::optional<Interval> corrected95;       ///< of it: sampling and classifier error together
  std::optional<Interval> reference;         ///< the site's reference interval, of `fraction`
  std::uint64_t verified = 0;                ///< of `count`, cells that a person named or confirmed
  bool partly_known = false;                 ///< not of the model, and not all cells were looked at
};

/// What people did to a slide's cells after the analysis (pipeline/review/).
struct ReviewSummary {
  struct Step {
    std::string by;  ///< name of the account; empty: not done
    std::string at;  ///< ISO 8601, UTC
  };
  std::uint64_t cells_verified = 0;  ///< of the cells that remain
  std::uint64_t cells_total = 0;     ///< cells that remain and have a class
  std::uint64_t renamed = 0;
  std::uint64_t removed = 0;  ///< no cells
  std::uint64_t added = 0;
  std::int64_t version = 1;  ///< one more each time that a signed review was amended
  Step verified;
  Step signed_off;
  /// A signed version that was opened again.
  struct Amendment {
    std::int64_t version = 1;  ///< the signed one
    Step verified;             ///< of that version
    Step signed_off;           ///< likewise
    Step amended;
    std::string reason;
  };
  std::vector<Amendment> amendments;  ///< of versions 1, 2 .. before `version`
  /// A class whose count is not that of the last signed version.
  struct Change {
    std::string name;          ///< taxonomy code
    std::string label;         ///< as printed
    std::uint64_t before = 0;  ///< as it was signed
    std::uint64_t count = 0;   ///< now
  };
  std::vector<Change> changes;  ///< in the order of the differential; empty in version 1
  /// Signed with other laboratory values, under another case or without the case's other slides:
  /// the conclusions are not those that were signed.
  bool count_alone = false;
  std::string morphology;  ///< as written by the reviewers; may be empty
  std::string reading;     ///< of two readers blind to each other, a sentence; may be empty
  /// What the morphology tells the criteria, as rows of laboratory values (docs/labs-format.md).
  std::vector<criteria::GivenValue> findings;
  std::string comment;     ///< likewise
  std::string reviewers;   ///< names, as a list
  std::string chain_head;  ///< SHA-256 of the last row of the review
};

/// A sum of classes that the criteria ask for, over one slide. Fractions are 0..1.
struct GroupEstimate {
  std::string code;   ///< "monocytes", "blast_equivalents"
  std::string label;  ///< as printed
  std::string note;   ///< what a reader of the count should know; may be empty
  std::uint64_t count = 0;
  std::uint64_t total = 0;                 ///< the denominator
  std::vector<std::string> classes;        ///< labels of what was summed
  std::vector<std::string> unknown_parts;  ///< not known to the model: count is a lower bound
  std::optional<double> fraction;
  std::optional<Interval> wilson95;  ///< sampling error alone
  /// Corrected for the classifier's known confusions, each error apart and both together.
  std::optional<double> corrected;
  Interval sampling95;
  Interval classifier95;
  Interval both95;
  std::string gap;  ///< why there is no fraction, or no corrected one; may be empty
};

/// One rule of quality, and how the slide fared.
struct QualityCheck {
  enum class Verdict { passed, failed, not_measured };
  QualityRule rule = QualityRule::countable_cells;
  std::string label = labels_of(rule).label;  ///< as printed
  Verdict verdict = Verdict::not_measured;
  bool decides = false;         ///< failed, it makes the slide insufficient; else it is a warning
  std::optional<double> value;  ///< in `unit`
  std::string unit;
  std::optional<double> at_least;  ///< the threshold, in `unit`; at most one of the two
  std::optional<double> at_most;
  std::string key;      ///< of the threshold in the configuration; or where else it comes from
  std::string meaning;  ///< one sentence: what was measured
  std::string remedy;   ///< what to do where it failed or was not measured

  bool operator==(const QualityCheck&) const = default;
};

[[nodiscard]] constexpr CodeLabel labels_of(QualityCheck::Verdict verdict) {
  switch (verdict) {
    case QualityCheck::Verdict::passed:
      return {"passed"};
    case QualityCheck::Verdict::failed:
      return {"failed"};
    case QualityCheck::Verdict::not_measured:
      return {"not measured"};
  }
  return {};
}

/// Additive evidence: `value[(c * height + y) * width + x]` is the share of class c that the
/// level-0 square [x*edge, (x+1)*edge) x [y*edge, (y+1)*edge) holds; the sum over all squares of c
/// is that class's expected_fraction.
struct EvidenceGrid {
  std::int64_t edge = 0;  ///< level-0 pixels
  int width = 0;
  int height = 0;
  std::vector<double> value;
};

struct ModelSummary {
  std::string name;
  std::string path;
  std::string sha256;
  std::string card_json;
  std::vector<std::string> classes;
  int map_height = 0;
  int map_width = 0;
  double mpp = 0;    ///< um/px of a crop
  int input_px = 0;  ///< edge of a crop
};

struct RunSummary {
  std::string tool_version;
  std::string commit;
  std::string command;
  std::string config_toml;  ///< every value in force
  std::string config_sha256;
  std::string device;
  std::string started_utc;  ///< ISO 8601
  std::string finished_utc;
  std::map<std::string, std::string> libraries;  ///< name -> version
};

/// A cell's picture for the page.
struct GalleryCell {
  std::uint64_t id = 0;
  std::int16_t class_index = -1;  ///< into ModelSummary::classes; -1: unidentified
  Level0Point centre;
  std::vector<float> probability;  ///< CAPE p, [classes]
  std::vector<float> map;  ///< CAPE map of its class, [map_height, map_width]; empty: unidentified
  std::vector<std::uint8_t> jpeg;  ///< input_px x input_px
  /// As of CellRow; NaN where not measured, and in records of early builds.
  double nucleus_um2 = std::numeric_limits<double>::quiet_NaN();
  double strangeness = std::numeric_limits<double>::quiet_NaN();
};

/// Where a classified cell lies, for the slide's map.
struct CellPlace {
  float x = 0;  ///< level-0 pixels
  float y = 0;
  std::int16_t class_index = 0;
};

/// What was given of a slide beside its file (pipeline/night/manifest.hpp). Any may be empty.
struct SlideIdentity {
  std::string accession;  ///< the laboratory's number of the specimen
  std::string stain;      ///< "May-Gruenwald-Giemsa"
  std::string sampled;    ///< ISO 8601 day on which the specimen was taken

  bool operator==(const SlideIdentity&) const = default;
};

struct SlideReport {
  SlideInfo slide;
  SlideIdentity identity;
  std::string slide_sha256;
  Specimen specimen = Specimen::blood;
  std::string case_id;  ///< whose slide it is
  ModelSummary model;
  RunSummary run;

  Status status = Status::failed;
  std::vector<std::string> status_reasons;  ///< why it is not ok; of an ok slide remarks

  std::uint64_t blocks_planned = 0;
  BlockTally blocks_by_outcome;
  std::uint64_t cells_located = 0;
  CellTally cells_by_outcome;
  std::vector<std::string> failures;  ///< first messages of failed blocks and cells, at most 20

  std::string denominator_rule;   ///< one sentence
  std::uint64_t denominator = 0;  ///< counted cells
  std::vector<DifferentialRow> differential;
  EvidenceGrid evidence;

  std::vector<GroupEstimate> groups;
  std::vector<criteria::Figure> figures;  ///< normoblasts per 100 leukocytes, or the M:E ratio
  std::vector<QualityCheck> quality;
  AppearanceUse appearance;
  std::string reference_source;  ///< of the reference intervals; empty where there are none

  std::vector<std::uint8_t> overview_jpeg;  ///< of the whole slide; empty where nothing was read
  std::vector<CellPlace> places;            ///< of all classified cells, in the record's order
  std::vector<GalleryCell> gallery;         ///< by class, the least certain first

  std::optional<ReviewSummary> review;  ///< none: as the program counted

  criteria::CaseResult assessment;  ///< of the case by this slide and what was given beside it
};

/// Why a slide's percentages are kept from its readers: a deciding rule says that its cells are of
/// another kind than the model was made for, so that they would mislead. Empty where they are
/// shown. The record holds them in any case.
[[nodiscard]] std::string why_withheld(const SlideReport& report);

/// The report as its views show it: without percentages, and what follows from them, where these
/// are withheld. Counts of blocks, of located cells and of the denominator stay.
[[nodiscard]] SlideReport as_shown(SlideReport report);

/// A slide that failed has no counts: its report says so, and shows no zeros.
[[nodiscard]] bool has_counts(const SlideReport& report);

/// `report` as that of a slide that failed for `reasons`: without counts, shares, pictures and
/// criteria; slide, model, run and whose slide it is stay.
[[nodiscard]] SlideReport failed_report(const SlideReport& report,
                                        std::vector<std::string> reasons);

}  // namespace cytocape
