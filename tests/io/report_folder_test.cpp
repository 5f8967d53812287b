#include "io/report_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

#include "io/errors.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::TempDir;

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(ReportFolder, IsNotThereBeforeItIsPublished) {
  const TempDir out;
  ReportFolder folder(out / "a");
  write(folder.making() / "report.h5", "new");
  EXPECT_FALSE(fs::exists(out / "a"));
  EXPECT_EQ(folder.publish(), std::nullopt);
  EXPECT_EQ(content(out / "a/report.h5"), "new");
  EXPECT_FALSE(fs::exists(folder.making()));
}

TEST(ReportFolder, LeavesNothingUnlessItIsPublished) {
  const TempDir out;
  {
    const ReportFolder folder(out / "a");
    write(folder.making() / "report.h5", "half");
  }
  EXPECT_TRUE(fs::is_empty(out.path()));
}

TEST(ReportFolder, SetsAsideWhatIsThereWithEveryFileInIt) {
  const TempDir out;
  write(out / "a/report.h5", "old");
  write(out / "a/notes/mine.txt", "a person's");
  ReportFolder folder(out / "a");
  write(folder.making() / "report.h5", "new");
  const auto earlier = folder.publish();
  ASSERT_TRUE(earlier);
  EXPECT_EQ(earlier->parent_path(), out / "previous/a");
  EXPECT_EQ(content(*earlier / "report.h5"), "old");
  EXPECT_EQ(content(*earlier / "notes/mine.txt"), "a person's");
  EXPECT_EQ(content(out / "a/report.h5"), "new");
  EXPECT_FALSE(fs::exists(out / "a/notes"));
}

TEST(ReportFolder, OfTwoWritersIsEachWholeAndNoneLost) {
  const TempDir out;
  ReportFolder first(out / "a"), second(out / "a");
  for (const auto* name : {"report.h5", "report.json"}) {
    write(first.making() / name, "first");
    write(second.making() / name, "second");
  }
  first.publish();
  const auto earlier = second.publish();
  ASSERT_TRUE(earlier);
  for (const auto* name : {"report.h5", "report.json"}) {
    EXPECT_EQ(content(out / "a" / name), "second");
    EXPECT_EQ(content(*earlier / name), "first");
  }
}

TEST(ReportFolder, TakesThePlaceOfAnEmptyOne) {
  const TempDir out;
  fs::create_directories(out / "a");
  ReportFolder folder(out / "a");
  EXPECT_EQ(folder.publish(), std::nullopt);
  EXPECT_FALSE(fs::exists(out / "previous"));
}

TEST(ReportFolder, NamesItsPlaceInMessages) {
  const TempDir out;
  const ReportFolder folder(out / "a");
  EXPECT_EQ(folder.shown((folder.making() / "report.h5").string() + ": full"),
            (out / "a/report.h5").string() + ": full");
}

TEST(SetAside, TwoWithinASecondAreKeptApart) {
  const TempDir out;
  std::set<fs::path> places;
  for (const auto* text : {"1", "2", "3"}) {
    write(out / "a/report.h5", text);
    const auto place = set_aside(out / "a");
    ASSERT_TRUE(place);
    EXPECT_EQ(content(*place / "report.h5"), text);
    places.insert(*place);
  }
  EXPECT_EQ(places.size(), 3U);
}

TEST(SetAside, OfALinkMovesTheLinkAlone) {
  const TempDir out, elsewhere;
  write(elsewhere / "report.h5", "old");
  fs::create_directory_symlink(elsewhere.path(), out / "a");
  const auto place = set_aside(out / "a");
  ASSERT_TRUE(place);
  EXPECT_EQ(content(*place / "report.h5"), "old");
  EXPECT_EQ(content(elsewhere / "report.h5"), "old");
  EXPECT_FALSE(fs::exists(fs::symlink_status(out / "a")));
}

TEST(SetAside, OfAFileIsAnErrorAndTheFileStays) {
  const TempDir out;
  write(out / "a", "a person's");
  try {
    (void)set_aside(out / "a");
    FAIL() << "no error";
  } catch (const StorageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("a file stands where the report's folder should be"));
  }
  EXPECT_EQ(content(out / "a"), "a person's");
}

TEST(SetAside, WhereNothingIsDoesNothing) {
  const TempDir out;
  EXPECT_EQ(set_aside(out / "a"), std::nullopt);
  EXPECT_TRUE(fs::is_empty(out.path()));
}

TEST(ReportName, ThatIsTheFolderOfEarlierReportsOrTooLongIsRefused) {
  EXPECT_THAT(refused_report_name("previous"),
              HasSubstr("is reserved for what stands beside the reports"));
  EXPECT_THAT(refused_report_name("Previous"),
              HasSubstr("is reserved for what stands beside the reports"));
  EXPECT_THAT(refused_report_name(std::string(201, 'a')), HasSubstr("201 bytes"));
  EXPECT_EQ(refused_report_name(std::string(200, 'a')), "");
  EXPECT_EQ(refused_report_name("previous-2"), "");
}

}  // namespace
}  // namespace cytocape
