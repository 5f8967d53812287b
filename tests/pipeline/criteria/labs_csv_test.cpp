#include "pipeline/criteria/labs_csv.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "io/errors.hpp"
#include "pipeline/wording/gaps.hpp"
#include "tests/pipeline/criteria/lab_rows.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape::criteria {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::kHeader;
using ::testing::Not;
using testing::read;
using testing::refusal;

double wbc_of(const std::string& value_and_unit) {
  return read("a,wbc," + value_and_unit + ",,,\n").at("a").numbers.at("wbc").value;
}

TEST(LabsCsv, ValuesKeepWhereTheyComeFrom) {
  const auto cases =
      read("a,wbc,11.2,10*9/L,,2024-03-01,LIS\nb,sex,Female,,,,\na,bcr_abl1,No,,,,PCR\n");
  ASSERT_EQ(cases.size(), 2U);
  const auto& wbc = cases.at("a").numbers.at("wbc");
  EXPECT_DOUBLE_EQ(wbc.value, 11.2);
  EXPECT_EQ(wbc.given, "11.2 10*9/L");
  EXPECT_EQ(wbc.from.date, "2024-03-01");
  EXPECT_EQ(wbc.from.source, "LIS");
  EXPECT_EQ(wbc.from.file, "labs.csv");
  EXPECT_EQ(wbc.from.row, 2U);
  EXPECT_EQ(cases.at("b").answers.at("sex").value, Choice::female);
  EXPECT_EQ(cases.at("a").answers.at("bcr_abl1").value, Choice::no);
}

TEST(LabsCsv, AResolutionNamesAnItemItsValueAndTheReason) {
  const std::string blasts = "a,pb_blasts,2,%,,,\n";
  EXPECT_THAT(refusal(blasts + "a,resolved,pb_blasts,,,,\n"),
              HasSubstr("row 3: source \"\": expected the reason, and who decided"));
  EXPECT_THAT(refusal(blasts + "a,resolved,wbc,,,,AB\n"),
              HasSubstr("row 3: value \"wbc\": expected the item whose value stands, one of"));
  EXPECT_THAT(refusal(blasts + "a,resolved,bm_blasts,,,,AB\n"),
              HasSubstr("expected a row of bm_blasts beside it"));
}

TEST(LabsCsv, ClearUnitsAreConverted) {
  for (const auto* given : {"11.2,10^9/L", "11.2,x10^9/l", "11.2,×10⁹/L", "11.2,G/L", "11.2,10E9/L",
                            "11200,/µL", "11200,cells/uL", "11.2,K/uL", "11.2,10³/μL", "11200,/mm³",
                            "11200,10*6/L", "11.2,x 10*3/uL"})
    EXPECT_DOUBLE_EQ(wbc_of(given), 11.2) << given;
  EXPECT_DOUBLE_EQ(read("a,haemoglobin,105,g/L,,,\n").at("a").numbers.at("haemoglobin").value,
                   10.5);
  EXPECT_DOUBLE_EQ(read("a,mutation,0.38,fraction,TET2,,\n").at("a").mutations.at(0).vaf.value(),
                   38);
}

TEST(LabsCsv, AConvertedValueMeetsAThresholdExactly) {
  EXPECT_EQ(wbc_of("500,/uL"), 0.5);
  EXPECT_EQ(wbc_of("13000,/uL"), 13.0);
}

TEST(LabsCsv, UnclearUnitsAreRefusedWithWhatWouldBeRight) {
  EXPECT_THAT(refusal("a,wbc,11.2,,,,\n"),
              AllOf(HasSubstr("labs.csv"), HasSubstr("row 2"), HasSubstr("unit \"\""),
                    HasSubstr("10^9/L"), HasSubstr("never guessed")));
  EXPECT_THAT(refusal("a,wbc,11.2,g/dL,,,\n"), HasSubstr("unit \"g/dL\""));
  EXPECT_THAT(refusal("a,haemoglobin,6.5,mmol/L,,,\n"), HasSubstr("monomer"));
  EXPECT_THAT(refusal("a,sex,male,years,,,\n"), HasSubstr("no unit for sex"));
}

