#include "pipeline/night/comparison.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "io/errors.hpp"
#include "pipeline/night/manifest.hpp"
#include "tests/io/example_report.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using testing::TempDir;

std::string bytes_of(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

CohortRow slide(const std::string& id, double monocytes, const std::string& specimen = "pb") {
  CohortRow row;
  row.id = id;
  row.case_id = "case of " + id;
  row.slide = "/slides/" + id + ".tif";
  row.specimen = specimen;
  row.sums = {{.code = "monocytes",
               .label = "Monocytes",
               .count = 1,
               .fraction = monocytes / 100,
               .wilson95 = Interval{monocytes / 200, monocytes / 50},
               .absolute = {}},
              {.code = "blast_equivalents",
               .label = "Blasts and equivalents",
               .count = 0,
               .fraction = 0.0,
               .wilson95 = {},
               .absolute = {}}};
  return row;
}

class ReferenceTable : public ::testing::Test {
 protected:
  [[nodiscard]] fs::path table(const std::string& text) const {
    std::ofstream(folder_ / "counts.csv", std::ios::binary) << text;
    return folder_ / "counts.csv";
  }
  [[nodiscard]] Comparison compared(const Cohort& cohort, const std::string& text) const {
    return compare(cohort, read_reference_counts(table(text)));
  }
  /// What is said of a table that is refused.
  [[nodiscard]] std::string refused(const Cohort& cohort, const std::string& text) const {
    try {
      (void)compared(cohort, text);
    } catch (const ConfigError& error) {
      return error.what();
    }
    return "";
  }
  TempDir folder_;
};

TEST_F(ReferenceTable, NamesItsSlidesByIdPathOrCase) {
  const Cohort cohort{.rows = {slide("a", 12), slide("b", 20), slide("c", 30)}};
  const auto found = compared(cohort,
                              "id,slide,case,Reference_Monocytes\n"
                              "a,,,10\n,/slides/b.tif,,21\n,,case of c,33\n");
  ASSERT_THAT(found.measures, SizeIs(1));
  const auto& slides = found.measures[0].slides;
  ASSERT_THAT(slides, SizeIs(3));
  EXPECT_EQ(slides[1].id, "b");
  EXPECT_NEAR(slides[1].percent.reference, 21, 1e-9);
  EXPECT_NEAR(slides[1].percent.measured, 20, 1e-9);
  EXPECT_THAT(found.left_out, SizeIs(0));
  EXPECT_EQ(found.slides, 3U);
}

TEST_F(ReferenceTable, TakesBloodAndMarrowApart) {
  const Cohort cohort{.rows = {slide("a", 12, "bm"), slide("b", 20)}};
  const auto found = compared(cohort, "id,reference_monocytes\na,10\nb,21\n");
  ASSERT_THAT(found.measures, SizeIs(2));
  EXPECT_EQ(found.measures[0].specimen, "pb");
  EXPECT_EQ(found.measures[1].specimen, "bm");
  EXPECT_THAT(found.measures[1].limits, SizeIs(0)) << "no criterion asks for marrow monocytes";
}

TEST_F(ReferenceTable, SortsSlidesIntoTheCategoriesOfTheCriteria) {
  const Cohort cohort{.rows = {slide("a", 9.9), slide("b", 10), slide("c", 30)}};
  const auto found = compared(cohort, "id,reference_monocytes\na,10\nb,9.99\nc,33\n");
  EXPECT_THAT(found.measures.at(0).categories, ElementsAre(ElementsAre(0, 1), ElementsAre(1, 1)));
  EXPECT_THAT(category_labels({5, 20}),
              ElementsAre("below 5 %", "5 to below 20 %", "20 % and more"));
}

TEST_F(ReferenceTable, ComparesNoSlideWhoseNumbersDoNotCount) {
  Cohort cohort{.rows = {slide("a", 12), slide("b", 20), slide("c", 30), slide("d", 40)}};
  cohort.rows[1].state = CohortState::insufficient;
  cohort.rows[1].reason = "57 of 200 cells";
  cohort.rows[2].withheld = "the cells are strange to the model";
  cohort.rows[2].sums.clear();
  const auto found = compared(cohort, "id,reference_monocytes\na,10\nb,21\nc,30\nnight 7,5\n");
  ASSERT_THAT(found.measures.at(0).slides, SizeIs(1));
  ASSERT_THAT(found.left_out, SizeIs(3));
  EXPECT_EQ(found.left_out[0].reason, "insufficient: 57 of 200 cells");
  EXPECT_THAT(found.left_out[1].reason, HasSubstr("strange to the model"));
  EXPECT_EQ(found.left_out[2].name, "night 7");
  EXPECT_EQ(found.without_reference, 1U) << "d";
}

TEST_F(ReferenceTable, IsRefusedWithTheRowAndTheRemedy) {
  const Cohort cohort{.rows = {slide("a", 12), slide("b", 20)}};
  EXPECT_THAT(refused(cohort, "id,reference_monocytes\na,120\nb,5;5\n"),
              ::testing::AllOf(HasSubstr("row 2: reference_monocytes \"120\""), HasSubstr("row 3"),
                               HasSubstr("percentage from 0 to 100")));
  EXPECT_THAT(refused(cohort, "id,monocytes\na,12\n"), HasSubstr("reference_monocytes"));
  EXPECT_THAT(refused(cohort, "name,reference_monocytes\na,12\n"), HasSubstr("slide, id or case"));
  EXPECT_THAT(refused(cohort, "id,reference_monocites\na,12\n"),
              HasSubstr("expected reference_ and one of blast_equivalents, monocytes"));
  EXPECT_THAT(refused(cohort, "id,reference_monocytes\na,12\na,13\n"),
              HasSubstr("row 3: counts slide \"a\", as row 2 does"));
  EXPECT_THAT(refused(cohort, "id,reference_monocytes\na,\n"), HasSubstr("no reference count"));
  Cohort twice = cohort;
  twice.rows[1].case_id = twice.rows[0].case_id;
  EXPECT_THAT(refused(twice, "case,reference_monocytes\ncase of a,12\n"),
              HasSubstr("may mean 2 slides; name one by a column id"));
}

TEST_F(ReferenceTable, MayBeTheManifest) {
  const auto path = table("slide,reference_monocytes,REFERENCE_lymphocyte\na.tif,12,30\n");
  EXPECT_THAT(read_manifest(path), SizeIs(1));
  EXPECT_TRUE(has_reference_counts(path));
  EXPECT_THROW((void)read_manifest(table("slide,referenced_by\na.tif,12\n")), ConfigError);
}

TEST_F(ReferenceTable, BecomesTablesAndAPageOfItsOwn) {
  Cohort cohort;
  std::string text = "id,reference_monocytes\n";
  for (int i = 0; i < 12; ++i) {
    cohort.rows.push_back(slide("s" + std::to_string(i), 5.0 + 2 * i));
    text += fmt::format("s{},{}\n", i, 4.5 + 2 * i + i % 3);
  }
  cohort.rows[3].id = "a<b";
  text.replace(text.find("s3,"), 2, "a<b");
  const auto found = compared(cohort, text);
  std::string pairs, figures, page;
  write_comparison_csv(found, [&](std::string_view more) { pairs += more; });
  write_statistics_csv(found, [&](std::string_view more) { figures += more; });
  write_comparison_page(found, [&](std::string_view more) { page += more; });
  EXPECT_THAT(pairs,
              HasSubstr("pb,monocytes,s0,case of s0,4.5,5,2.5,10,0.5,below 10 %,below 10 %\n"));
  EXPECT_THAT(figures, HasSubstr("pb,monocytes,bias,-0.5,"));
  EXPECT_THAT(figures, HasSubstr("pb,monocytes,passing_bablok_slope,"));
  EXPECT_THAT(figures, HasSubstr("pb,monocytes,cohen_kappa,"));
  EXPECT_THAT(page, HasSubstr("Monocytes, blood"));
  EXPECT_THAT(page, HasSubstr("12 slides: a comparison of methods asks for 40"));
  EXPECT_THAT(page, HasSubstr("a&lt;b: reference"));
  for (const auto* place : {"\"nan", "Mnan", "Lnan", " nan"})
    EXPECT_EQ(page.find(place), std::string::npos) << place;
}

TEST_F(ReferenceTable, IsComparedAfterTheOtherTablesAreThere) {
  const auto out = folder_ / "out";
  fs::create_directories(out / "PB_17");
  testing::write_example(out / "PB_17/report.h5", testing::example_record());
  const auto counts = table("id,reference_monocytes\nPB_17,50\n");
  const auto done = collect({.folders = {out}, .into = out, .reference = counts});
  EXPECT_TRUE(done.compared.has_value());
  EXPECT_THAT(bytes_of(out / "comparison.html"), HasSubstr("counts.csv"));
  fs::remove(out / "cohort.csv");
  EXPECT_THROW(
      (void)collect(
          {.folders = {out}, .into = out, .reference = table("id,reference_x\nPB_17,5\n")}),
      ConfigError);
  EXPECT_TRUE(fs::exists(out / "cohort.csv"));
  EXPECT_FALSE(fs::exists(out / "comparison.html")) << "it was of the tables before";
}

TEST_F(ReferenceTable, LeavesNoComparisonOfReportsThatChanged) {
  const auto out = folder_ / "out";
  fs::create_directories(out / "PB_17");
  testing::write_example(out / "PB_17/report.h5", testing::example_record());
  const auto counts = table("id,reference_monocytes\nPB_17,50\n");
  (void)collect({.folders = {out}, .into = out, .reference = counts});
  EXPECT_TRUE(collect({.folders = {out}, .into = out}).comparison_removed);
  EXPECT_FALSE(fs::exists(out / "comparison.csv"));
  EXPECT_FALSE(collect({.folders = {out}, .into = out}).comparison_removed);
}

}  // namespace
}  // namespace cytocape
