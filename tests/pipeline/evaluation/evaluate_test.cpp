/// `evaluate` on drawn cells and on a drawn smear, and the shipped model's maps on real cells.

#include "pipeline/evaluation/evaluate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "io/csv.hpp"
#include "io/errors.hpp"
#include "models/data/dataset.hpp"
#include "pipeline/evaluation/images.hpp"
#include "pipeline/program/model_files.hpp"
#include "tests/pipeline/smear.hpp"
#include "tests/pipeline/toned_model.hpp"
#include "tests/support/file_text.hpp"
#include "tests/support/test_data.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::TempDir;

/// Drawn pictures of three classes, 8 of each, made once.
const fs::path& drawn_cells() {
  static const TempDir folder;
  static const bool drawn = [] {
    write_cell_images({.per_class = 8,
                       .edge_px = 300,
                       .mpp = 0.1,
                       .seed = 5,
                       .classes = {"monocyte", "lymphocyte", "eosinophil"}},
                      folder.path());
    return true;
  }();
  EXPECT_TRUE(drawn);
  return folder.path();
}

EvaluateRequest request_for_cells(const fs::path& folder, int threads = 2) {
  EvaluateRequest request;
  request.model = resolve_model("demo");
  request.data = folder;
  request.mpp = 0.1;
  request.config =
      load_analyze_config("", {"run.device=cpu", "run.precision=float32", "classify.batch_cells=5",
                               "run.threads=" + std::to_string(threads)});
  return request;
}

Evaluation evaluated(const EvaluateRequest& request) {
  const std::atomic<bool> stop{false};
  auto evaluation = evaluate_folder(request, {}, stop);
  EXPECT_TRUE(evaluation.has_value());
  return std::move(*evaluation);
}

