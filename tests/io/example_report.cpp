#include "tests/io/example_report.hpp"

#include <cmath>
#include <limits>
#include <string>

#include "io/image_codec.hpp"
#include "io/record.hpp"
#include "tests/io/example_assessment.hpp"

namespace cytocape::testing {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::vector<BlockRow> example_blocks() {
  std::vector<BlockRow> blocks;
  for (std::uint64_t i = 0; i < 6; ++i) {
    const auto column = static_cast<std::int64_t>(i % 3);
    const auto row = static_cast<std::int64_t>(i / 3);
    BlockRow block{.index = i,
                   .core = {column * 400, row * 300, 400, 300},
                   .outcome = BlockOutcome::analysed,
                   .rejection = {},
                   .failure = {},
                   .foreground_share = 0.125 * static_cast<double>(i),
                   .focus = 10.5 + static_cast<double>(i),
                   .cells = 2};
    if (i == 4) {
      block.outcome = BlockOutcome::rejected;
      block.rejection = Rejection::glass;
      block.focus = kNan;
    }
    if (i == 5) {
      block.outcome = BlockOutcome::failed;
      block.failure = "level 0, tile 3,2 is unreadable";
    }
    if (i > 3) block.cells = i == 4 ? 0 : 2;
    blocks.push_back(block);
  }
  return blocks;
}

CellRow classified_cell(std::uint64_t i) {
  CellRow cell;
  const auto number = static_cast<double>(i);
  const auto whole = static_cast<std::int64_t>(i);
  cell.id = i;
  cell.block = i / 2;
  cell.centre = {100.5 + 60 * number, 50.25 + 30 * number};
  cell.box = {80 + 60 * whole, 35 + 30 * whole, 41, 31};
  cell.nucleus_um2 = 40 + number;
  cell.focus = 0.5 + number / 8;
  cell.strangeness = number / 16;
  cell.class_index = static_cast<std::int16_t>(i % 3);
  cell.probability = {0.25F, 0.25F, 0.25F};
  cell.probability[i % 3] = 0.5F;
  for (const float p : cell.probability) {
    for (const float share : {0.5F, 0.25F, 0.125F, 0.0625F, 0.0625F, 0.0F}) {
      cell.map.push_back(p * share);
    }
  }
  return cell;
}

void leave_out(CellRow& cell, CellFate fate, const char* failure = "") {
  cell.outcome = fate.outcome;
  cell.exclusion = fate.reason;
  cell.failure = failure;
  cell.class_index = -1;
  cell.probability.clear();
  cell.strangeness = kNan;
  cell.map.clear();
}

std::vector<CellRow> example_cells() {
  std::vector<CellRow> cells;
  for (std::uint64_t i = 0; i < 10; ++i) cells.push_back(classified_cell(i));
  leave_out(cells[3], {CellOutcome::excluded, Exclusion::border});
  const auto seen = cells[7];  // the network saw it and was not sure enough
  leave_out(cells[7], {CellOutcome::excluded, Exclusion::unidentified});
  cells[7].probability = seen.probability;
  cells[7].strangeness = seen.strangeness;
  leave_out(cells[9], {CellOutcome::failed}, "level 0, tile 3,2 is unreadable");
  cells[9].focus = kNan;
  return cells;
}

SlideInfo example_slide() {
  SlideInfo slide;
  slide.path = "slides/PB 17.tif";
  slide.id = "PB_17";
  slide.reader = "openslide";
  slide.vendor = "generic-tiff";
  slide.levels = {{{1200, 600}, {1, 1}, {256, 256}}, {{300, 149}, {4, 600.0 / 149}, {256, 256}}};
  slide.mpp = {0.25, 0.26};
  slide.mpp_source = MppSource::resolution_tag;
  slide.background = {250, 249, 248};
  slide.associated = {"label", "macro"};
  return slide;
}

void fill_differential(SlideReport& report) {
  report.denominator_rule = "All classified leukocytes; smudge cells are outside the count.";
  report.denominator = 5;
  report.differential = {
      {"monocyte", "monocyte", true, 3, 0.6, Interval{0.2307, 0.8824}, 0.375, 0.5625,
       Interval{0.125, 0.9375}, Interval{0.02, 0.1}},
      {"lymphocyte", "lymphocyte", true, 2, 0.4, Interval{0.1176, 0.7693}, 0.3125, std::nullopt,
       std::nullopt, std::nullopt},
      {"smudge_cell", "smudge cell", false, 2, std::nullopt, std::nullopt, 0.3125, std::nullopt,
       std::nullopt, std::nullopt},
  };
  report.reference_source = "configuration, reference.pb";
}

void fill_groups(SlideReport& report) {
  GroupEstimate monocytes{"monocytes", "monocytes", "", 3, 5, {"monocyte"}, {}};
  monocytes.fraction = 0.6;
  monocytes.wilson95 = Interval{0.2307, 0.8824};
  monocytes.corrected = 0.5625;
  monocytes.sampling95 = {0.1875, 0.875};
  monocytes.classifier95 = {0.5, 0.625};
  monocytes.both95 = {0.125, 0.9375};
  GroupEstimate blasts{"blast_equivalents",
                       "blasts and blast equivalents",
                       "The sum is what counts; the single classes are provisional.",
                       0,
                       5,
                       {},
                       {"myeloblasts", "monoblasts", "promonocytes"}};
  blasts.gap = "the model does not know myeloblasts, monoblasts, promonocytes";
  report.groups = {monocytes, blasts};
  report.figures = {
      {"normoblasts per 100 leukocytes",
       Unit::per_100_leukocytes,
       std::nullopt,
       std::nullopt,
       0,
       5,
       {"100 x normoblasts / leukocytes counted.", "100 \u00d7 normoblasts / leukocytes counted."},
       "the model does not know normoblasts"},
      {"myeloid:erythroid ratio", Unit::to_one, 3.0,
       Interval{0.4375, std::numeric_limits<double>::infinity()}, 3, 1,
       "Myeloid cells / nucleated erythroid cells.", ""}};
}

void fill_quality(SlideReport& report) {
  using enum QualityCheck::Verdict;
  report.quality = {
      {QualityRule::countable_cells, "counted cells", failed, true, 5.0, "cells", 100.0,
       std::nullopt, "grading.min_cells_pb", "Cells in the denominator.", "Scan a larger area."},
      {QualityRule::focus, "focus", passed, false, 11.5, "", 4.0, std::nullopt, "quality.focus",
       "Median sharpness of the blocks.", "Scan the slide again."},
      {QualityRule::failed_share, "failed blocks", failed, false, 16.5, "%", std::nullopt, 0.0,
       "quality.failed_blocks", "Share of blocks that failed.", "Scan the slide again."},
      {QualityRule::nuclear_stain, "stain", not_measured, false, std::nullopt, "", std::nullopt,
       std::nullopt, "quality.stain", "Distance of the stain from the model's.",
       "Analyse a stained area."}};
}

void fill_evidence(SlideReport& report) {
  report.evidence = {300, 4, 2, {}};
  for (const auto& row : report.differential) {
    const double share = row.expected_fraction.value_or(0) / 8;
    for (int i = 0; i < 8; ++i) {
      report.evidence.value.push_back(share * (i % 2 == 0 ? 1.5 : 0.5));
    }
  }
}

/// A violet disc on pink, the bluer the higher `id`.
std::vector<std::uint8_t> picture(std::uint64_t id, int edge) {
  Image crop(edge, edge, {235, 210, 215});
  const int radius = edge / 3;
  for (int y = -radius; y <= radius; ++y) {
    for (int x = -radius; x <= radius; ++x) {
      if (x * x + y * y > radius * radius) continue;
      auto* pixel = crop.row(edge / 2 + y) + 3 * (edge / 2 + x);
      pixel[0] = static_cast<std::uint8_t>(120 - 8 * id);
      pixel[1] = 60;
      pixel[2] = 150;
    }
  }
  return encode_jpeg(crop, 80);
}

void fill_appearance(SlideReport& report) {
  auto& use = report.appearance;
  use.asked = AppearanceMap::lab;
  use.outcome = AppearanceOutcome::applied;
  use.cells = 60;
  use.own = LabStatistics{.mean = {71.25, 9.5, 4.125}, .deviation = {14.5, 6.25, 7.75}};
  use.model = LabStatistics{.mean = {66.5, 12.25, -3.5}, .deviation = {17.125, 8.5, 9.25}};
  for (std::uint64_t i = 0; i < 3; ++i)
    use.strip.push_back({.before = picture(i, report.model.input_px),
                         .after = picture(10 + i, report.model.input_px)});
}

/// Cells that the network saw, by class, unidentified ones first.
void fill_pictures(SlideReport& report, const std::vector<CellRow>& cells) {
  report.overview_jpeg = encode_jpeg(Image(300, 150, {235, 220, 228}), 80);
  const auto squares = static_cast<std::size_t>(report.model.map_height * report.model.map_width);
  for (std::int16_t c = -1; c < 3; ++c) {
    for (const auto& cell : cells) {
      if (cell.probability.empty() || cell.class_index != c) continue;
      GalleryCell shown{cell.id, c, cell.centre, cell.probability, {}, {}};
      shown.jpeg = picture(cell.id, report.model.input_px);
      shown.nucleus_um2 = cell.nucleus_um2;
      shown.strangeness = cell.strangeness;
      if (c >= 0) {
        const auto first = cell.map.begin() + static_cast<std::ptrdiff_t>(squares) * c;
        shown.map.assign(first, first + static_cast<std::ptrdiff_t>(squares));
      }
      report.gallery.push_back(std::move(shown));
    }
  }
  for (const auto& cell : cells) {
    if (cell.class_index < 0) continue;
    report.places.push_back(
        {static_cast<float>(cell.centre.x), static_cast<float>(cell.centre.y), cell.class_index});
  }
}

}  // namespace