TEST(LabsCsv, ImpossibleValuesNameRowAndColumn) {
  EXPECT_THAT(
      refusal("a,wbc,11200,10^9/L,,,\n"),
      AllOf(HasSubstr("row 2"), HasSubstr("value \"11200\""), HasSubstr("check value and unit")));
  EXPECT_THAT(refusal("a,platelets,-1,10^9/L,,,\n"), HasSubstr("value \"-1\""));
  EXPECT_THAT(refusal("a,classical_monocytes,101,%,,,\n"), HasSubstr("from 0 to 100"));
  EXPECT_THAT(refusal("a,haemoglobin,105,g/dL,,,\n"), HasSubstr("value \"105\""));
  EXPECT_THAT(refusal("a,wbc,nan,10^9/L,,,\n"), HasSubstr("value \"nan\""));
  EXPECT_THAT(refusal("a,mutation,0,%,TET2,,\n"), HasSubstr("VAF above 0"));
}

TEST(LabsCsv, ACountThatLostItsSeparatorIsRefused) {
  EXPECT_THAT(refusal("a,amc,1.200,/uL,,,\n"),
              HasSubstr("row 2: value \"1.200\": expected at least 10 /uL, or 0: 1.2 /uL would be "
                        "0.0012 x 10^9/L; check value and unit (a lost thousands separator?)"));
  EXPECT_THAT(refusal("a,anc,9.9,cells/mm3,,,\n"), HasSubstr("at least 10 cells/mm3"));
  EXPECT_THAT(refusal("a,wbc,9,10*6/L,,,\n"),
              AllOf(HasSubstr("thousands separator"), Not(HasSubstr("or 0"))));
  EXPECT_THAT(refusal("a,platelets,0.084,10^9/L,,,\n"), HasSubstr("at least 1 x 10^9/L, or 0"));
  EXPECT_THAT(refusal("a,platelets,84,/uL,,,\n"), HasSubstr("84 /uL would be 0.084 x 10^9/L"));
  for (const auto* row : {"amc,10,/uL", "amc,0,/uL", "amc,0.005,G/L", "anc,0,/uL", "wbc,9,G/L",
                          "platelets,1,G/L", "platelets,0,G/L"})
    EXPECT_EQ(refusal(std::string("a,") + row + ",,,\n"), "no error") << row;
}

TEST(LabsCsv, CountsThatOnlyAMicrolitreHoldsAreRefused) {
  EXPECT_THAT(refusal("a,amc,480,G/L,,,\n"),
              HasSubstr("amc from 0 to 300 x 10^9/L; check value and unit"));
  EXPECT_THAT(refusal("a,anc,501,G/L,,,\n"), HasSubstr("anc from 0 to 500 x 10^9/L"));
  EXPECT_EQ(refusal("a,amc,300,G/L,,,\na,anc,500,G/L,,,\n"), "no error");
}

TEST(LabsCsv, HaemoglobinInGramsALitreThatIsOneInGramsADecilitreIsRefused) {
  EXPECT_THAT(refusal("a,haemoglobin,12.5,g/L,,,\n"),
              HasSubstr("at least 30 g/L: 12.5 g/L would be 1.25 g/dL; write 12.5 with g/dL"));
  EXPECT_THAT(refusal("a,haemoglobin,25,g/L,,,\n"), HasSubstr("25 g/L would be 2.5 g/dL"));
  EXPECT_EQ(refusal("a,haemoglobin,30,g/L,,,\n"), "no error");
  EXPECT_EQ(refusal("a,haemoglobin,2.5,g/dL,,,\n"), "no error");
}

