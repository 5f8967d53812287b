/// `explain` end to end, with a model whose answer is known by hand.

#include "pipeline/explain/explain.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <regex>

#include "io/errors.hpp"
#include "io/image_codec.hpp"
#include "io/report.hpp"
#include "models/data/augment.hpp"
#include "pipeline/explain/explain_image.hpp"
#include "pipeline/explain/picture.hpp"
#include "pipeline/program/exit_code.hpp"
#include "tests/pipeline/flat_model.hpp"
#include "tests/pipeline/toned_model.hpp"
#include "tests/support/file_text.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/tiling/smear.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::TempDir;
using testing::text_of;

constexpr const char* kEvil = "<script>alert(1)</script>&\"'";

std::size_t times(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

/// A model of three classes with p = 0.6, 0.3, 0.1 everywhere, and one cell's picture.
class Explain : public ::testing::Test {
 protected:
  void SetUp() override {
    write_model({"monocyte", "promonocyte", kEvil});
    cell("cell.png");
  }

  void write_model(std::vector<std::string> classes, double unidentified_below = 0,
                   double strange_above = 1e9) {
    testing::write_flat_model({.classes = std::move(classes),
                               .cape = {std::log(6.0F), std::log(3.0F), 0},
                               .ordinary = {2, 1, -1},
                               .unidentified_below = unidentified_below,
                               .strange_above = strange_above},
                              folder_ / "flat.safetensors");
  }

  /// All files of a finished explanation.
  [[nodiscard]] std::map<std::string, std::string> written() const {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::directory_iterator(folder_ / "out"))
      files[entry.path().filename().string()] = text_of(entry.path());
    return files;
  }

  /// 26.5 x 26.4 um at 0.25 um a pixel unless made smaller.
  fs::path cell(const std::string& name, int width = 106, int height = 110) {
    fs::create_directories((folder_ / name).parent_path());
    const auto picture = testing::smear(width, height,
                                        {{0.5 * width, 0.5 * height, 26, testing::kCytoplasm},
                                         {0.5 * width, 0.5 * height, 20, testing::kNucleus}});
    write_png(picture, folder_ / name);
    return folder_ / name;
  }

  [[nodiscard]] ExplainRequest request(std::vector<fs::path> images = {}) const {
    ExplainRequest made;
    made.model = folder_ / "flat.safetensors";
    made.images = images.empty() ? std::vector{folder_ / "cell.png"} : std::move(images);
    made.mpp = 0.25;
    made.classifier = {.device = "cpu", .precision = Precision::float32};
    made.threads = 2;
    made.out = folder_ / "out";
    made.command = "test";
    return made;
  }

  static ExplainOutcome run(const ExplainRequest& request) {
    const std::atomic<bool> stop{false};
    return explain(request, stop);
  }

  static void expect_refused(const ExplainRequest& request, const std::string& message) {
    try {
      (void)run(request);
      FAIL() << "explained";
    } catch (const ConfigError& error) {
      EXPECT_THAT(error.what(), HasSubstr(message));
    }
    EXPECT_FALSE(fs::exists(request.out / "explanation.html"));
  }

  TempDir folder_;
};

TEST_F(Explain, GivesTheProbabilitiesThatTheHeadsHave) {
  const auto outcome = run(request());
  const auto& cell = outcome.images.at(0).cell;
  EXPECT_NEAR(cell.probability[0], 0.6, 1e-6);
  EXPECT_NEAR(cell.probability[1], 0.3, 1e-6);
  EXPECT_NEAR(cell.probability[2], 0.1, 1e-6);
  const double sum = std::exp(2) + std::exp(1) + std::exp(-1);
  EXPECT_NEAR(cell.ordinary[0], std::exp(2) / sum, 1e-6);
  EXPECT_NEAR(cell.scale_max, 0.6 / 64, 1e-8);
  EXPECT_NEAR(cell.cam[0][13], 2, 1e-6);
  EXPECT_EQ(cell.cam[2][13], 0);
  // A + W: log 6 and the mean of log 6, log 3 and 0.
  EXPECT_NEAR(cell.mu_cape[0][13], std::log(6.0) + std::log(18.0) / 3, 1e-6);
  EXPECT_EQ(outcome.exit_code(), kExitOk);
}

