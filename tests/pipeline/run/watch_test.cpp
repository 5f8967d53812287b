/// The program over a folder that slides come into: copied slowly, damaged, while it is stopped.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "pipeline/program/exit_code.hpp"
#include "tests/pipeline/smear.hpp"
#include "tests/support/file_text.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::TempDir;
using testing::text_of;

/// Drawn once.
const std::string& drawn_slide() {
  static const std::string bytes = [] {
    const TempDir folder;
    write_phantom({.size = {900, 700}, .mpp = 0.25, .seed = 20, .white_cells = 6},
                  folder / "s.tiff");
    return text_of(folder / "s.tiff");
  }();
  return bytes;
}

template <class Asked>
bool waits_for(const Asked& asked) {
  for (int i = 0; i < 1200; ++i) {
    if (asked()) return true;
    std::this_thread::sleep_for(100ms);
  }
  return false;
}

class Watch : public ::testing::Test {
 protected:
  ~Watch() override {
    if (child_ > 0) kill(child_, SIGKILL), waitpid(child_, nullptr, 0);
  }

  void start(const std::vector<std::string>& further = {}) {
    std::vector<std::string> words{"cytocape",   "analyze",
                                   "--watch",    in_.string(),
                                   "--model",    "demo",
                                   "--threads",  "1",
                                   "--device",   "cpu",
                                   "--set",      "counting.min_leukocytes_pb=1",
                                   "--set",      "watch.interval_s=0.2",
                                   "--set",      "watch.settle_s=1.5",
                                   "--specimen", "pb",
                                   "--out",      out_.string()};
    words.insert(words.end(), further.begin(), further.end());
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    child_ = fork();
    if (child_ != 0) return;
    dup2(open((folder_ / "out.txt").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666), STDOUT_FILENO);
    dup2(open((folder_ / "err.txt").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666), STDERR_FILENO);
    execv(CYTOCAPE_PROGRAM, arguments.data());
    _exit(127);
  }