TEST(LabsCsv, MoreThanAnyBloodHoldsIsImpossible) {
  EXPECT_THAT(refusal("a,platelets,9000,G/L,,,\n"), HasSubstr("platelets from 0 to 5000 x 10^9/L"));
  EXPECT_THAT(refusal("a,haemoglobin,25.1,g/dL,,,\n"), HasSubstr("haemoglobin from 2 to 25 g/dL"));
  EXPECT_EQ(refusal("a,platelets,5000,G/L,,,\na,haemoglobin,250,g/L,,,\n"), "no error");
}

TEST(LabsCsv, TheDigitsWrittenAreKeptAsTheirRounding) {
  const auto rounding = [](const std::string& row, const char* item) {
    return read("a," + row + ",,,\n").at("a").numbers.at(item).rounding;
  };
  EXPECT_DOUBLE_EQ(rounding("wbc,11.2,G/L", "wbc"), 0.05);
  EXPECT_DOUBLE_EQ(rounding("wbc,11200,/uL", "wbc"), 0.0005);
  EXPECT_DOUBLE_EQ(rounding("wbc,1.1e1,G/L", "wbc"), 0.5);
  EXPECT_DOUBLE_EQ(rounding("monocytes,0.2,fraction", "monocytes"), 5);
}

TEST(LabsCsv, AHigherCountOfBlastsBeforeIsKept) {
  const auto findings = read(
                            "a,bm_blasts,35,%,,2023-06-01,\na,bm_blasts,4,%,,2024-03-01,\n"
                            "a,pb_blasts,2,%,,2023-06-01,\na,pb_blasts,4,%,,2024-03-01,\n")
                            .at("a");
  EXPECT_EQ(findings.numbers.at("bm_blasts").value, 4);
  EXPECT_EQ(findings.higher.at("bm_blasts").value, 35);
  EXPECT_THAT(findings.remarks.at("bm_blasts"),
              ElementsAre("an earlier count was higher: 35 % (row 2, 2023-06-01)"));
  EXPECT_FALSE(findings.higher.contains("pb_blasts"));
}

TEST(LabsCsv, APercentageThatMayBeAFractionIsUnclear) {
  EXPECT_THAT(refusal("a,mutation,0.45,%,TET2,,\n"),
              HasSubstr("value \"0.45\": expected a clear share: write 45 % or 0.45 fraction; or "
                        "0.0045 fraction where 0.45 % is meant"));
  EXPECT_THAT(refusal("a,classical_monocytes,1,percent,,,\n"), HasSubstr("write 100 % or 1"));
  EXPECT_DOUBLE_EQ(read("a,mutation,0.0045,fraction,TET2,,\n").at("a").mutations.at(0).vaf.value(),
                   0.45);
  for (const auto* item : {"pb_blasts", "bm_blasts", "monocytes"})
    EXPECT_THAT(refusal(std::string("a,") + item + ",0.12,%,,,\n"),
                HasSubstr("value \"0.12\": expected a clear share: write 12 % or 0.12 fraction; or "
                          "0.0012 fraction where 0.12 % is meant, or say by cells how many"));
  for (const auto* row : {"mutation,1.1,%,TET2", "classical_monocytes,0,%,", "pb_blasts,0,%,",
                          "pb_blasts,1,%,", "monocytes,1.1,%,", "bm_blasts,0.005,fraction,"})
    EXPECT_EQ(refusal(std::string("a,") + row + ",,\n"), "no error") << row;
}