TEST_F(Explain, SharesByRegionFollowTheCellsArea) {
  const auto outcome = run(request());
  const auto& image = outcome.images.at(0);
  ASSERT_TRUE(image.nucleus_found);
  // Every position holds the same, so a region's share is its share of the crop.
  const double nucleus = 3.1416 * 20 * 20 / (106.0 * 106.0);
  EXPECT_NEAR(image.cell.region_share[0][0] / 0.6, nucleus, 0.2 * nucleus);
  for (std::size_t c = 0; c < 3; ++c) {
    const auto& row = image.cell.region_share[c];
    EXPECT_NEAR(row[0] + row[1] + row[2], image.cell.probability[c], 1e-9);
  }
}

TEST_F(Explain, JsonHoldsMapsThatSumToTheProbabilities) {
  const auto outcome = run(request());
  const auto json = nlohmann::json::parse(text_of(outcome.json));
  EXPECT_EQ(json["research_use"], kResearchUse);
  const auto& image = json["images"][0];
  for (const char* name : {"monocyte", "promonocyte", kEvil}) {
    double sum = 0;
    for (const auto& row : image["cape"][name])
      for (const auto& value : row) sum += value.get<double>();
    EXPECT_NEAR(sum, image["probability"][name].get<double>(), 1e-9);
    const auto& region = image["region_shares"][name];
    EXPECT_NEAR(region["nucleus"].get<double>() + region["cytoplasm"].get<double>() +
                    region["outside"].get<double>(),
                sum, 1e-9);
  }
  EXPECT_EQ(image["difference"]["of"], "monocyte");
  EXPECT_EQ(json["model"]["sha256"].get<std::string>().size(), 64U);
}

TEST_F(Explain, EveryPictureIsAPngOfPanelAndCaption) {
  const auto outcome = run(request());
  const auto names = nlohmann::json::parse(text_of(outcome.json))["images"][0]["pictures"];
  ASSERT_EQ(names.size(), 1U + 3 + 3 + 3 + 1);
  EXPECT_EQ(names[0], "cell.cell.png");
  EXPECT_EQ(names[1], "cell.cape.monocyte.png");
  EXPECT_EQ(names[7], "cell.mu-cape.monocyte.png");
  EXPECT_EQ(names[10], "cell.difference.monocyte-promonocyte.png");
  for (const auto& name : names) {
    const auto path = folder_ / "out" / name.get<std::string>();
    EXPECT_EQ(read_image_header(path).loader, "png");
    const auto picture = read_image(path);
    EXPECT_EQ(picture.width(), kPanelPx) << path;
    EXPECT_EQ(picture.height(), kPanelPx + kCaptionPx) << path;
  }
}

/// A scale of each class's own would show 60 % and 30 % alike.
TEST_F(Explain, AllClassesAreDrawnOnOneScale) {
  (void)run(request());
  const auto top = read_image(folder_ / "out/cell.cape.monocyte.png").at(3, 3);
  const auto next = read_image(folder_ / "out/cell.cape.promonocyte.png").at(3, 3);
  // Glass is nearly white, so the colours are nearly the scale's: its end and its middle.
  EXPECT_LT(top.g, 30);
  EXPECT_NEAR(next.g, 135, 12);
}

TEST_F(Explain, PageSaysWhatAReaderNeeds) {
  const auto page = text_of(run(request()).page);
  for (const std::string part :
       {"monocyte 60.0&nbsp;%", "Why monocyte and not promonocyte",
        "The ordinary head says monocyte", "0.94 % per patch", "One scale for all classes",
        "own scale", "A patch is 3.3 \u00d7 3.3 \u00b5m", "not calibrated", "model SHA-256",
        "it has never seen a real cell", "flat.safetensors", "8 \u00d7 8",
        "0.25 \u00b5m, from the user", "specimen pb", "+30.0 points"})
    EXPECT_THAT(page, HasSubstr(part));
  EXPECT_EQ(times(page, std::string("<p class=\"research\">") + kResearchUse), 2U);
  EXPECT_THAT(page, Not(HasSubstr("mirrored at its edges")));
  EXPECT_THAT(page, Not(HasSubstr("{{")));
}

