#include <gmock/gmock.h>

#include "io/dicom_object.hpp"
#include "pipeline/exports/export_format.hpp"
#include "pipeline/program/exit_code.hpp"
#include "tests/pipeline/exports/export_folder.hpp"

namespace cytocape {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// What they hold is read by pydicom and highdicom (read_exports.py).
class DicomObjects : public testing::ExportFolder {
 protected:
  [[nodiscard]] std::string text_as(const std::string& format) const {
    return testing::text_of(exported(format).slides.front().file);
  }
  [[nodiscard]] std::string why_none(const std::string& format) const {
    return exported(format).slides.front().why_none;
  }
};

TEST_F(DicomObjects, NameTheImageTheyAreOf) {
  const auto example = ok("PB_17");
  add("PB_17", example);
  const auto& image = example.report.slide.dicom;
  for (const auto* format : {"dicom-ann", "dicom-sr"})
    EXPECT_THAT(text_as(format), AllOf(HasSubstr(image.study), HasSubstr(image.series),
                                       HasSubstr(image.instances.front()), HasSubstr(kResearchUse)))
        << format;
}

TEST_F(DicomObjects, OfOtherSlidesAreRefusedWithTheReason) {
  auto example = ok("PB_17");
  example.report.slide.reader = "tiff";
  example.report.slide.dicom = {};
  add("PB_17", example);
  for (const auto* format : {"dicom-ann", "dicom-sr"}) {
    EXPECT_THAT(why_none(format), HasSubstr("it is no DICOM image")) << format;
    EXPECT_EQ(exported(format).exit_code(), kExitFailed);
    EXPECT_THAT(files(), IsEmpty());
  }
}

TEST_F(DicomObjects, OfAnImageThatIsNotNamedByOneUidAreRefused) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> images{
      {"a concatenation", {"1.2.1", "1.2.2"}},
      {"analyze the slide again", {}},
      {"analyze the slide again", {"1.2\\3"}},
      {"analyze the slide again", {std::string(65, '1')}}};
  for (const auto& [words, instances] : images) {
    auto example = ok("PB_17");
    example.report.slide.dicom.instances = instances;
    add("PB_17", example);
    EXPECT_THAT(why_none("dicom-sr"), HasSubstr(words));
  }
}

TEST_F(DicomObjects, HaveNoClassThatIsWithheldAndNoNumberThatIsNoResult) {
  add("PB_17", withheld("PB_17"));
  const auto cells = text_as("dicom-ann"), numbers = text_as("dicom-sr");
  EXPECT_THAT(cells, AllOf(HasSubstr("class withheld"), Not(HasSubstr("monocyte"))));
  EXPECT_THAT(numbers, AllOf(HasSubstr("withheld"), Not(HasSubstr("Monocytes/100"))));
}

TEST_F(DicomObjects, SayWhatTheSlideIsWorth) {
  auto few = ok("PB_17");
  few.report.status = Status::insufficient;
  few.report.status_reasons = {"leukocytes: 14; at least 100 required"};
  add("PB_17", few);
  for (const auto* format : {"dicom-ann", "dicom-sr"})
    EXPECT_THAT(text_as(format),
                HasSubstr("The slide is insufficient: leukocytes: 14; at least 100 required."));
}

TEST_F(DicomObjects, OfASlideWithoutCellsThereAreNoAnnotations) {
  add("few", without_cells("few"));
  EXPECT_THAT(why_none("dicom-ann"), HasSubstr("there is no cell to annotate"));
  EXPECT_THAT(files(), IsEmpty());
}

TEST_F(DicomObjects, AreTheSameForTheSameRecord) {
  add("PB_17", ok("PB_17"));
  const auto first = text_as("dicom-ann");
  std::filesystem::remove_all(out());
  EXPECT_TRUE(text_as("dicom-ann") == first);
}

TEST(DicomUid, IsTheNumberOfAUuid) {
  EXPECT_EQ(dicom_uid("00000000-0000-0000-0000-0000000000ff"), "2.25.255");
  EXPECT_EQ(dicom_uid("ffffffff-ffff-ffff-ffff-ffffffffffff"),
            "2.25.340282366920938463463374607431768211455");
}

}  // namespace
}  // namespace cytocape