TEST(LabsCsv, MonocytesAndNeutrophilsOfOneDayAreNotMoreThanTheLeukocytes) {
  const auto of_day = [](const std::string& wbc, const std::string& monocytes,
                         const std::string& anc, const std::string& day = "2024-03-01") {
    return refusal("a,wbc," + wbc + ",G/L,,2024-03-01,\na," + monocytes + ",,2024-03-01,\na,anc," +
                   anc + ",G/L,," + day + ",\n");
  };
  EXPECT_THAT(
      of_day("5", "amc,3,G/L", "4"),
      HasSubstr("row 4: value of anc \"4 G/L\": with the amc of row 3 (\"3 G/L\") more than "
                "the WBC of row 2 (\"5 G/L\") of case a"));
  EXPECT_THAT(of_day("5.0", "monocytes,60,%", "4.0"), HasSubstr("with the monocytes of row 3"));
  EXPECT_EQ(of_day("5", "amc,3,G/L", "4", "2024-03-02"), "no error") << "of two days they may be";
  EXPECT_EQ(of_day("5.0", "amc,3.1,G/L", "2.0"), "no error") << "0.1 more by rounding";
  EXPECT_THAT(of_day("5.0", "amc,3.2,G/L", "2.0"), HasSubstr("more than the WBC"));
  EXPECT_EQ(of_day("5.0", "monocytes,60,%", "2.0"), "no error");
}

TEST(LabsCsv, AMonocyteCountAboveTheLeukocytesIsImpossible) {
  EXPECT_THAT(refusal("a,wbc,5,10^9/L,,2024-03-01,\na,amc,6,10^9/L,,2024-03-01,\n"),
              AllOf(HasSubstr("row 3"), HasSubstr("row 2")));
  EXPECT_EQ(read("a,wbc,5,10^9/L,,2024-03-01,\na,amc,6,10^9/L,,2024-02-01,\n").size(), 1U)
      << "of two days they may be";
}

TEST(LabsCsv, NumbersAsOtherCountriesWriteThemAreRefusedWithTheRemedy) {
  EXPECT_THAT(refusal("a,wbc,\"11,2\",10^9/L,,,\n"), HasSubstr("a number without a comma: 11.2"));
  EXPECT_THAT(refusal("a,amc,\"1,200\",/uL,,,\n"),
              HasSubstr("value \"1,200\": expected a number without a comma: 1200 if the comma "
                        "separates thousands, or 1.2 if it is the decimal sign"));
  EXPECT_THAT(refusal("a,amc,1\u00a0200,/uL,,,\n"), HasSubstr("a number without spaces: 1200"));
  EXPECT_THAT(refusal("a,wbc,<0.5,10^9/L,,,\n"), HasSubstr("a number or unknown"));
}

TEST(LabsCsv, UnknownAndEmptyAreNotNo) {
  const auto cases = read("a,bcr_abl1,unknown,,,,\na,wbc,,,,,\na,mutation,unknown,,,,\n");
  EXPECT_TRUE(cases.at("a").answers.empty());
  EXPECT_TRUE(cases.at("a").numbers.empty());
  EXPECT_TRUE(cases.at("a").mutations.empty());
  EXPECT_FALSE(cases.at("a").no_mutation.has_value());
}

TEST(LabsCsv, AnswersOtherThanYesNoUnknownAreRefused) {
  EXPECT_THAT(refusal("a,bcr_abl1,negative,,,,\n"),
              AllOf(HasSubstr("value \"negative\""), HasSubstr("yes, no or unknown")));
  EXPECT_THAT(refusal("a,sex,w,,,,\n"), HasSubstr("male, female or unknown"));
}

TEST(LabsCsv, TheNewestValueIsTakenWhateverTheOrder) {
  const std::string old_row = "a,wbc,9,10^9/L,,2024-01-31,LIS\n";
  const std::string new_row = "a,wbc,12,10^9/L,,2024-03-01,LIS\n";
  EXPECT_DOUBLE_EQ(read(old_row + new_row).at("a").numbers.at("wbc").value, 12);
  EXPECT_DOUBLE_EQ(read(new_row + old_row).at("a").numbers.at("wbc").value, 12);
}

TEST(LabsCsv, TwoValuesOfOneDayContradictEachOther) {
  EXPECT_THAT(refusal("a,wbc,9,10^9/L,,2024-01-31,\na,wbc,12,10^9/L,,2024-01-31,\n"),
              AllOf(HasSubstr("row 3"), HasSubstr("row 2")));
  EXPECT_THAT(refusal("a,bcr_abl1,no,,,,\na,bcr_abl1,yes,,,2024-01-31,\n"), HasSubstr("differs"))
      << "an undated value may be the newer one";
  EXPECT_EQ(read("a,wbc,9,10^9/L,,,A\na,wbc,9000,/uL,,,B\n").size(), 1U) << "equal values agree";
}

