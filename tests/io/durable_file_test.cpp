#include "io/durable_file.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <utility>

#include "io/errors.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using testing::TempDir;

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(StagedFile, IsNotThereUnderItsNameBeforeCommit) {
  const TempDir folder;
  stage_file(folder / "report.json", "{}");
  EXPECT_FALSE(fs::exists(folder / "report.json"));
  commit_file(folder / "report.json");
  EXPECT_EQ(content(folder / "report.json"), "{}");
  EXPECT_FALSE(fs::exists(folder / "report.json.partial"));
}

TEST(StagedFile, ReplacesAnEarlierFileOnlyOnCommit) {
  const TempDir folder;
  std::ofstream(folder / "a") << "old";
  stage_file(folder / "a", "new");
  EXPECT_EQ(content(folder / "a"), "old");
  commit_file(folder / "a");
  EXPECT_EQ(content(folder / "a"), "new");
}

TEST(StagedFile, DiscardedLeavesNothingAndNeverThrows) {
  const TempDir folder;
  stage_file(folder / "a", "x");
  discard_file(folder / "a");
  discard_file(folder / "a");
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(StagedFile, OnAFullDiskIsAnErrorWithTheSystemsCause) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  const TempDir folder;
  fs::create_symlink("/dev/full", folder / "a.partial");
  try {
    stage_file(folder / "a", std::string(100'000, 'x'));
    FAIL() << "no error";
  } catch (const StorageError& error) {
    EXPECT_NE(std::string(error.what()).find("No space left on device"), std::string::npos)
        << error.what();
  }
  EXPECT_FALSE(fs::exists(fs::symlink_status(folder / "a.partial")));
}

TEST(StagedFile, UnderAFolderThatIsAFileNamesThePath) {
  const TempDir folder;
  std::ofstream(folder / "out") << "x";
  try {
    stage_file(folder.path() / "out" / "report.json", "{}");
    FAIL() << "no error";
  } catch (const StorageError& error) {
    EXPECT_NE(std::string(error.what()).find("out/report.json.partial: cannot create: Not a direc"),
              std::string::npos)
        << error.what();
  }
}

TEST(PartialFile, IsRemovedUnlessCommitted) {
  const TempDir folder;
  {
    const PartialFile file(folder / "a");
    std::ofstream(file.partial()) << "x";
  }
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(PartialFile, MovedFromNoLongerOwnsTheName) {
  const TempDir folder;
  PartialFile first(folder / "a");
  std::ofstream(first.partial()) << "x";
  {
    PartialFile second(std::move(first));
    second.commit();
  }
  std::ofstream(folder / "a.partial") << "of another run";
  { const PartialFile gone = std::move(first); }
  EXPECT_TRUE(fs::exists(folder / "a"));
  EXPECT_TRUE(fs::exists(folder / "a.partial"));
}

}  // namespace
}  // namespace cytocape
