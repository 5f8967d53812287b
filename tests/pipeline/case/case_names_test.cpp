#include "pipeline/case/case_names.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/errors.hpp"

namespace cytocape {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string refusal(const CaseNames& names) {
  try {
    (void)check_cases(names, "labs.csv");
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "no error";
}

TEST(NearCase, OtherSpellingsOfOneIdentityAreNear) {
  for (const auto* spelt : {"c-17", "C17", "c 17", "C_017", "C/17"})
    EXPECT_EQ(near_case("C-17", {"C-18", spelt}), spelt);
  EXPECT_EQ(near_case("C-17-blood", {"C-1", "C-17"}), "C-17");
  EXPECT_EQ(near_case("Mayer-17", {"Meyer-17", "Meyer-18"}), "Meyer-17");
}

TEST(NearCase, AnotherNumberIsAnotherPerson) {
  EXPECT_EQ(near_case("C-17", {"C-18", "C-117", "C-7", "C-1-7"}), "");
  EXPECT_EQ(near_case("Meyer-17", {"Meyer-18", "Meyer-170"}), "");
  EXPECT_EQ(near_case("2024-10", {"2024-1", "2024-01", "20241-0"}), "");
  EXPECT_EQ(near_case("a", {"b"}), "");
}

TEST(CaseNames, NoSlideInTheFileIsRefusedNamingBoth) {
  EXPECT_THAT(refusal({{"C-17"}, {"C-99"}}),
              AllOf(HasSubstr("labs.csv: none of the slides' cases is in it"),
                    HasSubstr("cases of the slides: C-17\n"),
                    HasSubstr("cases of the file: C-99\n"), Not(HasSubstr("did you mean"))));
  EXPECT_THAT(refusal({{"C-17"}, {"c-17"}}), HasSubstr("C-17 (did you mean c-17?)"));
  EXPECT_THAT(refusal({{"smear"}, {}}), HasSubstr("none, it has no row"));
}

TEST(CaseNames, OfManyAFewAreNamed) {
  CaseNames names{.of_slides = {"x"}, .of_labs = {}};
  for (int i = 10; i < 50; ++i) names.of_labs.push_back("C-" + std::to_string(i));
  EXPECT_THAT(refusal(names), HasSubstr("C-10, C-11, C-12, C-13, C-14 and 35 more"));
}

TEST(CaseNames, OfManyOnBothSidesThoseShownAreCompared) {
  CaseNames names;
  for (int i = 100'000; i < 160'000; ++i) {
    names.of_slides.push_back(fmt::format("C-{}", i));
    names.of_labs.push_back(fmt::format("c{}", i));
  }
  EXPECT_THAT(refusal(names), AllOf(HasSubstr("C-100004 (did you mean c100004?) and 59995 more"),
                                    Not(HasSubstr("C-100005"))));
}

TEST(CaseNames, NamesThatDifferInLetterCaseAloneAreNamed) {
  EXPECT_THAT(check_cases({{"C-17"}, {"C-17", "c-17"}}, "labs.csv"),
              HasSubstr("cases that differ in letter case alone: C-17 and c-17"));
  EXPECT_THAT(check_cases({{"C-17"}, {"C-17", "C-18"}}, "labs.csv"), Not(HasSubstr("letter case")));
}

TEST(CaseNames, APartialMatchListsWhatIsLeftOnEitherSide) {
  EXPECT_THAT(check_cases({{"A", "C-17"}, {"A", "Z", "c17"}}, "labs.csv"),
              AllOf(HasSubstr("cases without values: C-17 (did you mean c17?)"),
                    HasSubstr("values without a slide: Z, c17")));
  EXPECT_THAT(check_cases({{"A"}, {"A", "B"}}, "labs.csv"),
              AllOf(HasSubstr("values without a slide: B"), Not(HasSubstr("without values"))));
  EXPECT_EQ(check_cases({{"A", "B"}, {"A", "B"}}, "labs.csv"), "");
}

}  // namespace
}  // namespace cytocape
