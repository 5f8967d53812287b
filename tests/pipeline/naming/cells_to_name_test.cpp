#include "pipeline/naming/cells_to_name.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cytocape {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

CellRow called(std::int16_t index, std::vector<float> p) {
  CellRow cell;
  cell.class_index = index;
  cell.probability = std::move(p);
  return cell;
}

CellRow excluded(Exclusion exclusion, std::vector<float> p) {
  auto cell = called(-1, std::move(p));
  cell.outcome = CellOutcome::excluded;
  cell.exclusion = exclusion;
  return cell;
}

TEST(CellsToName, TheLeastCertainComesFirst) {
  const std::vector<CellRow> cells = {called(0, {0.9F, 0.1F, 0}), called(0, {0.5F, 0.4F, 0.1F}),
                                      called(0, {0.8F, 0.2F, 0})};
  EXPECT_EQ(cells_to_name(cells, 3, 1)[0], std::vector<std::size_t>{1});
}

TEST(CellsToName, TwinsAreNotBothAskedFor) {
  const std::vector<CellRow> cells = {called(0, {0.5F, 0.5F, 0}), called(0, {0.5F, 0.5F, 0}),
                                      called(0, {0.7F, 0, 0.3F})};
  EXPECT_THAT(cells_to_name(cells, 3, 2)[0], ElementsAre(0, 2));
}

TEST(CellsToName, EachClassHasItsOwnAndTheUnidentifiedComeLast) {
  const std::vector<CellRow> cells = {called(1, {0.2F, 0.8F}), called(0, {0.8F, 0.2F}),
                                      excluded(Exclusion::unidentified, {0.5F, 0.5F}),
                                      excluded(Exclusion::border, {0.5F, 0.5F}), called(0, {})};
  EXPECT_THAT(cells_to_name(cells, 2, 5),
              ElementsAre(ElementsAre(1), ElementsAre(0), ElementsAre(2)));
}

TEST(CellsToName, AllOfAFewAreTakenThoughTheyAreAlike) {
  const std::vector<CellRow> cells(4, called(0, {1, 0}));
  EXPECT_THAT(cells_to_name(cells, 2, 20)[0], ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(cells_to_name(cells, 2, 3)[0], SizeIs(3));
  EXPECT_THAT(cells_to_name({}, 2, 3)[0], IsEmpty());
}

}  // namespace
}  // namespace cytocape
