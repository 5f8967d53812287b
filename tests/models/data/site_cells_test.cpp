#include "models/data/site_cells.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>

#include "io/errors.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

void write_file(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

/// Bytes alone are looked at here: these are no pictures.
SiteRequest two_folders(const fs::path& folder) {
  write_file(folder / "monocyte" / "a.png", "a");
  write_file(folder / "monocyte" / "b.png", "b");
  write_file(folder / "neutrophil" / "c.png", "c");
  return {.folder = folder,
          .meanings = {{"monocyte", {"monocyte"}}, {"neutrophil", {"segmented", "band"}}},
          .groups = {},
          .known = {"band", "monocyte", "segmented"}};
}

std::string refusal_of(const SiteRequest& request) {
  try {
    static_cast<void>(read_site_cells(request));
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(SiteCells, AFolderMayLeaveSeveralClassesOpen) {
  const testing::TempDir dir;
  const auto site = read_site_cells(two_folders(dir / "cells"));
  ASSERT_EQ(site.cells.size(), 3U);
  EXPECT_THAT(site.cells[0].may_be, ElementsAre(1));
  EXPECT_THAT(site.cells[2].may_be, ElementsAre(0, 2));
  EXPECT_EQ(site.count_of(1), 2U);
  EXPECT_EQ(site.count_of(0), 0U);
}

TEST(SiteCells, NewClassesStandBehindTheModels) {
  const testing::TempDir dir;
  auto request = two_folders(dir / "cells");
  request.meanings["neutrophil"] = {"promonocyte"};
  const auto site = read_site_cells(request);
  EXPECT_THAT(site.classes, ElementsAre("band", "monocyte", "segmented", "promonocyte"));
  EXPECT_EQ(site.known, 3U);
  EXPECT_THAT(site.cells[2].may_be, ElementsAre(3));
}

TEST(SiteCells, OneImageInTwoClassesIsRefused) {
  const testing::TempDir dir;
  const auto request = two_folders(dir / "cells");
  write_file(dir / "cells" / "neutrophil" / "d.png", "a");
  EXPECT_THAT(refusal_of(request),
              HasSubstr("monocyte/a.png and neutrophil/d.png are one image in two classes"));
}

TEST(SiteCells, OneImageTwiceInAClassIsLearntOnce) {
  const testing::TempDir dir;
  const auto request = two_folders(dir / "cells");
  write_file(dir / "cells" / "monocyte" / "z.png", "a");
  EXPECT_EQ(read_site_cells(request).cells.size(), 3U);
}

TEST(SiteCells, AnOriginalInTheNamesMakesAGroup) {
  const testing::TempDir dir;
  const auto request = two_folders(dir / "cells");
  write_file(dir / "cells" / "monocyte" / "MON___MON_0001_7.png", "e");
  write_file(dir / "cells" / "monocyte" / "MON___MON_0001_9.png", "f");
  const auto site = read_site_cells(request);
  EXPECT_EQ(site.groups_from, GroupsFrom::names);
  EXPECT_EQ(site.groups, 4);
  EXPECT_EQ(site.cells[0].name, "monocyte/MON___MON_0001_7.png");
  EXPECT_EQ(site.cells[0].group, site.cells[1].group);
}

TEST(SiteCells, ATableOfSlidesMustNameEveryImage) {
  const testing::TempDir dir;
  auto request = two_folders(dir / "cells");
  request.groups = dir / "groups.csv";
  write_file(request.groups, "file,group\nmonocyte/a.png,s1\nneutrophil/c.png,s1\n");
  EXPECT_THAT(refusal_of(request), HasSubstr("monocyte/b.png is not in"));
  // A picture that was moved to another class has its row still, and so has one that was removed.
  write_file(request.groups, "file,group\nmonocyte/a.png,s1\nc.png,s1\nb.png,s2\nremoved.png,s3\n");
  const auto site = read_site_cells(request);
  EXPECT_EQ(site.groups_from, GroupsFrom::table);
  EXPECT_EQ(site.groups, 2);
  EXPECT_EQ(site.cells[0].group, site.cells[2].group);
}

TEST(SiteCells, FoldsKeepGroupsWholeAndSpreadEachClass) {
  SiteCells site{.classes = {"a", "b"}, .known = 2};
  for (int i = 0; i < 40; ++i)
    site.cells.push_back({.path = {}, .name = {}, .may_be = {i < 10 ? 0 : 1}, .group = i / 2});
  site.groups = 20;
  const auto folds = folds_of(site, 5);
  ASSERT_EQ(folds.size(), 20U);
  std::map<int, std::map<int, int>> counts;  // class, fold
  for (const auto& cell : site.cells)
    ++counts[cell.may_be.front()][folds[static_cast<std::size_t>(cell.group)]];
  for (int fold = 0; fold < 5; ++fold) {
    EXPECT_EQ(counts[0][fold], 2);
    EXPECT_EQ(counts[1][fold], 6);
  }
}

}  // namespace
}  // namespace cytocape