TEST_F(Explain, PageNeedsNothingFromOutside) {
  const auto page = text_of(run(request()).page);
  EXPECT_THAT(page, Not(HasSubstr("http")));
  EXPECT_THAT(page, Not(HasSubstr("<link")));
  EXPECT_FALSE(std::regex_search(page, std::regex("(src=\"|url\\()(?!data:image/)")));
  EXPECT_EQ(times(page, "<img "), times(page, "<img alt=\""));
}

TEST_F(Explain, NamesFromOutsideAreEscaped) {
  // No '/' can be in a file name.
  auto made = request({cell("<script>alert(1)<&>.png")});
  made.command = made.compare.emplace_back(kEvil);
  made.compare.emplace_back("monocyte");
  const auto outcome = run(made);
  const auto page = text_of(outcome.page);
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)&lt;&amp;&gt;.png"));
  EXPECT_GE(times(page, "&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&apos;"), 8U);
  EXPECT_TRUE(fs::exists(folder_ / "out/_script_alert_1____.cell.png"));
}

TEST_F(Explain, NumbersOfThePatchesAddUpAsPrinted) {
  const auto page = text_of(run(request()).page);
  const auto from = page.find("<table class=\"grid\"");
  ASSERT_NE(from, std::string::npos);
  const auto table = page.substr(from, page.find("</table>", from) - from);
  const std::regex number("<td[^>]*>([0-9.]+)</td>");
  double sum = 0;
  int count = 0;
  for (std::sregex_iterator it(table.begin(), table.end(), number), end; it != end; ++it, ++count)
    sum += std::stod((*it)[1]);
  EXPECT_EQ(count, 64);
  EXPECT_NEAR(sum, 60.0, 1e-9);
}

TEST_F(Explain, SameNamesInTwoFoldersKeepTheirOwnPictures) {
  const auto outcome = run(request({cell("a/x.png"), cell("b/x.png", 90), cell("x-2.png")}));
  EXPECT_EQ(outcome.images[0].name, "x");
  EXPECT_EQ(outcome.images[1].name, "x-2");
  EXPECT_EQ(outcome.images[2].name, "x-2-2");
  for (const auto& image : outcome.images)
    EXPECT_TRUE(fs::exists(folder_ / "out" / (image.name + ".cape.monocyte.png")));
}

TEST_F(Explain, UnreadableImageIsNamedAndTheOthersAreExplained) {
  std::ofstream(folder_ / "junk.png") << "no picture";
  const auto outcome =
      run(request({folder_ / "junk.png", folder_ / "cell.png", folder_ / "absent.png"}));
  EXPECT_EQ(outcome.exit_code(), kExitFailed);
  EXPECT_EQ(outcome.failed(), 2U);
  EXPECT_TRUE(outcome.images[1].failure.empty());
  const auto page = text_of(outcome.page);
  EXPECT_THAT(page, HasSubstr("2 of 3 images could not be explained"));
  EXPECT_THAT(page, HasSubstr("junk.png: is of an unknown format"));
  EXPECT_THAT(page, HasSubstr("absent.png: cannot be read"));
  const auto json = nlohmann::json::parse(text_of(outcome.json));
  EXPECT_EQ(json["images"][0]["status"], "failed");
  EXPECT_EQ(json["images"][1]["called"], "monocyte");
}

TEST_F(Explain, MirroredSurroundingsAreStated) {
  // 80 of 106 pixels wide: 1 - 80/106 of the crop is mirrored.
  const auto outcome = run(request({cell("small.png", 80)}));
  EXPECT_NEAR(outcome.images[0].crop.mirrored, 1 - 80.0 / 106, 1e-9);
  EXPECT_THAT(text_of(outcome.page), HasSubstr("24.5 % of what the network saw"));
}

TEST_F(Explain, TheMiddleIsCutAsValidationCutsIt) {
  const auto crop = run(request({cell("odd.png", 121, 131)})).images[0].crop;
  EXPECT_EQ(crop.left, crop_begin(121, 106));
  EXPECT_EQ(crop.top, crop_begin(131, 106));
}

