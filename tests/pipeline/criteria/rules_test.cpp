#include "pipeline/criteria/rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/errors.hpp"

namespace cytocape::criteria {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr const char* kHead =
    "edition = \"E\"\ntitle = \"T\"\nsource = \"S\"\ngrade_rule = \"R\"\nrows = [\"a\"]\n"
    "classes = []\n";

std::string leaf(const std::string& id, const std::string& body) {
  return "[criterion." + id + "]\ntitle = \"t\"\ntext = \"x\"\ncite = \"c\"\n" + body + "\n";
}

std::string rules_refusal(const std::string& criteria) {
  try {
    (void)read_rules(kHead + criteria, "site.toml");
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "no error";
}

TEST(CriteriaRules, ThePublishedEditionsAreWho2022AndIcc2022) {
  const auto& editions = published_rules();
  ASSERT_EQ(editions.size(), 2U);
  EXPECT_EQ(editions[0].edition, "WHO 2022");
  EXPECT_EQ(editions[1].edition, "ICC 2022");
  for (const auto& rules : editions) {
    EXPECT_EQ(rules.sha256.size(), 64U);
    for (const auto& criterion : rules.criteria)
      EXPECT_FALSE(criterion.cite.empty()) << criterion.id;
  }
}

TEST(CriteriaRules, ThresholdsComeFromTheFile) {
  const auto rules = read_rules(kHead + leaf("a", "input = \"amc\"\nat_least = 0.7"), "site.toml");
  EXPECT_DOUBLE_EQ(rules.criteria.at(0).bound.threshold, 0.7);
}

TEST(CriteriaRules, AnUnknownInputOrCriterionNamesTheNearest) {
  EXPECT_THAT(
      rules_refusal(leaf("a", "input = \"pb_blast\"\nbelow = 5")),
      AllOf(HasSubstr("site.toml"), HasSubstr("criterion.a.input"), HasSubstr("pb_blasts?")));
  EXPECT_THAT(
      rules_refusal(leaf("a", "all = [\"half\"]") + leaf("halt", "input = \"amc\"\nabove = 1")),
      AllOf(HasSubstr("\"half\""), HasSubstr("did you mean halt?")));
}

TEST(CriteriaRules, ACriterionIsOneThing) {
  EXPECT_THAT(rules_refusal(leaf("a", "")), HasSubstr("exactly one of input"));
  EXPECT_THAT(rules_refusal(leaf("a", "all = [\"a\"]\nany = [\"a\"]")),
              HasSubstr("exactly one of"));
  EXPECT_THAT(rules_refusal(leaf("a", "input = \"amc\"")),
              HasSubstr("at_least, above, below, at_most"));
  EXPECT_THAT(rules_refusal(leaf("a", "input = \"amc\"\nabove = 1\nbelow = 2")),
              HasSubstr("exactly one"));
  EXPECT_THAT(rules_refusal(leaf("a", "input = \"amc\"\nabove = 1\nis = \"yes\"")),
              HasSubstr("unknown key"));
  EXPECT_THAT(rules_refusal(leaf("a", "input = \"sex\"\nis = \"yes\"")), HasSubstr("male, female"));
  EXPECT_THAT(rules_refusal(leaf("a", "any = []")), HasSubstr("names no criterion"));
}

TEST(CriteriaRules, ACriterionThatContainsItselfIsRefused) {
  EXPECT_THAT(rules_refusal(leaf("a", "all = [\"b\"]") + leaf("b", "none = [\"a\"]")),
              HasSubstr("contains itself"));
}

TEST(CriteriaRules, SomeNeedsANumberWithinItsList) {
  const auto member = leaf("m", "input = \"amc\"\nabove = 1");
  EXPECT_THAT(rules_refusal(leaf("a", "some = [\"m\"]") + member), HasSubstr("needed is missing"));
  EXPECT_THAT(rules_refusal(leaf("a", "some = [\"m\"]\nneeded = 2") + member),
              HasSubstr("from 1 to 1"));
}

TEST(CriteriaRules, AMissingTextIsNamed) {
  EXPECT_THAT(rules_refusal("[criterion.a]\ntitle = \"t\"\ninput = \"amc\"\nabove = 1\n"),
              HasSubstr("criterion.a.text is missing"));
}

TEST(CriteriaRules, ASubtypeBelongsToADisease) {
  const std::string sub =
      "[class.s]\ntitle = \"s\"\nname = \"s\"\naxis = \"subtype\"\nof = \"x\"\ncriterion = \"a\"\n";
  std::string text = kHead + leaf("a", "input = \"amc\"\nabove = 1") + sub;
  text.replace(text.find("classes = []"), 12, "classes = [\"s\"]");
  try {
    (void)read_rules(text, "site.toml");
    FAIL() << "accepted";
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), HasSubstr("class.s.of"));
  }
}

}  // namespace
}  // namespace cytocape::criteria
