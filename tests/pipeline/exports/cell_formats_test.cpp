/// The formats that are text with a row or feature for each cell.

#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "tests/pipeline/exports/export_folder.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using testing::text_of;

class CellFormats : public testing::ExportFolder {
 protected:
  /// The file of the only slide.
  [[nodiscard]] std::string text(const std::string& format) const {
    return text_of(exported(format).slides.front().file);
  }
  [[nodiscard]] json geojson() const { return json::parse(text("geojson")); }
};

TEST_F(CellFormats, GeojsonHasADetectionForEachLocatedCell) {
  add("PB_17", ok("PB_17"));
  const auto all = geojson();
  EXPECT_EQ(all["type"], "FeatureCollection");
  ASSERT_EQ(all["features"].size(), 10U);
  const auto& second = all["features"][1];
  EXPECT_EQ(second["type"], "Feature");
  EXPECT_EQ(second["properties"]["objectType"], "detection");
  EXPECT_EQ(second["properties"]["name"], "1");
  EXPECT_EQ(second["geometry"]["coordinates"],
            json::parse("[[[140,65],[181,65],[181,96],[140,96],[140,65]]]"));
  EXPECT_EQ(second["properties"]["classification"]["name"], "lymphocyte");
  EXPECT_EQ(second["properties"]["classification"]["color"].size(), 3U);
  const auto& measured = second["properties"]["measurements"];
  EXPECT_EQ(measured["probability lymphocyte"], 0.5);
  EXPECT_EQ(measured["probability smudge cell"], 0.25);
  EXPECT_EQ(measured["strangeness"], 0.0625);
  EXPECT_EQ(measured["nucleus area um^2"], 41);
}

TEST_F(CellFormats, GeojsonSaysWhyACellIsNotCountedAndLeavesAbsentNumbersOut) {
  add("PB_17", ok("PB_17"));
  const auto all = geojson();
  const auto& border = all["features"][3]["properties"];
  EXPECT_EQ(border["classification"]["name"], "not counted: border");
  EXPECT_FALSE(border["measurements"].contains("strangeness"));
  EXPECT_FALSE(border["measurements"].contains("probability monocyte"));
  const auto& unidentified = all["features"][7]["properties"];
  EXPECT_EQ(unidentified["classification"]["name"], "not counted: unidentified");
  EXPECT_EQ(unidentified["measurements"]["probability lymphocyte"], 0.5);
  EXPECT_EQ(all["features"][9]["properties"]["classification"]["name"], "not counted: failed");
}