ExampleRecord example_record() {
  ExampleRecord example;
  auto& report = example.report;
  report.slide = example_slide();
  report.slide_sha256 = std::string(64, 'a');
  report.identity = {"H26-0017", "May-Gruenwald-Giemsa", "2026-01-01"};
  report.specimen = Specimen::blood;
  report.case_id = "case 17";
  report.model = {"example",
                  "models/example.safetensors",
                  std::string(64, 'b'),
                  R"({"classes":["monocyte"]})",
                  {"monocyte", "lymphocyte", "smudge_cell"},
                  2,
                  3,
                  0.1,
                  224};
  report.run = {"0.1.0",
                "0123abc",
                "cytocape analyze",
                "[slide]\nmpp = \"\"\n",
                std::string(64, 'c'),
                "cpu, float32",
                "2026-01-02T03:04:05Z",
                "2026-01-02T03:05:06Z",
                {{"hdf5", "1.10.8"}, {"openslide", "3.4.1"}}};
  report.status = Status::incomplete;
  report.status_reasons = {"1 of 6 blocks failed", "only 5 cells counted, 100 are needed"};
  report.blocks_planned = 6;
  report.blocks_by_outcome = {{{BlockOutcome::analysed}, 4},
                              {{BlockOutcome::rejected, Rejection::glass}, 1},
                              {{BlockOutcome::failed}, 1}};
  report.cells_located = 10;
  report.cells_by_outcome = {{{CellOutcome::classified}, 7},
                             {{CellOutcome::excluded, Exclusion::border}, 1},
                             {{CellOutcome::excluded, Exclusion::unidentified}, 1},
                             {{CellOutcome::failed}, 1}};
  report.failures = {"block 5: level 0, tile 3,2 is unreadable"};
  example.blocks = example_blocks();
  example.cells = example_cells();
  fill_differential(report);
  fill_groups(report);
  fill_quality(report);
  fill_evidence(report);
  fill_pictures(report, example.cells);
  fill_appearance(report);
  report.assessment = example_assessment();
  return example;
}

void make_dicom(ExampleRecord& example) {
  auto& slide = example.report.slide;
  slide.reader = "dicom";
  slide.dicom = {.study = "1.2.17.1",
                 .series = "1.2.17.2",
                 .frame_of_reference = "1.2.17.4",
                 .sop_class = "1.2.840.10008.5.1.4.1.1.77.1.6",
                 .instances = {"1.2.17.3"}};
}

void write_example(const std::filesystem::path& path, const ExampleRecord& example) {
  const auto& model = example.report.model;
  auto writer =
      RecordWriter::create(path, {model.classes.size(), model.map_height, model.map_width});
  writer.append(example.blocks);
  writer.append(example.cells);
  writer.finish(example.report);
  writer.commit();
}

}  // namespace cytocape::testing
