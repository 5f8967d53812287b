#include "tests/pipeline/pages/example_cases.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <utility>

#include "io/image_codec.hpp"
#include "models/data/model_card.hpp"
#include "pipeline/case/assess.hpp"
#include "pipeline/case/class_sums.hpp"
#include "pipeline/case/grading.hpp"
#include "pipeline/case/quality.hpp"
#include "pipeline/phantom/phantom.hpp"
#include "pipeline/settings/taxonomy.hpp"

namespace cytocape::testing {
namespace {

namespace fs = std::filesystem;

using Counts = std::map<std::string, std::uint64_t>;

constexpr int kCropPx = 160;
constexpr int kPicturesOfAClass = 6;
constexpr std::size_t kMapSquares = 25;  ///< 5 x 5

/// Crops of drawn cells, by class; made once, for each picture costs milliseconds.
class Crops {
 public:
  explicit Crops(const fs::path& folder) : folder_(folder / "cells") {
    write_cell_images({.per_class = kPicturesOfAClass, .edge_px = kCropPx, .classes = {}}, folder_);
  }
  [[nodiscard]] const std::vector<std::uint8_t>& of(const std::string& code, std::uint64_t id) {
    const auto drawn = std::find(picture_classes().begin(), picture_classes().end(), code);
    const auto& name = drawn == picture_classes().end() ? std::string("blast") : code;
    auto& pictures = made_[name];
    if (pictures.empty()) {
      std::vector<fs::path> files;
      for (const auto& file : fs::directory_iterator(folder_ / name)) files.push_back(file.path());
      std::sort(files.begin(), files.end());
      for (const auto& file : files) pictures.push_back(encode_jpeg(read_image(file), 85));
    }
    return pictures[id % pictures.size()];
  }