TEST_F(Explain, CropLiesAroundThePointThatWasGiven) {
  auto made = request({cell("wide.png", 300, 200)});
  made.at = ImagePoint{200.5, 60};
  const auto crop = run(made).images[0].crop;
  EXPECT_EQ(crop.edge, 106);  // 0.20625 um * 128 / 0.25 um, rounded
  EXPECT_EQ(crop.left, 147);  // 200.5 - 53, rounded down
  EXPECT_EQ(crop.top, 7);
  EXPECT_EQ(crop.mirrored, 0);
}

TEST_F(Explain, ResultDoesNotDependOnThreads) {
  auto made = request({cell("a/x.png"), cell("b/x.png", 90), folder_ / "cell.png"});
  made.threads = 1;
  const auto one = explanation_summary_json(run(made));
  made.threads = 3;
  made.overwrite = true;
  EXPECT_EQ(explanation_summary_json(run(made)), one);
}

TEST_F(Explain, FewImagesAreNotMappedAndThePageSaysSo) {
  (void)testing::write_toned_model(folder_ / "flat.safetensors");
  auto few = request({cell("a.png"), cell("b.png")});
  few.appearance = AppearanceMap::lab;
  const auto outcome = run(few);
  EXPECT_EQ(outcome.appearance.outcome, AppearanceOutcome::too_few_cells);
  EXPECT_EQ(outcome.appearance.cells, 2U);
  EXPECT_THAT(text_of(outcome.page), HasSubstr("measured on 2 cells, and at least 50"));
  const auto json = nlohmann::json::parse(text_of(outcome.json));
  EXPECT_EQ(json["appearance"]["outcome"], "too few cells");
}

TEST_F(Explain, ColoursOfManyImagesAreMeasuredTogether) {
  (void)testing::write_toned_model(folder_ / "flat.safetensors");
  auto many = request(std::vector<fs::path>(50, folder_ / "cell.png"));
  many.images.push_back(folder_ / "absent.png");
  many.appearance = AppearanceMap::lab;
  const std::atomic<bool> stop{true};  // 50 pictures take a minute
  const auto outcome = explain(many, stop);
  EXPECT_EQ(outcome.appearance.outcome, AppearanceOutcome::applied);
  EXPECT_EQ(outcome.appearance.cells, 50U) << "one is absent";
}

TEST_F(Explain, TheNetworkAloneSeesTheMappedColours) {
  (void)testing::write_toned_model(folder_ / "flat.safetensors");
  const auto plain = run(request());
  const auto classifier = Classifier::load(
      folder_ / "flat.safetensors", {.device = "cpu", .precision = Precision::float32, .batch = 1});
  const LabMap map({.mean = {80, 5, 0}, .deviation = {15, 10, 10}}, testing::kToned.lab);
  const auto& crop = plain.images.at(0).crop;
  const ImageTask task{.classifier = *classifier,
                       .crop_px = crop.edge,
                       .mpp = plain.mpp,
                       .at = {},
                       .choice = {.top = 3, .compared = {}},
                       .out = folder_.path(),
                       .map = &map};
  ExplainedImage mapped;
  mapped.path = folder_ / "cell.png";
  mapped.name = "mapped";
  (void)explain_image(task, plain.model, mapped);
  EXPECT_EQ(mapped.failure, "");
  EXPECT_NE(mapped.cell.probability, plain.images.at(0).cell.probability);
  EXPECT_EQ(mapped.pictures.cell.jpeg, plain.images.at(0).pictures.cell.jpeg);
}

double sum_of(const nlohmann::json& rows) {
  double sum = 0;
  for (const auto& row : rows)
    for (const auto& value : row) sum += value.get<double>();
  return sum;
}

