#include "models/data/dataset.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include "io/errors.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/test_data.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

/// The splitter reads names and bytes and decodes nothing: any text does for an image.
void put(const fs::path& path, const std::string& content) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
}

void put_class(const fs::path& folder, const std::string& name, int count, int first = 0) {
  for (int i = 0; i < count; ++i) {
    const std::string file = "IMG_" + std::to_string(first + i) + ".jpg";
    put(folder / name / file, name + file);
  }
}

std::vector<std::string> names(const std::vector<LabelledImage>& images) {
  std::vector<std::string> result;
  for (const LabelledImage& image : images) {
    result.push_back((image.path.parent_path().filename() / image.path.filename()).string());
  }
  return result;
}

std::map<int, int> per_class(const std::vector<LabelledImage>& images) {
  std::map<int, int> counts;
  for (const LabelledImage& image : images) ++counts[image.label];
  return counts;
}

std::string refusal(const fs::path& folder, Conflicts conflicts = Conflicts::refuse) {
  try {
    (void)split_labelled_folder(folder, 0.2, 0, conflicts);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

std::string refused_list(const fs::path& folder, const std::string& lines) {
  const fs::path list = folder / "list.txt";
  std::ofstream(list) << lines;
  try {
    (void)list_labelled_folder(folder, list);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

TEST(DatasetListing, NamesAllImagesOfEachClass) {
  const testing::TempDir folder;
  put_class(folder.path(), "monocyte", 2);
  put_class(folder.path(), "blast", 1);
  put(folder / "monocyte/notes.txt", "no image");
  const auto classes = list_labelled_folder(folder.path());
  ASSERT_EQ(classes.size(), 2U);
  EXPECT_EQ(classes[0].name, "blast");
  EXPECT_EQ(classes[1].files,
            (std::vector<fs::path>{folder / "monocyte/IMG_0.jpg", folder / "monocyte/IMG_1.jpg"}));
}

TEST(DatasetListing, TakesOnlyWhatAListNames) {
  const testing::TempDir folder;
  put_class(folder.path(), "monocyte", 3);
  put_class(folder.path(), "blast", 3);
  const fs::path list = folder / "list.txt";
  std::ofstream(list) << "# a comment\n\nmonocyte/IMG_2.jpg\r\nmonocyte/IMG_0.jpg \n";
  const auto classes = list_labelled_folder(folder.path(), list);
  ASSERT_EQ(classes.size(), 1U);
  EXPECT_EQ(classes[0].files,
            (std::vector<fs::path>{folder / "monocyte/IMG_0.jpg", folder / "monocyte/IMG_2.jpg"}));
}

TEST(DatasetListing, NamesEveryWrongRowOfAList) {
  const testing::TempDir folder;
  put_class(folder.path(), "blast", 1);
  EXPECT_THAT(
      refused_list(folder.path(),
                   "blast/IMG_0.jpg\nblast/IMG_0.jpg\nblast/gone.jpg\nIMG_0.jpg\n../x.jpg\n"),
      AllOf(HasSubstr("row 2: \"blast/IMG_0.jpg\" occurs twice"), HasSubstr("row 3: no file"),
            HasSubstr("row 4: \"IMG_0.jpg\": expected"), HasSubstr("row 5: \"../x.jpg\"")));
}

TEST(DatasetListing, RefusesAFolderWithoutClasses) {
  const testing::TempDir folder;
  EXPECT_THROW((void)list_labelled_folder(folder.path()), ConfigError);
  EXPECT_THROW((void)list_labelled_folder(folder / "absent"), ConfigError);
}

TEST(DatasetSplit, TakesTheShareOfEachClassApart) {
  const testing::TempDir folder;
  put_class(folder.path(), "basophil", 10);
  put_class(folder.path(), "monocyte", 50);
  const LabelledSet set = split_labelled_folder(folder.path(), 0.2, 7);
  EXPECT_THAT(set.classes, ::testing::ElementsAre("basophil", "monocyte"));
  EXPECT_EQ(per_class(set.validation), (std::map<int, int>{{0, 2}, {1, 10}}));
  EXPECT_EQ(per_class(set.train), (std::map<int, int>{{0, 8}, {1, 40}}));
}

TEST(DatasetSplit, EveryImageIsOnExactlyOneSide) {
  const testing::TempDir folder;
  put_class(folder.path(), "basophil", 13);
  put_class(folder.path(), "monocyte", 7);
  const LabelledSet set = split_labelled_folder(folder.path(), 0.3, 1);
  std::multiset<std::string> all;
  for (const auto& name : names(set.train)) all.insert(name);
  for (const auto& name : names(set.validation)) all.insert(name);
  EXPECT_EQ(all.size(), 20U);
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), 20U);
}

TEST(DatasetSplit, DependsNeitherOnTheFolderNorOnTheOrderOfItsEntries) {
  const testing::TempDir first;
  const testing::TempDir second;
  put_class(first.path() / "a", "basophil", 20);
  put_class(first.path() / "a", "monocyte", 20);
  put_class(second.path() / "elsewhere", "monocyte", 20);
  put_class(second.path() / "elsewhere", "basophil", 10, 10);
  put_class(second.path() / "elsewhere", "basophil", 10, 0);
  EXPECT_EQ(names(split_labelled_folder(first / "a", 0.3, 5).validation),
            names(split_labelled_folder(second / "elsewhere", 0.3, 5).validation));
}

TEST(DatasetSplit, IsTheSameWithEveryStandardLibrary) {
  const testing::TempDir folder;
  put_class(folder.path(), "basophil", 8);
  put_class(folder.path(), "monocyte", 8);
  // Made by this program once; std::shuffle would give others under another library.
  EXPECT_THAT(names(split_labelled_folder(folder.path(), 0.25, 3).validation),
              ::testing::ElementsAre("basophil/IMG_0.jpg", "basophil/IMG_1.jpg",
                                     "monocyte/IMG_0.jpg", "monocyte/IMG_5.jpg"));
}

TEST(DatasetSplit, AnotherSeedGivesAnotherSplit) {
  const testing::TempDir folder;
  put_class(folder.path(), "basophil", 30);
  put_class(folder.path(), "monocyte", 30);
  EXPECT_NE(names(split_labelled_folder(folder.path(), 0.3, 1).validation),
            names(split_labelled_folder(folder.path(), 0.3, 2).validation));
}

TEST(DatasetSplit, AugmentationsOfOneOriginalStayTogether) {
  const testing::TempDir folder;
  put_class(folder.path(), "basophil", 5);
  for (int original = 0; original < 12; ++original) {
    for (int copy = 0; copy < 3; ++copy) {
      const std::string file =
          "MYO___MYO_" + std::to_string(original) + "_" + std::to_string(100 + copy) + ".png";
      put(folder / "myeloblast" / file, file);
    }
  }
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const LabelledSet set = split_labelled_folder(folder.path(), 0.4, seed);
    std::set<std::string> train;
    for (const auto& image : set.train) train.insert(original_name(image.path.filename().string()));
    for (const auto& image : set.validation) {
      const auto original = original_name(image.path.filename().string());
      EXPECT_TRUE(original.empty() || !train.contains(original)) << original << " seed " << seed;
    }
  }
}

TEST(DatasetSplit, EqualBytesStayTogetherAlsoThroughAThirdFile) {
  const testing::TempDir folder;
  put_class(folder.path(), "basophil", 5);
  // c has a's bytes and b's original: the three are one, though a and b look apart until c is met.
  put(folder / "monocyte" / "a.jpg", "twin");
  put(folder / "monocyte" / "b___MON_1_2.jpg", "other");
  put(folder / "monocyte" / "c___MON_1_1.jpg", "twin");
  put(folder / "monocyte" / "z.jpg", "alone");
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const LabelledSet set = split_labelled_folder(folder.path(), 0.25, seed);
    const auto validated = per_class(set.validation).at(1);
    EXPECT_TRUE(validated == 1 || validated == 3) << validated << " seed " << seed;
  }
}

