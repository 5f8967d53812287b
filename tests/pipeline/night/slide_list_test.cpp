#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "io/errors.hpp"
#include "io/image_codec.hpp"
#include "pipeline/night/slide_names.hpp"
#include "pipeline/night/standing.hpp"
#include "tests/io/dicom_writer.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::TempDir;

void put(const fs::path& file, const std::string& text = "no picture") {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

std::vector<std::string> ids_of(const SlideList& list) {
  std::vector<std::string> ids;
  for (const auto& slide : list.slides) ids.push_back(slide.id);
  return ids;
}

SlideList settled(const std::vector<fs::path>& given, const FolderRules& rules = {}) {
  auto list = find_slides(given, rules);
  settle_names(list);
  return list;
}

std::string refusal_of(SlideList list) {
  try {
    settle_names(list);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

TEST(SlideList, AFolderIsSearchedToItsDepthAndSlidesAreNamedByTheirPlace) {
  const TempDir night;
  put(night / "b.svs");
  put(night / "ward 3/a.svs");
  put(night / "ward 3/deep/a.svs");
  const auto list = settled({night.path()});
  EXPECT_THAT(ids_of(list), ElementsAre("b", "ward_3_a", "ward_3_deep_a"));
  EXPECT_THAT(list.notes, IsEmpty());
}

TEST(SlideList, AnIdDoesNotDependOnWhatElseIsInTheFolder) {
  const TempDir night;
  put(night / "ward/a.svs");
  const auto before = ids_of(settled({night.path()}));
  put(night / "a.svs");
  put(night / "clinic/a.svs");
  EXPECT_THAT(ids_of(settled({night.path()})), ElementsAre("a", "clinic_a", before[0]));
}

TEST(SlideList, OtherFilesOfAFolderAreCountedAndNamedOnce) {
  const TempDir night;
  put(night / "a.svs");
  for (const auto* name : {"x.csv", "y.json", "z.txt", "unnamed", ".hidden.svs"}) put(night / name);
  const auto list = settled({night.path()});
  EXPECT_EQ(list.slides.size(), 1U);
  EXPECT_THAT(list.notes,
              ElementsAre(AllOf(HasSubstr("5 in it are no slides"), HasSubstr("and 2 more"))));
}

/// A DICOM instance of a slide, or of its label.
void put_instance(const fs::path& file, const std::string& series, const char* kind = "VOLUME") {
  static int number = 0;
  fs::create_directories(file.parent_path());
  testing::DicomSpec spec;
  spec.series = series;
  spec.instance = "1.2." + std::to_string(++number);
  spec.image_type = std::string("ORIGINAL\\PRIMARY\\") + kind;
  testing::write_bytes(file, testing::make_dicom(Image(10, 10), spec).bytes);
}

void put_series(const fs::path& folder, const std::string& series) {
  for (const auto* name : {"i1", "i2.dcm", "i3"}) put_instance(folder / name, series);
  put_instance(folder / "i4.dcm", series, "LABEL");
}

TEST(SlideList, AFolderOfOneDicomSeriesIsOneSlideNamedByTheFolder) {
  const TempDir night;
  put_series(night / "ward 3/H26.4711", "1.1");
  put_series(night / "b", "1.2");
  put(night / "a.svs");
  const auto list = settled({night.path()});
  EXPECT_THAT(ids_of(list), ElementsAre("a", "b", "ward_3_H26.4711"));
  EXPECT_EQ(list.slides[1].path, night / "b/i1");
  EXPECT_THAT(list.notes,
              ElementsAre(AllOf(HasSubstr("2 in it are no slides"), HasSubstr("b/i4.dcm"))));
  const auto alone = settled({night / "b"});
  EXPECT_THAT(ids_of(alone), ElementsAre("b"));
  EXPECT_EQ(alone.slides[0].path, night / "b/i1");
}

TEST(SlideList, DicomSeriesThatShareAFolderAreASlideEachNamedByTheirFirstFile) {
  const TempDir night;
  for (const auto* name : {"p1", "p2"}) put_instance(night / name, "1.1");
  for (const auto* name : {"q1", "q2"}) put_instance(night / name, "1.2");
  EXPECT_THAT(ids_of(settled({night.path()})), ElementsAre("p1", "q1"));
}

TEST(SlideList, AWatchedFoldersDicomSlidesAreNotNamedByItWhateverElseComes) {
  const TempDir night;
  for (const auto* name : {"p1", "p2"}) put_instance(night / name, "1.1");
  EXPECT_THAT(ids_of(settled({night.path()}, {.may_be_empty = true})), ElementsAre("p1"));
}

TEST(SlideList, AnyFilesOfADicomSeriesAreItsSlideOnceAndItsLabelIsNone) {
  const TempDir night;
  put_series(night.path(), "1.1");
  const auto list = settled({night / "i2.dcm", night / "i1", night / "i4.dcm", night / "i3"});
  ASSERT_EQ(list.slides.size(), 1U);
  EXPECT_EQ(list.slides[0].path, night / "i1");
  EXPECT_EQ(list.slides[0].id, settled({night.path()}).slides[0].id);
  EXPECT_THAT(list.notes, ::testing::Contains(HasSubstr("1 file is no slide: ")));
}

TEST(SlideList, ADicomSlidesFolderOrFilesInAManifestAreThatSlide) {
  const TempDir night;
  put_series(night / "b", "1.1");
  SlideList list{{{.path = night / "b"}}, {}};
  settle_names(list);
  EXPECT_THAT(ids_of(list), ElementsAre("b"));
  EXPECT_EQ(list.slides[0].path, night / "b/i1");
  put_instance(night / "b/j1", "1.2");
  EXPECT_THAT(refusal_of({{{.path = night / "b"}}, {}}),
              HasSubstr("holds 2 DICOM slides; give one of them, as " + (night / "b/i1").string()));
}

TEST(SlideList, AFileNamedAsDicomThatIsNoneFailsByName) {
  const TempDir night;
  put(night / "a.dcm");
  EXPECT_THAT(ids_of(settled({night.path()})), ElementsAre("a"));
}

TEST(SlideList, AShellsListOfAFolderIsReadLikeTheFolder) {
  const TempDir night;
  for (const auto* name : {"a.svs", "x.csv", "y.json"}) put(night / name);
  const auto list = settled({night / "a.svs", night / "x.csv", night / "y.json"});
  EXPECT_THAT(ids_of(list), ElementsAre("a"));
  EXPECT_THAT(list.notes,
              ElementsAre(AllOf(HasSubstr("2 files are no slides"), HasSubstr("x.csv"))));
}

TEST(SlideList, AFileThatIsGivenAndNotThereStaysToFailByName) {
  EXPECT_THAT(ids_of(settled({"absent.svs", "gone.raw"})), ElementsAre("absent", "gone"));
}

TEST(SlideList, PicturesAreSlidesWhereTheirPixelSizeIsGiven) {
  const TempDir night;
  put(night / "a.svs");
  write_png(Image(8, 8), night / "field.png");
  const auto without = settled({night.path()});
  EXPECT_THAT(ids_of(without), ElementsAre("a"));
  EXPECT_THAT(without.notes,
              ElementsAre(AllOf(HasSubstr("field.png"), HasSubstr("--set slide.mpp"))));
  EXPECT_THAT(ids_of(settled({night.path()}, {.pictures = true})), ElementsAre("a", "field"));
}

TEST(SlideList, ReportsAndTheRunsOwnFolderAreNotSearched) {
  const TempDir night;
  put(night / "a.svs");
  put(night / "out/previous/a/b.svs");
  put(night / "other-reports/a/report.h5");
  put(night / "other-reports/a/c.svs");
  EXPECT_THAT(ids_of(settled({night.path()}, {.out = night / "out"})), ElementsAre("a"));
}

TEST(SlideList, FilesOfASlideOfSeveralFilesAreNoSlidesOfTheirOwn) {
  const TempDir night;
  put(night / "a.mrxs");
  put(night / "a/Data0001.tif");
  put(night / "b.vms", "ImageFile=b-0.tif\n");
  put(night / "b-0.tif");
  EXPECT_THAT(ids_of(settled({night.path()})), ElementsAre("a", "b"));
}

TEST(SlideList, LinksThatLeadInCirclesEnd) {
  const TempDir night;
  put(night / "ward/a.svs");
  fs::create_directory_symlink(night.path(), night / "ward/again");
  EXPECT_EQ(settled({night.path()}).slides.size(), 1U);
}

TEST(SlideList, AFolderWithoutASlideIsRefused) {
  const TempDir night;
  put(night / "x.csv");
  EXPECT_THROW((void)find_slides({night.path()}, {}), ConfigError);
}

TEST(SlideList, NamesakesInTwoFoldersGetTheFoldersName) {
  EXPECT_THAT(ids_of(settled({"x/a.svs", "y/a.svs", "y/b.svs"})), ElementsAre("x_a", "y_a", "b"));
}

TEST(SlideList, NamesThatWouldBeOneFolderAreToldApart) {
  const auto ids = ids_of(settled(
      {"x/a.svs", "x/a.tif", "y/M\u00fcller.svs", "y/M\u00f6ller.svs", "z/S1.svs", "z/s1.svs"}));
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 6U);
  for (const auto& id : ids)
    EXPECT_EQ(id.find_first_not_of("abcdefghijklmnopqrstuvwxyzMS_-"
                                   "0123456789"),
              std::string::npos)
        << id;
}

TEST(SlideList, ANameTooLongForAFolderIsCutAndStaysItsOwn) {
  const std::string name(240, 'n');
  const auto ids = ids_of(settled({"x/" + name + "1.svs", "x/" + name + "2.svs"}));
  EXPECT_NE(ids[0], ids[1]);
  for (const auto& id : ids) EXPECT_LE(id.size(), 200U);
}

TEST(SlideList, OfALongNameTheFilesOwnEndIsKept) {
  const TempDir night;
  put(night / std::string(150, 'd') / (std::string(100, 'x') + "-H26-4711.svs"));
  const auto ids = ids_of(settled({night.path()}));
  EXPECT_THAT(ids, ElementsAre(::testing::EndsWith("-H26-4711")));
  EXPECT_LE(ids.at(0).size(), 200U);
}

TEST(SlideList, AFileCalledAsWhatStandsBesideTheReportsStopsNoNight) {
  const TempDir night;
  put(night / "Journal.svs");
  put(night / "b.svs");
  EXPECT_THAT(ids_of(settled({night.path()})), ElementsAre("Journal-slide", "b"));
}

TEST(SlideList, LineBreaksAndBlanksInNamesBecomeOneName) {
  EXPECT_THAT(ids_of(settled({"x/a\nb c.svs"})), ElementsAre("a_b_c"));
}

TEST(SlideList, ASlideGivenTwiceIsAnalyzedOnce) {
  const TempDir night;
  put(night / "a.svs");
  fs::create_directories(night / "ward");
  const auto list = settled({night / "a.svs", night / "ward/../a.svs", night.path()});
  EXPECT_EQ(list.slides.size(), 1U);
  EXPECT_THAT(list.notes, ElementsAre(HasSubstr("given more than once")));
}

TEST(SlideList, WhatAManifestSaysOfASlideCountsWhereItsFolderIsGivenToo) {
  const TempDir night;
  put(night / "a.svs");
  auto list = find_slides({night.path()}, {});
  list.slides.push_back({.path = night / "a.svs", .id = "first", .case_id = "C-17"});
  settle_names(list);
  ASSERT_EQ(list.slides.size(), 1U);
  EXPECT_EQ(list.slides[0].case_id, "C-17");
}

TEST(SlideList, ASlideOfAnEarlierRunKeepsItsNameWhateverComesBesideIt) {
  const TempDir night;
  put(night / "a.ndpi");
  put(night / "a.svs");
  EarlierNames earlier;
  earlier.remember(night / "a.svs", "a");
  auto list = find_slides({night.path()}, {});
  settle_names(list, earlier);
  EXPECT_THAT(ids_of(list), ElementsAre(HasSubstr("a-"), "a"));
}

TEST(SlideList, ANewSlideNeverTakesTheNameOfOneThatIsAway) {
  const TempDir night;
  put(night / "a.svs");
  EarlierNames earlier;
  earlier.remember(night / "a.tif", "a", "17@3");
  auto list = find_slides({night.path()}, {});
  settle_names(list, earlier);
  EXPECT_THAT(ids_of(list), ElementsAre(HasSubstr("a-")));
  EarlierNames moved;
  moved.remember(night / "old place/a.svs", "a", files_state(night / "a.svs"));
  list = find_slides({night.path()}, {});
  settle_names(list, moved);
  EXPECT_THAT(ids_of(list), ElementsAre("a")) << "it is the same file";
}

/// `id` as that of the file's content, which was analysed at `place`.
EarlierSlide analysed(const fs::path& place, const std::string& id, const fs::path& file) {
  return {.id = id,
          .place = place_of(place),
          .series = series_of(file),
          .files = files_state(file),
          .content = slide_sha256(file),
          .time = {},
          .record = "report.h5",
          .case_id = {}};
}

TEST(SlideList, ASeriesKeepsItsNameWhenAFileThatSortsFirstArrives) {
  const TempDir night;
  put_instance(night / "s/m2", "1.1");
  put_instance(night / "s/q", "1.2");
  EarlierNames earlier;
  earlier.remember(night / "s/m2", "patient");
  put_instance(night / "s/a1", "1.1");
  auto list = find_slides({night.path()}, {});
  settle_names(list, earlier);
  EXPECT_THAT(ids_of(list), ElementsAre("patient", "s_q"));
  EXPECT_EQ(list.slides[0].path, night / "s/a1");
  fs::remove(night / "s/m2");
  list = find_slides({night.path()}, {});
  settle_names(list, earlier);
  EXPECT_THAT(ids_of(list), ElementsAre("patient", "s_q")) << "by its series";
}

TEST(SlideList, ThePlaceOfAFileThatIsNotThereIsFromTheRoot) {
  EXPECT_EQ(place_of("absent/a.svs"), (fs::current_path() / "absent/a.svs").string());
}

TEST(SlideList, ACopyOfASeriesIsASlideOfItsOwn) {
  const TempDir night;
  put_instance(night / "s/a", "1.1");
  put_instance(night / "t/a", "1.1");
  EarlierNames earlier;
  earlier.remember(night / "s/a", "patient");
  auto list = find_slides({night.path()}, {});
  settle_names(list, earlier);
  EXPECT_THAT(ids_of(list), ElementsAre("patient", "t_a"));
}

TEST(SlideList, ASlideThatWasMovedKeepsItsNameByItsContent) {
  const TempDir night;
  put(night / "new/b.svs", "one");
  put(night / "new/c.svs", "two");
  EarlierNames earlier;
  earlier.remember(analysed(night / "old/a.svs", "S-17", night / "new/b.svs"));
  auto list = find_slides({night.path()}, {});
  settle_names(list, earlier);
  EXPECT_THAT(ids_of(list), ElementsAre("S-17", "new_c"));
}

TEST(SlideList, ASlideThatHasOnlyTheNameAndSizeOfAnEarlierOneGetsAnother) {
  const TempDir night;
  put(night / "new/a.svs", "one");
  put(night / "old/a.svs", "two");
  EarlierNames earlier;
  auto other = analysed(night / "gone/a.svs", "a", night / "old/a.svs");
  other.files = files_state(night / "new/a.svs");
  earlier.remember(std::move(other));
  SlideList list{.slides = {{.path = night / "new/a.svs"}}, .notes = {}};
  settle_names(list, earlier);
  EXPECT_THAT(ids_of(list), ElementsAre("new_a"));
}

TEST(SlideList, OfTwoCopiesOfAMovedSlideOneKeepsTheName) {
  const TempDir night;
  put(night / "new/b.svs", "one");
  put(night / "new/c.svs", "one");
  EarlierNames earlier;
  earlier.remember(analysed(night / "old/c.svs", "S-17", night / "new/b.svs"));
  auto list = find_slides({night.path()}, {});
  settle_names(list, earlier);
  EXPECT_THAT(ids_of(list), ElementsAre("S-17", "new_c"));
}

TEST(SlideList, OfNamesThatAreNoUtf8EachSlideKeepsItsOwn) {
  const TempDir night;
  put(night / "M\xFCller.svs", "one");
  put(night / "M\xF6ller.svs", "other");
  EarlierNames earlier;
  for (const auto* name : {"M\xFCller.svs", "M\xF6ller.svs"})
    earlier.remember(night / name, name[1] == '\xFC' ? "first" : "second",
                     files_state(night / name));
  auto list = find_slides({night.path()}, {});
  settle_names(list, earlier);
  EXPECT_THAT(ids_of(list), ElementsAre("second", "first"));
}

TEST(SlideList, AManifestMayGiveTheNameOfAnEarlierRunToAnotherSlide) {
  const TempDir night;
  put(night / "a.svs");
  EarlierNames earlier;
  earlier.remember(night / "a.svs", "S-17");
  auto list = find_slides({night.path()}, {});
  list.slides.push_back({.path = night / "b.svs", .id = "S-17"});
  settle_names(list, earlier);
  EXPECT_THAT(ids_of(list), ElementsAre("a", "S-17"));
}

TEST(SlideList, OneSlideWithTwoEntriesIsRefused) {
  EXPECT_THAT(
      refusal_of({.slides = {{.path = "a.svs", .id = "one"}, {.path = "a.svs", .id = "two"}},
                  .notes = {}}),
      HasSubstr("named twice"));
}

TEST(SlideList, OneIdOfTwoSlidesIsRefused) {
  EXPECT_THAT(
      refusal_of({.slides = {{.path = "a.svs", .id = "one"}, {.path = "b.svs", .id = "one"}},
                  .notes = {}}),
      AllOf(HasSubstr("a.svs and b.svs"), HasSubstr("one")));
}

TEST(Shard, TheSlidesOfAShardStayWhateverElseIsInTheList) {
  std::vector<std::set<std::string>> parts(7);
  for (int i = 0; i < 700; ++i) {
    const GivenSlide slide{.path = "x.svs", .id = "S-" + std::to_string(i)};
    int in = 0;
    for (std::uint32_t number = 1; number <= 7; ++number)
      if (is_in({.number = number, .of = 7}, slide)) {
        parts[number - 1].insert(slide.id);
        ++in;
      }
    EXPECT_EQ(in, 1) << slide.id;
  }
  for (const auto& part : parts) {
    EXPECT_GT(part.size(), 60U);
    EXPECT_LT(part.size(), 140U);
  }
  // Of an earlier program, which reports of a night that goes on may be from.
  EXPECT_TRUE(is_in({.number = 1, .of = 7}, {.path = "y.svs", .id = "S-17"}));
}

}  // namespace
}  // namespace cytocape