TEST_F(Explain, ACalibratedModelsLearnedMapAndProbabilityStandBesideTheCalibratedOnes) {
  fs::copy_file(fs::path(CYTOCAPE_SOURCE_DIR) / "configs/models/demo.safetensors",
                folder_ / "flat.safetensors", fs::copy_options::overwrite_existing);
  const auto outcome = run(request());
  const auto image = nlohmann::json::parse(text_of(outcome.json))["images"][0];
  EXPECT_EQ(image["map"], "calibrated");
  const auto called = image["called"].get<std::string>();
  const double p = image["probability"][called];
  const double learned = image["learned_probability"][called];
  EXPECT_GT(std::abs(p - learned), 1e-3);
  EXPECT_NEAR(sum_of(image["cape"][called]), p, 1e-9);
  EXPECT_NEAR(sum_of(image["cape_learned"][called]), learned, 1e-9);
  EXPECT_TRUE(image["map_figures"].contains("CAPE, learned"));
  EXPECT_THAT(text_of(outcome.page), HasSubstr("as learned it is"));
  EXPECT_THAT(text_of(folder_ / "out/maps.csv"), HasSubstr("\"CAPE, calibrated\""));
}

TEST_F(Explain, AnUncalibratedModelsMapIsCalledTheLearnedOneAndGivenOnce) {
  const auto outcome = run(request());
  const auto image = nlohmann::json::parse(text_of(outcome.json))["images"][0];
  EXPECT_EQ(image["map"], "learned");
  EXPECT_EQ(image["learned_probability"], image["probability"]);
  EXPECT_FALSE(image.contains("cape_learned"));
  EXPECT_EQ(times(text_of(folder_ / "out/maps.csv"), "\n"), 1U + 3);
}

TEST_F(Explain, JsonHasTheLogitMapsOfAllClassesAlsoOnTheAuthorsScale) {
  auto made = request();
  made.top = 1;
  made.compare = {"monocyte", "promonocyte"};
  const auto image = nlohmann::json::parse(text_of(run(made).json))["images"][0];
  for (const char* name : {"monocyte", "promonocyte", kEvil}) {
    EXPECT_NEAR(image["cam_by_positions"][name][2][3].get<double>(),
                image["cam_logits"][name][2][3].get<double>() / 64, 1e-12);
    EXPECT_EQ(image["mu_cape"][name].size(), 8U);
  }
}

TEST_F(Explain, ShiftedViewsGiveAFinerMapThatStillSumsToItsProbability) {
  fs::copy_file(fs::path(CYTOCAPE_SOURCE_DIR) / "configs/models/demo.safetensors",
                folder_ / "flat.safetensors", fs::copy_options::overwrite_existing);
  auto made = request();
  made.top = 1;
  made.shifts = 2;
  const auto outcome = run(made);
  const auto& cell = outcome.images.at(0).cell;
  EXPECT_EQ(cell.width, 2 * outcome.model.map_width);
  const auto map = cell.map_of(cell.shown.front());
  EXPECT_NEAR(std::accumulate(map.begin(), map.end(), 0.0),
              cell.probability[static_cast<std::size_t>(cell.shown.front())], 1e-9);
  // Neighbours of two views are no copies of each other, nor far from each other.
  EXPECT_NE(map[0], map[1]);
  EXPECT_THAT(text_of(outcome.page), HasSubstr("the mean of 4 views"));
  auto coarse = request();
  coarse.top = 1;
  coarse.overwrite = true;
  const auto plain = run(coarse);
  EXPECT_EQ(outcome.images.at(0).unshifted, plain.images.at(0).cell.probability);
}

TEST_F(Explain, FiguresBesideAFinerMapSayThatTheyAreOfTheCropsOwn) {
  auto made = request();
  made.top = 1;
  made.shifts = 2;
  const auto outcome = run(made);
  const auto positions = fmt::format("{}x{}", outcome.model.map_height, outcome.model.map_width);
  EXPECT_THAT(text_of(folder_ / "out/maps.csv"), HasSubstr("," + positions + "\n"));
  const auto image = nlohmann::json::parse(text_of(outcome.json))["images"][0];
  EXPECT_EQ(image["map_figures_positions"][1], outcome.model.map_width);
  EXPECT_EQ(static_cast<int>(image["cape"]["monocyte"][0].size()), 2 * outcome.model.map_width);
  EXPECT_THAT(text_of(outcome.page), HasSubstr("not of the finer map above"));
}

