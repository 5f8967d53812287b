#include "models/data/never_seen.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "io/errors.hpp"
#include "models/data/model_card.hpp"
#include "tests/models/data/example_card.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

using ::testing::HasSubstr;

constexpr const char* kTable = R"({"laboratories": [
  {"name": "bccd", "images": 240, "group_accuracy": 0.75, "ece": 0.08, "sure_share": 0.6,
   "sure_accuracy": 0.9}],
  "calibration_a": 0.25, "calibration_w": -0.5, "config": "train-pb.toml"})";

class NeverSeenTable : public ::testing::Test {
 protected:
  NeverSeen read(const std::string& text) {
    std::ofstream(folder_ / "table.json") << text;
    return read_never_seen(folder_ / "table.json");
  }
  std::string refusal(std::string_view part, std::string_view other) {
    std::string text = kTable;
    text.replace(text.find(part), part.size(), other);
    try {
      (void)read(text);
    } catch (const ConfigError& error) {
      return error.what();
    }
    return "";
  }

 private:
  testing::TempDir folder_;
};

TEST_F(NeverSeenTable, IsReadAsTheScriptWritesIt) {
  const auto table = read(kTable);
  ASSERT_EQ(table.laboratories.size(), 1U);
  EXPECT_EQ(table.laboratories[0].name, "bccd");
  EXPECT_EQ(table.laboratories[0].images, 240);
  EXPECT_EQ(table.laboratories[0].group_accuracy, 0.75);
  EXPECT_EQ(table.laboratories[0].sure_accuracy, 0.9);
  EXPECT_EQ(table.calibration_a, 0.25);
  EXPECT_EQ(table.calibration_w, -0.5);
}

TEST_F(NeverSeenTable, ARefusalNamesTheKeyAndWhereSuchATableComesFrom) {
  EXPECT_THAT(refusal("0.75", "75"), HasSubstr("group_accuracy is missing or not a number from 0"));
  EXPECT_THAT(refusal("0.25", "1e9"), HasSubstr("calibration_a"));
  EXPECT_THAT(refusal("\"bccd\"", "3"), HasSubstr("a laboratory has no name"));
  EXPECT_THAT(refusal("\"laboratories\"", "\"labs\""),
              HasSubstr("the laboratories are not a list"));
  EXPECT_THAT(refusal("{\"lab", "[\"lab"), HasSubstr("script/leave-one-laboratory-out"));
}

TEST_F(NeverSeenTable, ACardKeepsIt) {
  ModelCard card = testing::example_card("mobilenet_v2", 3);
  card.never_seen = read(kTable).laboratories;
  const auto kept = card_from_json(to_json(card), "m");
  ASSERT_EQ(kept.never_seen.size(), 1U);
  EXPECT_EQ(kept.never_seen[0].ece, 0.08);
}

TEST_F(NeverSeenTable, ACardWithAFigureThatIsNoneIsRefused) {
  ModelCard card = testing::example_card("mobilenet_v2", 3);
  card.never_seen = read(kTable).laboratories;
  card.never_seen[0].ece = 8;
  EXPECT_THROW((void)card_from_json(to_json(card), "m"), ModelError);
}

}  // namespace
}  // namespace cytocape