TEST_F(CellFormats, IdsOfCellsAreUuidsOfTheSlideItsModelAndSettings) {
  add("PB_17", ok("PB_17"));
  const auto ids = [&] {
    std::set<std::string> found;
    const auto all = geojson();
    for (const auto& feature : all["features"]) found.insert(feature["id"]);
    fs::remove_all(out());
    return found;
  };
  const auto first = ids();
  EXPECT_EQ(first.size(), 10U);
  const std::regex uuid("[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  for (const auto& id : first) EXPECT_TRUE(std::regex_match(id, uuid)) << id;
  EXPECT_EQ(ids(), first);
  auto example = ok("PB_17");
  example.report.model.sha256 = std::string(64, 'd');
  add("PB_17", example);
  EXPECT_NE(ids(), first);
}

TEST_F(CellFormats, GeojsonTellsWhatItIsOf) {
  add("PB_17", named("PB_17"));
  const auto about = geojson()["cytocape"];
  EXPECT_EQ(about["research_use"], kResearchUse);
  EXPECT_EQ(about["slide"], "PB_17");
  EXPECT_EQ(about["status"], "incomplete: 1 of 6 blocks failed");
  EXPECT_EQ(about["model"], "example");
  EXPECT_TRUE(about["withheld"].is_null());
}

TEST_F(CellFormats, NamesOfAnyKindAreTextInGeojson) {
  auto example = ok("PB_17");
  example.report.case_id = example.report.assessment.id = "\"Ö'\n<b>\xff";
  example.report.model.classes = {"a\"b\\c\nd", "a\"b\\c d", "x: \u202ey"};
  for (std::size_t i = 0; i < 3; ++i)
    example.report.differential[i].name = example.report.model.classes[i];
  add("PB_17", example);
  const auto all = geojson();
  EXPECT_EQ(all["cytocape"]["case"], "\"Ö'\n<b>\ufffd");
  const auto name = [&](std::size_t cell) {
    return all["features"][cell]["properties"]["classification"]["name"].get<std::string>();
  };
  EXPECT_EQ(name(0), "a\"b\\c d");
  EXPECT_EQ(name(1), "a\"b\\c d_2") << "of two classes of one name";
  EXPECT_EQ(name(2), "x  \ufffdy") << "QuPath would part it at the colon";
  EXPECT_EQ(all["features"][0]["properties"]["measurements"]["probability a\"b\\c d_2"], 0.25);
}

TEST_F(CellFormats, ACellWithoutAreaIsAPointInGeojson) {
  auto example = ok("PB_17");
  example.cells[0].box = {100, 50, 0, 0};
  add("PB_17", example);
  EXPECT_EQ(geojson()["features"][0]["geometry"],
            json::parse(R"({"type":"Point","coordinates":[100.5,50.25]})"));
}

TEST_F(CellFormats, WithheldClassesAreNotInGeojson) {
  add("strange", withheld("strange"));
  const auto all = text("geojson");
  EXPECT_THAT(
      all, Not(AnyOf(HasSubstr("monocyte"), HasSubstr("lymphocyte"), HasSubstr("\"probability"))));
  const auto parsed = json::parse(all);
  EXPECT_EQ(parsed["features"].size(), 10U);
  EXPECT_FALSE(parsed["features"][0]["properties"].contains("classification"));
  EXPECT_TRUE(parsed["features"][0]["properties"]["measurements"].contains("strangeness"));
  EXPECT_THAT(parsed["cytocape"]["withheld"].get<std::string>(), HasSubstr("would mislead"));
}

TEST_F(CellFormats, GeojsonOfASlideWithoutCellsIsAnEmptyCollection) {
  add("few", without_cells("few"));
  EXPECT_EQ(geojson()["features"], json::array());
}

TEST_F(CellFormats, CompressedTextIsGzipOfTheSameBytes) {
  add("PB_17", ok("PB_17"));
  const auto plain = text("geojson");
  auto wanted = request("geojson");
  wanted.compressed = true;
  const auto file = export_slides(wanted, [](const SlideExport&) {}).slides[0].file;
  EXPECT_EQ(file.filename(), "PB_17.geojson.gz");
  const auto command = "gzip -dc '" + file.string() + "' > '" + file.string() + ".plain'";
  ASSERT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(text_of(file.string() + ".plain"), plain);
}

TEST_F(CellFormats, CsvHasTheRowsOfTheFoldersTable) {
  add("PB_17", ok("PB_17"));
  const auto table = text("csv");
  EXPECT_THAT(table, AllOf(StartsWith("slide,case,cell,x,y,nucleus_um2,outcome,reason,class,"
                                      "probability,strangeness,model,folder\n"),
                           HasSubstr("PB_17,case 17,1,160.5,80.2,41.0,classified,,lymphocyte,0.5"),
                           HasSubstr(",excluded,border,,,,example,\n")));
}

TEST_F(CellFormats, WithheldClassesAreNotInCsv) {
  add("strange", withheld("strange"));
  EXPECT_THAT(text("csv"), AllOf(HasSubstr("strange,case 17,0,100.5,50.2,40.0,classified,,,,"),
                                 Not(HasSubstr("monocyte")), Not(HasSubstr("lymphocyte"))));
}

TEST_F(CellFormats, WsinferHasTheBoxAndSharesOfCellsThatTheNetworkSaw) {
  add("PB_17", ok("PB_17"));
  const auto table = text("wsinfer");
  EXPECT_THAT(table, AllOf(StartsWith("minx,miny,width,height,prob_monocyte,prob_lymphocyte,"
                                      "prob_smudge_cell\n"),
                           HasSubstr("\n140,65,41,31,0.25,0.5,0.25\n")));
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 1 + 8);
}

TEST_F(CellFormats, WithheldClassesAreNotInTiatoolbox) {
  add("strange", withheld("strange"));
  EXPECT_THAT(text("tiatoolbox"), AllOf(HasSubstr("would mislead"), HasSubstr("strangeness"),
                                        Not(HasSubstr("monocyte")), Not(HasSubstr("prob_"))));
}

}  // namespace
}  // namespace cytocape