std::string refusal(const EvaluateRequest& request) {
  const std::atomic<bool> stop{false};
  try {
    (void)evaluate_folder(request, {}, stop);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

void copy_classes(const fs::path& to) {
  fs::copy(drawn_cells(), to, fs::copy_options::recursive);
}

TEST(Evaluate, JudgesDrawnCells) {
  const auto evaluation = evaluated(request_for_cells(drawn_cells()));
  ASSERT_EQ(evaluation.heads.size(), 3U);
  const auto& cape = evaluation.heads.front();
  EXPECT_EQ(cape.accuracy.total, 24U);
  EXPECT_GE(cape.accuracy.count, 20U);
  EXPECT_EQ(evaluation.cells.size(), 24U);
  EXPECT_TRUE(evaluation.apart.empty());
  ASSERT_TRUE(evaluation.explanations && evaluation.moved);
  EXPECT_EQ(evaluation.explanations->by_kind[0].crops, 24);
  EXPECT_EQ(evaluation.moved->images, 24U);
}

TEST(Evaluate, ShowsWhatTheCalibrationChanged) {
  const auto evaluation = evaluated(request_for_cells(drawn_cells()));
  const auto& before = evaluation.heads.at(2);
  EXPECT_EQ(before.name, "CAPE before calibration");
  EXPECT_EQ(before.accuracy.total, 24U);
  EXPECT_NE(before.mean_confidence, evaluation.heads.front().mean_confidence);
}

TEST(Evaluate, GivesTheFiguresOfTheCalibratedAndOfTheLearnedMapsAndARowForEachImage) {
  auto request = request_for_cells(drawn_cells());
  request.explain_images = 3;
  request.curves = true;
  const auto evaluation = evaluated(request);
  EXPECT_TRUE(evaluation.model_warnings.calibrated);
  const auto& kinds = evaluation.explanations->by_kind;
  const auto& used = kinds[static_cast<std::size_t>(MapKind::cape)];
  const auto& learned = kinds[static_cast<std::size_t>(MapKind::cape_learned)];
  EXPECT_NE(used.complexity, learned.complexity);
  ASSERT_TRUE(used.curves && learned.curves);
  EXPECT_GT(used.curves->insertion, 0);
  EXPECT_THAT(evaluation_text(evaluation), HasSubstr("CAPE, learned"));
  EXPECT_THAT(evaluation_html(evaluation), HasSubstr("ADCC per image, %"));
  const testing::TempDir folder;
  write_evaluation(evaluation, folder.path());
  const auto rows = testing::text_of(folder / "maps.csv");
  EXPECT_EQ(std::count(rows.begin(), rows.end(), '\n'), 1 + 3 * 5);
}

TEST(Evaluate, DoesNotDependOnThreads) {
  auto one = evaluated(request_for_cells(drawn_cells(), 1));
  auto many = evaluated(request_for_cells(drawn_cells(), 4));
  for (auto* evaluation : {&one, &many}) {
    evaluation->run = {};
    evaluation->throughput.reset();
  }
  EXPECT_EQ(evaluation_json(one), evaluation_json(many));
  EXPECT_EQ(cells_csv(one), cells_csv(many));
}

/// 54 pictures: enough for a map.
EvaluateRequest request_for_mapped(const TempDir& folder, const char* map) {
  write_cell_images({.per_class = 18,
                     .edge_px = 300,
                     .mpp = 0.1,
                     .seed = 6,
                     .classes = {"monocyte", "lymphocyte", "eosinophil"}},
                    folder / "cells");
  auto request = request_for_cells(folder / "cells");
  request.model = testing::write_toned_model(folder / "toned.safetensors");
  request.config.appearance = *value_named<AppearanceMap>(map);
  request.explain_images = 3;
  return request;
}

TEST(Evaluate, TakesAFolderForOneSlideWhoseColoursAreMapped) {
  const TempDir folder;
  auto request = request_for_mapped(folder, "lab");
  const auto mapped = evaluated(request);
  EXPECT_EQ(mapped.appearance.outcome, AppearanceOutcome::applied);
  EXPECT_EQ(mapped.appearance.cells, 54U);
  EXPECT_THAT(evaluation_text(mapped), HasSubstr("Colours were mapped"));
  request.config.threads = 1;
  EXPECT_EQ(evaluated(request).appearance, mapped.appearance);

  request.config.appearance = AppearanceMap::none;
  const auto plain = evaluated(request);
  EXPECT_EQ(plain.appearance.outcome, AppearanceOutcome::not_asked);
  EXPECT_NE(cells_csv(plain), cells_csv(mapped));
  ASSERT_TRUE(plain.moved && mapped.moved);
  EXPECT_EQ(plain.moved->cell_share, mapped.moved->cell_share) << "cells are found unmapped";
  EXPECT_NE(plain.moved->by_kind[0].inside, mapped.moved->by_kind[0].inside);
}

TEST(Evaluate, OfFewImagesSaysThatTheirColoursWereNotMapped) {
  const TempDir folder;
  auto request = request_for_cells(drawn_cells());
  request.model = testing::write_toned_model(folder / "toned.safetensors");
  request.config.appearance = AppearanceMap::lab;
  request.explanations = false;
  const auto evaluation = evaluated(request);
  EXPECT_EQ(evaluation.appearance.outcome, AppearanceOutcome::too_few_cells);
  EXPECT_THAT(evaluation_text(evaluation), HasSubstr("measured on 24 cells, and at least 50"));
  const auto json = nlohmann::json::parse(evaluation_json(evaluation));
  EXPECT_EQ(json["appearance"]["outcome"], "too few cells");
}

TEST(Evaluate, ReportsAClassThatTheModelDoesNotKnowApart) {
  const TempDir folder;
  copy_classes(folder.path());
  fs::rename(folder / "eosinophil", folder / "sezary_cell");
  const auto evaluation = evaluated(request_for_cells(folder.path()));
  EXPECT_EQ(evaluation.heads.front().accuracy.total, 16U);
  ASSERT_EQ(evaluation.apart.size(), 1U);
  EXPECT_EQ(evaluation.apart.front().name, "sezary_cell");
  EXPECT_EQ(evaluation.apart.front().images, 8U);
  EXPECT_EQ(evaluation.cells.size(), 24U) << "nothing is dropped in silence";
  EXPECT_THAT(evaluation_text(evaluation), HasSubstr("not a class of this model: sezary_cell (8"));
}

TEST(Evaluate, CountsAnUnknownClassAsTheUserMapsIt) {
  const TempDir folder;
  copy_classes(folder.path());
  fs::rename(folder / "eosinophil", folder / "sezary_cell");
  auto request = request_for_cells(folder.path());
  request.explanations = false;
  request.renamed = {{"sezary_cell", "eosinophil"}};
  const auto evaluation = evaluated(request);
  EXPECT_EQ(evaluation.heads.front().accuracy.total, 24U);
  EXPECT_TRUE(evaluation.apart.empty());
  EXPECT_FALSE(evaluation.explanations.has_value());
}

TEST(Evaluate, OfUnknownClassesAloneStillSaysWhatTheyAreCalled) {
  const TempDir folder;
  copy_classes(folder.path());
  for (const char* name : {"eosinophil", "monocyte", "lymphocyte"})
    fs::rename(folder / name, folder / (std::string("x_") + name));
  const auto evaluation = evaluated(request_for_cells(folder.path()));
  EXPECT_EQ(evaluation.apart.size(), 3U);
  EXPECT_NE(evaluation_html(evaluation).find("no cell of a class that this model knows"),
            std::string::npos);
  EXPECT_TRUE(nlohmann::json::accept(evaluation_json(evaluation)));
  EXPECT_THAT(evaluation_text(evaluation), Not(HasSubstr("nan")));
}

TEST(Evaluate, NamesEveryUnreadableImageBeforeItStarts) {
  const TempDir folder;
  copy_classes(folder.path());
  std::ofstream(folder / "monocyte/a.png") << "no image";
  std::ofstream(folder / "lymphocyte/b.jpg") << "";
  EXPECT_THAT(refusal(request_for_cells(folder.path())),
              AllOf(HasSubstr("2 of 26 images"), HasSubstr("monocyte/a.png"),
                    HasSubstr("lymphocyte/b.jpg")));
}

TEST(Evaluate, NeverGuessesThePixelSize) {
  auto request = request_for_cells(drawn_cells());
  request.mpp = 0;
  EXPECT_THAT(refusal(request), HasSubstr("--mpp is missing"));
  request.mpp = 0.02;
  EXPECT_THAT(refusal(request), HasSubstr("is --mpp correct?"));
}

TEST(Evaluate, TakesOnlyAListsImages) {
  const TempDir folder;
  std::ofstream(folder / "list.txt") << "monocyte/monocyte_00001.png\n";
  auto request = request_for_cells(drawn_cells());
  request.list = folder / "list.txt";
  EXPECT_EQ(evaluated(request).heads.front().accuracy.total, 1U);
}

TEST(Evaluate, ExplainsAsManyImagesAsAskedFor) {
  auto request = request_for_cells(drawn_cells());
  request.explain_images = 7;
  const auto evaluation = evaluated(request);
  EXPECT_EQ(evaluation.explanations->by_kind[0].crops, 7);
  EXPECT_EQ(evaluation.moved->images, 7U);
  EXPECT_EQ(evaluation.heads.front().accuracy.total, 24U);
}

TEST(Evaluate, WritesTablesThatAgree) {
  const TempDir out;
  const auto evaluation = evaluated(request_for_cells(drawn_cells()));
  write_evaluation(evaluation, out.path());
  const auto cells = read_csv(out / "evaluation.csv");
  EXPECT_EQ(cells.rows.size(), 24U);
  std::uint64_t right = 0;
  for (const auto& row : cells.rows) right += row[1] == row[3] ? 1U : 0U;
  EXPECT_EQ(right, evaluation.heads.front().accuracy.count);
  EXPECT_EQ(read_csv(out / "confusion.csv").rows.size(), evaluation.model.classes.size());
  EXPECT_EQ(read_csv(out / "per_class.csv").rows.size(),
            evaluation.heads.size() * evaluation.model.classes.size());
  std::ifstream json(out / "evaluation.json");
  EXPECT_EQ(nlohmann::json::parse(json)["heads"][0]["accuracy"]["count"], right);
}

TEST(Evaluate, TellsTheTruthInTheModelsWords) {
  const TempDir folder;
  write_cell_images({.per_class = 2,
                     .edge_px = 300,
                     .mpp = 0.1,
                     .seed = 5,
                     .classes = {"normoblast", "monocyte", "eosinophil"}},
                    folder.path());
  fs::rename(folder / "normoblast", folder / "erythroblast");
  fs::rename(folder / "monocyte", folder / "mono");
  fs::rename(folder / "eosinophil", folder / "sezary_cell");
  auto request = request_for_cells(folder.path());
  request.explanations = false;
  request.renamed = {{"mono", "monocyte"}};
  std::vector<std::string> truths;
  for (const auto& cell : evaluated(request).cells) truths.push_back(cell.truth);
  EXPECT_THAT(truths, ElementsAre("normoblast", "normoblast", "monocyte", "monocyte", "sezary_cell",
                                  "sezary_cell"));
}

TEST(Evaluate, SaysThatAFinishedModelMayHaveLearnedTheImagesOfItsFigures) {
  auto request = request_for_cells(drawn_cells());
  request.model = resolve_model("demo");
  request.explanations = false;
  const auto evaluation = evaluated(request);
  EXPECT_THAT(evaluation_text(evaluation),
              AllOf(HasSubstr("trained on, these figures are optimistic"), HasSubstr("1560")));
  const auto page = evaluation_html(evaluation);
  EXPECT_LT(page.find("these figures are optimistic"), page.find("class=\"tiles\""));
  EXPECT_LT(page.find("Limits of model demo: "), page.find("class=\"tiles\""));
  const auto model = nlohmann::json::parse(evaluation_json(evaluation)).at("model");
  EXPECT_THAT(model.at("figures_of"), HasSubstr("the network may have learnt some"));
  EXPECT_THAT(model.at("limits"), HasSubstr("For drawn phantoms only"));
}

TEST(Evaluate, TellsImagesOfTwoClassesAndWhatItPassedOver) {
  const TempDir folder;
  copy_classes(folder.path());
  fs::copy(folder / "monocyte/monocyte_00001.png", folder / "lymphocyte/same.png");
  fs::copy(folder / "monocyte/monocyte_00002.png", folder / "monocyte/again.png");
  std::ofstream(folder / "monocyte/a.bmp") << "x";
  std::ofstream(folder / "monocyte/.hidden") << "x";
  fs::create_directory(folder / "eosinophil/more");
  auto request = request_for_cells(folder.path());
  request.explanations = false;
  const auto evaluation = evaluated(request);
  EXPECT_EQ(evaluation.heads.front().accuracy.total, 26U);
  const std::vector<std::vector<std::string>> pair{
      {"lymphocyte/same.png", "monocyte/monocyte_00001.png"}};
  const auto data = nlohmann::json::parse(evaluation_json(evaluation)).at("data");
  EXPECT_EQ(data.at("in_several_classes"), nlohmann::json(pair));
  EXPECT_EQ(data.at("passed_over"), (nlohmann::json{{"files", 1}, {"folders", 1}}));
  const auto text = evaluation_text(evaluation);
  EXPECT_THAT(text, AllOf(HasSubstr("1 image lies in several class folders and is counted in each"),
                          HasSubstr("lymphocyte/same.png, monocyte/monocyte_00001.png"),
                          HasSubstr("1 file and 1 folder in the class folders were ignored")));
  EXPECT_NE(evaluation_html(evaluation).find("1 image lies in several class folders"),
            std::string::npos);
}

TEST(Evaluate, NoTableOfThePageIsTooWideForAScreen) {
  const auto page = evaluation_html(evaluated(request_for_cells(drawn_cells())));
  const std::string column = "<th scope=\"col\"";
  for (auto from = page.find("<thead>"); from != std::string::npos;
       from = page.find("<thead>", from + 1)) {
    // The confusion matrix alone has as many columns as there are classes.
    if (page.compare(page.rfind("<div class=\"", from), 17, "<div class=\"heat\"") == 0) continue;
    const auto head = page.substr(from, page.find("</thead>", from) - from);
    std::size_t columns = 0;
    for (auto at = head.find(column); at != std::string::npos; at = head.find(column, at + 1))
      ++columns;
    EXPECT_LE(columns, 6U) << head;
    EXPECT_GE(columns, 3U) << head;
  }
}

TEST(Evaluate, PageEscapesEveryNameAndNeedsNothingFromOutside) {
  auto evaluation = evaluated(request_for_cells(drawn_cells()));
  const std::string evil = "<script>alert(1)</script>\"'";
  evaluation.model.name = evaluation.model.path = evaluation.run.command = evil;
  evaluation.data.path = evil;
  evaluation.apart.push_back({.name = evil, .images = 1, .called = {1}});
  evaluation.heads.front().classes.front().label = evil;
  evaluation.model_warnings = {.figures_of = evil, .limits = evil};
  evaluation.data.in_several_classes = {{evil, evil}};
  const auto page = evaluation_html(evaluation);
  // Whole pages make unreadable failures: only what was found is printed.
  for (const char* forbidden : {"<script", "http", ">nan", ">inf", "<link", "@import"})
    EXPECT_EQ(page.find(forbidden), std::string::npos) << forbidden;
  EXPECT_NE(page.find(kResearchUse), std::string::npos);
}

EvaluateRequest request_for_slide(const fs::path& out) {
  EvaluateRequest request;
  request.model = resolve_model("demo");
  request.data = testing::small_smear();
  request.config = load_analyze_config("", {"run.device=cpu", "run.precision=float32"});
  request.out = out;
  request.quiet = true;
  return request;
}

TEST(EvaluateSlide, AccountsForEveryTrueCell) {
  const TempDir out;
  const std::atomic<bool> stop{false};
  const auto evaluation = evaluate_slide(request_for_slide(out.path()), stop);
  ASSERT_TRUE(evaluation && evaluation->slide);
  const auto& slide = *evaluation->slide;
  const auto truth =
      read_phantom_cells(fs::path(testing::small_smear()).replace_extension(".cells.csv"));
  std::uint64_t cells = 0;
  for (const auto& kind : slide.kinds) {
    EXPECT_EQ(kind.cells, kind.classified + kind.excluded + kind.merged + kind.missed);
    cells += kind.cells;
  }
  EXPECT_EQ(cells, truth.size());
  EXPECT_GT(*slide.recall.share, 0.9);
  EXPECT_GT(*slide.precision.share, 0.9);
  EXPECT_GT(*evaluation->heads.front().accuracy.share, 0.8);
  double points = 0;
  for (const auto& row : slide.differential) points += row.points();
  EXPECT_NEAR(points, 0, 1e-9) << "both differentials sum to 100 %";
  EXPECT_TRUE(fs::exists(out / "analysis/smear/report.html"));
}

TEST(EvaluateSlide, JudgesOnlyCellsThatTheAnalysisClassified) {
  const TempDir out;
  const std::atomic<bool> stop{false};
  auto request = request_for_slide(out.path());
  request.config = load_analyze_config(
      "", {"run.device=cpu", "run.precision=float32", "classify.unidentified_below=0.9"});
  const auto evaluation = evaluate_slide(request, stop);
  ASSERT_TRUE(evaluation && evaluation->slide);
  EXPECT_GT(evaluation->slide->excluded.at("unidentified"), 0U);
  std::uint64_t classified = 0;
  for (const auto& kind : evaluation->slide->kinds) classified += kind.classified;
  std::uint64_t scored = evaluation->heads.front().accuracy.total;
  for (const auto& folder : evaluation->apart) scored += folder.images;
  EXPECT_EQ(scored, classified);
  write_evaluation(*evaluation, out.path());
  std::size_t unidentified = 0;
  for (const auto& row : read_csv(out / "evaluation.csv").rows) {
    if (row[2].find("excluded: unidentified") == std::string::npos) continue;
    ++unidentified;
    EXPECT_EQ(row[3], "") << "it is called nothing";
    EXPECT_NE(row[6], "") << "but what the network saw is there";
  }
  EXPECT_GE(unidentified, evaluation->slide->excluded.at("unidentified"));
}

TEST(EvaluateSlide, ReadsBackTheTruthThatPhantomWrote) {
  const PhantomOptions options{.size = {900, 700}, .mpp = 0.25, .seed = 3, .white_cells = 9};
  const TempDir folder;
  const auto truth = write_phantom(options, folder / "s.tiff");
  const auto cells = read_phantom_cells(truth.cells_csv);
  ASSERT_EQ(cells.size(), truth.cells.size());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    EXPECT_NEAR(cells[i].centre.x, truth.cells[i].centre.x, 0.0051);
    EXPECT_EQ(cells[i].box, truth.cells[i].box);
    EXPECT_EQ(cells[i].class_code, truth.cells[i].class_code);
    EXPECT_EQ(cells[i].blurred, truth.cells[i].blurred);
  }
}

TEST(EvaluateSlide, NeedsTheTruthBesideTheSlide) {
  const TempDir folder;
  fs::copy_file(testing::small_smear(), folder / "other.tiff");
  auto request = request_for_slide(folder / "out");
  request.data = folder / "other.tiff";
  const std::atomic<bool> stop{false};
  try {
    (void)evaluate_slide(request, stop);
    FAIL() << "accepted";
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), HasSubstr("no other.cells.csv beside it"));
  }
}