/// 106 pixels are the whole crop: views that are shifted reach a quarter of a patch over its edges.
TEST_F(Explain, WhatShiftedViewsSeeMirroredIsStated) {
  auto made = request({cell("fits.png", 106, 106)});
  made.top = 1;
  EXPECT_EQ(run(made).images[0].crop.mirrored, 0);
  made.shifts = 2;
  made.overwrite = true;
  const auto outcome = run(made);
  const double inside = 1 - 0.25 / outcome.model.map_width;
  EXPECT_NEAR(outcome.images[0].crop.mirrored, 1 - inside * inside, 1e-9);
  EXPECT_THAT(text_of(outcome.page), HasSubstr("of what the network saw is the image mirrored"));
}

TEST_F(Explain, CurvesStandOnThePageInTheTableAndInJson) {
  auto made = request();
  made.top = 1;
  made.curves = true;
  const auto outcome = run(made);
  const auto figures =
      nlohmann::json::parse(text_of(outcome.json))["images"][0]["map_figures"]["CAM"];
  EXPECT_NEAR(figures["insertion"].get<double>(),
              outcome.images[0].figures.front().curves->insertion, 1e-12);
  EXPECT_TRUE(figures.contains("iou_top_2"));
  EXPECT_THAT(text_of(outcome.page), HasSubstr(">ROAD</th>"));
}

TEST_F(Explain, OneScaleEndsAtTheLargestShareOfAllImages) {
  fs::copy_file(fs::path(CYTOCAPE_SOURCE_DIR) / "configs/models/demo.safetensors",
                folder_ / "flat.safetensors", fs::copy_options::overwrite_existing);
  auto made = request({folder_ / "cell.png", cell("small.png", 90, 90), folder_ / "absent.png"});
  made.top = 1;
  const auto own = run(made);
  ASSERT_NE(own.images[0].cell.scale_max, own.images[1].cell.scale_max);
  made.one_scale = made.overwrite = true;
  const auto shared = run(made);
  const double largest = std::max(own.images[0].cell.scale_max, own.images[1].cell.scale_max);
  EXPECT_EQ(shared.images[0].cell.scale_max, largest);
  EXPECT_EQ(shared.images[1].cell.scale_max, largest);
  ASSERT_NE(own.images[0].cell.difference_max, own.images[1].cell.difference_max);
  EXPECT_EQ(shared.images[0].cell.difference_max, shared.images[1].cell.difference_max);
  EXPECT_THAT(text_of(shared.page), HasSubstr("all images of this page"));
}

TEST_F(Explain, NumbersArePrintedOnThePicturesWhereTheyCanBeRead) {
  auto made = request();
  made.top = 1;
  (void)run(made);
  const auto plain = read_image(folder_ / "out/cell.cape.monocyte.png");
  made.numbers = made.overwrite = true;
  (void)run(made);
  const auto numbered = read_image(folder_ / "out/cell.cape.monocyte.png");
  int dark = 0;
  for (int y = 0; y < 64; ++y)
    for (int x = 0; x < 64; ++x) {
      const auto p = numbered.at(x, y);
      dark += p.r + p.g + p.b < 200 && !(plain.at(x, y) == p) ? 1 : 0;
    }
  EXPECT_GT(dark, 10) << "no digit on the first patch";
  made.shifts = 4;
  EXPECT_THROW((void)run(made), ConfigError);
}

TEST_F(Explain, EarlierExplanationIsKeptUnlessToldAndLeavesNoPictureBehind) {
  auto made = request();
  (void)run(made);
  EXPECT_THROW((void)run(made), ConfigError);
  made.overwrite = true;
  made.top = 1;
  made.compare = {"promonocyte", "monocyte"};
  (void)run(made);
  EXPECT_FALSE(fs::exists(folder_ / "out/cell.difference.monocyte-promonocyte.png"));
  EXPECT_TRUE(fs::exists(folder_ / "out/cell.difference.promonocyte-monocyte.png"));
}

TEST_F(Explain, AClassGoesByTheTaxonomysNameWhateverAliasTheModelHas) {
  write_model({"erythroblast", "monocyte", "promonocyte"});
  auto made = request();
  made.compare = {"erythroblast", "promonocyte"};
  const auto outcome = run(made);
  EXPECT_EQ(outcome.model.labels[0], "normoblast");
  const auto json = nlohmann::json::parse(text_of(outcome.json));
  EXPECT_EQ(json["images"][0]["called"], "normoblast");
  EXPECT_EQ(json["model"]["classes"][0], "normoblast");
  for (const auto& [name, content] : written()) EXPECT_THAT(name, Not(HasSubstr("erythroblast")));
  EXPECT_THAT(text_of(outcome.page), Not(HasSubstr("erythroblast")));
}

