#include "io/vocabulary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/outcome.hpp"
#include "io/quality_rule.hpp"
#include "io/specimen.hpp"

namespace cytocape {
namespace {

using ::testing::ElementsAre;

/// The codes of all values, each of which must be read back as its value.
template <class Value>
std::vector<std::string> codes() {
  std::vector<std::string> found;
  for (const auto value : values_of<Value>()) {
    found.emplace_back(to_string(value));
    EXPECT_EQ(value_named<Value>(found.back()), value) << found.back();
  }
  return found;
}

// What records, manifests and cards hold: a changed code makes older files unreadable.
TEST(Vocabulary, OfSpecimensKeepsItsCodes) {
  EXPECT_THAT(codes<Specimen>(), ElementsAre("pb", "bm"));
}

TEST(Vocabulary, OfStatusesKeepsItsCodes) {
  EXPECT_THAT(codes<Status>(), ElementsAre("ok", "insufficient", "incomplete", "failed"));
}

TEST(Vocabulary, OfOutcomesKeepsItsCodes) {
  EXPECT_THAT(codes<BlockOutcome>(), ElementsAre("analysed", "rejected", "failed"));
  EXPECT_THAT(codes<CellOutcome>(), ElementsAre("classified", "excluded", "failed"));
}

TEST(Vocabulary, OfExclusionsKeepsItsCodes) {
  EXPECT_THAT(codes<Exclusion>(), ElementsAre("border", "clump", "out of focus", "unidentified"));
}

TEST(Vocabulary, OfRejectionsKeepsItsCodes) {
  EXPECT_THAT(codes<Rejection>(), ElementsAre("glass", "out of focus"));
}

TEST(Vocabulary, OfQualityRulesKeepsItsCodes) {
  EXPECT_THAT(codes<QualityRule>(),
              ElementsAre("countable_cells", "failed_share", "excluded_share", "enlargement",
                          "strange_cells", "appearance", "focus", "nuclear_stain", "full_count",
                          "out_of_focus_share", "white_balance", "foreground_share",
                          "covered_share", "absent_share"));
}

TEST(Fate, IsReadBackFromItsText) {
  const CellFate clump{CellOutcome::excluded, Exclusion::clump};
  EXPECT_EQ(to_string(clump), "excluded: clump");
  EXPECT_EQ(fate_named<CellFate>("excluded: clump"), clump);
  EXPECT_EQ(fate_named<CellFate>("failed"), CellFate{CellOutcome::failed});
}

TEST(Fate, ThatLacksItsReasonOrHasOneTooManyIsUnknown) {
  for (const auto* text : {"excluded", "failed: clump", "excluded: ", "excluded: glass"})
    EXPECT_EQ(fate_named<CellFate>(text), std::nullopt) << text;
}

TEST(Vocabulary, KnowsNoOtherCode) {
  for (const auto* code : {"", "PB", "pb ", "urine"})
    EXPECT_EQ(value_named<Specimen>(code), std::nullopt) << code;
}

TEST(Vocabulary, HasAllWordsOfEverySpecimen) {
  for (const auto specimen : values_of<Specimen>()) {
    const auto labels = labels_of(specimen);
    for (const auto* words : {labels.choice, labels.words, labels.adjective, labels.slide_name})
      EXPECT_STRNE(words, "") << labels.code;
  }
}

}  // namespace
}  // namespace cytocape
