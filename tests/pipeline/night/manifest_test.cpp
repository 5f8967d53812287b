#include "pipeline/night/manifest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "io/errors.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<GivenSlide> read(const std::string& text) {
  static const testing::TempDir folder;
  const auto path = folder / "night.csv";
  std::ofstream(path) << text;
  return read_manifest(path);
}

std::string refusal(const std::string& text) {
  try {
    (void)read(text);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Manifest, SlidesAreRelativeToItsFolderAndMayDiffer) {
  const auto slides = read(
      "slide,id,case,specimen,mpp\n\"a, b.svs\",,C-1,pb,\n/scans/c.tiff,case-7,,bm,0.25\n"
      "d.tiff,,,,0.25 0.5\n");
  ASSERT_EQ(slides.size(), 3U);
  EXPECT_EQ(slides[0].path.filename(), "a, b.svs");
  EXPECT_TRUE(slides[0].path.is_absolute());
  EXPECT_FALSE(slides[0].mpp.has_value());
  EXPECT_EQ(slides[1].path, "/scans/c.tiff");
  EXPECT_EQ(slides[0].case_id, "C-1");
  EXPECT_EQ(slides[1].case_id, "");
  EXPECT_EQ(slides[1].id, "case-7");
  EXPECT_EQ(slides[1].specimen, Specimen::marrow);
  EXPECT_EQ(slides[1].mpp, (Mpp{0.25, 0.25}));
  EXPECT_EQ(slides[2].mpp, (Mpp{0.25, 0.5}));
}

TEST(Manifest, SaysWhatIsPrintedOfASlide) {
  const auto slides =
      read("slide,accession,stain,sampled\na.svs,H26-004711, Giemsa ,2026-02-28\nb.svs,,,\n");
  EXPECT_EQ(slides.at(0).identity, (SlideIdentity{"H26-004711", "Giemsa", "2026-02-28"}));
  EXPECT_EQ(slides.at(1).identity, SlideIdentity{});
}

TEST(Manifest, ADayOfSamplingIsADayOfTheCalendar) {
  for (const std::string day :
       {"2026-02-29", "28.02.2026", "2026-13-01", "26-02-28", "2026-2-28", "1890-02-28"})
    EXPECT_THAT(
        refusal("slide,sampled\na.svs," + day + "\n"),
        HasSubstr("row 2: sampled \"" + day + "\": expected a day as YYYY-MM-DD, from 1900 on"));
}

TEST(Manifest, ASpreadsheetsByteOrderMarkIsNoPartOfTheFirstColumn) {
  EXPECT_EQ(read("\xef\xbb\xbfslide\na.svs\n").size(), 1U);
}

TEST(Manifest, ASlidesNameMayHoldAnyBytesAndNothingElse) {
  EXPECT_EQ(read("slide,case\nM\xfcller.svs,C-1\n").at(0).path.filename(), "M\xfcller.svs");
  EXPECT_THAT(refusal("slide,case\na.svs,M\xfcller\n"),
              AllOf(HasSubstr("row 2: case"), HasSubstr("CSV UTF-8")));
}

TEST(Manifest, WhatIsNotSeenInACaseIsRefused) {
  for (const std::string hidden : {"C\x1b[31m-1", "C\x0b-1", "C\xe2\x80\xae-1", "\"C\n-1\""})
    EXPECT_THAT(refusal("slide,case\na.svs," + hidden + "\n"),
                AllOf(HasSubstr("row 2: case"), HasSubstr("holds a control character")))
        << hidden;
  EXPECT_EQ(read("slide,case\na.svs,Müller 李\n").at(0).case_id, "Müller 李");
}

TEST(Manifest, BlanksAtTheEndsOfACaseAreNoPartOfIt) {
  EXPECT_EQ(read("slide,case\na.svs,\"C-1 \"\n").at(0).case_id, "C-1");
  EXPECT_EQ(read("slide,case\n\" a.svs\",C-1\n").at(0).path.filename(), " a.svs");
}

TEST(Manifest, EmptyRowsOfASpreadsheetArePassedOver) {
  EXPECT_EQ(read("slide,case\na.svs,C-1\n,\n").size(), 1U);
}

TEST(Manifest, ColumnsAreKnownInAnyLetterCase) {
  const auto slides = read("Slide,CASE,Mpp\na.svs,C-1,0.25\n");
  EXPECT_EQ(slides.at(0).case_id, "C-1");
  EXPECT_EQ(slides.at(0).mpp, (Mpp{0.25, 0.25}));
}

TEST(Manifest, OneErrorNamesAllFaults) {
  EXPECT_THAT(refusal("slide,specimen,mpp\na.svs,blood,0\n,pb,x\n"),
              AllOf(HasSubstr("row 2: specimen \"blood\""), HasSubstr("row 2: mpp \"0\""),
                    HasSubstr("row 3: slide \"\""), HasSubstr("row 3: mpp \"x\"")));
}

TEST(Manifest, ASpreadsheetWithSemicolonsIsNamedAsSuch) {
  EXPECT_THAT(refusal("slide;id;case;specimen\na.svs;;C-1;pb\n"), HasSubstr("semicolons"));
}

TEST(Manifest, AnIdTooLongForAFolderIsRefusedWithItsRow) {
  const std::string id(300, 'x');
  EXPECT_THAT(refusal("slide,id\na.svs,a\nb.svs," + id + "\n"),
              AllOf(HasSubstr("row 3: id \"xxx"), HasSubstr("at most 200 bytes"),
                    HasSubstr("has 300"), Not(HasSubstr(id))));
  EXPECT_EQ(read("slide,id\na.svs," + id.substr(0, 200) + "\n").size(), 1U);
}

TEST(Manifest, TablesAsSpreadsheetsSaveThemAreRead) {
  for (const auto* text : {"sep=,\r\nslide,id,case,specimen,mpp\r\nref.tif,0012,007,pb,\r\n",
                           "slide,id,case,specimen,mpp,,\r\nref.tif,0012,007,pb,0.25,,\r\n"})
    EXPECT_EQ(read(text).at(0).case_id, "007") << text;
}

TEST(Manifest, EachMistakeNamesRowColumnAndValue) {
  EXPECT_THAT(refusal("slide,mpp\na.svs,0.25um\n"), HasSubstr("row 2: mpp \"0.25um\""));
  EXPECT_THAT(refusal("slide,mpp\na.svs,0\n"), HasSubstr("row 2: mpp \"0\""));
  EXPECT_THAT(refusal("slide,mpp\na.svs,250\n"), HasSubstr("from 0.05 to 20"));
  EXPECT_THAT(refusal("slide,specimen\na.svs,blood\n"), HasSubstr("specimen \"blood\""));
  EXPECT_THAT(refusal("slide\n\"\"\n"), HasSubstr("row 2: slide"));
  EXPECT_THAT(refusal("slide,specimens\na.svs,pb\n"), HasSubstr("did you mean specimen?"));
  EXPECT_THAT(refusal("id\na\n"), HasSubstr("no column \"slide\""));
  EXPECT_THAT(refusal("slide,id\na.svs\n"), HasSubstr("row 2: 1 fields, but the header has 2"));
  EXPECT_THAT(refusal("slide,slide\na,b\n"), HasSubstr("occurs twice"));
  EXPECT_THAT(refusal("slide\n\"a.svs\n"), HasSubstr("night.csv: row 2"));
  EXPECT_THAT(refusal("slide\n"), HasSubstr("names no slide"));
  EXPECT_THAT(refusal(""), HasSubstr("header"));
}

}  // namespace
}  // namespace cytocape
