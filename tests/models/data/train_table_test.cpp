#include "models/data/train_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "io/errors.hpp"

namespace cytocape {
namespace {

using ::testing::HasSubstr;

/// What nothing is wrong with.
TrainOptions right() {
  TrainOptions options;
  options.name = "one";
  options.data_mpp = 0.1;
  options.crop_px = 264;
  return options;
}

std::string faults_of(const TrainOptions& options) {
  try {
    check_train_options(options);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "none";
}

TEST(TrainOptionTable, AcceptsItsOwnDefaults) {
  EXPECT_EQ(faults_of(right()), "none");
}

TEST(TrainOptionTable, HasEachKeyOnce) {
  std::set<std::string> keys;
  for (const auto& option : train_option_table())
    EXPECT_TRUE(keys.insert(option.key).second) << option.key;
}

TEST(TrainOptionTable, PrintsADefaultForEveryKeyThatHasOne) {
  const std::string lines = "\n" + train_defaults_toml();
  for (const auto& option : train_option_table()) {
    const bool printed = lines.find("\n" + option.key + " = ") != std::string::npos;
    EXPECT_EQ(printed, option.default_value == OptionDefault::of_train_options) << option.key;
  }
  EXPECT_THAT(lines, HasSubstr("\noptimiser.weight_decay = 0.05\n"));
  EXPECT_THAT(lines, HasSubstr("\noptimiser.name = \"adamw\"\n"));
  EXPECT_THAT(lines, HasSubstr("\naugment.flip = true\n"));
}

TEST(TrainOptionTable, WhatLiesBeyondABoundIsRefusedByItsKey) {
  for (const auto& option : train_option_table()) {
    const auto refused = [&](const auto& place, auto value) {
      TrainOptions options = right();
      place.in(options) = value;
      EXPECT_THAT(faults_of(options), HasSubstr(option.key + " is ")) << value;
    };
    if (const auto* number = std::get_if<NumberOption>(&option.kind)) {
      refused(number->place, number->low - 1e-3);
      refused(number->place, number->high * 1.01);
      refused(number->place, std::nan(""));
    } else if (const auto* whole = std::get_if<WholeOption>(&option.kind)) {
      refused(whole->place, whole->low - 1);
      refused(whole->place, whole->high + 1);
    } else if (const auto* choice = std::get_if<ChoiceOption>(&option.kind)) {
      refused(choice->place, std::string("another"));
    }
  }
}

TEST(TrainOptionTable, OptionsOfFewValuesNameThem) {
  TrainOptions options = right();
  options.views = 3;
  options.output_stride = 24;
  EXPECT_THAT(faults_of(options), HasSubstr("network.views is 3: give 1, 2, 4 or 8"));
  EXPECT_THAT(faults_of(options), HasSubstr("network.output_stride is 24: give 32 or 16"));
}

}  // namespace
}  // namespace cytocape
