#include "pipeline/wording/phrases.hpp"

#include <gtest/gtest.h>

#include "pipeline/wording/labels.hpp"
#include "pipeline/wording/numbers.hpp"

namespace cytocape::wording {
namespace {

TEST(Phrase, IsSpelledPlainlyForProgramsAndSetForPages) {
  const auto text = say("WBC {}{} ({}) {} {} %", "10", behind(Unit::cells_per_volume),
                        std::string("LIS"), times(), 20);
  EXPECT_EQ(text.plain(), "WBC 10 x 10^9/L (LIS) x 20 %");
  EXPECT_EQ(text.typeset(), "WBC 10\u00a0\u00d7\u00a010\u2079/L (LIS) \u00d7 20 %");
}

TEST(Phrase, LeavesWhatALaboratoryWroteAsItIsWritten) {
  const auto text = say("{} ({})", quantity("5", Unit::percent), "filter of 5 um x 2");
  EXPECT_EQ(text.typeset(), "5 % (filter of 5 um x 2)");
}

TEST(Phrase, SetsUnitsOfAnAuthoredTextBehindNumbersAlone) {
  EXPECT_EQ(authored("At 0.5 x 10^9/L, 1 um/px.").typeset(),
            "At 0.5\u00a0\u00d7\u00a010\u2079/L, 1\u00a0\u00b5m/px.");
  for (const char* text : {"um", "the um/px", "5 umbrellas", "", " um", "x 10^9/L"})
    EXPECT_EQ(authored(text).typeset(), text);
}

TEST(Phrase, JoinsListsInBothSpellings) {
  const std::vector<Phrase> parts = {"a", quantity("1", Unit::cells_per_volume), "c"};
  EXPECT_EQ(join_words(parts, "or").typeset(), "a, 1\u00a0\u00d7\u00a010\u2079/L or c");
  EXPECT_EQ(join(parts, "; ").plain(), "a; 1 x 10^9/L; c");
}

TEST(Units, AreFoundByTheirPlainSpelling) {
  for (const auto unit : {Unit::none, Unit::percent, Unit::cells_per_volume, Unit::mass_per_volume,
                          Unit::per_100_leukocytes, Unit::to_one})
    EXPECT_EQ(unit_of(plain(unit)), unit);
  EXPECT_FALSE(unit_of("furlongs"));
}

TEST(Numbers, AreNeverPrintedOnTheirThresholdUnlessTheyLieThere) {
  EXPECT_EQ(format_beside(0.99996, 1), "0.99996");
  EXPECT_EQ(format_beside(1, 1), "1");
  EXPECT_EQ(format_beside(1e-20, 0), "1e-20");
}

TEST(Numbers, ThatWereReportedAreNotRoundedOntoWhatAThresholdMayBe) {
  EXPECT_EQ(format_reported(19.99), "19.99");
  EXPECT_EQ(format_reported(0.4996), "0.4996");
  EXPECT_EQ(format_reported(20), "20");
  EXPECT_EQ(format_reported(100 * 0.07), "7");
  EXPECT_EQ(format_reported(33.3333), "33.3");
}

TEST(Labels, OfAnUnknownCodeAreTheCode) {
  EXPECT_EQ(short_label("amc"), "monocytes, absolute (AMC)");
  EXPECT_EQ(input_label("mutation"), "highest VAF of a mutation");
  EXPECT_EQ(item_label("something new"), "something new");
}

}  // namespace
}  // namespace cytocape::wording