TEST(DatasetSplit, RefusesOneImageInTwoClassesNamingBoth) {
  const testing::TempDir folder;
  put_class(folder.path(), "eosinophil", 4);
  put_class(folder.path(), "band_neutrophil", 4);
  put(folder / "eosinophil" / "EO_1.jpg", "the same");
  put(folder / "band_neutrophil" / "BNE_1.jpg", "the same");
  EXPECT_THAT(refusal(folder.path()),
              AllOf(HasSubstr("EO_1.jpg"), HasSubstr("BNE_1.jpg"), HasSubstr("allow_conflicting")));
}

TEST(DatasetSplit, LeavesBothOutWhereConflictsAreAllowed) {
  const testing::TempDir folder;
  put_class(folder.path(), "eosinophil", 4);
  put_class(folder.path(), "band_neutrophil", 4);
  put(folder / "eosinophil" / "x___EO_1_1.jpg", "one");
  put(folder / "band_neutrophil" / "x___EO_1_2.jpg", "two");
  const LabelledSet set = split_labelled_folder(folder.path(), 0.25, 0, Conflicts::leave_out);
  EXPECT_EQ(set.left_out.size(), 2U);
  EXPECT_EQ(set.train.size() + set.validation.size(), 8U);
}

TEST(DatasetSplit, ListsAllFaultsAtOnce) {
  const testing::TempDir folder;
  put_class(folder.path(), "basophil", 4);
  fs::create_directories(folder / "blast");
  put_class(folder.path(), "monocyte", 1);
  put(folder / "stray.png", "stray");
  EXPECT_THAT(refusal(folder.path()),
              AllOf(HasSubstr("blast holds no image"),
                    HasSubstr("monocyte holds images of one original alone"),
                    HasSubstr("stray.png lies beside")));
}

