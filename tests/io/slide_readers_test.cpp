#include "io/slide_readers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "io/errors.hpp"
#include "io/image_codec.hpp"
#include "io/reopened_slide.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::TempDir;

fs::path write_field(const TempDir& folder) {
  write_png(Image(40, 30), folder / "a.png");
  return folder / "a.png";
}

fs::path write_slide(const TempDir& folder) {
  write_pyramid(folder / "a.tif", {.size = {700, 600}, .mpp = {0.25, 0.25}},
                [](const Level0Rect&, Image&) {});
  return folder / "a.tif";
}

TEST(SlideReaders, HaveNamesOfTheirOwnAndTheLastTakesAnyFile) {
  auto names = slide_reader_names();
  EXPECT_EQ(names.size(), slide_readers().size());
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::unique(names.begin(), names.end()), names.end());
  EXPECT_TRUE(slide_readers().back().detect({}).reads);
}

TEST(SlideReaders, TellWhichOneReadsAFileAndWhyNotThoseBeforeIt) {
  const TempDir folder;
  const auto slide = Slide::open(write_field(folder), {.mpp = Mpp{0.25, 0.25}});
  EXPECT_EQ(slide->info().reader, "libvips");
  EXPECT_THAT(slide->info().reader_why, HasSubstr("not openslide: no format that OpenSlide knows"));
}

TEST(SlideReaders, ThatAreNamedReadTheFileOrNobodyDoes) {
  const TempDir folder;
  const auto slide = Slide::open(write_slide(folder), {.reader = "openslide"});
  EXPECT_EQ(slide->info().reader, "openslide");
  EXPECT_THAT(slide->info().reader_why, HasSubstr("slide.reader names it"));
  const auto field = write_field(folder);
  try {
    (void)Slide::open(field, {.mpp = Mpp{0.25, 0.25}, .reader = "openslide"});
    FAIL() << "no error";
  } catch (const SlideError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr(field.string() + ": the reader openslide does not"),
                                    HasSubstr("set slide.reader to \"auto\"")));
  }
}

TEST(SlideReaders, ThatDoNotExistAreAWrongSettingThatListsThoseThatDo) {
  const TempDir folder;
  try {
    (void)Slide::open(write_slide(folder), {.reader = "oepnslide"});
    FAIL() << "no error";
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("\"oepnslide\""), HasSubstr("openslide, libvips")));
  }
}

TEST(OptionsOf, ASlidesReportAreThoseOfItsAnalysis) {
  SlideReport report;
  report.slide.mpp = {0.25, 0.26};
  report.slide.plane = 3;
  report.slide.reader = "tiff";
  report.slide.icc = "ignored: Display P3";
  auto options = options_of(report);
  EXPECT_EQ(options.mpp, (Mpp{0.25, 0.26}));
  EXPECT_EQ(options.plane, 3);
  EXPECT_EQ(options.reader, "tiff");
  EXPECT_EQ(options.icc, IccUse::ignore);
  report.slide.icc = "applied: Display P3";
  report.slide.reader = "of another program";
  options = options_of(report);
  EXPECT_EQ(options.icc, IccUse::apply);
  EXPECT_EQ(options.reader, "") << "whoever can reads it";
}

}  // namespace
}  // namespace cytocape
