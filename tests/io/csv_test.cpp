#include "io/csv.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "io/errors.hpp"
#include "io/fault_list.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

CsvTable read(const std::string& text) {
  static const testing::TempDir folder;
  std::ofstream(folder / "t.csv", std::ios::binary) << text;
  return read_csv(folder / "t.csv");
}

template <class Call>
std::string refusal_of(const Call& call) {
  try {
    call();
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "no error";
}

std::string refusal(const std::string& text) {
  return refusal_of([&] { (void)read(text); });
}

TEST(Csv, RowsAreNumberedAsASpreadsheetDoes) {
  const auto table = read("\na,b\r\n\r\n1,\"two\nlines\"\n  \n\n3,4\n5,6");
  EXPECT_EQ(table.header_number, 2U);
  EXPECT_EQ(table.numbers, (std::vector<std::size_t>{4, 7, 8}));
  EXPECT_EQ(table.rows.at(0).at(1), "two\nlines");
  EXPECT_EQ(table.rows.at(2).at(1), "6");
}

TEST(Csv, WhatASpreadsheetWouldRunIsTextAndReadAsItWas) {
  for (const std::string text : {"=cmd|' /C calc'!A0", "@SUM(1)", "+49 30", "-x", " =1", "＝1"}) {
    const auto field = csv_field(text);
    EXPECT_THAT(field, AnyOf(StartsWith("'"), StartsWith("\"'"))) << text;
    EXPECT_EQ(read("a,b\n" + field + ",1\n").rows.at(0).at(0), text);
  }
  for (const std::string number : {"-1.5", "-1e-3", "0", ""}) EXPECT_EQ(csv_field(number), number);
  EXPECT_EQ(csv_field("'quoted'"), "'quoted'");
  EXPECT_EQ(read("a,b\n'quoted',1\n").rows.at(0).at(0), "'quoted'");
}

TEST(Csv, OtherSeparatorsAreNamedWithTheRemedy) {
  for (const auto* text : {"a;b\n1;2\n", "a;b\n1;2,5\n", "a,b\n1;2\n"})
    EXPECT_THAT(refusal(text), AllOf(HasSubstr("separated by semicolons"),
                                     HasSubstr("save the table as comma-separated")));
  EXPECT_THAT(refusal("a\tb\n1\t2\n"), HasSubstr("separated by tabs"));
}

TEST(Csv, ADecimalCommaIsTheLikelyReasonForAFieldTooMany) {
  EXPECT_THAT(refusal("case,value,unit\nC-1,11,2,G/L\n"),
              HasSubstr("row 2: 4 fields, but the header has 3; likely 11,2 is one number: "
                        "write 11.2"));
  EXPECT_THAT(refusal("case,value\nC-1,-0,500\n"), EndsWith("write -0.500"));
  EXPECT_THAT(refusal("case,source\nC-1,LIS, ward\n"),
              AllOf(HasSubstr("in quotes"), Not(HasSubstr("decimal"))));
}

TEST(Csv, AThousandsSeparatorIsNotTakenForADecimalComma) {
  EXPECT_THAT(
      refusal("case,value,unit\nC-1,1,200,/uL\n"),
      EndsWith("likely 1,200 is one number: write 1200 if the comma separates thousands, or "
               "1.2 if it is the decimal sign"));
  EXPECT_THAT(refusal("case,value\nC-1,1,200,000\n"),
              EndsWith("likely 1,200,000 is one number: write 1200000"));
}

TEST(Csv, NumbersWithCommasAreWrittenAsTheyMayBeMeant) {
  EXPECT_EQ(without_comma("11,2"), "11.2");
  EXPECT_EQ(without_comma("1234,567"), "1234.567") << "no separator after four digits";
  EXPECT_EQ(without_comma("0,500"), "0.500") << "no thousands begin with 0";
  EXPECT_EQ(without_comma("1,200.5"), "1200.5");
  EXPECT_EQ(without_comma("-11,000"),
            "-11000 if the comma separates thousands, or -11 if it is the decimal sign");
  for (const auto* other :
       {"1200", "1.2", "", ",", "1,", ",5", "1,2,3", "1,20.5", "a,5", "1,200.x"})
    EXPECT_EQ(without_comma(other), "") << other;
}

TEST(Csv, RowsOfEmptyFieldsArePassedOverAndCounted) {
  const auto table = read(",,\na,b,c\n,,\n1,,\n \u00a0,\"\", \n,,,,\n2,,\n");
  EXPECT_EQ(table.header_number, 2U);
  EXPECT_EQ(table.numbers, (std::vector<std::size_t>{4, 7}));
}

TEST(Csv, NoBreakSpacesAroundFieldsAreBlanks) {
  const auto table = read("a\u00a0,b,c\n\u00a0 1\u202f ,x,\" y \"\n");
  EXPECT_EQ(table.header.front(), "a");
  EXPECT_EQ(table.rows.at(0).at(0), "1");
  EXPECT_EQ(table.rows.at(0).at(2), " y ") << "quotes keep blanks";
  EXPECT_EQ(read("a,b\n1,\"x\u00a0\"\n").rows.at(0).at(1), "x");
}

TEST(Csv, OtherEncodingsAreNamedWithTheRemedy) {
  const std::string utf16_le = {'\xff', '\xfe', 'a', '\0', '\n', '\0'};
  const std::string utf16_be = {'\xfe', '\xff', '\0', 'a', '\0', '\n'};
  for (const auto& text : {utf16_le, utf16_be})
    EXPECT_THAT(refusal(text), EndsWith("t.csv: the file is UTF-16: save it as CSV UTF-8"));
  EXPECT_THAT(refusal(utf16_le.substr(2)), HasSubstr("the file is UTF-16 or no text at all"));
}

TEST(Csv, TextThatIsNotUtf8IsRefusedWithItsFirstRow) {
  EXPECT_THAT(refusal("case,source\n\nC-1,LIS\nC-2,M\xfcller\nC-3,M\xfcller\n"),
              EndsWith("row 4: source \"M\ufffdller\" is not UTF-8; save the table as CSV UTF-8"));
  EXPECT_THAT(refusal("case,gr\xf6\xdf"
                      "e\nC-1,1\n"),
              HasSubstr("row 1: column"));
  EXPECT_EQ(refusal("case,source\nC-2,M\u00fcller\n"), "no error");
}

TEST(Csv, AColumnOfFileNamesMayHoldOtherBytes) {
  const testing::TempDir folder;
  std::ofstream(folder / "t.csv") << "Slide,case\nM\xfcller.svs,C-1\n";
  EXPECT_EQ(read_csv(folder / "t.csv", {.bytes_column = "slide"}).rows.at(0).at(0),
            "M\xfcller.svs");
  EXPECT_THAT(refusal_of([&] { (void)read_csv(folder / "t.csv", {.bytes_column = "case"}); }),
              HasSubstr("Slide \"M"));
}

TEST(Csv, EveryRowOfAnotherLengthIsNamed) {
  EXPECT_THAT(refusal("a,b\n1\n1,2\n1,x,y\n"),
              AllOf(HasSubstr("\n  row 2: 1 fields"), HasSubstr("\n  row 4: 3 fields")));
}

TEST(Csv, AQuoteOutOfPlaceIsNamedWithRowAndRemedy) {
  for (const auto* text : {"a,b\n1,2\n1,the \"big\" one\n", "a,b\n1,2\n1,\"the \"big\" one\"\n"})
    EXPECT_THAT(refusal(text), AllOf(HasSubstr("t.csv: row 3: field 2 has a quote"),
                                     HasSubstr("inside it twice")));
  EXPECT_THAT(refusal("a,b\n1,2\n1,\"open\n2,3\n"),
              HasSubstr("row 3: field 2 begins with a quote (\") that is never closed"));
}

TEST(Csv, AFileThatCannotBeReadIsNamedWithTheCause) {
  const testing::TempDir folder;
  EXPECT_THAT(
      refusal_of([&] { (void)read_csv(folder / "absent.csv"); }),
      AllOf(HasSubstr("absent.csv"), HasSubstr("No such file"), HasSubstr("check the path")));
  EXPECT_THAT(refusal_of([&] { (void)read_csv(folder.path()); }), HasSubstr("it is a folder"));
}

TEST(Csv, ASeparatorLineForExcelIsNoHeader) {
  const auto table = read("sep=,\r\nslide,id,case\r\na.tif,0012,007\r\n");
  EXPECT_EQ(table.header.front(), "slide");
  EXPECT_EQ(table.header_number, 2U);
  EXPECT_EQ(table.rows.at(0).at(1), "0012");
}

TEST(Csv, TheSeparatorThatALineForExcelNamesIsBelieved) {
  for (const auto* text : {"sep=;\na;b\n1;\"x;y\"\n", "SEP=;\r\na;b;;\r\n;;;\r\n1;\"x;y\";;\r\n",
                           "\"sep=;\"\na;b\n1;\"x;y\"\n", "sep=;;;\na;b\n1;\"x;y\"\n"}) {
    const auto table = read(text);
    EXPECT_EQ(table.header, (std::vector<std::string>{"a", "b"})) << text;
    EXPECT_EQ(table.rows.at(0), (std::vector<std::string>{"1", "x;y"})) << text;
    EXPECT_EQ(table.header_number, 2U) << text;
  }
  EXPECT_EQ(read("sep=\t\na\tb\n1,5\t2\n").rows.at(0).at(0), "1,5");
  EXPECT_EQ(read("sep=,\na,b\n1;5,2\n").rows.at(0).at(0), "1;5");
}

TEST(Csv, AColumnThatBeginsLikeALineForExcelIsAColumn) {
  EXPECT_EQ(read("sep=x,b\n1,2\n").header.front(), "sep=x");
  EXPECT_EQ(read("separator,b\n1,2\n").header.front(), "separator");
}

TEST(Csv, IdentitiesWithACommaAreNotTakenForNumbers) {
  EXPECT_THAT(refusal("slide,id,case\na.tif,12,007,C-1\n"),
              AllOf(HasSubstr("in quotes"), Not(HasSubstr("12.007")), Not(HasSubstr("12007"))));
  EXPECT_THAT(refusal("slide,id,mpp\na.tif,7,0,25\n"), HasSubstr("write 0.25"));
}

TEST(Csv, EmptyColumnsWithoutANameAreLeftOut) {
  const auto table = read("a,,b,,\n1,,2,,\n3,,4,,,,\n5,,6\n");
  EXPECT_EQ(table.header, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(table.rows.at(1), (std::vector<std::string>{"3", "4"}));
  EXPECT_EQ(table.rows.at(2), (std::vector<std::string>{"5", "6"}));
}

TEST(Csv, AValueInAColumnWithoutANameIsNotLost) {
  EXPECT_THAT(
      refusal("a,,b\n1,,2\n3,x,4\n"),
      HasSubstr(
          "row 3: field 2 \"x\" stands in a column without a name; name the column in row 1"));
  EXPECT_THAT(refusal("a,b,,\n1,2,,\n3,4,x,\n"), HasSubstr("row 3: 3 fields"));
}

TEST(Csv, LinesMayEndWithCarriageReturnsAlone) {
  const auto table = read("a,b\r1,2\r\r3,\"x\ry\"\r5,6\r");
  EXPECT_EQ(table.numbers, (std::vector<std::size_t>{2, 4, 5}));
  EXPECT_EQ(table.rows.at(2).at(1), "6");
}

TEST(Csv, AFieldThatIsTooLongIsNamedAndNotPrinted) {
  const std::string blanks(1'000'000, ' ');
  const auto message = refusal("a,b\n1,2\n1,x" + blanks + "x\n");
  EXPECT_THAT(message, HasSubstr("row 3: field 2 has more than 4096 bytes"));
  EXPECT_LT(message.size(), 300U);
  EXPECT_THAT(refusal("a,b\n1,x" + std::string(5000, 'x') + "\n"), HasSubstr("row 2: field 2"));
  EXPECT_EQ(refusal("a,b\n1," + std::string(4096, 'x') + "\n"), "no error");
}

TEST(Csv, AQuoteThatIsNeverClosedIsFoundBeforeTheEndOfTheFile) {
  std::string text = "a,b\n1,\"open\n";
  for (int row = 0; row < 2000; ++row) text += "1,2\n";
  EXPECT_THAT(refusal(text), AllOf(HasSubstr("row 2: field 2"), HasSubstr("close its quote")));
}

TEST(Csv, MoreColumnsThanATableMayHaveAreCountedAndEmptyOnesAreNot) {
  std::string wide = "a";
  for (int i = 0; i < 1'000'000; ++i) wide += ",b";
  EXPECT_THAT(refusal(wide + "\n"), HasSubstr("row 1: more than 64 columns"));
  EXPECT_EQ(refusal("a,b" + std::string(16'382, ',') + "\n1,2" + std::string(16'382, ',') + "\n"),
            "no error");
}

TEST(Csv, RowsBeyondTheLimitAreRefusedAndTheLimitIsNamed) {
  std::string text = "a,b\n";
  for (int row = 0; row < 250'000; ++row) text += "1,2\n";
  EXPECT_EQ(read(text).rows.size(), 250'000U);
  EXPECT_THAT(refusal(text + "1,2\n"),
              AllOf(HasSubstr("row 250002: more than 250000 rows"), HasSubstr("split the table")));
}

TEST(Csv, TwoIdentitiesAreNoNumber) {
  EXPECT_EQ(without_comma("0012,007"), "");
  EXPECT_THAT(refusal("slide,id\na.tif,0012,007\n"), Not(HasSubstr("0012.007")));
}

TEST(FaultList, SeveralFaultsStandEachOnALineInTheOrderOfRows) {
  FaultList faults;
  for (const int row : {10, 2, 9}) faults.add("row {}: wrong", row);
  faults.add("row {}: wrong too", 2);
  faults.sort_by_row();
  EXPECT_EQ(refusal_of([&] { faults.throw_if_any("t.csv"); }),
            "t.csv: 4 faults\n  row 2: wrong\n  row 2: wrong too\n  row 9: wrong\n  row 10: wrong");
}

TEST(FaultList, OneFaultIsOneLine) {
  FaultList faults;
  faults.add("row 2: wrong");
  EXPECT_EQ(refusal_of([&] { faults.throw_if_any("t.csv"); }), "t.csv: row 2: wrong");
}

TEST(FaultList, AHundredFaultsAreCounted) {
  FaultList faults;
  for (int row = 1; row <= 100; ++row) faults.add("row {}", row);
  EXPECT_THAT(refusal_of([&] { faults.throw_if_any("t.csv"); }), EndsWith("\n  and 80 more"));
}

}  // namespace
}  // namespace cytocape