TEST_F(Explain, AnErrorLeavesTheEarlierExplanationWhole) {
  auto made = request();
  (void)run(made);
  const auto before = written();
  made.overwrite = true;
  made.at = ImagePoint{9000, 1};
  EXPECT_THROW((void)run(made), ConfigError);
  EXPECT_EQ(written(), before);
  made.at.reset();
  made.images = {folder_ / "absent.png"};
  const auto outcome = run(made);
  EXPECT_EQ(outcome.exit_code(), kExitFailed);
  EXPECT_TRUE(outcome.page.empty());
  EXPECT_EQ(written(), before);
}

TEST_F(Explain, ACellThatAnalyzeWouldExcludeIsSaidToBeUnidentified) {
  constexpr const char* kSentence = "below the model&apos;s threshold of 61.0 %";
  for (const bool unsure : {true, false}) {
    write_model({"monocyte", "promonocyte", kEvil}, unsure ? 0.61 : 0.59);
    auto made = request();
    made.overwrite = true;
    const auto outcome = run(made);
    const auto json = nlohmann::json::parse(text_of(outcome.json));
    EXPECT_EQ(json["images"][0]["called"], "monocyte");
    EXPECT_EQ(json["images"][0]["identified"], !unsure);
    EXPECT_EQ(times(text_of(outcome.page), "Unidentified: "), unsure ? 1U : 0U);
    EXPECT_EQ(times(text_of(outcome.page), kSentence), unsure ? 1U : 0U);
  }
}

TEST_F(Explain, AnImageThatIsStrangeToTheModelIsSaidToBe) {
  for (const bool is_strange : {true, false}) {
    write_model({"monocyte", "promonocyte", kEvil}, 0, is_strange ? 1e-9 : 1e9);
    auto made = request();
    made.overwrite = true;
    const auto outcome = run(made);
    const auto json = nlohmann::json::parse(text_of(outcome.json));
    EXPECT_EQ(json["images"][0]["strange"], is_strange);
    EXPECT_GT(json["images"][0]["strangeness"], 0.0);
    EXPECT_EQ(times(text_of(outcome.page), "Strange to this model"), is_strange ? 1U : 0U);
  }
}

TEST_F(Explain, AnImageOfLessThanHalfTheCropIsRefusedAndTheOthersAreExplained) {
  const auto outcome = run(request({cell("tiny.png", 52, 110), folder_ / "cell.png"}));
  EXPECT_EQ(outcome.exit_code(), kExitFailed);
  EXPECT_THAT(outcome.images[0].failure,
              HasSubstr("tiny.png is 52 x 110 px, less than half of the crop of 106 px"));
  EXPECT_TRUE(outcome.images[1].failure.empty());
}

TEST_F(Explain, InterruptedImagesAreSaidToBe) {
  const std::atomic<bool> stop{true};
  const auto outcome = explain(request(), stop);
  EXPECT_EQ(outcome.exit_code(), kExitInterrupted);
  EXPECT_THAT(text_of(outcome.page), HasSubstr("cell.png: not explained: interrupted"));
}

TEST_F(Explain, WrongRequestsAreRefusedWithTheRemedy) {
  auto made = request();
  made.compare = {"promonocite", "monocyte"};
  expect_refused(made, "did you mean promonocyte? (it has monocyte, promonocyte, <script>");
  made.compare = {"monocyte", "monocyte"};
  expect_refused(made, "two different classes");
  made = request();
  made.mpp = 0;
  expect_refused(made, "--mpp 0");
  made.mpp = 20;
  expect_refused(made, "would be 1.32 image pixels");
  made = request();
  made.at = ImagePoint{-1, 5};
  expect_refused(made, "--at -1,5: outside the image, which is 106 x 110 pixels");
  made = request({folder_ / "cell.png", folder_ / "cell.png"});
  made.at = ImagePoint{5, 5};
  expect_refused(made, "--at: applies to one image");
}

}  // namespace
}  // namespace cytocape
