#include "pipeline/exports/export_slides.hpp"

#include <gmock/gmock.h>

#include "io/errors.hpp"
#include "pipeline/exports/export_format.hpp"
#include "pipeline/program/exit_code.hpp"
#include "tests/pipeline/exports/export_folder.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::text_of;

class Export : public testing::ExportFolder {
 protected:
  [[nodiscard]] std::string refusal(const ExportRequest& wanted) const {
    try {
      (void)export_slides(wanted, [](const SlideExport&) {});
    } catch (const ConfigError& error) {
      return error.what();
    }
    return "";
  }
};

TEST_F(Export, EachSlideOfAFolderHasAFileOfItsId) {
  add("PB_17", ok("PB_17"));
  add("PB_18", ok("PB_18"));
  const auto outcome = exported("geojson");
  EXPECT_EQ(outcome.exit_code(), kExitOk);
  EXPECT_THAT(files(), ElementsAre("PB_17.geojson", "PB_18.geojson"));
  EXPECT_EQ(outcome.slides[0].cells, 10U);
}

TEST_F(Export, ARecordItsFolderAndTheFolderOfBothAreOneSlide) {
  const auto record = add("PB_17", ok("PB_17"));
  auto wanted = request("csv");
  wanted.given = {record, record.parent_path(), reports()};
  EXPECT_EQ(export_slides(wanted, [](const SlideExport&) {}).slides.size(), 1U);
}

TEST_F(Export, TheOnlySlideMayBeGivenAFile) {
  add("PB_17", ok("PB_17"));
  auto wanted = request("geojson");
  wanted.out = folder_ / "new/smear.geojson";
  EXPECT_EQ(export_slides(wanted, [](const SlideExport&) {}).slides[0].file, wanted.out);
  EXPECT_TRUE(fs::is_regular_file(wanted.out));
  add("PB_18", ok("PB_18"));
  wanted.overwrite = true;
  EXPECT_THAT(refusal(wanted), HasSubstr("is one file for 2 slides; name a folder"));
}

TEST_F(Export, AFileThatIsThereStaysUnlessItIsToBeReplaced) {
  add("PB_17", ok("PB_17"));
  add("PB_18", ok("PB_18"));
  fs::create_directories(out());
  std::ofstream(out() / "PB_18.csv") << "mine";
  EXPECT_THAT(refusal(request("csv")), AllOf(HasSubstr("PB_18.csv"), HasSubstr("--overwrite")));
  EXPECT_THAT(files(), ElementsAre("PB_18.csv")) << "nothing was started";
  EXPECT_EQ(text_of(out() / "PB_18.csv"), "mine");
  auto wanted = request("csv");
  wanted.overwrite = true;
  (void)export_slides(wanted, [](const SlideExport&) {});
  EXPECT_NE(text_of(out() / "PB_18.csv"), "mine");
}

TEST_F(Export, TwoSlidesOfOneIdAreRefused) {
  add("a", ok("PB_17"));
  add("b", ok("PB_17"));
  EXPECT_THAT(refusal(request("csv")), AllOf(HasSubstr("a/report.h5"), HasSubstr("b/report.h5"),
                                             HasSubstr("both of a slide PB_17")));
}

TEST_F(Export, AFolderWithoutReportsIsRefused) {
  fs::create_directories(reports() / "empty");
  EXPECT_THAT(refusal(request("csv")), HasSubstr("holds no report of a slide"));
  auto wanted = request("csv");
  wanted.given = {folder_ / "absent"};
  EXPECT_THAT(refusal(wanted), HasSubstr("absent: is not there"));
}

TEST_F(Export, ADamagedRecordGivesNoFileAndTheOthersHaveTheirs) {
  add("PB_17", ok("PB_17"));
  const auto cut = add("cut", ok("cut"));
  fs::resize_file(cut, fs::file_size(cut) / 2);
  const auto outcome = exported("geojson");
  EXPECT_EQ(outcome.exit_code(), kExitFailed);
  EXPECT_THAT(files(), ElementsAre("PB_17.geojson"));
  EXPECT_THAT(outcome.slides[1].why_none,
              AllOf(HasSubstr(cut.string()), HasSubstr("analyze the slide again")));
}

