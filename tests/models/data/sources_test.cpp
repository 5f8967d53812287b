#include "models/data/sources.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>

#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// Nothing is decoded: any text does for an image.
void fill_class(const fs::path& folder, const std::string& name, int count,
                const std::string& content = "") {
  fs::create_directories(folder / name);
  for (int i = 0; i < count; ++i) {
    const auto file = folder / name / ("cell_" + std::to_string(i) + ".png");
    std::ofstream(file) << (content.empty() ? file.string() : content + std::to_string(i));
  }
}

class Sources : public ::testing::Test {
 protected:
  /// Two laboratories: one with fine classes, one that knows neutrophils alone and has blasts.
  void SetUp() override {
    for (const char* name : {"band", "segmented", "monocyte"}) fill_class(fine_.folder, name, 10);
    fill_class(coarse_.folder, "neutrophil", 8);
    fill_class(coarse_.folder, "monocyte", 4);
    fill_class(coarse_.folder, "blast", 6);
  }

  LabelledSet joined(const SplitOptions& options = {}) {
    faults_.clear();
    return join_sources({fine_, coarse_}, options, faults_);
  }
  std::map<std::string, int> counted(const LabelledSet& set, int source) {
    std::map<std::string, int> counts;
    for (const auto* side : {&set.train, &set.validation}) {
      for (const auto& image : *side) {
        if (image.source != source) continue;
        const auto label = static_cast<std::size_t>(image.label);
        ++counts[label < set.classes.size() ? set.classes[label] : "group"];
      }
    }
    return counts;
  }

  testing::TempDir folder_;
  DataSource fine_{.name = "fine", .folder = folder_ / "fine", .mpp = 0.1};
  DataSource coarse_{.name = "coarse",
                     .folder = folder_ / "coarse",
                     .mpp = 0.2,
                     .classes = {{"neutrophil", {"segmented", "band"}}}};
  std::vector<std::string> faults_;
};

TEST_F(Sources, ClassesOfAllAreJoinedByName) {
  const auto set = joined();
  EXPECT_THAT(faults_, IsEmpty());
  EXPECT_THAT(set.classes, ElementsAre("band", "blast", "monocyte", "segmented"));
  EXPECT_EQ(counted(set, 0),
            (std::map<std::string, int>{{"band", 10}, {"monocyte", 10}, {"segmented", 10}}));
  EXPECT_EQ(counted(set, 1),
            (std::map<std::string, int>{{"blast", 6}, {"group", 8}, {"monocyte", 4}}));
}

TEST_F(Sources, ACoarseFolderIsAGroupOfClasses) {
  const auto set = joined();
  ASSERT_EQ(set.groups.size(), 1U);
  EXPECT_THAT(set.groups[0], ElementsAre(0, 3));
}

TEST_F(Sources, EachIsSplitByItself) {
  const auto set = joined({.validation_share = 0.5});
  std::map<std::pair<int, int>, int> validated;
  for (const auto& image : set.validation) ++validated[{image.source, image.label}];
  EXPECT_EQ((validated[{0, 2}]), 5);
  EXPECT_EQ((validated[{1, 2}]), 2);
}

TEST_F(Sources, AFolderWithoutAClassIsNotUsed) {
  coarse_.classes["blast"] = {};
  const auto set = joined();
  EXPECT_THAT(faults_, IsEmpty());
  EXPECT_THAT(set.classes, ElementsAre("band", "monocyte", "segmented"));
  EXPECT_EQ(counted(set, 1).count("blast"), 0U);
}

TEST_F(Sources, ALaboratoryThatIsLeftOutValidatesWholeAndTeachesNothing) {
  const auto set = joined({.validation_share = 0.2, .leave_out = "coarse"});
  EXPECT_THAT(faults_, IsEmpty());
  EXPECT_EQ(set.train.size(), 30U);
  EXPECT_EQ(set.validation.size(), 12U);
  EXPECT_TRUE(std::all_of(set.validation.begin(), set.validation.end(),
                          [](const auto& image) { return image.source == 1; }));
  EXPECT_EQ(set.apart.size(), 6U) << "blasts are known to no other source";
  EXPECT_THAT(set.classes, ElementsAre("band", "monocyte", "segmented"));
}

TEST_F(Sources, AGroupThatKeepsOneClassIsThisClass) {
  fs::remove_all(fine_.folder / "band");
  const auto set = joined();
  EXPECT_THAT(set.groups, IsEmpty());
  EXPECT_EQ(counted(set, 1)["segmented"], 8);
}

TEST_F(Sources, WhatDoesNotFitIsListedBySource) {
  coarse_.classes["basophil"] = {"basophil"};
  coarse_.classes["blast"] = {"monoblast", "myeloblast"};
  (void)joined();
  EXPECT_THAT(faults_, Contains(HasSubstr("source.coarse.classes.basophil")));
  EXPECT_THAT(faults_, Contains(HasSubstr("source.coarse.classes.blast is monoblast, myeloblast")));
}

TEST_F(Sources, AnImageInTwoOfThemIsRefused) {
  fill_class(fine_.folder, "monocyte", 1, "one picture");
  fill_class(coarse_.folder, "monocyte", 1, "one picture");
  (void)joined();
  EXPECT_THAT(faults_, Contains(HasSubstr("are one image in two sources")));
}

TEST_F(Sources, AMissingFolderIsAFaultOfItsSource) {
  coarse_.folder = folder_ / "nowhere";
  (void)joined();
  EXPECT_THAT(faults_, Contains(HasSubstr("source coarse:")));
}

TEST_F(Sources, TheCardHasTheImagesThatAreUsedOfEach) {
  coarse_.licence = "CC BY 4.0";
  coarse_.classes["blast"] = {};
  const auto card = sources_of_card({fine_, coarse_}, joined());
  ASSERT_EQ(card.size(), 2U);
  EXPECT_EQ(card[0].images, 30);
  EXPECT_EQ(card[1].images, 12);
  EXPECT_EQ(card[1].licence, "CC BY 4.0");
}

}  // namespace
}  // namespace cytocape
