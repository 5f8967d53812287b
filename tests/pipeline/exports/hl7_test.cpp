#include "pipeline/exports/hl7.hpp"

#include <gmock/gmock.h>

#include <map>

#include "io/errors.hpp"
#include "tests/pipeline/exports/export_folder.hpp"

namespace cytocape {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::vector<std::string> segments_of(const std::string& message) {
  std::vector<std::string> segments;
  std::size_t from = 0;
  for (auto to = message.find('\r'); to != std::string::npos; to = message.find('\r', from)) {
    segments.push_back(message.substr(from, to - from));
    from = to + 1;
  }
  EXPECT_EQ(from, message.size()) << "each segment ends";
  return segments;
}

std::vector<std::string> fields_of(const std::string& segment) {
  std::vector<std::string> fields;
  std::size_t from = 0;
  for (auto to = segment.find('|'); to != std::string::npos; to = segment.find('|', from)) {
    fields.push_back(segment.substr(from, to - from));
    from = to + 1;
  }
  fields.push_back(segment.substr(from));
  return fields;
}

class Hl7Message : public testing::ExportFolder {
 protected:
  static std::vector<std::string> of(const testing::ExampleRecord& example) {
    return segments_of(hl7_message(ExportedSlide::of(example.report)));
  }
  /// Fields of the first OBX that names the code.
  static std::vector<std::string> observation(const std::vector<std::string>& segments,
                                              const std::string& code) {
    for (const auto& segment : segments)
      if (segment.starts_with("OBX|") && segment.find(code) != std::string::npos)
        return fields_of(segment);
    return {};
  }
};

TEST_F(Hl7Message, HasAnObservationWithUnitAndCodeForEachNumber) {
  const auto segments = of(ok("PB_17"));
  EXPECT_THAT(segments[0], StartsWith("MSH|^~\\&|cytocape|"));
  EXPECT_THAT(segments[0], HasSubstr("|ORU^R01^ORU_R01|"));
  const auto monocytes = observation(segments, "26485-3");
  ASSERT_GE(monocytes.size(), 12U);
  EXPECT_EQ(monocytes[2], "NM");
  EXPECT_EQ(monocytes[3],
            "26485-3^Monocytes/100 leukocytes in Blood^LN^monocyte^monocyte^99CYTOCAPE");
  EXPECT_EQ(monocytes[5], "60");
  EXPECT_EQ(monocytes[6], "%^percent^UCUM");
  EXPECT_EQ(monocytes[7], "2-10");
  EXPECT_EQ(monocytes[11], "P");
  EXPECT_THAT(segments, Contains(AllOf(StartsWith("OBX|"), HasSubstr("|wilson95^"),
                                       HasSubstr("|" + monocytes[4] + "|23.07^88.24|"))));
}

TEST_F(Hl7Message, SaysTheResearchSentenceAndNamesNoPatient) {
  for (const auto& example : {ok("PB_17"), withheld("PB_17"), failed("PB_17")}) {
    const auto segments = of(example);
    EXPECT_THAT(segments, Contains(HasSubstr(kResearchUse)));
    EXPECT_THAT(segments, Each(Not(StartsWith("PID"))));
    EXPECT_EQ(fields_of(segments[0])[10], "T");
  }
}

TEST_F(Hl7Message, GivesNoNumberThatIsNoResultAndSaysWhy) {
  for (const auto& example : {named("PB_17"), withheld("PB_17"), failed("PB_17")}) {
    const auto segments = of(example);
    for (std::size_t i = 0; i < segments.size(); ++i) {
      if (segments[i].find("%^percent") == std::string::npos) continue;
      const auto fields = fields_of(segments[i]);
      EXPECT_EQ(fields[5], "") << segments[i];
      EXPECT_EQ(fields[11], "X") << segments[i];
      EXPECT_GT(fields_of(segments.at(i + 1)).at(3).size(), 10U) << segments[i];
    }
  }
}

TEST_F(Hl7Message, OfASlideThatFailedHasNotItsPath) {
  auto example = failed("PB_17");
  example.report.slide.path = "/data/Doe, Jane 1961-02-03/s1.tiff";
  example.report.status_reasons = {example.report.slide.path.string() + ": cut short"};
  for (const auto& segment : of(example))
    EXPECT_EQ(segment.find("Jane"), std::string::npos) << segment;
}

TEST_F(Hl7Message, OfASignedReviewIsFinalAndOfAnAmendedOneCorrected) {
  auto example = ok("PB_17");
  example.report.review = ReviewSummary{};
  EXPECT_EQ(observation(of(example), "26485-3")[11], "P") << "nobody has signed";
  example.report.review->signed_off = {"A. Vogel^MD", "2026-03-04T05:06:07Z"};
  const auto segments = of(example);
  EXPECT_EQ(observation(segments, "26485-3")[11], "F");
  EXPECT_EQ(observation(segments, "26485-3")[16], "^A. Vogel\\S\\MD");
  EXPECT_EQ(fields_of(segments[0])[6], "20260304050607+0000");
  example.report.review->version = 2;
  EXPECT_EQ(observation(of(example), "26485-3")[11], "C");
}

TEST_F(Hl7Message, TextsOfOthersBreakNoSegment) {
  auto example = ok("PB|17^&~\\\rOBX|1");
  example.report.case_id = "C\r\nMSH|^~\\&|evil";
  example.report.model.name = "a\nb|c";
  example.report.identity.accession = "H26|4711";
  const auto plain = of(ok("PB_17")), hostile = of(example);
  ASSERT_EQ(plain.size(), hostile.size());
  for (std::size_t i = 0; i < plain.size(); ++i) {
    EXPECT_EQ(plain[i].substr(0, 3), hostile[i].substr(0, 3));
    EXPECT_EQ(fields_of(plain[i]).size(), fields_of(hostile[i]).size()) << hostile[i];
  }
}

TEST_F(Hl7Message, WhatNobodyGaveIsEmpty) {
  auto example = ok("PB_17");
  example.report.identity = {};
  for (const auto& segment : of(example))
    EXPECT_THAT(segment, Not(HasSubstr("no cause given"))) << segment;
  EXPECT_EQ(fields_of(of(example)[2])[2], "");
}

TEST_F(Hl7Message, WithoutATimeIsRefused) {
  auto example = ok("PB_17");
  example.report.run.finished_utc = "yesterday";
  EXPECT_THROW((void)of(example), StorageError);
}

}  // namespace
}  // namespace cytocape
