#include "pipeline/settings/toml_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <tuple>

#include "io/errors.hpp"
#include "pipeline/settings/analyze_config.hpp"
#include "pipeline/settings/site_files.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

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

TEST(TomlReader, DeepNestingIsRefusedWithItsLine) {
  const auto repeated = [](const std::string& text) {
    std::string all;
    for (int i = 0; i < 100'000; ++i) all += text;
    return all;
  };
  for (const auto& text :
       {"x = " + repeated("["), "x = " + repeated("{a="), "x = [\n" + repeated("[\n"),
        "[" + repeated("a.") + "a]", repeated("a.") + "a = 1", repeated("\"a\" . ") + "a = 1",
        "x = [\"\"\"y\"\"\"\", " + repeated("[")}) {
    TomlReader reader;
    EXPECT_THAT(message_of([&] { reader.add("y = 1\n" + text, "site.toml"); }),
                AllOf(HasSubstr("site.toml: line "), HasSubstr("nested too deeply")))
        << text.substr(0, 20);
  }
  TomlReader reader;
  EXPECT_THAT(message_of([&] { reader.add("y = 1\nx = " + repeated("["), "site.toml"); }),
              HasSubstr("site.toml: line 2: "));
  EXPECT_THAT(message_of([&] { reader.add_assignment(repeated("a.") + "a=1"); }),
              HasSubstr("nested too deeply"));
}

TEST(TomlReader, BracketsInTextsAndCommentsAreNoNesting) {
  TomlReader reader;
  const std::string many(100, '[');
  const auto quoted = [&](const std::string& quote) { return quote + many + quote; };
  reader.add("# " + many + "\na = \"" + many + "\\\"" + many + "\"\nb = " + quoted("'") +
                 "\nc = " + quoted("\"\"\"") + "\nd = " + quoted("\'\'\'") + "\n",
             "site.toml");
  EXPECT_EQ(reader.text("a"), many + "\"" + many);
  for (const auto* key : {"b", "c", "d"}) EXPECT_EQ(reader.text(key), many) << key;
}

TEST(TomlReader, AWholeNumberBeyondTheParsersIsNotTakenForItsLargest) {
  TomlReader reader;
  reader.add("x = 99999999999999999999\ny = -99999999999999999999\nz = 9223372036854775806\n",
             "site.toml");
  EXPECT_THAT(message_of([&] { (void)reader.integer("x"); }), HasSubstr("expected a whole number"));
  EXPECT_THAT(message_of([&] { (void)reader.number("y"); }), HasSubstr("expected a number"));
  EXPECT_EQ(reader.integer("z"), 9223372036854775806);
}

TEST(TomlReader, OtherEncodingsAreNamedWithTheRemedy) {
  const testing::TempDir folder;
  const std::string utf16 = {'\xff', '\xfe', 'a', '\0', '=', '\0', '1', '\0'};
  for (const auto& text : {utf16, utf16.substr(2)}) {
    std::ofstream(folder / "site.toml", std::ios::binary) << text;
    TomlReader reader;
    EXPECT_THAT(message_of([&] { reader.add_file(folder / "site.toml"); }),
                AllOf(HasSubstr("site.toml: the file is UTF-16"), HasSubstr("save it as UTF-8")));
  }
}

TEST(TomlReader, ManyPointsInNumbersAreNoNesting) {
  TomlReader reader;
  std::string list = "x = [0.5";
  for (int i = 0; i < 1000; ++i) list += ", 0.5";
  reader.add(list + "]\n", "site.toml");
  EXPECT_EQ(reader.numbers("x").size(), 1001U);
}

TEST(TomlReader, NumbersMayBeTypedInAHurry) {
  TomlReader reader;
  reader.add_assignment("a=.25");
  reader.add_assignment("b= .25,+.5 ");
  reader.add_assignment("c=3");
  EXPECT_EQ(reader.number("a"), 0.25);
  EXPECT_EQ(reader.numbers("b"), (std::vector<double>{0.25, 0.5}));
  EXPECT_EQ(reader.integer("c"), 3);
}

TEST(TomlReader, AnAssignmentThatIsNoTomlIsToldInPlainWords) {
  TomlReader reader;
  const auto message = message_of([&] { reader.add_assignment("a b=\"x\""); });
  EXPECT_THAT(message, AllOf(HasSubstr("--set"), HasSubstr("give key=value"),
                             Not(HasSubstr("toml::")), Not(HasSubstr("-->"))));
}

TEST(TomlReader, BrokenTomlNamesItsLineAndNoPartsOfTheParser) {
  TomlReader reader;
  EXPECT_THAT(message_of([&] { reader.add("a = 1\nb = = 2\n", "site.toml"); }),
              AllOf(HasSubstr("site.toml: line 2: not valid TOML: "), Not(HasSubstr("toml::"))));
}

TEST(TomlReader, ALongValueIsNotPrintedWhole) {
  TomlReader reader;
  reader.add("x = \"" + std::string(8000, 'y') + "\"", "site.toml");
  const auto wrong = message_of([&] { (void)reader.integer("x"); });
  EXPECT_THAT(wrong, HasSubstr("site.toml: x = \"yyy"));
  EXPECT_LT(wrong.size(), 300U);
  EXPECT_LT(message_of([&] { reader.refuse_unread(); }).size(), 300U);
}

TEST(TomlReader, ALineLongerThanSettingsHaveIsNamedAndNotParsed) {
  std::string list = "y = 1\nx = [1";
  for (int i = 0; i < 60'000; ++i) list += ",1";
  TomlReader reader;
  EXPECT_THAT(message_of([&] { reader.add(list + "]\n", "site.toml"); }),
              HasSubstr("site.toml: line 2: longer than 8192 bytes; shorten it"));
}

TEST(NearestName, NamesLongerThanAnyOfTheProgramHaveNone) {
  EXPECT_EQ(nearest_name("monocyt", {"monocyte"}), "monocyte");
  EXPECT_EQ(nearest_name(std::string(1'000'000, 'x'), {std::string(1'000'000, 'x')}), "");
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

TEST(AnalyzeConfig, DefaultsStandOnce) {
  const AnalyzeConfig bare;
  const auto config = load_analyze_config("", {});
  EXPECT_EQ(config.blocks, bare.blocks);
  EXPECT_EQ(config.finder, bare.finder);
  EXPECT_EQ(config.quality, bare.quality);
  EXPECT_EQ(config.mpp.has_value(), bare.mpp.has_value());
  EXPECT_EQ(
      std::tie(config.classifier.device, config.classifier.precision, config.classifier.batch),
      std::tie(bare.classifier.device, bare.classifier.precision, bare.classifier.batch));
  EXPECT_EQ(
      std::tie(config.threads, config.regions, config.min_crop_focus, config.unidentified_below),
      std::tie(bare.threads, bare.regions, bare.min_crop_focus, bare.unidentified_below));
  EXPECT_EQ(std::tie(config.evidence_max_squares, config.thumbnail_px, config.gallery_cells),
            std::tie(bare.evidence_max_squares, bare.thumbnail_px, bare.gallery_cells));
}

TEST(AnalyzeConfig, ReferenceIntervalsAreOfTheSite) {
  const auto config = load_analyze_config(
      "", {"reference.pb.source=\"Our laboratory\"", "reference.pb.monocyte=[2, 10]"});
  const auto& blood = config.references.at(Specimen::blood);
  EXPECT_EQ(blood.source, "Our laboratory");
  EXPECT_DOUBLE_EQ(blood.interval.at("monocyte").high, 0.1);
  EXPECT_TRUE(config.references.at(Specimen::marrow).interval.empty());
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

TEST(AnalyzeConfig, TheReaderOfSlidesIsOneOfThoseThatExistAndEmptyForAuto) {
  EXPECT_EQ(load_analyze_config("", {}).slide_reader, "");
  EXPECT_EQ(load_analyze_config("", {"slide.reader=openslide"}).slide_reader, "openslide");
  EXPECT_THAT(message_of([] { (void)load_analyze_config("", {"slide.reader=oepnslide"}); }),
              HasSubstr("slide.reader"));
}

TEST(AnalyzeConfig, APixelSizeIsANumberInRange) {
  EXPECT_EQ(load_analyze_config("", {"slide.mpp=.25"}).mpp, (Mpp{0.25, 0.25}));
  EXPECT_THAT(message_of([] { (void)load_analyze_config("", {"slide.mpp=abc"}); }),
              HasSubstr("--set: slide.mpp = \"abc\": expected a number from 0"));
  for (const auto* wrong : {"slide.mpp=250", "slide.mpp=[0.25, 0]", "slide.mpp=0.001"})
    EXPECT_THAT(message_of([&] { (void)load_analyze_config("", {wrong}); }),
                HasSubstr("um per pixel from 0.05 to 20"));
}

TEST(AnalyzeConfig, AFileThatIsNoSettingsFileIsRefusedUnread) {
  EXPECT_THAT(message_of([] { (void)load_analyze_config("/dev/zero", {}); }),
              HasSubstr("/dev/zero: cannot be read: it is a pipe or device"));
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

TEST(SiteFiles, ThoseOfAllUsersStandBeforeThoseOfOne) {
  const testing::TempDir folder;
  std::filesystem::create_directories(folder / "etc/cytocape");
  std::ofstream(folder / "etc/cytocape/config.toml") << "[counting]\nmin_leukocytes_pb = 7\n";
  ASSERT_EQ(setenv("XDG_CONFIG_HOME", (folder / "me").c_str(), 1), 0);
  const auto files = site_files(folder / "etc");
  ASSERT_EQ(setenv("XDG_CONFIG_HOME", "not/absolute", 1), 0);
  ASSERT_EQ(setenv("HOME", (folder / "home").c_str(), 1), 0);
  const auto of_home = site_files(folder / "etc");
  unsetenv("XDG_CONFIG_HOME");
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].path, folder / "etc/cytocape/config.toml");
  EXPECT_TRUE(files[0].there);
  EXPECT_EQ(files[1].path, folder / "me/cytocape/config.toml");
  EXPECT_FALSE(files[1].there);
  EXPECT_EQ(of_home.at(1).path, folder / "home/.config/cytocape/config.toml");
}

TEST(AnalyzeConfig, ALaterFileWinsOverAnEarlierOneAndAnAssignmentOverBoth) {
  const testing::TempDir folder;
  std::ofstream(folder / "a.toml") << "[counting]\nmin_leukocytes_pb = 7\nmin_leukocytes_bm = 8\n";
  std::ofstream(folder / "b.toml")
      << "[counting]\nmin_leukocytes_pb = 9\n[finder]\nmax_cell_um = 30\n";
  const auto limits = load_analyze_config(
      {(folder / "a.toml").string(), "", (folder / "b.toml").string()}, {"finder.max_cell_um=20"});
  EXPECT_EQ(limits.quality.min_leukocytes_pb, 9);
  EXPECT_EQ(limits.quality.min_leukocytes_bm, 8);
  EXPECT_EQ(limits.finder.max_cell_um, 20);
}

}  // namespace
}  // namespace cytocape
