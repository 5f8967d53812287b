#include "io/text.hpp"

#include <gtest/gtest.h>

namespace cytocape {
namespace {

TEST(OneLine, JoinsLinesAndTrimsTheEnds) {
  EXPECT_EQ(one_line("\n cannot open\n\tfile \r\n"), "cannot open file");
}

TEST(OneLine, SaysSoWhenNoCauseWasGiven) {
  EXPECT_EQ(one_line(" \n"), "no cause given");
}

TEST(ParseNumber, TakesADecimalNumberWithBlanksAroundIt) {
  EXPECT_EQ(parse_number(" 0.25 "), 0.25);
  EXPECT_EQ(parse_number("28.346456527709961"), 28.346456527709961);
}

TEST(ParseNumber, RefusesUnitsCommasAndEmptiness) {
  for (const char* text : {"0.25um", "0,25", "", " ", "0.25 0.25", "x"}) {
    EXPECT_FALSE(parse_number(text).has_value()) << text;
  }
}

TEST(ParseNumber, RefusesWhatIsNoFiniteNumber) {
  for (const char* text : {"nan", "NaN", "-nan", "inf", "-inf", "infinity", "1e999"})
    EXPECT_FALSE(parse_number(text).has_value()) << text;
}

TEST(Text, ALongTextIsShortenedBetweenLettersAndItsLengthTold) {
  EXPECT_EQ(shortened("short", 5), "short");
  EXPECT_EQ(shortened("longer", 4), "long.. (6 bytes)");
  EXPECT_EQ(shortened("a\u00e9\u00e9", 2), "a.. (5 bytes)");
  EXPECT_TRUE(is_utf8(shortened("\xF0\x9F\x94\xAC\xF0\x9F\x94\xAC", 7)));
}

TEST(Text, TrimmedKnowsNoBreakSpaces) {
  EXPECT_EQ(trimmed(" \u00a0\t11\u00a02\u202f\r\n"), "11\u00a02");
  EXPECT_EQ(trimmed("\u00a0 \u202f"), "");
  EXPECT_EQ(trimmed("\u00e0"), "\u00e0") << "another letter of two bytes";
}

TEST(ValidUtf8, IsWhatNeedsNoReplacement) {
  EXPECT_TRUE(is_utf8("Bl\xC3\xA4tter \xE2\x80\x93 \xF0\x9F\x94\xAC"));
  EXPECT_FALSE(is_utf8("Bl\xE4tter"));
  EXPECT_FALSE(is_utf8("cut \xE2\x80"));
}

TEST(ValidUtf8, KeepsWhatIsWellFormed) {
  const std::string text = "Bl\xC3\xA4tter \xE2\x80\x93 \xF0\x9F\x94\xAC";
  EXPECT_EQ(valid_utf8(text), text);
}

TEST(ValidUtf8, ReplacesEachByteThatIsNot) {
  const std::string mark = "\xEF\xBF\xBD";
  EXPECT_EQ(valid_utf8("a\xE4z"), "a" + mark + "z");            // Latin-1
  EXPECT_EQ(valid_utf8("\xC0\xAF"), mark + mark);               // overlong '/'
  EXPECT_EQ(valid_utf8("\xED\xA0\x80"), mark + mark + mark);    // surrogate
  EXPECT_EQ(valid_utf8("cut \xE2\x80"), "cut " + mark + mark);  // ends within a sequence
}

TEST(Displayable, ShowsWhatTurnsTheDirectionOfReadingOrSteersATerminal) {
  const std::string mark = "\xEF\xBF\xBD";
  for (const char* turn :
       {"\u061c", "\u200e", "\u200f", "\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066",
        "\u2067", "\u2068", "\u2069", "\x1b", "\x07", "\x7f", "\u009b", "\xE4"})
    EXPECT_EQ(displayable(std::string("16.4 ") + turn + "9"), "16.4 " + mark + "9") << turn;
}

TEST(Displayable, KeepsLettersOfAnyScriptLinesAndTabs) {
  const std::string text = "Bl\xC3\xA4tter \u05de\u05e2 \u0645\n\t\u200b\u2010 \xF0\x9F\x94\xAC";
  EXPECT_EQ(displayable(text), text);
}

TEST(Wrapped, ShowsCharactersThatWouldTurnTheLine) {
  EXPECT_EQ(wrapped("\u202e  ", "16.4 \u202e9", 80),
            "\uFFFD  16.4 \uFFFD"
            "9\n");
}

TEST(Text, SafeFileNameKeepsPlainLettersAndIsNeverHiddenOrEmpty) {
  EXPECT_EQ(safe_file_name("MO-1_a.b", "slide"), "MO-1_a.b");
  EXPECT_EQ(safe_file_name("a/b <c>\xc3\xa9", "slide"), "a_b__c___");
  EXPECT_EQ(safe_file_name("..", "slide"), "slide..");
  EXPECT_EQ(safe_file_name("", "image"), "image");
}

TEST(EscapeHtml, LeavesNothingThatOpensATagOrEndsAnAttribute) {
  EXPECT_EQ(escape_html("<a href=\"x\">&'\xE4"),
            "&lt;a href=&quot;x&quot;&gt;&amp;&apos;\xEF\xBF\xBD");
}

}  // namespace
}  // namespace cytocape