TEST(LabsCsv, OtherNamesOfItemsAreRefusedWithTheItem) {
  for (const auto& [name, item] :
       std::map<std::string, std::string>{{"Hgb", "haemoglobin"},
                                          {"hb", "haemoglobin"},
                                          {"PLT", "platelets"},
                                          {"leukocytes", "wbc"},
                                          {"leuko", "wbc"},
                                          {"neutrophils", "anc"},
                                          {"blasts", "pb_blasts or bm_blasts"}})
    EXPECT_THAT(refusal("a," + name + ",9,%,,,\n"), HasSubstr("did you mean " + item + "?"));
}

TEST(LabsCsv, BlanksInsideQuotesAreNoPartOfACaseOrItem) {
  const auto cases = read("\"a \",\" wbc\u00a0\",\" 9\",\"G/L \",,,\na,sex,\"male \",,,,\n");
  ASSERT_EQ(cases.size(), 1U);
  EXPECT_EQ(cases.at("a").numbers.at("wbc").value, 9);
  EXPECT_EQ(cases.at("a").answers.at("sex").value, Choice::male);
}

TEST(LabsCsv, OneErrorNamesAllFaults) {
  EXPECT_THAT(refusal("a,wcb,9,10^9/L,,,\n,wbc,9,10^9/L,,,\na,wbc,9,10^9/L,,2024-02-30,\n"),
              AllOf(HasSubstr("row 2: item \"wcb\""), HasSubstr("did you mean wbc?"),
                    HasSubstr("row 3: case \"\""), HasSubstr("row 4: date \"2024-02-30\"")));
}

TEST(LabsCsv, AllFaultsOfARowAreNamed) {
  EXPECT_THAT(refusal("a,wbc,abc,furlong,TET2,01.03.2024,\n"),
              AllOf(HasSubstr("date \"01.03.2024\""), HasSubstr("value \"abc\""),
                    HasSubstr("unit \"furlong\""), HasSubstr("gene \"TET2\"")));
  EXPECT_THAT(refusal("a,sex,w,years,,,\n"),
              AllOf(HasSubstr("value \"w\""), HasSubstr("unit \"years\"")));
  EXPECT_THAT(refusal("a,mutation,0,%,,,\n"),
              AllOf(HasSubstr("gene \"\""), HasSubstr("value \"0\"")));
}

TEST(LabsCsv, ARowAtFaultIsNotComparedWithOthers) {
  EXPECT_THAT(refusal("a,bcr_abl1,negative,,,,\na,bcr_abl1,no,,,,\n"), Not(HasSubstr("differs")));
  EXPECT_THAT(refusal("a,wbc,9,G/L,,2024-02-30,\na,wbc,8,G/L,,2024-02-28,\na,wbc,7,G/L,,,\n"),
              AllOf(HasSubstr("row 4"), Not(HasSubstr("differs from row 2"))));
}

TEST(LabsCsv, FaultsStandInTheOrderOfRows) {
  // Contradictions are found case by case after all rows were read.
  const auto text = refusal(
      "b,wbc,9,G/L,,2024-01-31,\nb,wbc,8,G/L,,2024-01-31,\na,wbc,9,G/L,,2024-01-31,\n"
      "a,wbc,8,G/L,,2024-01-31,\na,wbc,x,G/L,,,\n");
  const auto third = text.find("\n  row 3: ");
  const auto fifth = text.find("\n  row 5: ");
  const auto sixth = text.find("\n  row 6: ");
  ASSERT_NE(sixth, std::string::npos) << text;
  EXPECT_LT(third, fifth) << text;
  EXPECT_LT(fifth, sixth) << text;
}