 private:
  fs::path folder_;
  std::map<std::string, std::vector<std::vector<std::uint8_t>>> made_;
};

struct SlideFacts {
  std::string id;
  Specimen specimen = Specimen::blood;
  Counts counts;
  std::uint64_t unidentified = 4;
  std::uint64_t failed = 0;
  double strange_share = 0.06;
  std::string limits;
};

const Counts kBlood{{"segmented_neutrophil", 222},
                    {"band_neutrophil", 21},
                    {"eosinophil", 6},
                    {"basophil", 2},
                    {"lymphocyte", 97},
                    {"monocyte", 60},
                    {"promyelocyte", 2},
                    {"myelocyte", 7},
                    {"metamyelocyte", 5},
                    {"normoblast", 3},
                    {"platelet", 0}};
const Counts kMarrow{{"segmented_neutrophil", 120},
                     {"band_neutrophil", 61},
                     {"eosinophil", 14},
                     {"basophil", 3},
                     {"lymphocyte", 52},
                     {"monocyte", 70},
                     {"immature_monocyte", 18},
                     {"promonocyte", 9},
                     {"monoblast", 6},
                     {"myeloblast", 17},
                     {"promyelocyte", 20},
                     {"myelocyte", 48},
                     {"metamyelocyte", 41},
                     {"plasma_cell", 4},
                     {"normoblast", 71},
                     {"smudge_cell", 6}};

constexpr const char* kBloodLimits =
    "Research use only. Trained on single cells of healthy donors from one laboratory, one stainer "
    "and one instrument; figures for new donors, stains and scanners are lower. It has seen no "
    "CMML "
    "cells and no blasts, promonocytes, immature monocytes or atypical lymphocytes: it calls them "
    "something else and cannot grade CMML. Not for bone marrow.";

ModelCard card_of(const SlideFacts& facts) {
  ModelCard card;
  card.name = to_string(facts.specimen);
  card.backbone = "mobilenet_v2";
  for (const auto& [code, count] : facts.counts)
    card.classes.push_back({code, 400, 100, 0.93, 0.94});
  card.specimens = {facts.specimen};
  card.stain = "May-Gruenwald-Giemsa";
  card.input_px = kCropPx;
  card.mpp = 0.16;
  card.unidentified_below = 0.5;
  card.strange_above = 1.4;
  card.strange_share_limit = 0.15;
  card.training_data = {{"Cells of drawn smears", "", "CC0", 4800}};
  const auto classes = card.classes.size();
  card.confusion.assign(classes, std::vector<std::int64_t>(classes, 1));
  for (std::size_t c = 0; c < classes; ++c) card.confusion[c][c] = 90;
  card.limits = facts.specimen == Specimen::blood ? kBloodLimits : "Research use only.";
  card.tool_version = "0.1.0";
  return card;
}

void fill_slide(SlideReport& report, const SlideFacts& facts) {
  report.slide.path = "night/" + facts.id + ".svs";
  report.slide.id = facts.id;
  report.identity = {"H26-0047" + facts.id.substr(facts.id.size() - 2), "May-Gruenwald-Giemsa",
                     "2026-01-02"};
  report.slide.reader = "openslide";
  report.slide.vendor = "aperio";
  report.slide.levels = {{{12000, 9000}, {1, 1}, {256, 256}}};
  report.slide.mpp = {0.25, 0.25};
  report.slide_sha256 = std::string(64, 'a');
  report.specimen = facts.specimen;
  report.run = {
      "0.1.0",
      "0123abc",
      "cytocape analyze --manifest night.csv --model " + std::string(to_string(facts.specimen)),
      "[slide]\nmpp = 0\n",
      std::string(64, 'c'),
      "cpu, float32",
      "2026-01-02T03:04:05Z",
      "2026-01-02T03:05:06Z",
      {{"hdf5", "1.10.8"}, {"openslide", "3.4.1"}}};
}

/// Where the i-th cell lies, scattered without chance.
Level0Point place_of(std::uint64_t i, const Size& size) {
  const auto part = [&](double step) {
    return std::fmod(step * static_cast<double>(i) + 0.5, 1.0);
  };
  return {(0.05 + 0.9 * part(0.754877666)) * static_cast<double>(size.width),
          (0.05 + 0.9 * part(0.569840291)) * static_cast<double>(size.height)};
}

/// The called class's share falls with `rank`; the next class takes half of what is left.
std::vector<float> shares_of(std::size_t called, std::size_t classes, double certainty) {
  std::vector<float> shares(classes,
                            static_cast<float>((1 - certainty) / 2 / static_cast<double>(classes)));
  shares[called] += static_cast<float>(certainty);
  shares[(called + 1) % classes] += static_cast<float>((1 - certainty) / 2);
  return shares;
}

GalleryCell cell_of(const SlideReport& report, std::uint64_t id, int class_index,
                    double certainty) {
  GalleryCell cell;
  cell.id = id;
  cell.class_index = static_cast<std::int16_t>(class_index);
  cell.centre = place_of(id, report.slide.levels.front().size);
  cell.nucleus_um2 = 40 + static_cast<double>(id * 37 % 60);
  cell.strangeness = 0.7 + static_cast<double>(id * 53 % 80) / 100;
  const auto classes = report.model.classes.size();
  cell.probability =
      shares_of(class_index < 0 ? 0 : static_cast<std::size_t>(class_index), classes, certainty);
  if (class_index < 0) return cell;
  for (std::size_t i = 0; i < kMapSquares; ++i) {
    const auto row = i / 5;
    const double x = static_cast<double>(i % 5) - 2;
    const double y = static_cast<double>(row) - 2;
    cell.map.push_back(static_cast<float>(certainty * std::exp(-(x * x + y * y) / 3) / 9.0));
  }
  return cell;
}

void fill_cells(SlideReport& report, const SlideFacts& facts, Crops& crops) {
  constexpr std::size_t kShown = 100;
  std::uint64_t id = 0;
  int class_index = 0;
  for (const auto& [code, count] : facts.counts) {
    for (std::uint64_t i = 0; i < count; ++i, ++id) {
      const auto place = place_of(id, report.slide.levels.front().size);
      report.places.push_back({static_cast<float>(place.x), static_cast<float>(place.y),
                               static_cast<std::int16_t>(class_index)});
      if (i >= kShown) continue;
      const double certainty = 0.52 + 0.47 * static_cast<double>(i) / static_cast<double>(count);
      report.gallery.push_back(cell_of(report, id, class_index, certainty));
      report.gallery.back().jpeg = crops.of(code, id);
    }
    ++class_index;
  }
  for (std::uint64_t i = 0; i < facts.unidentified; ++i, ++id) {
    report.gallery.push_back(cell_of(report, id, -1, 0.4));
    report.gallery.back().jpeg = crops.of("monocyte", id);
  }
}

void fill_evidence(SlideReport& report) {
  constexpr int kWidth = 24;
  constexpr int kHeight = 18;
  report.evidence = {500, kWidth, kHeight, {}};
  const std::size_t squares = kWidth * kHeight;
  report.evidence.value.assign(squares * report.differential.size(), 0.0);
  for (std::size_t c = 0; c < report.differential.size(); ++c) {
    const double share = report.differential[c].expected_fraction.value_or(0);
    const double whole =
        3.0 * static_cast<double>(squares) / 2;  // weights 0 to 3, of 4 squares each
    for (std::size_t i = 0; i < squares; ++i)
      report.evidence.value[c * squares + i] = share * static_cast<double>((i * 7 + c) % 4) / whole;
  }
}

void fill_counts(SlideReport& report, const SlideFacts& facts, const ModelCard& card,
                 const ReferenceIntervals& references) {
  ClassSums sums(card.classes.size());
  std::int16_t class_index = 0;
  for (const auto& [code, count] : facts.counts) {
    const std::vector<float> shares =
        shares_of(static_cast<std::size_t>(class_index), card.classes.size(), 0.85);
    const std::vector<double> probability(shares.begin(), shares.end());
    for (std::uint64_t i = 0; i < count; ++i) sums.add(class_index, probability);
    ++class_index;
  }
  report.differential = differential_of(sums, card, {facts.specimen, references});
  report.reference_source = references.source;
  report.denominator = denominator_of(report.differential);
  report.denominator_rule = denominator_rule(facts.specimen);
  report.cells_located = sums.cells() + facts.unidentified + facts.failed;
  report.cells_by_outcome = {
      {{CellOutcome::classified}, sums.cells()},
      {{CellOutcome::excluded, Exclusion::unidentified}, facts.unidentified}};
  if (facts.failed > 0) report.cells_by_outcome[{CellOutcome::failed}] = facts.failed;
  report.blocks_planned = 48;
  report.blocks_by_outcome = {{{BlockOutcome::analysed}, 40},
                              {{BlockOutcome::rejected, Rejection::glass}, 8}};
}

void judge(SlideReport& report, const SlideFacts& facts, const ModelCard& card) {
  QualityFacts measured;
  measured.specimen = facts.specimen;
  measured.focus = 1.4;
  measured.nuclear_stain = 0.62;
  measured.glass = {241, 240, 238};
  measured.foreground_share = 0.31;
  measured.covered_share = 0.41;
  measured.counted = report.denominator;
  measured.located = report.cells_located;
  measured.excluded = facts.unidentified;
  measured.failed = facts.failed;
  measured.parts = report.cells_located + report.blocks_planned;
  measured.enlargement = 1.1;
  measured.strange_share = facts.strange_share;
  measured.strange_limit = card.strange_share_limit;
  measured.colour_distance = 0.21;
  measured.colour_reach = 0.48;
  report.quality = check_quality(measured, {});
  if (facts.failed > 0) report.failures = {"block 17: level 0, tile 3,2 is unreadable"};
  grade(report, {.failed = facts.failed, .blocks_done = report.blocks_planned});
}

/// Made up for the examples; no laboratory's.
ReferenceIntervals references_of(Specimen specimen) {
  if (specimen == Specimen::marrow) return {};
  return {.source = "example laboratory, adults",
          .interval = {{"segmented_neutrophil", {0.4, 0.75}},
                       {"lymphocyte", {0.2, 0.4}},
                       {"monocyte", {0.02, 0.1}},
                       {"eosinophil", {0.01, 0.06}},
                       {"basophil", {0, 0.02}}}};
}

SlideReport slide_of(const SlideFacts& facts, Crops& crops) {
  SlideReport report;
  fill_slide(report, facts);
  const auto card = card_of(facts);
  report.model = {card.name,
                  "models/" + card.name + ".safetensors",
                  std::string(64, 'b'),
                  to_json(card),
                  class_names(card),
                  5,
                  5,
                  card.mpp,
                  card.input_px};
  fill_counts(report, facts, card, references_of(facts.specimen));
  fill_cells(report, facts, crops);
  fill_evidence(report);
  report.overview_jpeg = encode_jpeg(Image(600, 450, {236, 222, 229}), 80);
  judge(report, facts, card);
  return report;
}

constexpr const char* kLaboratory =
    "case,item,value,unit,gene,date,source,cells\n"
    "C-17,wbc,11.2,10*9/L,,2026-01-02,LIS,\n"
    "C-17,haemoglobin,9.8,g/dL,,2026-01-02,LIS,\n"
    "C-17,platelets,84,10*9/L,,2026-01-02,LIS,\n"
    "C-17,sex,female,,,,LIS,\n"
    "C-17,age,71,years,,,LIS,\n"
    "C-17,persistence,yes,,,2026-01-02,three counts since 2025-08,\n"
    "C-17,mutation,38,%,TET2,2026-01-02,NGS panel of 54 genes,\n"
    "C-17,karyotype,\"46,XX[20]\",,,2026-01-02,bone marrow,\n"
    "C-17,bcr_abl1,no,,,2026-01-02,PCR,\n"
    "C-17,tk_fusion,no,,,2026-01-02,RNA panel,\n"
    "C-17,mpn_history,no,,,2026-01-02,chart,\n"
    "C-17,pb_blasts,2,%,,2026-01-02,\"smear review, 200 cells\",200\n"
    "C-17,dysplasia_granulocytic,yes,,,2026-01-02,smear review,\n"
    "C-18,wbc,24.5,10*9/L,,2026-01-02,LIS,\n"
    "C-18,mutation,yes,,PML::RARA,2026-01-02,RNA panel,\n"
    "C-18,persistence,yes,,,2026-01-02,three counts,\n"
    "C-19,wbc,11.2,10*9/L,,2026-01-02,LIS,\n"
    "C-19,monocytes,8,%,,2026-01-02,\"smear review, 200 cells\",200\n"
    "C-19,pb_blasts,2,%,,2026-01-02,\"smear review, 200 cells\",200\n"
    "C-19,bm_blasts,11.4,%,,2026-01-02,\"smear review, 500 cells\",500\n"
    "C-19,persistence,yes,,,2026-01-02,three counts,\n"
    "C-19,resolved,bm_blasts,,,2026-01-03,promonocytes were called monocytes (AB),\n";

ExampleCase case_of(std::string name, const CaseFacts& facts, std::vector<SlideReport> slides) {
  for (auto& slide : slides)
    if (has_counts(slide)) assess(slide, facts);
  return {std::move(name), assess_case(facts, slides), std::move(slides)};
}

/// Of what people did to some cells: nobody answers for it yet.
ReviewSummary some_review() {
  return {.cells_verified = 118,
          .cells_total = 422,
          .renamed = 3,
          .removed = 1,
          .added = 1,
          .morphology = "red cells: anisocytosis 2+",
          .comment = "hypogranular neutrophils",
          .reviewers = "ana, ben",
          .chain_head = std::string(64, 'e')};
}

ReviewSummary signed_review() {
  auto review = some_review();
  review.verified = {"ana", "2026-01-03T09:10:11Z"};
  review.signed_off = {"Dr. Rey", "2026-01-03T10:11:12Z"};
  return review;
}

/// Signed, opened again and signed once more.
ReviewSummary amended_review() {
  auto review = signed_review();
  review.version = 2;
  review.amendments = {{.version = 1,
                        .verified = {"ana", "2026-01-02T09:10:11Z"},
                        .signed_off = {"Dr. Rey", "2026-01-02T10:11:12Z"},
                        .amended = {"Dr. Sol", "2026-01-03T08:00:00Z"},
                        .reason = "two promyelocytes were called monocytes"}};
  review.changes = {{"monocyte", "monocyte", 62, 60}, {"promyelocyte", "promyelocyte", 0, 2}};
  return review;
}

ExampleCase reviewed_case(const char* name, const CaseFacts& facts, SlideReport slide,
                          ReviewSummary review) {
  slide.review = std::move(review);
  return case_of(name, facts, {std::move(slide)});
}

/// Names of 300 letters, without a blank and from right to left.
ExampleCase long_names(SlideReport slide) {
  std::string hebrew;
  for (int i = 0; i < 150; ++i) hebrew += "\u05d0\u05d1";
  slide.slide.id = std::string(300, 'W');
  slide.identity = {std::string(200, 'A'), hebrew.substr(0, 200), "2026-01-02"};
  slide.review = amended_review();
  slide.review->amendments.front().reason = std::string(2000, 'r');
  slide.review->reviewers = slide.review->comment = hebrew;
  slide.model.name = std::string(200, 'm');
  return case_of("long-names", {.id = hebrew, .labs = {}, .findings = {}}, {std::move(slide)});
}

}  // namespace

std::vector<ExampleCase> example_cases(const fs::path& folder) {
  Crops crops(folder);
  std::ofstream(folder / "labs.csv", std::ios::binary) << kLaboratory;
  const Labs labs(folder / "labs.csv");
  const auto given = labs.of("C-17");
  const auto alone = [](const char* id) { return CaseFacts{.id = id, .labs = {}, .findings = {}}; };
  const SlideFacts blood{.id = "PB-17", .counts = kBlood};
  const auto plain = slide_of(blood, crops);
  const auto marrow =
      slide_of({.id = "BM-17", .specimen = Specimen::marrow, .counts = kMarrow}, crops);

  auto few = blood;
  for (auto& [code, count] : few.counts) count /= 6;
  auto broken = blood;
  broken.failed = 12;
  auto other = blood;
  other.counts = {{"monocyte", 412}, {"lymphocyte", 11}, {"segmented_neutrophil", 4}};
  other.strange_share = 0.999;

  std::vector<ExampleCase> cases;
  cases.push_back(case_of("plain", alone("C-16"), {plain}));
  cases.push_back(case_of("laboratory", given, {plain}));
  cases.push_back(case_of("blood-and-marrow", given, {plain, marrow}));
  cases.push_back(case_of("insufficient", given, {slide_of(few, crops)}));
  cases.push_back(case_of("incomplete", given, {slide_of(broken, crops)}));
  cases.push_back(case_of("failed", alone("C-17"),
                          {failed_report(plain, {"night/PB-17.svs: cannot be read"})}));
  cases.push_back(case_of("strange", given, {slide_of(other, crops)}));
  cases.push_back(case_of("excluded", labs.of("C-18"), {plain}));
  cases.push_back(case_of("differing", labs.of("C-19"), {plain, marrow}));
  auto bare = blood;
  bare.unidentified = 0;
  cases.push_back(case_of("nothing-but-the-slide", alone(""), {slide_of(bare, crops)}));
  cases.push_back(reviewed_case("reviewed", given, plain, some_review()));
  cases.push_back(reviewed_case("signed", given, plain, signed_review()));
  cases.push_back(reviewed_case("amended", given, plain, amended_review()));
  cases.push_back(long_names(plain));
  auto lone = blood;
  lone.counts = {{"monocyte", 1}, {"lymphocyte", 0}};
  lone.unidentified = 0;
  cases.push_back(case_of("one-cell", alone("C-21"), {slide_of(lone, crops)}));
  lone.counts = {{"monocyte", 0}, {"lymphocyte", 0}};
  cases.push_back(case_of("no-cells", alone("C-22"), {slide_of(lone, crops)}));
  return cases;
}

}  // namespace cytocape::testing