  int end(int with = SIGTERM) {
    kill(child_, with);
    int status = 0;
    waitpid(child_, &status, 0);
    child_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  [[nodiscard]] std::string log() const { return text_of(folder_ / "err.txt"); }
  [[nodiscard]] bool says(const std::string& text) const {
    return log().find(text) != std::string::npos;
  }
  [[nodiscard]] std::size_t times(const std::string& text) const {
    std::size_t count = 0;
    const auto all = log();
    for (auto at = all.find(text); at != std::string::npos; at = all.find(text, at + 1)) ++count;
    return count;
  }
  [[nodiscard]] fs::path report(const std::string& id) const { return out_ / id / "report.h5"; }

  TempDir folder_;
  fs::path in_ = folder_ / "in";
  fs::path out_ = folder_ / "reports";
  pid_t child_ = 0;

  void SetUp() override {
    fs::create_directories(in_ / "ward 3");
    (void)drawn_slide();
  }
};

TEST_F(Watch, ASlideThatIsCopiedSlowlyIsAnalyzedOnceAndWhole) {
  start();
  ASSERT_TRUE(waits_for([&] { return says("watching"); })) << log();
  const auto& bytes = drawn_slide();
  {
    std::ofstream copy(in_ / "ward 3" / "s.tiff", std::ios::binary);
    constexpr std::size_t kParts = 8;
    for (std::size_t i = 0; i < kParts; ++i) {
      const auto begin = bytes.size() * i / kParts, past = bytes.size() * (i + 1) / kParts;
      copy.write(bytes.data() + begin, static_cast<std::streamsize>(past - begin)).flush();
      std::this_thread::sleep_for(300ms);
    }
  }
  ASSERT_TRUE(waits_for([&] { return fs::exists(report("ward_3_s")); })) << log();
  ASSERT_TRUE(waits_for(
      [&] { return text_of(out_ / "cohort.csv").find("ward_3_s") != std::string::npos; }));
  EXPECT_EQ(end(), kExitOk) << log();
  EXPECT_NE(read_record(report("ward_3_s")).report.status, Status::failed);
  EXPECT_FALSE(fs::exists(out_ / "previous")) << "it was analyzed more than once";
  EXPECT_THAT(log(), AllOf(HasSubstr("ended; all reports are complete"), Not(HasSubstr("failed"))));
}

TEST_F(Watch, ItsLogIsLinesWithoutEscapes) {
  start();
  std::ofstream(in_ / "s.tiff", std::ios::binary) << drawn_slide();
  ASSERT_TRUE(waits_for([&] { return fs::exists(report("s")); })) << log();
  EXPECT_EQ(end(SIGINT), kExitOk);
  EXPECT_THAT(log(), AllOf(Not(HasSubstr("\x1b")), Not(HasSubstr("\r")), HasSubstr("1/1 ")));
  EXPECT_EQ(text_of(folder_ / "out.txt"), "");
}

TEST_F(Watch, EachLineOfItsJsonLogIsAnObject) {
  start({"--log-format", "json"});
  std::ofstream(in_ / "s.tiff", std::ios::binary) << drawn_slide();
  ASSERT_TRUE(waits_for([&] { return says("\"slide\""); })) << log();
  EXPECT_EQ(end(), kExitOk);
  std::istringstream lines(log());
  std::set<std::string> events;
  for (std::string line; std::getline(lines, line);)
    events.insert(nlohmann::json::parse(line)["event"].get<std::string>());
  EXPECT_TRUE(events.contains("slide") && events.contains("message"));
}

TEST_F(Watch, ADamagedSlideIsToldOnceAndTriedAgainWhenItsFileChanges) {
  std::ofstream(in_ / "s.tiff", std::ios::binary) << drawn_slide().substr(0, 2000);
  start();
  ASSERT_TRUE(waits_for([&] { return says(": failed"); })) << log();
  std::this_thread::sleep_for(3s);
  EXPECT_EQ(times(": failed"), 1U);
  EXPECT_EQ(end(), kExitOk);
  start();  // and not when the watch is started again
  ASSERT_TRUE(waits_for([&] { return says("done already"); })) << log();
  EXPECT_EQ(times(": failed"), 1U);
  std::ofstream(in_ / "s.tiff", std::ios::binary) << drawn_slide();
  ASSERT_TRUE(waits_for([&] {
    return fs::exists(report("s")) && read_record(report("s")).report.status != Status::failed;
  })) << log();
  EXPECT_EQ(end(), kExitOk);
}

TEST_F(Watch, StartedAgainItDoesWhatCameMeanwhileAndNothingTwice) {
  std::ofstream(in_ / "a.tiff", std::ios::binary) << drawn_slide();
  start();
  ASSERT_TRUE(waits_for([&] { return fs::exists(report("a")); })) << log();
  kill(child_, SIGKILL);
  waitpid(child_, nullptr, 0);
  const auto made = fs::last_write_time(report("a"));
  std::ofstream(in_ / "b.tiff", std::ios::binary) << drawn_slide();
  start();
  ASSERT_TRUE(waits_for([&] { return fs::exists(report("b")); })) << log();
  EXPECT_EQ(end(), kExitOk);
  EXPECT_EQ(fs::last_write_time(report("a")), made);
  EXPECT_FALSE(fs::exists(out_ / "previous"));
}

TEST_F(Watch, AnotherSlideUnderTheNameOfAReportedOneIsRefusedAndTheNextOneDone) {
  std::ofstream(in_ / "a.tiff", std::ios::binary) << drawn_slide();
  start();
  ASSERT_TRUE(waits_for([&] { return fs::exists(report("a")); })) << log();
  const auto before = text_of(report("a"));
  std::ofstream(in_ / "a.tiff", std::ios::binary | std::ios::app) << "another";
  ASSERT_TRUE(waits_for([&] { return says("a: left as it is"); })) << log();
  EXPECT_THAT(log(), AllOf(HasSubstr("slide changed"), HasSubstr("--overwrite")));
  std::ofstream(in_ / "b.tiff", std::ios::binary) << drawn_slide();
  ASSERT_TRUE(waits_for([&] { return fs::exists(report("b")); })) << log();
  EXPECT_EQ(end(), kExitOk);
  EXPECT_TRUE(text_of(report("a")) == before);
  EXPECT_EQ(times("left as it is"), 1U);
  EXPECT_THAT(log(), HasSubstr("all reports are complete, but 1 is of something else than is there "
                               "now (a: slide changed)"));
}

TEST_F(Watch, SlidesThatAreDoneAreNamedWhenTheirLaboratoryValuesChange) {
  const auto labs = folder_ / "labs.csv";
  std::ofstream(labs) << "case,item,value,unit\na,wbc,9,10^9/L\nb,wbc,9,10^9/L\n";
  for (const auto* name : {"a.tiff", "b.tiff"})
    std::ofstream(in_ / name, std::ios::binary) << drawn_slide();
  start({"--labs", labs.string()});
  ASSERT_TRUE(waits_for([&] { return fs::exists(report("a")) && fs::exists(report("b")); }));
  std::ofstream(labs) << "case,item,value,unit\na,wbc,9,10^9/L\nb,wbc,14.5,10^9/L\n";
  ASSERT_TRUE(waits_for([&] { return says("left as it is"); })) << log();
  EXPECT_EQ(end(), kExitOk);
  EXPECT_THAT(log(), AllOf(HasSubstr("b: left as it is"), HasSubstr("laboratory values changed"),
                           Not(HasSubstr("a: left as it is")), Not(HasSubstr("done already"))));
  EXPECT_FALSE(fs::exists(out_ / "previous"));
}

TEST_F(Watch, WhatCannotBeGivenWithItIsRefusedAndNothingStarted) {
  for (const auto& further : std::vector<std::vector<std::string>>{
           {"slide.svs"}, {"--manifest", "night.csv"}, {"--json"}, {"--anew"}}) {
    start(further);
    int status = 0;
    waitpid(child_, &status, 0);
    child_ = 0;
    EXPECT_EQ(WEXITSTATUS(status), kExitUsage) << further.front();
  }
  EXPECT_FALSE(fs::exists(out_));
}

}  // namespace
}  // namespace cytocape
