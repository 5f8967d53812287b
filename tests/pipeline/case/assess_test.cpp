// What a slide that cannot be used may say of its case.

#include "pipeline/case/assess.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cytocape {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// A marrow of 106 cells, 40 of them blasts.
SlideReport marrow() {
  SlideReport report;
  report.slide.id = "BM-1";
  report.specimen = Specimen::marrow;
  report.status = Status::insufficient;
  report.differential = {{.name = "myeloblast", .label = "myeloblast", .count = 40},
                         {.name = "segmented_neutrophil", .label = "segmented", .count = 66}};
  return report;
}

/// Counted by a person: 4 % blasts of 500 cells.
CaseFacts counted() {
  CaseFacts facts{.id = "C-1", .labs = {}, .findings = {}};
  facts.findings.numbers["bm_blasts"] = {
      .value = 4, .given = "4 %", .cells = 500, .from = {.source = "smear review"}};
  return facts;
}

TEST(AssessCase, AnInsufficientSlideThatShowsMoreBlastsIsToBeLookedAtAgain) {
  const std::vector<SlideReport> slides{marrow()};
  const auto result = assess_case(counted(), slides);
  EXPECT_THAT(result.alerts, Contains(HasSubstr("Look again: marrow slide BM-1")));
  EXPECT_THAT(result.alerts, Contains(HasSubstr("40 of 106 cells")));
  EXPECT_EQ(result.editions.front().code, criteria::kWithheld);
}

TEST(AssessCase, OfASlideWhosePercentagesAreWithheldNoNumberIsToldBesideAPersons) {
  std::vector<SlideReport> slides{marrow()};
  slides.front().quality = {{.rule = QualityRule::strange_cells,
                             .verdict = QualityCheck::Verdict::failed,
                             .decides = true,
                             .value = 90,
                             .at_most = 50}};
  const auto result = assess_case(counted(), slides);
  EXPECT_THAT(result.alerts, IsEmpty());
  const auto remarks = plain(result.readings.at("bm_blasts").remarks);
  EXPECT_THAT(remarks, Contains(HasSubstr("BM-1 is insufficient")));
  EXPECT_THAT(remarks, Each(Not(HasSubstr("106"))));
}

}  // namespace
}  // namespace cytocape