TEST(LabsCsv, RowsKeepTheirNumberBelowAnEmptyLine) {
  EXPECT_EQ(read("\na,wbc,9,G/L,,,\n").at("a").numbers.at("wbc").from.row, 3U);
}

TEST(LabsCsv, DatesAreDaysOfTheCalendar) {
  EXPECT_EQ(read("a,wbc,9,10^9/L,,2024-02-29,\n").size(), 1U);
  for (const auto* date :
       {"2023-02-29", "2024-13-01", "2024-00-10", "01.03.2024", "2024-3-1", "+024-03-01"})
    EXPECT_THAT(refusal(std::string("a,wbc,9,10^9/L,,") + date + ",\n"), HasSubstr("YYYY-MM-DD"))
        << date;
}

TEST(LabsCsv, ADayThatIsStillToComeIsRefused) {
  const cytocape::testing::TempDir folder;
  std::ofstream(folder / "labs.csv") << kHeader << "a,wbc,9,10^9/L,,2204-03-01,\n";
  EXPECT_THROW((void)read_labs(folder / "labs.csv", "2024-03-02"), ConfigError);
  EXPECT_EQ(read_labs(folder / "labs.csv", "2204-03-01").size(), 1U);
}

TEST(LabsCsv, WhatWasOnceFoundIsNotUndoneByALaterNo) {
  const auto findings =
      read("a,bcr_abl1,yes,,,2020-01-01,PCR\na,bcr_abl1,no,,,2024-01-01,PCR\n").at("a");
  EXPECT_FALSE(findings.answers.contains("bcr_abl1"));
  EXPECT_THAT(wording::gap_words({findings.contested.at("bcr_abl1")}),
              AllOf(HasSubstr("no (row 3, 2024-01-01)"), HasSubstr("yes (row 2, 2020-01-01)")));
}

TEST(LabsCsv, WhatMayChangeIsTakenFromTheNewestDayAndTheOlderAnswerIsNamed) {
  const auto findings =
      read("a,persistence,no,,,2023-01-01,\na,persistence,yes,,,2024-01-01,\n").at("a");
  EXPECT_EQ(findings.answers.at("persistence").value, Choice::yes);
  ASSERT_EQ(findings.remarks.at("persistence").size(), 1U);
  EXPECT_THAT(findings.remarks.at("persistence").front(), HasSubstr("no (row 2, 2023-01-01)"));
}

TEST(LabsCsv, ANewerUnknownIsSaidBesideTheOlderValue) {
  const auto findings =
      read(
          "a,wbc,9,G/L,,2024-01-01,\na,wbc,unknown,,,2024-03-01,\na,amc,2,G/L,,2024-03-01,\n"
          "a,amc,,,,2024-03-01,\na,persistence,unknown,,,2024-03-02,\n"
          "a,persistence,yes,,,2024-01-01,\na,sex,unknown,,,2024-03-02,\n")
          .at("a");
  EXPECT_EQ(findings.numbers.at("wbc").value, 9);
  EXPECT_THAT(findings.remarks.at("wbc"), ElementsAre("row 3 of 2024-03-01 says unknown"));
  EXPECT_THAT(findings.remarks.at("persistence"), ElementsAre("row 6 of 2024-03-02 says unknown"));
  EXPECT_EQ(findings.remarks.size(), 2U) << "of one day, and where nothing else was said";
}

TEST(LabsCsv, GramsALitreAreNoCells) {
  EXPECT_THAT(refusal("a,wbc,98,g/L,,,\n"), HasSubstr("grams"));
  EXPECT_EQ(refusal("a,wbc,98,G/l,,,\n"), "no error");
}

