// What the results say beside the states: sentences, sources, what would decide and change them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "pipeline/criteria/criteria.hpp"
#include "pipeline/criteria/possible_facts.hpp"
#include "pipeline/wording/conditions.hpp"
#include "pipeline/wording/numbers.hpp"
#include "pipeline/wording/sentences.hpp"
#include "tests/pipeline/criteria/case_facts.hpp"

namespace cytocape::criteria {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;
using wording::asked_words;
using wording::distinct_hints;
using wording::format_beside;
using wording::format_number;

EditionResult who(const std::string& facts) {
  return evaluate(testing::case_of(facts), published_rules()).editions.at(0);
}
EditionResult icc(const std::string& facts) {
  return evaluate(testing::case_of(facts), published_rules()).editions.at(1);
}

CriterionResult row(const EditionResult& edition, const std::string& id) {
  const auto found = std::find_if(edition.criteria.begin(), edition.criteria.end(),
                                  [&](const auto& item) { return item.id == id; });
  return found == edition.criteria.end() ? CriterionResult{} : *found;
}

std::vector<std::string> inputs_of(const std::vector<Need>& needs) {
  std::vector<std::string> codes;
  for (const auto& need : needs) codes.push_back(need.input);
  return codes;
}

TEST(CriterionSentence, NamesNumberIntervalSourceAndThreshold) {
  const auto result = row(who("pb.myeloblast=10"), "pb_blasts_below_5");
  EXPECT_EQ(result.sentence,
            "Blasts and blast equivalents in blood: 5 %, 95 % interval 2.74 to 8.96 % (10 of 200 "
            "cells of blood slide pb-slide); required: below 5 %: the interval crosses the "
            "threshold.");
  EXPECT_DOUBLE_EQ(*result.value, 5.0);
  EXPECT_DOUBLE_EQ(*result.threshold, 5.0);
  EXPECT_EQ(plain(result.unit), std::string("%"));
}

TEST(CriterionSentence, SaysWhichClassTheModelDoesNotKnow) {
  EXPECT_THAT(row(who("pb.unknown=promonocyte"), "pb_blasts_below_5").sentence,
              HasSubstr("the model does not know promonocytes"));
}

TEST(CriterionSentence, SaysWhyASlideIsNotUsed) {
  auto facts = testing::case_of("bm.status=insufficient");
  for (auto& slide : facts.slides) slide.reasons = {"too few cells"};
  const auto edition = evaluate(facts, published_rules()).editions.at(0);
  EXPECT_THAT(row(edition, "bm_blasts_below_10").sentence,
              AllOf(HasSubstr("slide bm-slide is insufficient"), Not(HasSubstr("too few cells"))))
      << "the slide says why, once";
}

TEST(CriterionSentence, ADerivedCountNamesBothItsParts) {
  EXPECT_THAT(row(who("amc=-"), "amc_one").sentence,
              AllOf(HasSubstr("WBC 10 x 10^9/L (LIS, 2024-03-01)"), HasSubstr("40 of 200 cells")));
}

TEST(CriterionSentence, LaboratoryAndSlideThatContradictEachOtherAreNamed) {
  EXPECT_THAT(row(who("amc=0.4"), "amc_half").remarks,
              Contains(AllOf(HasSubstr("0.4"), HasSubstr("contradicts 2 x 10^9/L"))));
  EXPECT_THAT(row(who("amc=2"), "amc_half").remarks, IsEmpty());
}

TEST(CriterionSentence, ANumberIsNotRoundedOntoItsThreshold) {
  EXPECT_EQ(format_beside(0.99996, 1), "0.99996");
  EXPECT_EQ(format_beside(1.2345, 1), "1.23");
  EXPECT_EQ(format_number(0.1 + 0.2), "0.3");
  EXPECT_EQ(format_number(1234.5), "1234");
}

TEST(WhatWouldDecide, IsTheShortestListWithItsAlternatives) {
  const auto result =
      who("persistence=- mutation=- cytogenetics=- dysplasia_erythroid=no classical_monocytes=-");
  ASSERT_FALSE(result.decisions.empty());
  const auto& decision = result.decisions[0];
  EXPECT_THAT(inputs_of(decision.confirm), ElementsAre("persistence"));
  ASSERT_EQ(decision.one_of.size(), 1U);
  std::vector<std::string> alternatives;
  for (const auto& way : decision.one_of[0]) {
    ASSERT_EQ(way.size(), 1U);
    alternatives.push_back(way[0].input);
  }
  EXPECT_THAT(alternatives,
              UnorderedElementsAre("mutation", "cytogenetics", "classical_monocytes"));
  EXPECT_THAT(inputs_of(decision.exclude), ElementsAre("persistence"));
}

TEST(WhatWouldDecide, IndependentAlternativesAreListsOfTheirOwn) {
  const auto result =
      icc("haemoglobin=- platelets=- mutation=- cytogenetics=- dysplasia_erythroid=no "
          "classical_monocytes=-");
  ASSERT_FALSE(result.decisions.empty());
  std::vector<std::size_t> sizes;
  for (const auto& group : result.decisions[0].one_of) sizes.push_back(group.size());
  // haemoglobin or platelets; a mutation, cytogenetics or classical monocytes
  EXPECT_THAT(sizes, UnorderedElementsAre(2, 3));
}

TEST(WhatWouldDecide, NothingIsLeftOnceAClassFollows) {
  const auto result = who("");
  EXPECT_TRUE(result.decisions.empty());
  EXPECT_TRUE(result.shortest.empty());
}

TEST(WhatWouldDecide, ACountedShareSaysHowManyCellsWouldDo) {
  const auto result = who("pb.myeloblast=8");
  ASSERT_FALSE(result.decisions.empty());
  ASSERT_EQ(result.decisions[0].confirm.size(), 1U);
  const auto& need = result.decisions[0].confirm[0];
  EXPECT_EQ(need.input, "pb_blasts");
  EXPECT_EQ(need.answer, "below 5 %");
  ASSERT_TRUE(need.cells.has_value());
  EXPECT_GT(*need.cells, 1000U);
  EXPECT_THAT(need.why, HasSubstr("8 of 200 cells"));
  EXPECT_FALSE(who("pb.myeloblast=10").decisions[0].confirm[0].cells.has_value())
      << "a share on the threshold is never decided by counting";
}

TEST(WhatWouldDecide, WithoutMarrowTheMarrowIsNamed) {
  EXPECT_THAT(who("bm=-").shortest, Contains(HasSubstr("no marrow slide")));
}

TEST(WhatWouldChange, NamesTheInputTheAnswerAndTheOtherClass) {
  const auto result = who("monocytes=20");
  const auto found = std::find_if(result.changes.begin(), result.changes.end(),
                                  [](const auto& item) { return item.if_known.input == "wbc"; });
  ASSERT_NE(found, result.changes.end());
  EXPECT_EQ(found->if_known.answer, "at least 13 x 10^9/L");
  EXPECT_EQ(found->code, "cmml/mp/cmml_1");
  EXPECT_TRUE(found->known);
}

/// What another WBC would give.
Change change_of(const EditionResult& edition, const std::string& input) {
  const auto found = std::find_if(edition.changes.begin(), edition.changes.end(),
                                  [&](const auto& item) { return item.if_known.input == input; });
  return found == edition.changes.end() ? Change{} : *found;
}

TEST(WhatWouldChange, AnotherWbcGivesAnotherProductOfItAndTheShare) {
  // 2.8 x 18 % may lie below 0.5; 13 x 18 % does not.
  const auto result = who("amc=- wbc=2.8 pb.monocyte=36");
  EXPECT_EQ(row(result, "amc_half").state, State::indeterminate);
  EXPECT_EQ(change_of(result, "wbc").code, "cmml/mp/cmml_1");
}

TEST(WhatWouldChange, AnotherWbcGivesAnotherQuotientOfTheAmcAndIt) {
  // AMC / WBC is 20 % now, and at a WBC of 13 or more at most 16 %: it may lie below 10 %.
  EXPECT_EQ(change_of(who(""), "wbc").code, "open/mp/cmml_1");
}

TEST(WhatWouldChange, AnUnknownWbcThatIsHighGivesTheAbsoluteCountToo) {
  const auto result = who("amc=- wbc=-");
  EXPECT_EQ(result.code, "open/open/cmml_1");
  EXPECT_EQ(change_of(result, "wbc").code, "open/md/cmml_1") << "below 13: the AMC may be low";
  EXPECT_THAT(result.changes, Contains(::testing::Field(&Change::code, "cmml/mp/cmml_1")));
}

TEST(WhatWouldDecide, AMissingAbsoluteCountNamesTheWbcThatItWouldFollowFrom) {
  // 15.03 % is the lower end of 40 of 200.
  EXPECT_THAT(who("amc=- wbc=-").shortest,
              Contains(HasSubstr("it follows from leukocytes (WBC) of at least 3.33 x 10^9/L")));
}

TEST(WhatWouldDecide, MoreCellsAreNoWayToConfirmWhatTheyWouldExclude) {
  // 12 of 200 are 6 %: more cells would show 5 % or more.
  const auto result = who("pb.myeloblast=12");
  ASSERT_EQ(result.decisions.size(), 2U);
  const auto& below = result.decisions[0].confirm.at(0);
  EXPECT_EQ(below.answer, "below 5 %");
  EXPECT_FALSE(below.cells.has_value());
  EXPECT_THAT(below.why, HasSubstr("at this share more cells would show the opposite, at least 5 "
                                   "%"));
  const auto& above = result.decisions[1].confirm.at(0);
  EXPECT_EQ(above.answer, "at least 5 %");
  EXPECT_TRUE(above.cells.has_value());
  EXPECT_THAT(above.why, HasSubstr("cells would show it at this share"));
}

/// What would have to be shown of the blood's blasts, with that answer.
Need need_of_blasts(const std::string& facts, const std::string& answer) {
  for (const auto& decision : who(facts).decisions)
    for (const auto& need : decision.confirm)
      if (need.input == "pb_blasts" && need.answer == answer) return need;
  ADD_FAILURE() << facts << " needs no blasts " << answer;
  return {};
}

TEST(WhatWouldDecide, CellsAreForecastInTwoDigitsAndNoMoreThanASmearHas) {
  // 5.5 % of n cells, and 5 % below its interval: from n = 7299 on.
  const auto need =
      need_of_blasts("amc=- pb.n=400 pb.monocyte=80 pb.myeloblast=22", "at least 5 %");
  EXPECT_EQ(need.cells, 7300U) << need.why;
  EXPECT_THAT(need.why, HasSubstr("about 7300 cells would show it at this share"));
  const auto many =
      need_of_blasts("amc=- pb.n=1000 pb.monocyte=200 pb.myeloblast=51", "at least 5 %");
  EXPECT_FALSE(many.cells.has_value());
  EXPECT_THAT(many.why, HasSubstr("more cells would be needed than a smear has"));
}

TEST(WhatWouldDecide, TheValueOfNowIsNotRoundedOntoAThreshold) {
  EXPECT_THAT(
      need_of_blasts("amc=- pb.n=100000 pb.monocyte=20000 pb.myeloblast=4999", "below 5 %").why,
      HasSubstr("now 4.999 %"));
}

TEST(WhatWouldDecide, NoNumberOfCellsDecidesWhatBlastsAmongTheMonocytesLeaveOpen) {
  const auto result = who("amc=- pb_blasts=8 pb.monocyte=32 pb.unknown=promonocyte");
  EXPECT_EQ(row(result, "monocytes_tenth").state, State::indeterminate);
  for (const auto& decision : result.decisions)
    for (const auto& need : decision.confirm)
      if (need.input == "monocytes") {
        EXPECT_FALSE(need.cells.has_value()) << need.why;
      }
}

TEST(CriterionSentence, ARoundedQuotientSaysWhatItsDigitsAllow) {
  EXPECT_THAT(row(who("amc=0.5 wbc=5 pb.monocyte=20"), "monocytes_tenth").sentence,
              AllOf(HasSubstr("10 %, by the digits written 8.18 to 12.2 %"),
                    HasSubstr("the rounding of their digits crosses the threshold")));
}

TEST(CriterionSentence, ALowerBoundThatMoreCellsMayDecideSaysSo) {
  EXPECT_THAT(row(who("pb.unknown=promonocyte pb.myeloblast=40"), "pb_blasts_below_20").sentence,
              HasSubstr("the interval of the known part crosses the threshold"));
}

TEST(Conclusion, OfValuesFarApartSaysSoWithBothDays) {
  auto facts = testing::case_of("bm_blasts=4");
  const auto remarks = [&](const std::string& day) {
    facts.findings.numbers.at("bm_blasts").from.date = day;
    return row(evaluate(facts, published_rules()).editions.at(0), "cmml").remarks;
  };
  EXPECT_THAT(remarks("2023-12-02"), IsEmpty()) << "90 days";
  EXPECT_THAT(remarks("2023-12-01"),
              ElementsAre(AllOf(HasSubstr("values taken 91 days apart"), HasSubstr("2023-12-01"),
                                HasSubstr("2024-03-01"))));
}

TEST(WhatWouldChange, UnknownInputsComeFirst) {
  const auto result = who("persistence=-");
  ASSERT_FALSE(result.changes.empty());
  EXPECT_FALSE(result.changes.front().known);
  EXPECT_EQ(result.changes.front().if_known.input, "persistence");
}

TEST(WhatWouldChange, AnInputThatDoesNotMatterIsNotNamed) {
  for (const auto& change : who("").changes)
    EXPECT_NE(change.if_known.input, "classical_monocytes");
}

TEST(Hints, PointElsewhereWhereTheFindingsDo) {
  EXPECT_THAT(who("pb.myeloblast=60").hints, Contains(HasSubstr("acute myeloid leukaemia")));
  EXPECT_THAT(who("bcr_abl1=yes").hints, Contains(HasSubstr("chronic myeloid leukaemia")));
  EXPECT_THAT(who("mutation=npm1:40").hints, Contains(HasSubstr("NPM1")));
  EXPECT_THAT(who("bm.myeloblast=75").hints, Contains(HasSubstr("higher grade")));
  EXPECT_THAT(icc("haemoglobin=14 platelets=200").hints, Contains(HasSubstr("cytopenia")));
  EXPECT_THAT(icc("persistence=no").hints, Contains(HasSubstr("not lasting")));
  for (const auto& edition : {who, icc}) {
    EXPECT_THAT(edition("tk_fusion=yes").hints, Contains(HasSubstr("fusion is present")));
    EXPECT_THAT(edition("mpn_history=yes").hints, Contains(HasSubstr("is documented")));
    EXPECT_THAT(edition("other_neoplasm=yes").hints, Contains(HasSubstr("Another")));
    EXPECT_THAT(edition("reactive_cause=yes").hints, Contains(HasSubstr("reactive cause")));
    EXPECT_THAT(edition("other_neoplasm=- reactive_cause=-").hints, IsEmpty());
  }
  EXPECT_THAT(who("").hints, IsEmpty());
}

TEST(Hints, EarlierBlastsOf20PercentAreNotForgotten) {
  auto facts = testing::case_of("bm_blasts=4");
  const auto hints = [&](double earlier) {
    facts.findings.higher["bm_blasts"] = {.value = earlier, .given = "", .cells = {}, .from = {}};
    return distinct_hints(evaluate(facts, published_rules()).editions);
  };
  EXPECT_THAT(hints(19.9), ElementsAre(HasSubstr("19.9 % blasts in marrow")));
  EXPECT_THAT(hints(20), ElementsAre(HasSubstr("20 % or more on an earlier day"))) << "said once";
}

TEST(Hints, ABloodSlideShowsTheRangeOfCmml2WithoutConfirmingIt) {
  const auto result = who("bm=- pb.myeloblast=24");
  EXPECT_THAT(result.hints, Contains(HasSubstr("CMML-2 needs blood and marrow")));
  EXPECT_THAT(result.code, Not(HasSubstr("cmml_2")));
}

TEST(Agreement, IsSaid) {
  const auto said = [](const std::string& facts) {
    return evaluate(testing::case_of(facts), published_rules()).agreement;
  };
  EXPECT_THAT(said(""), HasSubstr("agree."));
  EXPECT_THAT(said("persistence=no"), HasSubstr("disagree"));
  EXPECT_THAT(said("bm=-"), HasSubstr("open"));
}

TEST(Gate, OpenMembersDoNotHideWhatIsDecided) {
  using enum State;
  EXPECT_EQ(gate({not_met, not_assessable, indeterminate}, 3), not_met);
  EXPECT_EQ(gate({met, not_assessable, indeterminate}, 1), met);
  EXPECT_EQ(gate({met, met, not_assessable}, 2), met);
  EXPECT_EQ(gate({met, not_met, not_met}, 2), not_met);
}

TEST(Gate, AMissingInputOutweighsAWideInterval) {
  using enum State;
  EXPECT_EQ(gate({met, not_assessable, indeterminate}, 3), not_assessable);
  EXPECT_EQ(gate({met, indeterminate}, 2), indeterminate);
  EXPECT_EQ(gate({not_met, indeterminate}, 1), indeterminate);
}

TEST(Domain, CellsAreWordedAsRanges) {
  const Domain domain{.input = find_input("pb_blasts"), .thresholds = {5, 20}, .size = 5};
  EXPECT_EQ(asked_words(domain.asked(0b01110)), "at least 5 and at most 20 %");
  EXPECT_EQ(asked_words(domain.asked(0b00110)), "at least 5 and below 20 %");
  EXPECT_EQ(asked_words(domain.asked(0b10000)), "above 20 %");
  EXPECT_EQ(asked_words(domain.asked(0b00010)), "exactly 5 %");
  EXPECT_EQ(asked_words(domain.asked(0b10001)), "below 5 % or above 20 %");
}

TEST(Domain, AnIntervalTouchesTheThresholdsAtItsEnds) {
  const Domain domain{.input = find_input("pb_blasts"), .thresholds = {5, 20}, .size = 5};
  EXPECT_EQ(domain.of_interval(5, 20), 0b01110U);
  EXPECT_EQ(domain.of_interval(1, 4.999), 0b00001U);
  EXPECT_EQ(domain.of_value(100 * 0.05), 0b00010U);
}

}  // namespace
}  // namespace cytocape::criteria
