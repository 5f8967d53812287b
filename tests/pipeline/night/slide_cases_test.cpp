/// Whose a slide is where nobody says it: what its file is called now.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "pipeline/night/slide_names.hpp"
#include "pipeline/night/standing.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::StartsWith;
using testing::TempDir;

class SlideCases : public ::testing::Test {
 protected:
  [[nodiscard]] fs::path put(const fs::path& name, const std::string& text) const {
    const auto file = folder_ / name;
    fs::create_directories(file.parent_path());
    std::ofstream(file) << text;
    return file;
  }
  /// Analysed as `id`, where it is now.
  void remember(const fs::path& file, const std::string& id) {
    earlier_.remember({.id = id,
                       .place = place_of(file),
                       .series = {},
                       .files = files_state(file),
                       .content = slide_sha256(file),
                       .time = {},
                       .record = "report.h5",
                       .case_id = {}});
  }
  [[nodiscard]] std::vector<GivenSlide> settled(const std::vector<fs::path>& given) const {
    auto list = find_slides(given, {});
    settle_names(list, earlier_);
    return list.slides;
  }
  TempDir folder_;
  EarlierNames earlier_;
};

std::vector<std::string> folders_of(const std::vector<GivenSlide>& slides) {
  std::vector<std::string> ids;
  for (const auto& slide : slides) ids.push_back(slide.id);
  return ids;
}

std::vector<std::string> cases_of(const std::vector<GivenSlide>& slides) {
  std::vector<std::string> cases;
  for (const auto& slide : slides) cases.push_back(slide.case_id);
  return cases;
}

TEST_F(SlideCases, ARenamedSlideKeepsItsIdAndIsOfTheCaseOfItsNewName) {
  const auto file = put("n/H-100.svs", "one");
  remember(file, "H-100");
  fs::rename(file, folder_ / "n/H-200.svs");
  for (const auto& given : {folder_ / "n", folder_ / "n/H-200.svs"}) {
    const auto slides = settled({given});
    EXPECT_THAT(folders_of(slides), ElementsAre("H-100"));
    EXPECT_THAT(cases_of(slides), ElementsAre("H-200"));
  }
}

TEST_F(SlideCases, SoIsALinkThatWasRenamed) {
  const auto file = put("store/x.svs", "one");
  remember(file, "H-100");
  fs::create_symlink(file, folder_ / "H-200.svs");
  EXPECT_THAT(cases_of(settled({folder_ / "H-200.svs"})), ElementsAre("H-200"));
}

TEST_F(SlideCases, ASlideUnderTheNameThatARenamedOneLeftIsOfTheCaseOfItsName) {
  const auto renamed = put("n/H-200.svs", "one"), fresh = put("n/H-100.svs", "other");
  for (const auto& given : {std::vector{folder_ / "n"}, {fresh, renamed}, {fresh}}) {
    earlier_ = {};
    remember(renamed, "H-100");
    const auto slide = settled(given).front();
    EXPECT_THAT(slide.id, StartsWith("H-100-")) << "the folder is another's";
    EXPECT_EQ(slide.case_id, "H-100");
    remember(fresh, slide.id);
    const auto again = settled(given).front();
    EXPECT_EQ(again.id, slide.id) << "the name that it got stays";
    EXPECT_EQ(again.case_id, "H-100");
  }
}

TEST_F(SlideCases, ASlideThatMovedUnderItsNameIsOfTheCaseThatItWasOf) {
  const auto file = put("night/ward 3/a.svs", "one");
  remember(file, "ward_3_a");
  for (const auto& given : {folder_ / "night", file})
    EXPECT_THAT(cases_of(settled({given})), ElementsAre("ward_3_a")) << given;
  fs::create_directories(folder_ / "archive");
  fs::rename(folder_ / "night/ward 3", folder_ / "archive/ward 3");
  for (const auto& given : {folder_ / "archive", folder_ / "archive/ward 3/a.svs"})
    EXPECT_THAT(cases_of(settled({given})), ElementsAre("ward_3_a")) << given;
}

TEST_F(SlideCases, ASlideThatMovedToAnothersFolderIsOfTheCaseOfItsNewPlace) {
  const auto file = put("night/H-100/a.svs", "one");
  remember(file, "H-100_a");
  fs::create_directories(folder_ / "night/H-200");
  fs::rename(file, folder_ / "night/H-200/a.svs");
  EXPECT_THAT(cases_of(settled({folder_ / "night"})), ElementsAre("H-200_a"));
}

TEST_F(SlideCases, NamesakesOfARunAreNotOneCase) {
  const auto one = put("x/a.svs", "one"), other = put("y/a.svs", "other");
  EXPECT_THAT(cases_of(settled({one, other})), ElementsAre("x_a", "y_a"));
}

TEST_F(SlideCases, ARenamedSlideIsNotMadeOneCaseWithANamesake) {
  remember(put("n/H-200.svs", "one"), "H-100");
  const auto other = put("m/H-200.svs", "other");
  const auto slides = settled({folder_ / "n", other});
  EXPECT_THAT(slides[0].case_id, StartsWith("H-200-"));
  EXPECT_EQ(slides[1].case_id, "H-200");
}

TEST_F(SlideCases, WhatAManifestSaysStands) {
  const auto file = put("a.svs", "one");
  remember(file, "H-100");
  SlideList list{.slides = {{.path = file, .case_id = "C-17"}}, .notes = {}};
  settle_names(list, earlier_);
  EXPECT_EQ(list.slides[0].case_id, "C-17");
  list.slides = {{.path = file, .id = "b"}};
  settle_names(list, earlier_);
  EXPECT_EQ(list.slides[0].case_id, "b");
}

TEST_F(SlideCases, ANameTooLongForAFolderIsAWholeCase) {
  const std::string name(200, 'a');
  const auto slides = settled({put(name + ".svs", "one")});
  EXPECT_NE(slides[0].id, name);
  EXPECT_EQ(slides[0].case_id, name);
}

}  // namespace
}  // namespace cytocape
