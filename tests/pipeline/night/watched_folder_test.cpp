#include "pipeline/night/watched_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::TempDir;

/// Named as a slide and none: a candidate like any other.
void append(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::app) << text;
}

struct Watched {
  TempDir folder;
  WatchedFolder watched{{.folder = folder.path(),
                         .search = {.out = folder / "reports"},
                         .settle = std::chrono::seconds(30)}};
  WatchedFolder::Time now = WatchedFolder::Time() + 1h;
  std::vector<std::string> notes;

  std::vector<std::string> after(std::chrono::seconds passed) {
    now += passed;
    const auto look = watched.look(now);
    notes = look.notes;
    std::vector<std::string> ids;
    for (const auto& slide : look.slides) ids.push_back(slide.id);
    return ids;
  }
  void deal_with_all() {
    for (const auto& slide : watched.look(now).slides) watched.dealt_with(slide);
  }
};

TEST(WatchedFolder, ASlideIsWholeOnceItHasNotChangedForTheSettlingTime) {
  Watched test;
  append(test.folder / "a.svs", "one");
  EXPECT_THAT(test.after(0s), IsEmpty());
  EXPECT_THAT(test.after(29s), IsEmpty());
  append(test.folder / "a.svs", "two");
  EXPECT_THAT(test.after(10s), IsEmpty());
  EXPECT_THAT(test.after(29s), IsEmpty());
  EXPECT_THAT(test.after(1s), ElementsAre("a"));
}

TEST(WatchedFolder, ASlideWithTheSameSizeAndAnotherTimeHasChanged) {
  Watched test;
  const auto slide = test.folder / "a.svs";
  append(slide, "one");
  (void)test.after(0s);
  fs::last_write_time(slide, fs::last_write_time(slide) - 24h);
  EXPECT_THAT(test.after(40s), IsEmpty());
  EXPECT_THAT(test.after(30s), ElementsAre("a"));
}

TEST(WatchedFolder, NamesForTheTimeOfACopyAreNotLookedAt) {
  Watched test;
  for (const auto* name : {"a.svs.part", "b.svs.tmp", "c.svs~", "~$d.svs", ".e.svs", ".f.svs.Xy12",
                           "g.svs.filepart", "H.SVS.PART"})
    append(test.folder / name, "text");
  append(test.folder / "deep" / "er" / "whole.svs", "text");
  (void)test.after(0s);
  EXPECT_THAT(test.after(30s), ElementsAre("deep_er_whole"));
}

TEST(WatchedFolder, WhatWasDealtWithComesAgainWhenItsFileChanges) {
  Watched test;
  append(test.folder / "a.svs", "one");
  (void)test.after(0s);
  ASSERT_THAT(test.after(30s), ElementsAre("a"));
  test.deal_with_all();
  EXPECT_THAT(test.after(500s), IsEmpty());
  append(test.folder / "a.svs", "two");
  EXPECT_THAT(test.after(1s), IsEmpty());
  EXPECT_THAT(test.after(30s), ElementsAre("a"));
}

TEST(WatchedFolder, WhatWasAwayComesAgain) {
  Watched test;
  const auto slide = test.folder / "a.svs";
  append(slide, "one");
  (void)test.after(0s);
  (void)test.after(30s);
  test.deal_with_all();
  fs::rename(slide, test.folder / "hidden.txt");
  (void)test.after(10s);
  fs::rename(test.folder / "hidden.txt", slide);
  (void)test.after(10s);
  EXPECT_THAT(test.after(30s), ElementsAre("a"));
}

TEST(WatchedFolder, WhatIsPostponedComesAgainThen) {
  Watched test;
  append(test.folder / "a.svs", "one");
  (void)test.after(0s);
  (void)test.after(30s);
  for (const auto& slide : test.watched.look(test.now).slides)
    test.watched.postpone(slide, test.now + 60s);
  EXPECT_THAT(test.after(59s), IsEmpty());
  EXPECT_THAT(test.after(1s), ElementsAre("a"));
}

TEST(WatchedFolder, AnUnreadableSlideIsWaitedForAndSaidOnce) {
  if (geteuid() == 0) GTEST_SKIP() << "root reads every file";
  Watched test;
  const auto slide = test.folder / "a.svs";
  append(slide, "one");
  chmod(slide.c_str(), 0);
  (void)test.after(0s);
  EXPECT_THAT(test.after(30s), IsEmpty());
  EXPECT_THAT(test.notes, ElementsAre(HasSubstr("cannot be read yet: Permission denied")));
  (void)test.after(30s);
  EXPECT_THAT(test.notes, IsEmpty());
  chmod(slide.c_str(), 0600);
  EXPECT_THAT(test.after(1s), ElementsAre("a"));
}

TEST(WatchedFolder, AFolderThatIsAwayIsSaidOnceAndLookedAtAgain) {
  Watched test;
  append(test.folder / "a.svs", "one");
  (void)test.after(0s);
  (void)test.after(30s);
  test.deal_with_all();
  const fs::path away = test.folder.path().string() + ".away";
  fs::rename(test.folder.path(), away);
  EXPECT_THAT(test.after(10s), IsEmpty());
  EXPECT_EQ(test.notes.size(), 1U);
  EXPECT_THAT(test.after(10s), IsEmpty());
  EXPECT_THAT(test.notes, IsEmpty());
  fs::rename(away, test.folder.path());
  (void)test.after(10s);
  EXPECT_THAT(test.after(100s), IsEmpty()) << "a share that was away changes nothing";
}

TEST(WatchedFolder, WhatIsNoSlideIsSaidAtTheFirstLookAlone) {
  Watched test;
  append(test.folder / "notes.txt", "a person's");
  (void)test.after(0s);
  EXPECT_THAT(test.notes, ElementsAre(HasSubstr("notes.txt")));
  append(test.folder / "more.txt", "a person's");
  (void)test.after(10s);
  EXPECT_THAT(test.notes, IsEmpty());
}

TEST(WatchedFolder, ANameStaysWhenANamesakeComes) {
  Watched test;
  append(test.folder / "a.svs", "one");
  (void)test.after(0s);
  EXPECT_THAT(test.after(30s), ElementsAre("a"));
  append(test.folder / "a.ndpi", "other");
  (void)test.after(0s);
  const auto ids = test.after(30s);
  ASSERT_EQ(ids.size(), 2U);
  EXPECT_THAT(ids[0], HasSubstr("a-")) << "the newcomer, a.ndpi";
  EXPECT_EQ(ids[1], "a");
}

TEST(WatchedFolder, ARememberedNameIsKept) {
  Watched test;
  append(test.folder / "a.svs", "one");
  EarlierNames names;
  names.remember(test.folder / "a.svs", "S-17");
  test.watched.remember(std::move(names));
  (void)test.after(0s);
  EXPECT_THAT(test.after(30s), ElementsAre("S-17"));
}

TEST(WatchedFolder, ReportsInTheFolderAreNoSlides) {
  Watched test;
  append(test.folder / "reports" / "a" / "a.svs", "one");
  append(test.folder / "b" / "report.h5", "one");
  append(test.folder / "b" / "b.svs", "one");
  (void)test.after(0s);
  EXPECT_THAT(test.after(30s), IsEmpty());
}

}  // namespace
}  // namespace cytocape
