#include "pipeline/graph/pending_results.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace cytocape {
namespace {

/// Two crops of one pixel, two classes, maps of one position.
Batch batch_of_two() {
  Batch batch;
  batch.count = 2;
  batch.crops = {1, 2, 3, 4, 5, 6};
  batch.maps.probability = {0.25, 0.75, 0.5, 0.5};
  batch.maps.map = batch.maps.probability;
  batch.maps.strangeness = {1.5, 2.5};
  return batch;
}

TEST(PendingResults, GivesEachCellItsOwnInTheOrderOfBatches) {
  PendingResults results;
  results.take(batch_of_two());
  results.take(batch_of_two());
  (void)results.next();
  const auto second = results.next();
  EXPECT_EQ(second.probability, (std::vector{0.5, 0.5}));
  EXPECT_EQ(second.crop, (std::vector<std::uint8_t>{4, 5, 6}));
  EXPECT_EQ(second.strangeness, 2.5);
  EXPECT_EQ(results.next().probability, (std::vector{0.25, 0.75})) << "of the second batch";
}

TEST(PendingResults, AFailedBatchFailsEachOfItsCells) {
  auto batch = batch_of_two();
  batch.maps = {};
  batch.failure = "no memory";
  PendingResults results;
  results.take(batch);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(results.next().failure, "no memory");
}

TEST(PendingResults, ACellMoreThanWereClassifiedIsAFault) {
  PendingResults results;
  results.take(Batch{});
  EXPECT_THROW((void)results.next(), std::logic_error);
}

}  // namespace
}  // namespace cytocape
