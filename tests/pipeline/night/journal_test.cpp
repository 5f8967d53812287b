#include "pipeline/night/journal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::TempDir;

fs::path only_journal(const fs::path& out) {
  return fs::directory_iterator(out / "journal")->path();
}

TEST(Journal, TellsTheLastWordOnEachSlide) {
  const TempDir out;
  {
    Journal journal(out.path());
    journal.write("run", {{"model", "pb"}});
    journal.write_all("planned", std::vector<nlohmann::json>{{{"id", "a"}, {"slide", "x/a.svs"}},
                                                             {{"id", "b"}, {"slide", "x/b.svs"}}});
    journal.write("started", {{"id", "a"}});
    journal.write("ended", {{"id", "a"}, {"files", "12@34"}, {"content", "c0ffee"}});
    EXPECT_EQ(journal.fault(), "");
  }
  const auto all = read_journals(out.path());
  ASSERT_EQ(all.runs.size(), 1U);
  EXPECT_EQ(all.runs.begin()->second.model, "pb");
  EXPECT_EQ(all.runs.begin()->second.ended, "");
  EXPECT_EQ(all.slides.at("a").event, "ended");
  EXPECT_EQ(all.slides.at("a").slide, "x/a.svs");
  EXPECT_EQ(all.slides.at("a").content, "c0ffee");
  EXPECT_EQ(all.slides.at("b").event, "planned");
}

TEST(Journal, EachRunWritesAFileOfItsOwn) {
  const TempDir out;
  Journal one(out.path()), other(out.path());
  one.write("planned", {{"id", "a"}});
  other.write("planned", {{"id", "b"}});
  EXPECT_EQ(read_journals(out.path()).runs.size(), 2U);
}

TEST(Journal, ALineThatWasCutIsPassedOver) {
  const TempDir out;
  {
    Journal journal(out.path());
    journal.write("planned", {{"id", "a"}});
  }
  std::ofstream(only_journal(out.path()), std::ios::app) << R"({"event":"ended","id":"a")";
  EXPECT_EQ(read_journals(out.path()).slides.at("a").event, "planned");
}

TEST(Journal, ThatCannotBeWrittenIsAFaultToTellOfAndNoError) {
  const TempDir out;
  std::ofstream(out / "journal") << "a file where the folder should be";
  Journal journal(out.path());
  journal.write("planned", {{"id", "a"}});
  EXPECT_THAT(journal.fault(), HasSubstr("cannot create"));
  EXPECT_TRUE(read_journals(out.path()).slides.empty());
}

}  // namespace
}  // namespace cytocape
