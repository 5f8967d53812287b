/// The map of a slide's colours, on drawn smears.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/pipeline/smear.hpp"
#include "tests/pipeline/toned_model.hpp"

namespace cytocape {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using testing::small_smear;
using testing::TempDir;

class MappedSlide : public ::testing::Test {
 protected:
  [[nodiscard]] Record analysed(std::vector<std::string> settings, const char* map = "lab",
                                const std::filesystem::path& slide = small_smear()) {
    settings.push_back(std::string("appearance.map=") + map);
    const TempDir out;
    auto request = testing::request_for({slide}, out.path(), std::move(settings));
    request.model = model_;
    const auto outcome = testing::run(request);
    EXPECT_FALSE(outcome.slides.at(0).folder.empty()) << outcome.slides.at(0).reasons.front();
    return read_record(outcome.slides.at(0).folder / "report.h5");
  }

  TempDir folder_;
  std::filesystem::path model_ = testing::write_toned_model(folder_ / "toned.safetensors");
};

TEST_F(MappedSlide, IsTheSameFromAnyThreads) {
  const auto one = analysed({"run.threads=1", "blocks.tiles=1"});
  const auto many = analysed({"run.threads=8", "blocks.tiles=1"});
  EXPECT_EQ(one.report.appearance.outcome, AppearanceOutcome::applied);
  EXPECT_EQ(one.report.appearance, many.report.appearance);
  ASSERT_EQ(one.cells.size(), many.cells.size());
  for (std::size_t i = 0; i < one.cells.size(); ++i) {
    testing::expect_same_place(one.cells[i], many.cells[i]);
    EXPECT_EQ(one.cells[i].probability, many.cells[i].probability);
    EXPECT_EQ(one.cells[i].map, many.cells[i].map);
  }
  EXPECT_EQ(one.report.evidence.value, many.report.evidence.value);
}

TEST_F(MappedSlide, IsTheSameInAnyBlocks) {
  const auto one = analysed({"blocks.tiles=1"});
  const auto other = analysed({"blocks.tiles=8"});
  ASSERT_NE(one.blocks.size(), other.blocks.size());
  EXPECT_EQ(one.report.appearance, other.report.appearance);
  testing::expect_same_cells(one.cells, other.cells);
}

TEST_F(MappedSlide, IsMeasuredOnTheCellsThatAreClassified) {
  const auto record = analysed({});
  const auto seen = std::count_if(record.cells.begin(), record.cells.end(),
                                  [](const auto& cell) { return !cell.probability.empty(); });
  EXPECT_EQ(record.report.appearance.cells, static_cast<std::uint64_t>(seen));
  EXPECT_EQ(record.report.appearance.model, testing::kToned.lab);
}

TEST_F(MappedSlide, ShowsItsCellsAsTheyAreAndClassifiesThemMapped) {
  const auto plain = analysed({}, "none");
  const auto mapped = analysed({});
  ASSERT_EQ(plain.cells.size(), mapped.cells.size());
  std::size_t changed = 0;
  for (std::size_t i = 0; i < plain.cells.size(); ++i)
    changed += plain.cells[i].probability != mapped.cells[i].probability ? 1U : 0U;
  EXPECT_GT(changed, plain.cells.size() / 2);
  std::size_t common = 0;
  for (const auto& cell : plain.report.gallery) {
    const auto& others = mapped.report.gallery;
    const auto twin = std::find_if(others.begin(), others.end(),
                                   [&](const auto& other) { return other.id == cell.id; });
    if (twin == others.end()) continue;
    ++common;
    EXPECT_EQ(twin->jpeg, cell.jpeg);
  }
  EXPECT_GT(common, 10U);
  EXPECT_EQ(mapped.report.appearance.strip.size(), 12U);
  for (const auto& cell : mapped.report.appearance.strip) EXPECT_NE(cell.before, cell.after);
  EXPECT_TRUE(plain.report.appearance.strip.empty());
}

TEST_F(MappedSlide, OfFewCellsIsLeftAsItIsAndSaysSo) {
  const auto slide = folder_ / "few.tiff";
  write_phantom({.size = {1800, 1300}, .mpp = 0.25, .seed = 4, .white_cells = 12}, slide);
  const auto plain = analysed({}, "none", slide);
  const auto asked = analysed({}, "lab", slide);
  EXPECT_EQ(asked.report.appearance.outcome, AppearanceOutcome::too_few_cells);
  EXPECT_LT(asked.report.appearance.cells, kLeastAppearanceCells);
  EXPECT_THAT(asked.report.status_reasons, Contains(HasSubstr("Colours were not mapped")));
  EXPECT_THAT(plain.report.status_reasons, Not(Contains(HasSubstr("Colours"))));
  ASSERT_EQ(plain.cells.size(), asked.cells.size());
  for (std::size_t i = 0; i < plain.cells.size(); ++i)
    EXPECT_EQ(plain.cells[i].probability, asked.cells[i].probability);
}

TEST_F(MappedSlide, OfAModelThatSaysNothingIsLeftAsItIsAndSaysSo) {
  model_ = resolve_model("demo");
  const auto record = analysed({});
  EXPECT_EQ(record.report.appearance.outcome, AppearanceOutcome::model_unknown);
  EXPECT_THAT(record.report.status_reasons, Contains(HasSubstr("the model does not say")));
}

}  // namespace
}  // namespace cytocape
