#include "tiling/lab_map.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <thread>

#include "io/random.hpp"

namespace cytocape {
namespace {

using Crop = std::vector<std::uint8_t>;
using Colour = std::array<double, 3>;

constexpr std::size_t kCropPx = 40;
constexpr Colour kBareGlass{238, 232, 226};
constexpr Colour kChromatin{92, 58, 140};

/// A crop as a stained cell makes it: glass that turns into nucleus towards the middle, with noise.
Crop cell_crop(std::uint64_t seed) {
  detail::SplitMix64 random(seed);
  Crop crop;
  for (std::size_t y = 0; y < kCropPx; ++y)
    for (std::size_t x = 0; x < kCropPx; ++x) {
      const double away = std::hypot(static_cast<double>(x) - 20, static_cast<double>(y) - 17);
      const double stain = std::clamp(1.4 - away / 12 + 0.1 * random.normal(), 0.0, 1.0);
      for (std::size_t c = 0; c < 3; ++c)
        crop.push_back(static_cast<std::uint8_t>(
            std::lround(kBareGlass[c] + stain * (kChromatin[c] - kBareGlass[c]))));
    }
  return crop;
}

std::vector<Crop> cell_crops(std::size_t count) {
  std::vector<Crop> crops;
  for (std::size_t i = 0; i < count; ++i) crops.push_back(cell_crop(i + 1));
  return crops;
}

LabSums sums_of(const std::vector<Crop>& crops) {
  LabSums sums;
  for (const auto& crop : crops) sums.add(crop);
  return sums;
}

std::vector<LabSums> sums_of_each(const std::vector<Crop>& crops) {
  std::vector<LabSums> sums;
  for (const auto& crop : crops) sums.emplace_back().add(crop);
  return sums;
}

LabStatistics statistics_of(const std::vector<Crop>& crops) {
  return sums_of(crops).statistics().value();
}

Crop mapped(const LabMap& map, Crop crop) {
  map.apply(crop);
  return crop;
}

int largest_step(const Crop& a, const Crop& b) {
  int largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

double mean_step(const Crop& a, const Crop& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::abs(a[i] - b[i]);
  return sum / static_cast<double>(a.size());
}

/// Another camera: channels scaled by their own gains.
Crop cast(Crop crop, const Colour& gain) {
  for (std::size_t i = 0; i < crop.size(); ++i)
    crop[i] = static_cast<std::uint8_t>(std::min(255.0, std::round(gain[i % 3] * crop[i])));
  return crop;
}

std::vector<Crop> cast(std::vector<Crop> crops, const Colour& gain) {
  for (auto& crop : crops) crop = cast(std::move(crop), gain);
  return crops;
}

/// L*, a*, b* of one colour: a crop of it alone has that mean.
Colour lab_of(std::uint8_t r, std::uint8_t g, std::uint8_t b) {
  return statistics_of({Crop{r, g, b}}).mean;
}

TEST(LabMap, KnowsTheColoursThatTheDefinitionGives) {
  const auto near = [](double a, double b, double c) {
    using ::testing::DoubleNear;
    return ::testing::ElementsAre(DoubleNear(a, 0.06), DoubleNear(b, 0.15), DoubleNear(c, 0.15));
  };
  EXPECT_THAT(lab_of(255, 255, 255), near(100, 0, 0));
  EXPECT_THAT(lab_of(0, 0, 0), near(0, 0, 0));
  EXPECT_THAT(lab_of(255, 0, 0), near(53.24, 80.09, 67.20));
  EXPECT_THAT(lab_of(0, 255, 0), near(87.73, -86.18, 83.18));
  EXPECT_THAT(lab_of(0, 0, 255), near(32.30, 79.19, -107.86));
  EXPECT_THAT(lab_of(119, 119, 119), near(50.03, 0, 0));
  EXPECT_THAT(lab_of(10, 12, 8), near(3.12, -1.12, 1.36));
}

TEST(LabMap, LeavesEveryColourWhereStatisticsAgree) {
  const LabStatistics same{.mean = {61, 12, -9}, .deviation = {18, 7, 5}};
  const LabMap map(same, same);
  Crop colours;
  for (int r = 0; r < 256; r += 5)
    for (int g = 0; g < 256; g += 5)
      for (int b = 0; b < 256; b += 5)
        for (const int v : {r, g, b}) colours.push_back(static_cast<std::uint8_t>(v));
  EXPECT_LE(largest_step(mapped(map, colours), colours), 1);
}

TEST(LabMap, GivesTheSameStatisticsInAnyOrderAndFromAnyThreads) {
  const auto crops = cell_crops(60);
  LabSums backwards;
  for (auto crop = crops.rbegin(); crop != crops.rend(); ++crop) backwards.add(*crop);
  EXPECT_EQ(backwards, sums_of(crops));

  std::array<LabSums, 3> parts;
  {
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < parts.size(); ++t)
      threads.emplace_back([&, t] {
        for (std::size_t i = t; i < crops.size(); i += parts.size()) parts[t].add(crops[i]);
      });
    for (auto& thread : threads) thread.join();
  }
  LabSums together;
  for (const std::size_t t : {2U, 0U, 1U}) together.add(parts[t]);
  EXPECT_EQ(together, sums_of(crops));
  EXPECT_EQ(together.statistics(), statistics_of(crops));
}

TEST(LabMap, SumsEveryThirdPixel) {
  LabSums sums;
  sums.add(
      Crop{255, 255, 255, 9, 9, 9, 1, 2, 3, 255, 255, 255, 0, 0, 0, 70, 80, 90, 255, 255, 255});
  EXPECT_EQ(sums.pixels(), 3);
  EXPECT_NEAR(sums.statistics()->mean[0], 100, 0.01);
}

TEST(LabMap, GivesTheMeanAndDeviationThatAreAskedFor) {
  const LabStatistics wanted{.mean = {68, 8, -6}, .deviation = {14, 9, 7}};
  const auto crops = cell_crops(60);
  const LabMap map(statistics_of(crops), wanted);
  std::vector<Crop> result;
  for (const auto& crop : crops) result.push_back(mapped(map, crop));
  const auto found = statistics_of(result);
  for (std::size_t c = 0; c < 3; ++c) {
    EXPECT_NEAR(found.mean[c], wanted.mean[c], 0.3);
    EXPECT_NEAR(found.deviation[c], wanted.deviation[c], 0.3);
  }
}

TEST(LabMap, UndoesAColourCast) {
  const auto home = cell_crops(60);
  const auto foreign = cast(home, {1.05, 0.9, 0.72});
  const LabMap map(statistics_of(foreign), statistics_of(home));
  EXPECT_GT(mean_step(foreign[7], home[7]), 15);
  EXPECT_LT(mean_step(mapped(map, foreign[7]), home[7]), 3);
}

TEST(LabMap, ClipsWhatLeavesTheRangeOfTheScreen) {
  const LabStatistics dull{.mean = {50, 0, 0}, .deviation = {10, 5, 5}};
  const LabMap lighter(dull, {.mean = {90, 0, 0}, .deviation = {30, 5, 5}});
  EXPECT_EQ(mapped(lighter, {255, 255, 255}), (Crop{255, 255, 255}));
  EXPECT_EQ(mapped(lighter, {0, 0, 0}), (Crop{0, 0, 0}));
  const LabMap redder(dull, {.mean = {50, 100, 0}, .deviation = {10, 5, 5}});
  const auto red = mapped(redder, {119, 119, 119});
  EXPECT_EQ(red[0], 255);
  EXPECT_EQ(red[1], 0);
}

TEST(LabMap, LimitsTheScaleOfFlatCrops) {
  const LabStatistics model{.mean = {50, 0, 0}, .deviation = {20, 8, 8}};
  const LabMap flat({.mean = {50, 0, 0}, .deviation = {0, 0, 0}}, model);
  EXPECT_LE(largest_step(mapped(flat, {140, 120, 100}), {140, 120, 100}), 1);
  // A tenth of the model's deviation is scaled by three, not by ten.
  const LabMap faint({.mean = {50, 0, 0}, .deviation = {2, 0.8, 0.8}}, model);
  const LabMap three({.mean = {50, 0, 0}, .deviation = {20.0 / 3, 8.0 / 3, 8.0 / 3}}, model);
  EXPECT_EQ(mapped(faint, {130, 119, 119}), mapped(three, {130, 119, 119}));
  const LabMap loud({.mean = {50, 0, 0}, .deviation = {200, 80, 80}}, model);
  const LabMap third({.mean = {50, 0, 0}, .deviation = {60, 24, 24}}, model);
  EXPECT_EQ(mapped(loud, {180, 119, 90}), mapped(third, {180, 119, 90}));
}

TEST(LabMap, HasNoStatisticsOfNoPixel) {
  EXPECT_EQ(LabSums().statistics(), std::nullopt);
}

TEST(Appearance, IsMappedFromFiftyCellsOn) {
  const LabStatistics model{.mean = {60, 10, -10}, .deviation = {15, 8, 8}};
  const auto outcome_of = [&](std::size_t cells) {
    auto appearance = unmeasured_appearance(AppearanceMap::lab, model);
    fit_appearance(appearance, sums_of_each(cell_crops(cells)));
    EXPECT_EQ(appearance.map.has_value(), appearance.use.outcome == AppearanceOutcome::applied);
    EXPECT_EQ(appearance.use.cells, cells);
    return appearance.use.outcome;
  };
  EXPECT_EQ(outcome_of(0), AppearanceOutcome::too_few_cells);
  EXPECT_EQ(outcome_of(49), AppearanceOutcome::too_few_cells);
  EXPECT_EQ(outcome_of(50), AppearanceOutcome::applied);
}

TEST(Appearance, CropsThatCouldNotBeReadAreNoCells) {
  const LabStatistics model{.mean = {60, 10, -10}, .deviation = {15, 8, 8}};
  auto sums = sums_of_each(cell_crops(49));
  sums.resize(80);
  auto appearance = unmeasured_appearance(AppearanceMap::lab, model);
  fit_appearance(appearance, sums);
  EXPECT_EQ(appearance.use.cells, 49U);
  EXPECT_FALSE(appearance.map);
}

TEST(Appearance, OfAModelThatSaysNothingIsNotMapped) {
  auto appearance = unmeasured_appearance(AppearanceMap::lab, std::nullopt);
  EXPECT_EQ(appearance.use.outcome, AppearanceOutcome::model_unknown);
  fit_appearance(appearance, sums_of_each(cell_crops(60)));
  EXPECT_EQ(appearance.use.outcome, AppearanceOutcome::model_unknown);
  EXPECT_FALSE(appearance.map);
}

TEST(Appearance, TakesCellsEvenly) {
  using ::testing::ElementsAre;
  EXPECT_THAT(spread_evenly(3, 5), ElementsAre(0, 1, 2));
  EXPECT_THAT(spread_evenly(10, 5), ElementsAre(1, 3, 5, 7, 9));
  EXPECT_THAT(spread_evenly(7, 3), ElementsAre(1, 3, 5));
  EXPECT_TRUE(spread_evenly(0, 5).empty());
}

}  // namespace
}  // namespace cytocape