TEST(Evaluate, TheBloodModelsEvidenceLiesInTheCell) {
  CYTOCAPE_NEEDS_DATA("cells/pbc");
  const auto classifier = Classifier::load(resolve_model("pb"), {.device = "cpu"});
  const auto& card = classifier->card();
  const auto list = fs::path(CYTOCAPE_SOURCE_DIR) / "configs/models/pb.validation.txt";
  std::vector<LabelledFile> files;
  for (const auto& folder : list_labelled_folder(testing::data_folder() / "cells/pbc", list))
    for (const auto& path : folder.files)
      files.push_back({.path = path,
                       .name = folder.name + "/" + path.filename().string(),
                       .data_class = 0,
                       .label = 0});
  const EvaluateProgress silent;
  const std::atomic<bool> stop{false};
  const ImageRun run{
      .classifier = *classifier,
      .scale = {.crop_px = static_cast<int>(std::lround(card.mpp * card.input_px / 0.1)),
                .input_px = card.input_px,
                .mpp = card.mpp,
                .image_mpp = 0.1},
      .batch = 32,
      .threads = 2,
      .progress = silent,
      .stop = stop};
  const auto moved = move_images(run, files);
  const auto& cape = moved.by_kind[static_cast<std::size_t>(MapKind::cape)];
  EXPECT_GE(cape.inside, 2 * cape.reflected);
  EXPECT_GE(*cape.follows.share, 0.95);
}

}  // namespace
}  // namespace cytocape
