// Values of a case in words.

#include <gtest/gtest.h>

#include "pipeline/wording/conditions.hpp"
#include "pipeline/wording/gaps.hpp"
#include "pipeline/wording/outlook.hpp"
#include "pipeline/wording/remarks.hpp"
#include "pipeline/wording/sentences.hpp"
#include "pipeline/wording/sources.hpp"

namespace cytocape::wording {
namespace {

using namespace criteria;

const Provenance kLis{.file = "labs.csv", .row = 3, .date = "2024-03-01", .source = "LIS"};

Asked answered(Choice choice) {
  Asked asked;
  asked.choices = {choice};
  return asked;
}

Asked at_least(double threshold, Unit unit) {
  Asked asked;
  asked.ranges = {{{Comparison::at_least, threshold}}};
  asked.unit = unit;
  return asked;
}

Need need(const std::string& label, const Asked& asked) {
  Need result;
  result.label = label;
  result.condition = asked;
  return result;
}

TEST(Conditions, ReadAsNeededAndNotAsFound) {
  EXPECT_EQ(shown_words(need("erythroid dysplasia", answered(Choice::yes))),
            "erythroid dysplasia shown");
  EXPECT_EQ(shown_words(need("BCR::ABL1", answered(Choice::no))), "BCR::ABL1 shown absent");
  EXPECT_EQ(shown_words(need("sex", answered(Choice::male))), "sex shown to be male");
  EXPECT_EQ(shown_words(need("AMC", at_least(1, Unit::cells_per_volume))).typeset(),
            "AMC shown to be at least 1\u00a0\u00d7\u00a010\u2079/L");
}

TEST(Conditions, AreSaidInTheRulesOwnWordsWhereTheyHaveSome) {
  auto asked = at_least(10, Unit::percent);
  asked.say = "a mutation with a VAF of at least 10 %";
  EXPECT_EQ(asked_words(asked), "a mutation with a VAF of at least 10 %");
  EXPECT_EQ(shown_words(need("VAF", asked)), "a mutation with a VAF of at least 10 % shown");
}

TEST(Sources, OfAProductNameBothFactorsWithTheirSources) {
  const Source share{
      SlidesCount{.count = 40, .total = 200, .specimen = Specimen::blood, .slides = {"B-1"}}};
  const Source product{
      WbcTimesShare{.wbc = 10, .from = kLis, .share = 20, .share_is_from = {share}}};
  EXPECT_EQ(source_words(product),
            "WBC 10 x 10^9/L (LIS, 2024-03-01) x 20 % (40 of 200 cells of blood slide B-1)");
}

TEST(Sources, OfSeveralSlidesNameThemAll) {
  const Source source{SlidesCount{
      .count = 1, .total = 900, .specimen = Specimen::marrow, .slides = {"M-1", "M-2"}}};
  EXPECT_EQ(source_words(source), "1 of 900 cells of marrow slides M-1, M-2");
}

TEST(Gaps, AreJoinedByWhatTheyMeanToEachOther) {
  const Gap no_slide =
      NoSlide{.specimen = Specimen::blood, .left_out = {slide_is("B-1", "failed")}};
  EXPECT_EQ(gap_words({Lack::no_share_of_monocytes, no_slide}),
            "not given by the laboratory, and no share of monocytes: no blood slide that can be "
            "used: slide B-1 is failed");
  EXPECT_EQ(
      gap_words({TooFewCells{.share = 8, .cells = 50, .from = kLis, .least = 100}, no_slide}),
      "an insufficient count, 8 % of 50 cells (LIS, 2024-03-01): at least 100 are required; no "
      "blood slide that can be used: slide B-1 is failed");
  const Gap unknown = UnknownToModel{.parts = {"promonocytes"}, .of_total = {"normoblasts"}};
  const Gap off = BlastsTakenOff{.classes = {"monoblasts"}, .blasts = 8, .from = kLis};
  EXPECT_EQ(gap_words({unknown, off}),
            "the model does not know promonocytes, nor normoblasts, which belong to the total, and "
            "may have counted monoblasts here: the lower end allows for the blasts of 8 % (LIS, "
            "2024-03-01)");
  EXPECT_TRUE(gap_words({}).empty());
}

TEST(Gaps, OfContradictoryAnswersNameTheirRows) {
  EXPECT_EQ(gap_words({ContradictoryAnswers{.last = {.value = "no", .from = kLis},
                                            .others = {{.value = "yes", .from = {.row = 2}}}}}),
            "answers contradict each other: no (row 3, 2024-03-01) against yes (row 2); leave the "
            "right one in the file");
}

TEST(Remarks, OfAnUnusedSlideTellWhatItShowsOnlyWhereItShowsSomething) {
  UnusedSlide unused{.slide = "M-1", .status = "incomplete", .count = {}};
  EXPECT_EQ(unused_slide(unused), "slide M-1 is incomplete: its own count is not used");
  unused.count = 10;
  unused.total = 500;
  EXPECT_EQ(unused_slide(unused),
            "slide M-1 is incomplete: its own count is not used (10 of 500 cells, 2 %)");
}

TEST(Sentences, OfALeafSetItsUnitsForThePage) {
  Reading reading;
  reading.basis = Basis::counted;
  reading.value = 1.5;
  reading.interval = Interval{0.577, 2.206};
  reading.source = "LIS";
  CriterionResult row;
  row.input = "amc";
  row.state = State::met;
  row.threshold = 0.5;
  row.unit = Unit::cells_per_volume;
  row.asked = asked_words(at_least(0.5, row.unit));
  const auto sentence = leaf_sentence(row, reading);
  EXPECT_EQ(sentence,
            "Absolute monocyte count (AMC): 1.5 x 10^9/L, 95 % interval 0.577 to 2.21 x 10^9/L "
            "(LIS); required: at least 0.5 x 10^9/L: the whole interval meets it.");
  EXPECT_EQ(sentence.typeset().find("10^9"), std::string::npos);
}

TEST(Sentences, OfAGateNameItsMembersByTheirStates) {
  CriterionResult met;
  met.title = "A";
  met.state = State::met;
  CriterionResult open;
  open.title = "B";
  CriterionResult row;
  row.members = {"a", "b"};
  row.needed = 2;
  EXPECT_EQ(gate_sentence(row, {&met, &open}), "All are required. Met: A. Not assessable: B.");
  row.needed = 1;
  EXPECT_EQ(gate_sentence(row, {&met}), "One is enough. Met: A.");
  row.negated = true;
  EXPECT_EQ(gate_sentence(row, {&open}), "None of these may hold. Not assessable: B.");
}

TEST(Sentences, OfAClassificationNameWhatIsOpen) {
  const AxisTitles none{.state = State::not_met, .chosen = "", .possible = {}};
  ClassificationTitles titles{.disease = {.state = State::met, .chosen = "CMML", .possible = {}},
                              .subtype = none,
                              .grade = {.state = State::indeterminate,
                                        .chosen = "",
                                        .possible = {"CMML-1", "CMML-2"},
                                        .decided_by = "the blast count in marrow decides"},
                              .diseases = {"CMML", "CMUS"}};
  EXPECT_EQ(
      classification_sentence("WHO 2022", titles),
      "By WHO 2022 these findings would be classified as CMML, grade CMML-1 or CMML-2: the blast "
      "count in marrow decides.");
  titles.disease = none;
  EXPECT_EQ(classification_words(titles), "criteria of CMML or CMUS not met");
}

TEST(Outlook, SaysFromWhatAValueWouldFollow) {
  EXPECT_EQ(
      follows_words(
          {.input = "wbc", .bound = {Comparison::at_least, 3.33}, .unit = Unit::cells_per_volume}),
      "it follows from leukocytes (WBC) of at least 3.33 x 10^9/L");
  EXPECT_EQ(follows_words(
                {.input = "wbc", .bound = {Comparison::below, 2}, .unit = Unit::cells_per_volume}),
            "it follows from leukocytes (WBC) below 2 x 10^9/L");
}

}  // namespace
}  // namespace cytocape::wording
