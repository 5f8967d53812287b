/// What a user may rely on, whatever the slide, the threads and the blocks.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <numeric>

#include "io/errors.hpp"
#include "pipeline/graph/fault_injection.hpp"
#include "pipeline/program/exit_code.hpp"
#include "tests/pipeline/smear.hpp"

namespace cytocape {
namespace {

using testing::analyse_one;
using ::testing::HasSubstr;
using testing::request_for;
using testing::run;
using testing::small_smear;
using testing::TempDir;

template <class Outcomes>
std::uint64_t total(const Outcomes& outcomes) {
  return std::accumulate(outcomes.begin(), outcomes.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& item) { return sum + item.second; });
}

TEST(Contract, EveryBlockAndCellHasOneOutcome) {
  const auto record = analyse_one(small_smear(), {"blocks.tiles=1"});
  const auto& report = record.report;
  EXPECT_EQ(record.blocks.size(), report.blocks_planned);
  EXPECT_EQ(total(report.blocks_by_outcome), report.blocks_planned);
  EXPECT_EQ(record.cells.size(), report.cells_located);
  EXPECT_EQ(total(report.cells_by_outcome), report.cells_located);
  EXPECT_GT(report.cells_located, 30U);

  std::uint64_t owned = 0;
  for (std::size_t i = 0; i < record.blocks.size(); ++i) {
    EXPECT_EQ(record.blocks[i].index, i);
    owned += record.blocks[i].cells;
  }
  EXPECT_EQ(owned, report.cells_located);

  std::uint64_t classified = 0;
  for (std::size_t i = 0; i < record.cells.size(); ++i) {
    const auto& cell = record.cells[i];
    EXPECT_EQ(cell.id, i);
    EXPECT_EQ(cell.outcome == CellOutcome::classified, cell.class_index >= 0);
    EXPECT_EQ(cell.outcome == CellOutcome::classified, reason_of(cell).empty());
    classified += cell.outcome == CellOutcome::classified ? 1 : 0;
  }
  std::uint64_t called = 0;
  for (const auto& row : report.differential) called += row.count;
  EXPECT_EQ(called, classified);
}

class Threads : public ::testing::TestWithParam<int> {};

TEST_P(Threads, GiveTheSameRecordAsOne) {
  const auto one = analyse_one(small_smear(), {"run.threads=1", "blocks.tiles=1"});
  const auto many =
      analyse_one(small_smear(), {"run.threads=" + std::to_string(GetParam()), "blocks.tiles=1"});
  ASSERT_EQ(one.cells.size(), many.cells.size());
  for (std::size_t i = 0; i < one.cells.size(); ++i) {
    testing::expect_same_place(one.cells[i], many.cells[i]);
    EXPECT_EQ(one.cells[i].block, many.cells[i].block);
    EXPECT_EQ(one.cells[i].class_index, many.cells[i].class_index);
    EXPECT_EQ(one.cells[i].probability, many.cells[i].probability);
    EXPECT_EQ(one.cells[i].map, many.cells[i].map);
  }
  EXPECT_EQ(one.report.evidence.value, many.report.evidence.value);
  EXPECT_EQ(one.report.quality, many.report.quality);
  EXPECT_EQ(one.report.run.config_sha256, many.report.run.config_sha256);
}

INSTANTIATE_TEST_SUITE_P(Contract, Threads, ::testing::Values(2, 8));

class BlockTiles : public ::testing::TestWithParam<int> {};

TEST_P(BlockTiles, FindTheSameCells) {
  const auto one = analyse_one(small_smear(), {"blocks.tiles=1"});
  const auto other = analyse_one(small_smear(), {"blocks.tiles=" + std::to_string(GetParam())});
  ASSERT_NE(one.blocks.size(), other.blocks.size());
  testing::expect_same_cells(one.cells, other.cells);
}

INSTANTIATE_TEST_SUITE_P(Contract, BlockTiles, ::testing::Values(3, 8));

TEST(Contract, EvidenceSumsToTheExpectedFraction) {
  const auto record = analyse_one(small_smear());
  const auto& grid = record.report.evidence;
  const auto squares = static_cast<std::size_t>(grid.width) * static_cast<std::size_t>(grid.height);
  double whole = 0;
  for (std::size_t c = 0; c < record.report.differential.size(); ++c) {
    const auto begin = grid.value.begin() + static_cast<std::ptrdiff_t>(c * squares);
    const double sum = std::accumulate(begin, begin + static_cast<std::ptrdiff_t>(squares), 0.0);
    ASSERT_TRUE(record.report.differential[c].expected_fraction.has_value());
    EXPECT_NEAR(sum, *record.report.differential[c].expected_fraction, 1e-9);
    whole += sum;
  }
  EXPECT_NEAR(whole, 1.0, 1e-9);
}

TEST(Contract, ABlockThatThrowsEndsItsSlideAndNoOther) {
  const TempDir folder;
  std::vector<std::filesystem::path> slides;
  for (const auto* name : {"a.tiff", "b.tiff", "c.tiff"}) {
    slides.push_back(folder / name);
    std::filesystem::copy_file(small_smear(), slides.back());
  }
  set_fault_hook([](const std::string& slide, std::uint64_t block) {
    if (slide == "b" && block == 2) throw std::logic_error("nobody expected this");
  });
  const auto outcome = run(request_for(slides, folder / "out", {"blocks.tiles=1"}));
  set_fault_hook(nullptr);

  ASSERT_EQ(outcome.slides.size(), 3U);
  EXPECT_NE(outcome.slides[0].status, Status::failed);
  EXPECT_EQ(outcome.slides[1].status, Status::failed);
  EXPECT_THAT(outcome.slides[1].reasons.front(), HasSubstr("nobody expected this"));
  EXPECT_NE(outcome.slides[2].status, Status::failed);
  EXPECT_EQ(outcome.exit_code(), kExitFailed);
  EXPECT_TRUE(std::filesystem::exists(folder / "out" / "c" / "report.h5"));
  EXPECT_EQ(read_record(folder / "out" / "b" / "report.h5").report.status, Status::failed);
}

TEST(Contract, AnUnwritableReportEndsItsSlideAndNoOther) {
  const TempDir folder;
  std::filesystem::copy_file(small_smear(), folder / "a.tiff");
  std::filesystem::copy_file(small_smear(), folder / "b.tiff");
  std::filesystem::create_directories(folder / "out");
  std::ofstream(folder / "out/a") << "a file where the report's folder should be";
  const auto outcome = run(request_for({folder / "a.tiff", folder / "b.tiff"}, folder / "out"));
  ASSERT_EQ(outcome.slides.size(), 2U);
  EXPECT_EQ(outcome.slides[0].status, Status::failed);
  EXPECT_THAT(outcome.slides[0].reasons.front(), HasSubstr("out/a"));
  EXPECT_THAT(outcome.slides[0].reasons.back(), HasSubstr("no report can be left that says so"));
  EXPECT_TRUE(outcome.slides[0].folder.empty());
  EXPECT_TRUE(std::filesystem::exists(folder / "out/b/report.h5"));
}

TEST(Contract, AnEarlierReportIsNeverReplacedUnasked) {
  const TempDir folder;
  auto request = request_for({small_smear()}, folder.path());
  EXPECT_EQ(run(request).slides.size(), 1U);
  request.config = load_analyze_config("", {"report.gallery_cells=7", "run.device=cpu"});
  EXPECT_THROW((void)run(request), ConfigError);
  request.overwrite = true;
  EXPECT_EQ(run(request).slides.size(), 1U);
}

TEST(Contract, TwoSlidesOfOneNameAreRefusedBeforeAnythingStarts) {
  const TempDir folder;
  EXPECT_THROW((void)run(request_for({folder / "x/a.tiff", folder / "y/a.svs"}, folder / "out")),
               ConfigError);
  EXPECT_FALSE(std::filesystem::exists(folder / "out"));
}

TEST(Contract, AModelForAnotherSpecimenIsRefused) {
  const TempDir folder;
  auto request = request_for({small_smear()}, folder / "out");
  request.specimen = Specimen::marrow;
  EXPECT_THROW((void)run(request), ConfigError);
}

TEST(Contract, TooFewCellsAreInsufficientAndNotOk) {
  const auto record = analyse_one(small_smear(), {"counting.min_leukocytes_pb=1000"});
  EXPECT_EQ(record.report.status, Status::insufficient);
  EXPECT_THAT(record.report.status_reasons.front(), HasSubstr("at least 1000 needed"));
}

TEST(Contract, UncertainCellsAreListedAndNotCounted) {
  const auto all = analyse_one(small_smear(), {"classify.unidentified_below=0"});
  std::vector<float> confidence;
  for (const auto& cell : all.cells) {
    if (cell.outcome != CellOutcome::classified) continue;
    confidence.push_back(*std::max_element(cell.probability.begin(), cell.probability.end()));
  }
  ASSERT_GT(confidence.size(), 30U);
  std::sort(confidence.begin(), confidence.end());
  const float threshold = (confidence[4] + confidence[5]) / 2;

  const auto record =
      analyse_one(small_smear(), {"classify.unidentified_below=" + std::to_string(threshold)});
  EXPECT_EQ(record.report.cells_by_outcome.at({CellOutcome::excluded, Exclusion::unidentified}),
            5U);
  EXPECT_EQ(total(record.report.cells_by_outcome), record.report.cells_located);
  std::uint64_t called = 0;
  for (const auto& row : record.report.differential) called += row.count;
  EXPECT_EQ(called, confidence.size() - 5);
  for (const auto& cell : record.cells) {
    if (cell.exclusion != Exclusion::unidentified) continue;
    EXPECT_EQ(cell.class_index, -1);
    ASSERT_FALSE(cell.probability.empty()) << "for whoever reviews it";
    EXPECT_LT(*std::max_element(cell.probability.begin(), cell.probability.end()), threshold);
    EXPECT_TRUE(cell.map.empty()) << "it has no share in the evidence";
  }
  const auto& evidence = record.report.evidence.value;
  EXPECT_NEAR(std::accumulate(evidence.begin(), evidence.end(), 0.0), 1, 1e-9);
}

TEST(Contract, GridRegionsPassThroughTheSameGraph) {
  const auto record = analyse_one(small_smear(), {"regions.kind=grid"});
  EXPECT_EQ(record.report.status, Status::insufficient) << "regions are no cells";
  EXPECT_GT(record.cells.size(), 100U);
}

TEST(Contract, AnInterruptionLeavesNoHalfReport) {
  const TempDir folder;
  const std::atomic<bool> stop{true};
  const auto outcome = analyze(request_for({small_smear()}, folder / "out"), stop);
  EXPECT_TRUE(outcome.interrupted);
  EXPECT_EQ(outcome.exit_code(), kExitInterrupted);
  // The folder tells of the run (docs/decisions/0038-whole-night.md); of the slide there is
  // nothing.
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / "out")) {
    const auto name = entry.path().filename().string();
    EXPECT_FALSE(name.starts_with("report.") || name.ends_with(".partial"))
        << entry.path() << " was left behind";
    EXPECT_TRUE(!entry.is_directory() || name == "journal") << entry.path();
  }
}

}  // namespace
}  // namespace cytocape
