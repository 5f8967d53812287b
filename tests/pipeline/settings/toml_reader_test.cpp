#include "pipeline/settings/toml_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/errors.hpp"
#include "pipeline/settings/analyze_config.hpp"

namespace cytocape {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

template <class Body>
std::string message_of(const Body& body) {
  try {
    body();
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "no error";
}

TEST(TomlReader, LaterLayersWin) {
  TomlReader reader;
  reader.add("[a]\nx = 1\ny = 2\n", "defaults");
  reader.add("a.x = 3\n", "file");
  reader.add_assignment("a.x=4");
  EXPECT_EQ(reader.integer("a.x"), 4);
  EXPECT_EQ(reader.integer("a.y"), 2);
}

TEST(TomlReader, UnknownKeyNamesTheNearest) {
  TomlReader reader;
  reader.add("[blocks]\ntiles = 1\n", "defaults");
  reader.add_assignment("blocks.tile=3");
  (void)reader.integer("blocks.tiles");
  EXPECT_THAT(message_of([&] { reader.refuse_unread(); }),
              AllOf(HasSubstr("--set"), HasSubstr("blocks.tile"), HasSubstr("3"),
                    HasSubstr("did you mean blocks.tiles?")));
}

TEST(TomlReader, WrongTypeNamesLayerKeyAndValue) {
  TomlReader reader;
  reader.add("x = \"many\"\n", "site.toml");
  EXPECT_THAT(message_of([&] { (void)reader.integer("x"); }),
              AllOf(HasSubstr("site.toml"), HasSubstr("x = \"many\""), HasSubstr("whole number")));
}

TEST(TomlReader, NumberOutsideItsRangeIsRefusedWithTheRange) {
  TomlReader reader;
  reader.add("x = 7\n", "site.toml");
  EXPECT_THAT(message_of([&] { (void)reader.number("x", {0, 1}); }), HasSubstr("from 0 to 1"));
  EXPECT_EQ(reader.number("x", {0, 7}), 7.0);
}

TEST(TomlReader, NotANumberIsRefusedByARange) {
  TomlReader reader;
  reader.add("x = nan\n", "site.toml");
  EXPECT_THROW((void)reader.number("x", {0, 1}), ConfigError);
}

TEST(TomlReader, BareWordsAndNumberListsNeedNoQuotes) {
  TomlReader reader;
  reader.add_assignment("device=cuda:1");
  reader.add_assignment("mpp=0.25,0.26");
  EXPECT_EQ(reader.text("device"), "cuda:1");
  EXPECT_EQ(reader.numbers("mpp"), (std::vector<double>{0.25, 0.26}));
}

TEST(TomlReader, BrokenTomlNamesItsFile) {
  TomlReader reader;
  EXPECT_THAT(message_of([&] { reader.add("[a\nx=1", "site.toml"); }), HasSubstr("site.toml"));
}

TEST(TomlReader, ValuesInForceAreWrittenAsOneWouldWriteThem) {
  TomlReader reader;
  reader.add("a = 0.2\nb = 3.0\nc = [2, 0.1]\nd = \"x\"", "site.toml");
  (void)reader.number("a");
  (void)reader.number("b");
  (void)reader.numbers("c");
  (void)reader.text("d");
  EXPECT_EQ(reader.in_force(), "a = 0.2\nb = 3.0\nc = [2, 0.1]\nd = \"x\"\n");
}

TEST(AnalyzeConfig, DefaultsAreComplete) {
  const auto config = load_analyze_config("", {});
  EXPECT_FALSE(config.mpp.has_value());
  EXPECT_EQ(config.quality.min_leukocytes_pb, 100);
  EXPECT_EQ(config.classifier.device, "auto");
}

TEST(AnalyzeConfig, ReferenceIntervalsAreOfTheSite) {
  const auto config = load_analyze_config(
      "", {"reference.pb.source=\"Our laboratory\"", "reference.pb.monocyte=[2, 10]"});
  const auto& blood = config.references.at("pb");
  EXPECT_EQ(blood.source, "Our laboratory");
  EXPECT_DOUBLE_EQ(blood.interval.at("monocyte").high, 0.1);
  EXPECT_TRUE(config.references.at("bm").interval.empty());
}

TEST(AnalyzeConfig, ReferenceIntervalsNeedAClassASourceAndTwoEnds) {
  const auto refused = [](const std::vector<std::string>& settings) {
    return message_of([&] { (void)load_analyze_config("", settings); });
  };
  const std::string source = "reference.pb.source=\"us\"";
  EXPECT_THAT(refused({"reference.pb.monocyte=[2, 10]"}), HasSubstr("reference.pb.source"));
  EXPECT_THAT(refused({source, "reference.pb.monocyt=[2, 10]"}), HasSubstr("reference.pb.monocyt"));
  EXPECT_THAT(refused({source, "reference.pb.monocyte=[10, 2]"}), HasSubstr("[low, high]"));
}

TEST(AnalyzeConfig, UnequalPixelSizesKeepTheirAxes) {
  const auto config = load_analyze_config("", {"slide.mpp=[0.25, 0.5]"});
  ASSERT_TRUE(config.mpp.has_value());
  EXPECT_EQ(config.mpp->x, 0.25);
  EXPECT_EQ(config.mpp->y, 0.5);
}

TEST(AnalyzeConfig, UnknownKeyIsRefused) {
  EXPECT_THAT(message_of([] { (void)load_analyze_config("", {"slide.mp=0.25"}); }),
              HasSubstr("did you mean slide.mpp?"));
}

TEST(AnalyzeConfig, ThreadsAreNotPartOfTheIdentity) {
  EXPECT_EQ(load_analyze_config("", {"run.threads=1"}).toml,
            load_analyze_config("", {"run.threads=8"}).toml);
  EXPECT_NE(load_analyze_config("", {"blocks.tiles=1"}).toml,
            load_analyze_config("", {"blocks.tiles=8"}).toml);
}

TEST(AnalyzeConfig, MissingFileIsNamed) {
  EXPECT_THAT(message_of([] { (void)load_analyze_config("/nowhere/site.toml", {}); }),
              HasSubstr("/nowhere/site.toml"));
}

}  // namespace
}  // namespace cytocape
