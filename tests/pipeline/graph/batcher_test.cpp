#include "pipeline/graph/batcher.hpp"

#include <gtest/gtest.h>

namespace cytocape {
namespace {

std::shared_ptr<const SlideJob> job_with_crops_of_one_pixel() {
  auto job = std::make_shared<SlideJob>();
  job->crop = {.input_px = 1, .mpp = 1};
  return job;
}

/// A block whose k-th crop is the pixel (first + k, 0, 0).
BlockWorkPtr block(const std::shared_ptr<const SlideJob>& job, int cells, int first,
                   bool ends_slide = false) {
  auto work = std::make_shared<BlockWork>();
  work->job = job;
  work->ends_slide = ends_slide;
  for (int k = 0; k < cells; ++k) {
    work->crops.push_back(static_cast<std::uint8_t>(first + k));
    work->crops.insert(work->crops.end(), 2, 0);
  }
  return work;
}

std::vector<int> crops_of(const Batch& batch) {
  std::vector<int> values;
  for (std::size_t i = 0; i < batch.crops.size(); i += 3) values.push_back(batch.crops[i]);
  return values;
}

TEST(Batcher, BatchesFollowCellOrderAcrossBlocks) {
  const auto job = job_with_crops_of_one_pixel();
  Batcher batcher(4);
  const auto first = batcher.add(block(job, 5, 0));
  ASSERT_EQ(first.closed.size(), 1U);
  EXPECT_EQ(crops_of(*first.closed[0]), (std::vector{0, 1, 2, 3}));
  EXPECT_TRUE(first.closed[0]->completed.empty()) << "its fifth cell is still to come";

  EXPECT_TRUE(batcher.add(block(job, 0, 0)).closed.empty());
  const auto last = batcher.add(block(job, 4, 5, true));
  ASSERT_EQ(last.closed.size(), 2U);
  EXPECT_EQ(crops_of(*last.closed[0]), (std::vector{4, 5, 6, 7}));
  EXPECT_EQ(last.closed[0]->completed.size(), 2U);
  EXPECT_EQ(crops_of(*last.closed[1]), (std::vector{8}));
  EXPECT_EQ(last.closed[1]->completed.size(), 1U);
  EXPECT_TRUE(last.closed[1]->ends_slide);
  EXPECT_FALSE(last.closed[0]->ends_slide);
}

TEST(Batcher, SlidesNeverShareABatch) {
  const auto one = job_with_crops_of_one_pixel();
  const auto two = job_with_crops_of_one_pixel();
  Batcher batcher(4);
  const auto ended = batcher.add(block(one, 1, 0, true));
  ASSERT_EQ(ended.closed.size(), 1U);
  const auto next = batcher.add(block(two, 1, 7, true));
  ASSERT_EQ(next.closed.size(), 1U);
  EXPECT_EQ(next.closed[0]->job, two);
  EXPECT_EQ(crops_of(*next.closed[0]), (std::vector{7}));
  EXPECT_EQ(next.closed[0]->sequence, ended.closed[0]->sequence + 1);
}

TEST(Batcher, EveryTokenComesBackOnce) {
  const auto job = job_with_crops_of_one_pixel();
  Batcher batcher(4);
  int tokens = 0;
  for (int index = 0; index < 50; ++index) {
    const auto result = batcher.add(block(job, index % 11, 0, index == 49));
    tokens += result.freed_tokens;
    for (const auto& closed : result.closed) tokens += closed->tokens;
  }
  EXPECT_EQ(tokens, 50);
}

TEST(Batcher, BlocksWithoutCellsHoldNoToken) {
  const auto job = job_with_crops_of_one_pixel();
  Batcher batcher(4);
  for (int index = 0; index < 20; ++index) EXPECT_EQ(batcher.add(block(job, 0, 0)).freed_tokens, 1);
}

TEST(Batcher, AFullBatchAtTheEndLeavesNoEmptyOneBehind) {
  const auto job = job_with_crops_of_one_pixel();
  Batcher batcher(4);
  const auto result = batcher.add(block(job, 4, 0, true));
  ASSERT_EQ(result.closed.size(), 1U);
  EXPECT_EQ(result.closed[0]->count, 4);
}

TEST(Batcher, ASlideWithoutCellsStillEnds) {
  const auto job = job_with_crops_of_one_pixel();
  Batcher batcher(4);
  const auto result = batcher.add(block(job, 0, 0, true));
  ASSERT_EQ(result.closed.size(), 1U);
  EXPECT_EQ(result.closed[0]->count, 0);
  EXPECT_TRUE(result.closed[0]->ends_slide);
}

}  // namespace
}  // namespace cytocape