TEST(LabsCsv, TwoSharesOfOneDayAreNotMoreThanTheWhole) {
  EXPECT_THAT(refusal("a,monocytes,90,%,,2024-01-01,\na,pb_blasts,25,%,,2024-01-01,\n"),
              HasSubstr("more than 100 %"));
  EXPECT_EQ(refusal("a,monocytes,90,%,,2024-01-01,\na,pb_blasts,25,%,,2024-01-02,\n"), "no error");
  EXPECT_THAT(refusal("a,monocytes,90,%,,2024-01-01,\na,pb_blasts,25,%,,,\n"),
              HasSubstr("more than 100 %"));
}

TEST(LabsCsv, ACountWithoutADayIsNotMoreThanTheWhole) {
  EXPECT_THAT(refusal("a,wbc,10,G/L,,2024-01-01,\na,amc,12,G/L,,,\n"),
              HasSubstr("expected at most the WBC of row 2"));
  EXPECT_EQ(refusal("a,wbc,10,G/L,,2024-01-01,\na,amc,12,G/L,,2024-01-02,\n"), "no error");
}

TEST(LabsCsv, TheDocumentedExampleIsRead) {
  std::ifstream page(std::string(CYTOCAPE_SOURCE_DIR) + "/docs/labs-format.md");
  const cytocape::testing::TempDir folder;
  std::ofstream example(folder / "labs.csv");
  for (std::string line; std::getline(page, line);)
    if (line.starts_with("    ")) example << line.substr(4) << "\n";
  example.close();
  const auto cases = read_labs(folder / "labs.csv");
  ASSERT_EQ(cases.size(), 2U);
  EXPECT_DOUBLE_EQ(cases.at("C-17").numbers.at("haemoglobin").value, 9.8);
  EXPECT_EQ(cases.at("C-17").mutations.size(), 2U);
  EXPECT_FALSE(cases.at("C-17").answers.contains("dysplasia_megakaryocytic"));
  EXPECT_TRUE(cases.at("C-18").numbers.empty());
}