TEST(DatasetSplit, TellsNamesApartThatDifferInMoreThanSpelling) {
  const testing::TempDir folder;
  for (const char* name : {"CD34+", "CD34-", "моноцит", "лимфоцит"}) {
    put_class(folder.path(), name, 4);
  }
  EXPECT_EQ(refusal(folder.path()), "");
  put_class(folder.path(), "cd 34+", 4, 10);
  EXPECT_THAT(refusal(folder.path()), HasSubstr("CD34+ and cd 34+ are two classes of one name"));
}

TEST(DatasetSplit, ALinkToNothingIsAFaultAndNoOtherFile) {
  const testing::TempDir folder;
  put_class(folder.path(), "basophil", 4);
  put_class(folder.path(), "monocyte", 4);
  fs::create_symlink(folder / "gone.jpg", folder / "monocyte" / "link.jpg");
  EXPECT_THAT(refusal(folder.path()), HasSubstr("link.jpg is a link to nothing"));
}

TEST(DatasetSplit, RefusesASingleClass) {
  const testing::TempDir folder;
  put_class(folder.path(), "basophil", 4);
  EXPECT_THAT(refusal(folder.path()), HasSubstr("1 class folders"));
}

TEST(DatasetSplit, RefusesAFolderThatIsNotThere) {
  const testing::TempDir folder;
  EXPECT_THAT(refusal(folder / "nowhere"), HasSubstr("is not a folder"));
}

TEST(DatasetSplit, IgnoresHiddenEntriesAndOtherFiles) {
  const testing::TempDir folder;
  put_class(folder.path(), "basophil", 4);
  put_class(folder.path(), "monocyte", 4);
  put(folder / ".cache" / "a.jpg", "a");
  put(folder / "monocyte" / ".hidden.jpg", "b");
  put(folder / "monocyte" / "notes.txt", "c");
  put(folder / "monocyte" / "UPPER.JPG", "d");
  const LabelledSet set = split_labelled_folder(folder.path(), 0.25, 0);
  EXPECT_EQ(set.classes.size(), 2U);
  EXPECT_EQ(set.train.size() + set.validation.size(), 9U);
}

TEST(OriginalName, IsBetweenTheMarkAndTheAugmentationsNumber) {
  EXPECT_EQ(original_name("MYO___MYO_0203_107.png"), "MYO_0203");
  EXPECT_EQ(original_name("LYA___LYA_0005_0_3721_103.png"), "LYA_0005");
  EXPECT_EQ(original_name("MON___MON_7.png"), "MON_7");
  EXPECT_EQ(original_name("BNE_102129.jpg"), "");
}

TEST(DatasetSplit, SplitsThePublicBloodSet) {
  CYTOCAPE_NEEDS_DATA("cells/pbc");
  const LabelledSet set = split_labelled_folder(testing::data_folder() / "cells" / "pbc", 0.2, 0);
  EXPECT_EQ(set.classes.size(), 11U);
  EXPECT_EQ(set.train.size() + set.validation.size(), 4800U);
}

}  // namespace
}  // namespace cytocape
