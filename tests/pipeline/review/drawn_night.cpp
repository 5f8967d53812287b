#include "tests/pipeline/review/drawn_night.hpp"

#include <algorithm>
#include <numeric>

#include "io/digest.hpp"
#include "io/image_codec.hpp"
#include "io/record.hpp"
#include "models/data/model_card.hpp"
#include "pipeline/case/assess.hpp"
#include "pipeline/case/class_sums.hpp"
#include "pipeline/case/grading.hpp"
#include "pipeline/case/quality.hpp"

namespace cytocape::testing {
namespace {

constexpr std::int64_t kStep = 60;  ///< pixels from cell to cell
constexpr std::size_t kColumns = 40;
constexpr std::int64_t kValidation = 200;  ///< images of each class

ModelCard card() {
  ModelCard card;
  card.name = "drawn";
  card.backbone = "resnet18";
  card.specimens = {Specimen::blood};
  card.stain = "none";
  card.input_px = 64;
  card.mpp = 0.2;
  card.unidentified_below = 0.5;
  card.tool_version = "0";
  const auto classes = kDrawnClasses.size();
  for (std::size_t t = 0; t < classes; ++t) {
    card.classes.push_back({.name = kDrawnClasses[t],
                            .train_images = 100,
                            .validation_images = kValidation,
                            .recall = 0.9,
                            .precision = 0.9});
    auto& row = card.confusion.emplace_back(classes, 4);
    row[t] = kValidation - 4 * (static_cast<std::int64_t>(classes) - 1);
  }
  return card;
}

void paint(Image& picture, double x, double y, Rgb colour, int radius) {
  for (int dy = -radius; dy <= radius; ++dy)
    for (int dx = -radius; dx <= radius; ++dx) {
      const int px = static_cast<int>(x) + dx, py = static_cast<int>(y) + dy;
      if (dx * dx + dy * dy > radius * radius || px < 0 || py < 0 || px >= picture.width() ||
          py >= picture.height())
        continue;
      auto* pixel = picture.row(py) + 3 * px;
      pixel[0] = colour.r;
      pixel[1] = colour.g;
      pixel[2] = colour.b;
    }
}

Rgb colour_of(const std::string& truth) {
  const auto at = std::find(kDrawnClasses.begin(), kDrawnClasses.end(), truth);
  const auto shade = static_cast<std::uint8_t>(30 * (at - kDrawnClasses.begin()));
  return truth.empty() ? Rgb{200, 190, 200} : Rgb{static_cast<std::uint8_t>(70 + shade), 50, 150};
}

CellRow row_of(std::size_t i, const DrawnCell& drawn) {
  CellRow cell;
  cell.id = i;
  cell.centre = {place_x(i), place_y(i)};
  cell.box = {static_cast<std::int64_t>(place_x(i)) - 16,
              static_cast<std::int64_t>(place_y(i)) - 16, 33, 33};
  cell.nucleus_um2 = drawn.truth == "promyelocyte" ? 120 : 40 + static_cast<double>(i % 20);
  cell.focus = 1;
  cell.strangeness = static_cast<double>(i % 10) / 8;
  const auto classes = kDrawnClasses.size();
  cell.probability.assign(classes, 0.1F / static_cast<float>(classes - 1));
  if (drawn.called.empty()) {
    cell.outcome = CellOutcome::excluded;
    cell.exclusion = Exclusion::unidentified;
    cell.probability.assign(classes, 1.0F / static_cast<float>(classes));
    return cell;
  }
  const auto at = std::find(kDrawnClasses.begin(), kDrawnClasses.end(), drawn.called);
  cell.class_index = static_cast<std::int16_t>(at - kDrawnClasses.begin());
  cell.probability[static_cast<std::size_t>(cell.class_index)] = 0.9F;
  cell.map = cell.probability;
  return cell;
}

SlideReport report_of(const std::filesystem::path& slide, const std::vector<CellRow>& cells) {
  SlideReport report;
  report.slide = Slide::open(slide, {.mpp = Mpp{0.2, 0.25}})->info();
  report.slide_sha256 = slide_sha256(slide);
  report.specimen = Specimen::blood;
  const auto model = card();
  report.model = {.name = model.name,
                  .path = "drawn.safetensors",
                  .sha256 = std::string(64, 'd'),
                  .card_json = to_json(model),
                  .classes = kDrawnClasses,
                  .map_height = 1,
                  .map_width = 1,
                  .mpp = model.mpp,
                  .input_px = model.input_px};
  report.run.started_utc = "2026-01-02T03:04:05Z";
  report.run.finished_utc = "2026-01-02T03:05:06Z";
  ClassSums sums(kDrawnClasses.size());
  for (const auto& cell : cells) {
    ++report.cells_by_outcome[fate_of(cell)];
    if (cell.class_index < 0) continue;
    const std::vector<double> probability(cell.probability.begin(), cell.probability.end());
    sums.add(cell.class_index, probability);
  }
  report.cells_located = cells.size();
  report.blocks_planned = 1;
  report.blocks_by_outcome[{.outcome = BlockOutcome::analysed}] = 1;
  report.denominator_rule = denominator_rule(report.specimen);
  report.differential = differential_of(sums, model, {.specimen = report.specimen});
  report.denominator = denominator_of(report.differential);
  QualityFacts facts;
  facts.focus = 100;
  facts.nuclear_stain = 1;
  facts.glass = {250, 250, 250};
  facts.foreground_share = 0.5;
  facts.covered_share = 0.5;
  facts.counted = report.denominator;
  facts.located = cells.size();
  facts.excluded = cells.size() - sums.cells();
  facts.parts = cells.size() + 1;
  report.quality = check_quality(facts, {});
  grade(report, {.failed = 0, .blocks_done = 1});
  report.evidence = {.edge = 1 << 20, .width = 1, .height = 1, .value = {}};
  for (const auto& row : report.differential)
    report.evidence.value.push_back(row.expected_fraction.value_or(0));
  report.overview_jpeg = encode_jpeg(Image(240, 120, {235, 220, 228}), 80);
  assess(report, {.id = report.slide.id, .labs = {}, .findings = {}});
  return report;
}

}  // namespace

std::vector<DrawnCell> drawn_cells() {
  std::vector<DrawnCell> cells;
  const auto add = [&](std::size_t count, const char* called, const char* truth) {
    for (std::size_t i = 0; i < count; ++i) cells.push_back({called, truth});
  };
  add(98, "segmented_neutrophil", "segmented_neutrophil");
  add(2, "segmented_neutrophil", "monocyte");
  add(38, "lymphocyte", "lymphocyte");
  add(2, "lymphocyte", "");
  add(30, "monocyte", "monocyte");
  add(5, "monocyte", "blast");
  add(1, "monocyte", "promyelocyte");
  add(12, "blast", "blast");
  add(8, "promyelocyte", "promyelocyte");
  add(2, "smudge_cell", "smudge_cell");
  add(2, "", "monocyte");
  return cells;
}

double place_x(std::size_t i) {
  return 30.5 + static_cast<double>(kStep) * static_cast<double>(i % kColumns);
}

double place_y(std::size_t i) {
  return 30.5 + static_cast<double>(kStep) * static_cast<double>(i / kColumns);
}

std::filesystem::path draw_night(const std::filesystem::path& out, const std::string& id,
                                 const std::vector<DrawnCell>& cells, const std::string& of_case) {
  std::filesystem::create_directories(out / id);
  const auto rows = (cells.size() + kColumns - 1) / kColumns + 1;
  Image picture(static_cast<int>(kStep * static_cast<std::int64_t>(kColumns)),
                static_cast<int>(kStep * static_cast<std::int64_t>(rows)), {240, 232, 236});
  std::vector<CellRow> table;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    paint(picture, place_x(i), place_y(i), {225, 200, 215}, 22);
    paint(picture, place_x(i), place_y(i), colour_of(cells[i].truth), 13);
    table.push_back(row_of(i, cells[i]));
  }
  const auto slide = out.parent_path() / (id + ".png");
  write_png(picture, slide);
  auto report = report_of(slide, table);
  if (!of_case.empty()) report.case_id = report.assessment.id = of_case;
  auto writer = RecordWriter::create(
      out / id / "report.h5", {.classes = kDrawnClasses.size(), .map_height = 1, .map_width = 1});
  const BlockRow block{.index = 0,
                       .core = {0, 0, picture.width(), picture.height()},
                       .failure = "",
                       .cells = static_cast<std::uint32_t>(cells.size())};
  writer.append(std::span(&block, 1));
  writer.append(std::span<const CellRow>(table));
  writer.finish(report);
  writer.commit();
  return out / id;
}

}  // namespace cytocape::testing