std::string header_refusal(const std::string& text) {
  const cytocape::testing::TempDir folder;
  const auto path = folder / "labs.csv";
  std::ofstream(path) << text;
  try {
    (void)read_labs(path);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "no error";
}

TEST(LabsCsv, CountedCellsAreKeptBesideTheirShare) {
  const auto refused = [](const std::string& row) {
    return header_refusal("case,item,value,unit,cells\n" + row + "\n");
  };
  const cytocape::testing::TempDir folder;
  std::ofstream(folder / "labs.csv")
      << "case,item,value,unit,cells,source\na,pb_blasts,3,%,200,LIS\na,pb_blasts,3,%,,Z\n"
         "a,bm_blasts,4,%,,\na,monocytes,,,100,\n";
  const auto findings = read_labs(folder / "labs.csv").at("a");
  EXPECT_EQ(findings.numbers.at("pb_blasts").cells, 200U) << "what is said outdoes what is not";
  EXPECT_FALSE(findings.numbers.at("bm_blasts").cells.has_value());
  EXPECT_EQ(findings_of(findings.given, "record").numbers.at("pb_blasts").cells, 200U);
  for (const auto* cells : {"0", "1000001", "-3", "200.5", "many", "2e2"})
    EXPECT_THAT(refused(std::string("a,monocytes,3,%,") + cells),
                AllOf(HasSubstr("row 2: cells \"" + std::string(cells)),
                      HasSubstr("a whole number from 1 to 1000000")));
  EXPECT_THAT(refused("a,wbc,3,G/L,200"),
              AllOf(HasSubstr("cells \"200\""), HasSubstr("only monocytes, pb_blasts")));
  EXPECT_EQ(refused("a,classical_monocytes,97,%,1000000"), "no error");
  EXPECT_EQ(refused("a,pb_blasts,0.5,%,200"), "no error") << "one cell of 200";
}

TEST(LabsCsv, AShareThatNoWholeNumberOfCellsGivesIsRefused) {
  const auto refused = [](const std::string& row) {
    return header_refusal("case,item,value,unit,cells\na," + row + "\n");
  };
  EXPECT_THAT(refused("bm_blasts,9.4,%,5"),
              HasSubstr("row 2: value \"9.4\": expected a share that a whole number of 5 cells "
                        "gives, such as 0 %; check value and cells"));
  EXPECT_THAT(refused("pb_blasts,0.12,%,200"), HasSubstr("a whole number of 200 cells"));
  for (const auto* row : {"pb_blasts,14,%,7", "pb_blasts,33.3,%,300", "bm_blasts,0.667,fraction,3",
                          "monocytes,12,%,200"})
    EXPECT_EQ(refused(row), "no error") << row;
}

TEST(LabsCsv, ColumnsAreChecked) {
  EXPECT_THAT(header_refusal("case,item\na,wbc\n"), HasSubstr("no column \"value\""));
  EXPECT_THAT(header_refusal("case,item,value,units\na,wbc,9,G/L\n"),
              HasSubstr("did you mean unit?"));
  EXPECT_THAT(header_refusal("case;item;value\na;sex;male\n"), HasSubstr("semicolons"));
  EXPECT_EQ(header_refusal("item,value,case\nsex,male,a\n"), "no error");
  EXPECT_EQ(header_refusal("Case,ITEM,Value\na,sex,male\n"), "no error");
  EXPECT_THAT(header_refusal("case,item,value,Value\na,sex,male,male\n"),
              HasSubstr("column \"Value\" occurs twice"));
}

TEST(LabsCsv, AColumnIsComplainedOfOnce) {
  const auto text = header_refusal("Casse,itm,vallue,unit\na,sex,male,\n");
  EXPECT_THAT(text, HasSubstr("3 faults"));
  EXPECT_THAT(text, Not(HasSubstr("there is no column")));
}

TEST(LabsCsv, ASourceMayBeAParagraphAndNoMore) {
  const auto told = [](std::size_t bytes) {
    return refusal("a,wbc,9,10^9/L,,," + std::string(bytes, 'x') + "\n");
  };
  EXPECT_EQ(told(2000), "no error");
  EXPECT_THAT(told(2001), AllOf(HasSubstr("row 2: source"), HasSubstr("at most 2000 bytes"),
                                HasSubstr("give the sentence that decides")));
}

TEST(LabsCsv, AValueOfBlanksWithoutEndIsNamedAndNotPrinted) {
  std::string value;
  for (int i = 0; i < 2000; ++i) value += "1 ";
  const auto message = refusal("a,wbc," + value + ",10*9/L,,,\n");
  EXPECT_THAT(message, AllOf(HasSubstr("row 2: value \"1 1 1"), HasSubstr("at most 200 bytes")));
  EXPECT_LT(message.size(), 300U);
  EXPECT_THAT(refusal("a,wbc,1 1 1,10*9/L,,,\n"), HasSubstr("a number without spaces: 111"));
}

TEST(LabsCsv, EveryTextOfARowHasALimit) {
  const std::string text(201, 'x');
  EXPECT_THAT(refusal(text + ",wbc,1,10*9/L,,,\n"), HasSubstr("row 2: case"));
  EXPECT_THAT(refusal("a," + text + ",1,10*9/L,,,\n"), HasSubstr("row 2: item"));
  EXPECT_THAT(refusal("a,mutation,yes,," + text + ",,\n"), HasSubstr("row 2: gene"));
  EXPECT_THAT(refusal("a,wbc,1," + text + ",,,\n"), HasSubstr("row 2: unit"));
}

TEST(LabsCsv, ACaseMayHaveAsManyRowsAsATable) {
  std::string rows;
  for (int i = 0; i < 30'000; ++i) {
    const auto day = fmt::format("20{:02}-{:02}-{:02}", i / 336 % 24, i / 28 % 12 + 1, i % 28 + 1);
    rows += fmt::format("a,mutation,38,%,TET2 v{},{},\n", i, day);
  }
  EXPECT_EQ(read(rows).at("a").mutations.size(), 30'000U);
}

}  // namespace
}  // namespace cytocape::criteria