/// Damage that shows only after cells were written.
TEST_F(Export, ARecordThatContradictsItselfAtItsEndLeavesNothing) {
  auto example = ok("PB_17");
  example.report.differential[0].count = 900;
  example.report.differential[1].count = 100;
  example.report.denominator = 1000;
  add("PB_17", example);
  for (const auto& format : export_formats()) {
    const auto outcome = exported(format.name);
    EXPECT_EQ(outcome.exit_code(), kExitFailed) << format.name;
    EXPECT_THAT(outcome.slides[0].why_none,
                AllOf(HasSubstr("counts more than the 7 classified"), HasSubstr("report.h5")));
    EXPECT_THAT(files(), IsEmpty()) << format.name;
  }
}

TEST_F(Export, ASlideThatFailedHasNoCellsAndIsTold) {
  add("torn", failed("torn"));
  for (const auto& format : export_formats()) {
    if (format.needs == ExportNeeds::nothing) continue;
    const auto outcome = exported(format.name);
    EXPECT_EQ(outcome.exit_code(), kExitFailed) << format.name;
    EXPECT_EQ(outcome.slides[0].status_words, "failed: torn cable");
    EXPECT_THAT(outcome.slides[0].why_none, HasSubstr("no cells to export"));
    EXPECT_THAT(files(), IsEmpty()) << format.name;
  }
}

TEST_F(Export, AnInsufficientSlideIsExportedAndItsExitCodeSaysSo) {
  add("few", without_cells("few"));
  for (const auto& format : export_formats()) {
    if (format.name == std::string("dicom-ann")) continue;  // it holds cells alone
    auto wanted = request(format.name);
    wanted.overwrite = true;  // some formats share an extension
    const auto outcome = export_slides(wanted, [](const SlideExport&) {});
    EXPECT_EQ(outcome.exit_code(), kExitInsufficient) << format.name;
    EXPECT_TRUE(fs::exists(outcome.slides[0].file)) << format.name;
  }
}

TEST_F(Export, RecordsOfCasesAreCountedAndPassedOver) {
  add("PB_17", ok("PB_17"));
  fs::create_directories(reports() / "C-17");
  write_case_record(reports() / "C-17/report.h5", ok("PB_17").report.assessment, {});
  const auto outcome = exported("csv");
  EXPECT_EQ(outcome.cases, 1U);
  EXPECT_EQ(outcome.exit_code(), kExitOk);
  EXPECT_THAT(files(), ElementsAre("PB_17.csv"));
  auto wanted = request("csv");
  wanted.given = {reports() / "C-17"};
  const auto named = export_slides(wanted, [](const SlideExport&) {});
  EXPECT_THAT(named.slides[0].why_none, HasSubstr("this is the record of a case"));
}

TEST_F(Export, NoSlideIdLeadsOutOfTheFolder) {
  add("odd", ok("../../evil"));
  const auto outcome = exported("csv");
  EXPECT_EQ(outcome.slides[0].file.parent_path(), out());
  EXPECT_THAT(files(), Not(IsEmpty()));
}

TEST_F(Export, WithheldClassesAreInNoFormat) {
  add("strange", withheld("strange"));
  for (const auto& format : export_formats()) {
    auto wanted = request(format.name);
    wanted.overwrite = true;
    const auto outcome = export_slides(wanted, [](const SlideExport&) {});
    EXPECT_EQ(outcome.exit_code(), kExitInsufficient) << format.name;
    EXPECT_THAT(outcome.slides[0].withheld, HasSubstr("percentages would mislead"));
    EXPECT_EQ(outcome.slides[0].file.empty(), format.needs == ExportNeeds::classes) << format.name;
  }
}

TEST_F(Export, WhatTheRecordAloneTellsMakesTheSameBytes) {
  add("PB_17", ok("PB_17"));
  for (const auto& format : export_formats()) {
    auto wanted = request(format.name);
    wanted.overwrite = true;
    const auto file = export_slides(wanted, [](const SlideExport&) {}).slides[0].file;
    const auto first = text_of(file);
    (void)export_slides(wanted, [](const SlideExport&) {});
    EXPECT_EQ(first, text_of(file)) << format.name;
  }
}

TEST_F(Export, AFolderThatCannotBeWrittenIsRefusedBeforeTheStart) {
  add("PB_17", ok("PB_17"));
  auto wanted = request("csv");
  std::ofstream(folder_ / "file") << "";
  wanted.out = folder_ / "file/out";
  EXPECT_THAT(refusal(wanted), HasSubstr("--out"));
}

}  // namespace
}  // namespace cytocape
