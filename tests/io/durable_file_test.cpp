#include "io/durable_file.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <utility>

#include "io/errors.hpp"
#include "io/process_owner.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using testing::TempDir;

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// `body` in a process that ends at once, without any cleaning up, as one that was killed.
template <class Body>
void in_killed_process(const Body& body) {
  const pid_t child = ::fork();
  if (child == 0) {
    body();
    ::_exit(0);
  }
  ::waitpid(child, nullptr, 0);
}

TEST(StagedFile, IsNotThereUnderItsNameBeforeCommit) {
  const TempDir folder;
  auto file = stage_file(folder / "report.json", "{}");
  EXPECT_FALSE(fs::exists(folder / "report.json"));
  file.commit();
  EXPECT_EQ(content(folder / "report.json"), "{}");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
}

TEST(StagedFile, ReplacesAnEarlierFileOnlyOnCommit) {
  const TempDir folder;
  std::ofstream(folder / "a") << "old";
  auto file = stage_file(folder / "a", "new");
  EXPECT_EQ(content(folder / "a"), "old");
  file.commit();
  EXPECT_EQ(content(folder / "a"), "new");
}

TEST(StagedFile, OfTwoWritersIsEachWhole) {
  const TempDir folder;
  auto first = stage_file(folder / "a", "first");
  auto second = stage_file(folder / "a", "second");
  EXPECT_NE(first.partial(), second.partial());
  first.commit();
  EXPECT_EQ(content(folder / "a"), "first");
  second.commit();
  EXPECT_EQ(content(folder / "a"), "second");
}

TEST(StagedFile, DroppedByOneWriterLeavesTheOthers) {
  const TempDir folder;
  auto kept = stage_file(folder / "a", "kept");
  { const auto dropped = stage_file(folder / "a", "dropped"); }
  kept.commit();
  EXPECT_EQ(content(folder / "a"), "kept");
}

TEST(StagedFile, OfALongNameIsWritten) {
  const TempDir folder;
  const std::string name(255, 'n');
  stage_file(folder / name, "x").commit();
  EXPECT_EQ(content(folder / name), "x");
}

TEST(StagedFile, UnderAFolderThatIsAFileNamesThePath) {
  const TempDir folder;
  std::ofstream(folder / "out") << "x";
  try {
    (void)stage_file(folder.path() / "out" / "report.json", "{}");
    FAIL() << "no error";
  } catch (const StorageError& error) {
    EXPECT_NE(std::string(error.what()).find("out/report.json: cannot create: Not a direc"),
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

TEST(PartialFile, OfAFolderIsRemovedWithAllThatItHolds) {
  const testing::TempDir folder;
  {
    const PartialFile file(folder / "a");
    std::filesystem::create_directories(file.partial() / "inner");
    std::ofstream(file.partial() / "inner" / "b") << "b";
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(PartialFile, MovedFromNoLongerOwnsTheName) {
  const TempDir folder;
  PartialFile first(folder / "a");
  const auto name = first.partial();
  std::ofstream(name) << "x";
  {
    PartialFile second(std::move(first));
    second.commit();
  }
  std::ofstream(name) << "of another writer";
  { const PartialFile gone = std::move(first); }
  EXPECT_TRUE(fs::exists(folder / "a"));
  EXPECT_TRUE(fs::exists(name));
}

TEST(Leftovers, OfADeadProcessAreRemoved) {
  const TempDir folder;
  in_killed_process([&] {
    std::ofstream(temporary_path(folder / "report.json")) << "half";
    const auto report = temporary_path(folder / "slide");
    fs::create_directories(report);
    std::ofstream(report / "report.h5") << "half";
  });
  ASSERT_FALSE(fs::is_empty(folder.path()));
  remove_leftovers(folder.path());
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(Leftovers, OfALivingProcessStay) {
  const TempDir folder;
  auto file = stage_file(folder / "a", "x");
  remove_leftovers(folder.path());
  EXPECT_NO_THROW(file.commit());
}

TEST(Leftovers, OfAnotherComputerStay) {
  const TempDir folder;
  const auto name = folder / ".a.00000001-00000002-4026531836-1-1.0.partial";
  std::ofstream(name) << "x";
  remove_leftovers(folder.path());
  EXPECT_TRUE(fs::exists(name));
}

TEST(Leftovers, FilesOfOtherNamesStay) {
  const TempDir folder;
  in_killed_process([&] { std::ofstream(folder / "tag") << own_tag(); });
  const auto tag = content(folder / "tag");
  ASSERT_EQ(owner_state(tag), OwnerState::dead);
  for (const auto& name : {"a." + tag + ".0.partial", ".a." + tag + ".0", "." + tag + ".partial",
                           ".a." + tag + ".x.partial", std::string("a.partial")}) {
    std::ofstream(folder / name) << "x";
    remove_leftovers(folder.path());
    EXPECT_TRUE(fs::exists(folder / name)) << name;
  }
}

}  // namespace
}  // namespace cytocape
