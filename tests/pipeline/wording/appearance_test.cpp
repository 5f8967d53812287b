#include "pipeline/wording/appearance.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cytocape::wording {
namespace {

using ::testing::HasSubstr;

TEST(AppearanceWords, SayForEveryOutcomeWhetherColoursWereMappedAndWhy) {
  const auto sentence = [](AppearanceOutcome outcome, std::uint64_t cells) {
    return appearance_sentence(
        {.asked = {}, .outcome = outcome, .cells = cells, .own = {}, .model = {}, .strip = {}});
  };
  EXPECT_THAT(sentence(AppearanceOutcome::applied, 300), HasSubstr("were mapped"));
  EXPECT_THAT(sentence(AppearanceOutcome::applied, 300), HasSubstr("measured on 300 cells"));
  EXPECT_THAT(sentence(AppearanceOutcome::too_few_cells, 49),
              HasSubstr("not mapped: they were measured on 49 cells, and at least 50"));
  EXPECT_THAT(sentence(AppearanceOutcome::too_few_cells, 1), HasSubstr("on 1 cell, and"));
  EXPECT_THAT(sentence(AppearanceOutcome::model_unknown, 0), HasSubstr("not mapped: the model"));
  EXPECT_THAT(sentence(AppearanceOutcome::not_asked, 0), HasSubstr("not mapped: the settings"));
}

TEST(AppearanceWords, GiveMeanAndDeviationOfEachChannel) {
  EXPECT_EQ(lab_figures({.mean = {62.12, 14, -12.04}, .deviation = {18, 9.16, 8}}),
            "L* 62.1 (18.0), a* 14.0 (9.2), b* -12.0 (8.0)");
}

}  // namespace
}  // namespace cytocape::wording
