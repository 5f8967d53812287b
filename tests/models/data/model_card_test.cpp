#include "models/data/model_card.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "io/errors.hpp"
#include "tests/models/data/example_card.hpp"

namespace cytocape {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

TEST(ModelCard, SurvivesARoundTrip) {
  auto card = testing::example_card("resnet18", 3);
  card.calibration_a = -0.25;
  card.validation_ece = 0.031;
  card.members = 3;
  card.strange_above = 2.5;
  card.strange_share_limit = 0.15;
  card.confusion = {{5, 1, 0}, {0, 7, 2}, {1, 0, 9}};
  card.training_data = {
      {.name = "set", .citation = "A 2020", .licence = "CC BY 4.0", .images = 40},
      {.name = "measured", .lab = LabStatistics{.mean = {70, 9, 2}, .deviation = {11, 12, 13}}}};
  card.classes[1].recall = 0.875;
  card.appearance = TrainingAppearance{
      .lab = {.mean = {66.5, 12.25, -3.5}, .deviation = {17, 8.5, 9}}, .cells = 300, .of = "cells"};
  card.adapted = AdaptedFrom{.parent = "pb",
                             .parent_sha256 = "ab12",
                             .site = "Basel",
                             .reviewer = "R",
                             .cells = 90,
                             .groups = 7};
  card.training_config = "epochs = 3  # \"quoted\"\n";
  const auto read = card_from_json(to_json(card), "m");
  EXPECT_EQ(to_json(read), to_json(card));
  EXPECT_EQ(read.confusion, card.confusion);
  EXPECT_EQ(read.appearance, card.appearance);
  EXPECT_EQ(read.training_data[0].lab, std::nullopt);
  EXPECT_EQ(read.training_data[1].lab, card.training_data[1].lab);
  EXPECT_EQ(read.adapted, card.adapted);
  EXPECT_EQ(read.mpp, card.mpp);
  EXPECT_EQ(read.members, 3);
  EXPECT_EQ(read.strange_above, 2.5);
  EXPECT_EQ(read.strange_share_limit, 0.15);
  EXPECT_EQ(read.training_config, card.training_config);
  EXPECT_EQ(read.classes[1].recall, 0.875);
}

TEST(ModelCard, FigureThatIsNotANumberStaysOne) {
  auto card = testing::example_card("resnet18", 2);
  card.validation_ece = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(std::isnan(card_from_json(to_json(card), "m").validation_ece));
}

TEST(ModelCard, UnknownKeysAreLeftOut) {
  auto json = Json::parse(to_json(testing::example_card("resnet18", 2)));
  json["colour"] = "blue";
  EXPECT_THAT(to_json(card_from_json(json.dump(), "m")), ::testing::Not(HasSubstr("colour")));
}

TEST(ModelCard, WhatTheNetworkNeedsNotIsOptional) {
  const auto card = card_from_json(
      R"({"backbone":"resnet18","classes":[{"name":"a"},{"name":"b"}],"input_px":96,"mpp":0.1,)"
      R"("mean":[0.5,0.5,0.5],"std":[0.5,0.5,0.5]})",
      "m");
  EXPECT_EQ(card.output_stride, 32);
  EXPECT_EQ(card.members, 1) << "files made before networks could be joined";
  EXPECT_EQ(card.views, 1);
  EXPECT_TRUE(card.confusion.empty());
  EXPECT_FALSE(card.appearance) << "files made before it was measured";
}

struct BadValue {
  std::string key;
  std::string value;  ///< JSON; empty: the key is taken out
  std::string message;
};

void PrintTo(const BadValue& bad, std::ostream* out) {
  *out << bad.key << " = " << bad.value;
}

class BadCard : public ::testing::TestWithParam<BadValue> {};

TEST_P(BadCard, IsRefusedWithKeyAndValue) {
  const auto& [key, value, message] = GetParam();
  auto json = Json::parse(to_json(testing::example_card("resnet18", 2)));
  if (value.empty()) {
    json.erase(key);
  } else {
    json[key] = Json::parse(value);
  }
  try {
    static_cast<void>(card_from_json(json.dump(), "some.safetensors"));
    FAIL() << "accepted";
  } catch (const ModelError& error) {
    EXPECT_THAT(error.what(), HasSubstr(message));
    EXPECT_THAT(error.what(), HasSubstr(key));
    EXPECT_THAT(error.what(), HasSubstr("some.safetensors"));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Values, BadCard,
    ::testing::Values(
        BadValue{"schema", "2", "reads 1"}, BadValue{"backbone", "", "missing"},
        BadValue{"backbone", "18", "not a string"}, BadValue{"output_stride", "8", "32 or 16"},
        BadValue{"members", "0", "at least 1"}, BadValue{"members", "17", "more than 16"},
        BadValue{"views", "0", "1, 2, 4 or 8"}, BadValue{"views", "3", "1, 2, 4 or 8"},
        BadValue{"views", "16", "more than 8"}, BadValue{"classes", "", "0 entries"},
        BadValue{"classes", R"([{"name":"a"}])", "1 entries"},
        BadValue{"classes", R"([{"name":"a"},{"name":"a"}])", "occurs twice"},
        BadValue{"classes", R"([{"name":"a"},{}])", "classes[1].name"},
        BadValue{"classes", R"(["a","b"])", "classes[0] is not an object"},
        BadValue{"specimens", R"(["urine"])", "urine"}, BadValue{"input_px", "", "missing"},
        BadValue{"input_px", "8", "less than 32"}, BadValue{"input_px", "100000", "more than 1024"},
        BadValue{"input_px", "-128", "non-negative"}, BadValue{"input_px", "12.5", "integer"},
        BadValue{"mpp", "", "missing"}, BadValue{"mpp", "0", "outside"},
        BadValue{"mpp", "null", "outside"}, BadValue{"mpp", "\"0.1\"", "not a number"},
        BadValue{"mean", "[0.5,0.5]", "three numbers"}, BadValue{"std", "", "missing"},
        BadValue{"std", "[0.2,0,0.2]", "positive"}, BadValue{"calibration_a", "99", "-20 and 20"},
        BadValue{"calibration_w", "null", "-20 and 20"},
        BadValue{"appearance", "[66,12,-3]", "not an object"},
        BadValue{"appearance", R"({"mean":[66,12,-3]})", "appearance.deviation is missing"},
        BadValue{"appearance", R"({"mean":[66,12],"deviation":[17,8,9]})", "not three numbers"},
        BadValue{"appearance", R"({"mean":[166,12,-3],"deviation":[17,8,9]})", "no colour"},
        BadValue{"appearance", R"({"mean":[66,12,-300],"deviation":[17,8,9]})", "no colour"},
        BadValue{"appearance", R"({"mean":[66,12,-3],"deviation":[17,0,9]})", "holds 0"},
        BadValue{"appearance", R"({"mean":[66,12,-3],"deviation":[17,8,9],"cells":-1})",
                 "appearance.cells"},
        BadValue{"confusion", "[[1,2]]", "1 rows for 2"},
        BadValue{"confusion", "[[1,2],[3]]", "not 2 counts"},
        BadValue{"confusion", "[[1,2],[3,-4]]", "-4"},
        BadValue{"confusion", "[[1,2],[3,18446744073709551615]]", "more than 1000000000000"},
        BadValue{"kept_epoch", "18446744073709551615", "more than"},
        BadValue{"input_px", "1000000000", "more than 1024"},
        BadValue{"mpp", "19", "a crop of 64 px would be 1216 um wide"}));

TEST(ModelCard, MoreClassesThanAnyNomenclatureHasAreRefused) {
  auto json = Json::parse(to_json(testing::example_card("resnet18", 2)));
  for (int i = 0; i < 255; ++i) json["classes"].push_back({{"name", std::to_string(i)}});
  try {
    static_cast<void>(card_from_json(json.dump(), "m"));
    FAIL() << "accepted";
  } catch (const ModelError& error) {
    EXPECT_THAT(error.what(), HasSubstr("classes has 257 entries, more than 256"));
  }
}

TEST(ModelCard, DeepNestingIsRefusedAlsoUnderAKeyThatIsNotRead) {
  auto json = to_json(testing::example_card("resnet18", 2));
  json.erase(json.rfind('}'));
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  try {
    static_cast<void>(card_from_json(json + ", \"other\": " + deep + "}", "some.safetensors"));
    FAIL() << "accepted";
  } catch (const ModelError& error) {
    EXPECT_THAT(error.what(), HasSubstr("some.safetensors: model card: it is nested too deeply"));
  }
}

TEST(ModelCard, AValueAsLongAsAFileIsNotPrintedWhole) {
  auto json = Json::parse(to_json(testing::example_card("resnet18", 2)));
  json["input_px"] = std::string(1'000'000, 'x');
  try {
    static_cast<void>(card_from_json(json.dump(), "m"));
    FAIL() << "accepted";
  } catch (const ModelError& error) {
    EXPECT_THAT(error.what(), HasSubstr("input_px is \"xxx"));
    EXPECT_LT(std::string(error.what()).size(), 300U);
  }
}

TEST(ModelCard, MoreTextThanACardHasIsRefusedUnread) {
  EXPECT_THROW(static_cast<void>(card_from_json(std::string(5'000'000, '['), "m")), ModelError);
}

TEST(ModelCard, TextThatIsNoJsonIsRefused) {
  EXPECT_THROW(static_cast<void>(card_from_json("backbone: resnet18", "m")), ModelError);
  EXPECT_THROW(static_cast<void>(card_from_json("[]", "m")), ModelError);
}

}  // namespace
}  // namespace cytocape
