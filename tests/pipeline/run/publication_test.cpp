/// What a folder of reports holds while runs fail, end early, are killed or meet there.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "io/errors.hpp"
#include "io/lock_file.hpp"
#include "pipeline/case/case_report.hpp"
#include "pipeline/graph/fault_injection.hpp"
#include "pipeline/program/exit_code.hpp"
#include "tests/pipeline/smear.hpp"
#include "tests/support/file_text.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::request_for;
using testing::run;
using testing::small_smear;
using testing::TempDir;
using testing::text_of;

nlohmann::json json_of(const fs::path& path) {
  return nlohmann::json::parse(text_of(path));
}

/// But for what a folder tells of all its slides.
std::vector<std::string> names_in(const fs::path& folder) {
  static const std::set<std::string> of_all{"journal", "cohort.csv", "cells.csv.gz",
                                            "overview.html", "summary.json"};
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    if (!of_all.contains(entry.path().filename().string()))
      names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

/// Every slide of the runs within its life fails at its first block.
class Failing {
 public:
  Failing() {
    set_fault_hook([](const std::string&, std::uint64_t) { throw std::logic_error("torn cable"); });
  }
  ~Failing() { set_fault_hook(nullptr); }
  Failing(const Failing&) = delete;
  Failing& operator=(const Failing&) = delete;
};

std::string refusal(const AnalyzeRequest& request) {
  try {
    (void)run(request);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

TEST(Publication, AFailedFirstRunLeavesAReportThatSaysWhy) {
  const TempDir out;
  const Failing failing;
  auto request = request_for({small_smear()}, out.path());
  request.slides.front().case_id = "C-17";
  const auto slide = run(request).slides.front();
  EXPECT_EQ(slide.status, Status::failed);
  EXPECT_EQ(slide.folder, out / "smear");
  EXPECT_EQ(names_in(out.path()), std::vector<std::string>{"smear"});
  EXPECT_THAT(names_in(out / "smear"),
              ::testing::ElementsAre("report.h5", "report.html", "report.json"));

  const auto record = read_record(out / "smear/report.h5").report;
  EXPECT_EQ(record.status, Status::failed);
  ASSERT_FALSE(record.status_reasons.empty());
  EXPECT_THAT(record.status_reasons.front(), HasSubstr("torn cable"));
  EXPECT_EQ(record.case_id, "C-17");
  EXPECT_EQ(record.slide.path, small_smear());
  EXPECT_EQ(record.slide_sha256, slide_sha256(small_smear()));
  EXPECT_EQ(record.model.name, "demo");
  EXPECT_FALSE(record.run.finished_utc.empty());
  const auto json = json_of(out / "smear/report.json");
  EXPECT_TRUE(json["cells"]["located"].is_null());
  EXPECT_EQ(json["research_use"], kResearchUse);
  const auto page = text_of(out / "smear/report.html");
  EXPECT_THAT(page, AllOf(HasSubstr("torn cable"), HasSubstr(kResearchUse),
                          Not(HasSubstr("analysis complete"))));
}

TEST(Publication, ASlideThatCannotBeOpenedLeavesAReportThatSaysWhy) {
  const TempDir folder;
  std::ofstream(folder / "cut.tiff") << "no picture";
  const auto slide = run(request_for({folder / "cut.tiff"}, folder / "out")).slides.front();
  EXPECT_EQ(slide.status, Status::failed);
  const auto record = read_record(folder / "out/cut/report.h5").report;
  EXPECT_EQ(record.status_reasons, slide.reasons);
  EXPECT_EQ(record.slide.path, folder / "cut.tiff");
  EXPECT_TRUE(json_of(folder / "out/cut/report.json")["slide"]["mpp_x"].is_null());
}

TEST(Publication, AFailedRenewalSetsTheEarlierReportAside) {
  const TempDir out;
  auto request = request_for({small_smear()}, out.path());
  ASSERT_NE(run(request).slides.front().status, Status::failed);
  const auto before = text_of(out / "smear/report.h5");
  std::ofstream(out / "smear/notes.txt") << "a person's";
  const Failing failing;
  request.anew = true;
  const auto slide = run(request).slides.front();
  EXPECT_EQ(slide.status, Status::failed);
  EXPECT_EQ(read_record(out / "smear/report.h5").report.status, Status::failed);
  EXPECT_FALSE(fs::exists(out / "smear/notes.txt"));
  EXPECT_EQ(slide.earlier.parent_path(), out / "previous/smear");
  EXPECT_EQ(text_of(slide.earlier / "report.h5"), before);
  EXPECT_EQ(text_of(slide.earlier / "notes.txt"), "a person's");
  EXPECT_EQ(names_in(out.path()), (std::vector<std::string>{"previous", "smear"}));
}

TEST(Publication, TheEarlierReportIsSetAsideBeforeTheSlideIsRead) {
  const TempDir out;
  auto request = request_for({small_smear()}, out.path());
  (void)run(request);
  request.anew = true;
  std::atomic<bool> there{false};
  set_fault_hook([&](const std::string&, std::uint64_t) {
    there = there || fs::exists(out / "smear/report.h5");
  });
  const auto slide = run(request).slides.front();
  set_fault_hook(nullptr);
  EXPECT_FALSE(there);
  EXPECT_TRUE(fs::exists(slide.earlier / "report.h5"));
  EXPECT_TRUE(fs::exists(out / "smear/report.h5"));
}

TEST(Publication, AFailedReportIsReplacedUnaskedAndKept) {
  const TempDir out;
  const auto request = request_for({small_smear()}, out.path());
  {
    const Failing failing;
    (void)run(request);
  }
  const auto slide = run(request).slides.front();
  EXPECT_NE(slide.status, Status::failed);
  EXPECT_EQ(read_record(slide.earlier / "report.h5").report.status, Status::failed);
  EXPECT_TRUE(run(request).slides.front().up_to_date);
}

TEST(Publication, ASlideThatFailedJoinsNoCase) {
  const TempDir folder;
  const Failing failing;
  (void)run(request_for({small_smear()}, folder / "out"));
  try {
    (void)report_case(
        {.records = {folder / "out/smear"}, .labs = {}, .case_id = {}, .out = folder / "cases"});
    FAIL() << "no error";
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("smear/report.h5"), HasSubstr("failed"),
                                    HasSubstr("torn cable"), HasSubstr("cannot be used")));
  }
  EXPECT_FALSE(fs::exists(folder / "cases"));
}

TEST(Publication, ASlideNamedAsTheFolderOfEarlierReportsIsRefused) {
  const TempDir folder;
  auto request = request_for({small_smear()}, folder / "out");
  request.slides.front().id = "previous";
  EXPECT_THAT(refusal(request),
              HasSubstr("previous is reserved for what stands beside the reports"));
  request.slides.front().id = std::string(300, 'n');
  EXPECT_THAT(refusal(request), HasSubstr("300 bytes"));
  EXPECT_FALSE(fs::exists(folder / "out"));
}

TEST(Publication, ASlideThatAnotherRunHoldsIsLeftToItAndItsOwnerNamed) {
  const TempDir out;
  AnalyzeOutcome second;
  set_fault_hook([&](const std::string&, std::uint64_t block) {
    if (block == 0) second = run(request_for({small_smear()}, out.path()));
  });
  const auto slide = run(request_for({small_smear()}, out.path())).slides.front();
  set_fault_hook(nullptr);
  EXPECT_TRUE(second.slides.empty());
  EXPECT_EQ(second.exit_code(), kExitHeld);
  EXPECT_THAT(
      second.held["smear"],
      AllOf(HasSubstr("held by process"), HasSubstr(std::to_string(::getpid())),
            HasSubstr(host_name()), HasSubstr("choose another --out"), HasSubstr(".smear.lock")));
  EXPECT_NE(slide.status, Status::failed);
  EXPECT_EQ(names_in(out.path()), std::vector<std::string>{"smear"});
}

TEST(Publication, ASlideThatAnotherComputerHoldsIsLeftWithTheRemedy) {
  const TempDir out;
  const auto lock = out / ".smear.lock";
  std::ofstream(lock) << R"({"owner":"00000001-00000002-4026531836-17-1","host":"node7","pid":17,)"
                      << R"("started_utc":"2020-01-01T00:00:00Z"})";
  auto outcome = run(request_for({small_smear()}, out.path()));
  EXPECT_THAT(outcome.held["smear"], AllOf(HasSubstr("process 17 on node7"), HasSubstr("days ago"),
                                           HasSubstr("remove " + lock.string())));
  EXPECT_EQ(names_in(out.path()), std::vector<std::string>{".smear.lock"});
}

TEST(Publication, OfAHeldSlideTheOthersAreDone) {
  const TempDir folder;
  const auto other = folder / "other.tiff";
  fs::copy_file(small_smear(), other);
  fs::create_directories(folder / "out");
  std::ofstream(folder / "out/.other.lock") << "a person's note";
  auto outcome = run(request_for({other, small_smear()}, folder / "out"));
  EXPECT_THAT(outcome.held["other"], HasSubstr("does not say whose it is"));
  EXPECT_EQ(names_in(folder / "out"), (std::vector<std::string>{".other.lock", "smear"}));
}

/// The program, started and left running.
pid_t start(const fs::path& out, const std::vector<std::string>& further) {
  const pid_t child = fork();
  if (child != 0) return child;
  std::vector<std::string> words{"cytocape", "analyze",   small_smear().string(),
                                 "--model",  "demo",      "--specimen",
                                 "pb",       "--threads", "1",
                                 "--quiet",  "--set",     "blocks.tiles=1",
                                 "--out",    out.string()};
  words.insert(words.end(), further.begin(), further.end());
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  execv(CYTOCAPE_PROGRAM, arguments.data());
  _exit(127);
}

/// A report in the making: the run is then in the middle of its slide.
bool await_report_in_the_making(const fs::path& out) {
  for (int i = 0; i < 6000; ++i) {
    if (fs::exists(out))
      for (const auto& entry : fs::directory_iterator(out))
        if (entry.is_directory() && entry.path().extension() == ".partial") return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

TEST(Publication, AfterAKilledRunTheNextOneNeedsNoHand) {
  const TempDir folder;
  const auto out = folder / "out";
  const pid_t child = start(out, {});
  ASSERT_TRUE(await_report_in_the_making(out));
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  ASSERT_TRUE(fs::exists(out / ".smear.lock"));
  EXPECT_FALSE(fs::exists(out / "smear"));
  const auto slide = run(request_for({small_smear()}, out)).slides.front();
  EXPECT_NE(slide.status, Status::failed);
  EXPECT_EQ(names_in(out), std::vector<std::string>{"smear"});
}

TEST(Publication, AKilledRenewalLeavesNoReportInPlaceAndTheEarlierOneSetAside) {
  const TempDir folder;
  const auto out = folder / "out";
  (void)run(request_for({small_smear()}, out));
  const auto before = text_of(out / "smear/report.h5");
  const pid_t child = start(out, {"--overwrite"});
  ASSERT_TRUE(await_report_in_the_making(out));
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_FALSE(fs::exists(out / "smear"));
  const auto times = names_in(out / "previous/smear");
  ASSERT_EQ(times.size(), 1U);
  EXPECT_EQ(text_of(out / "previous/smear" / times.front() / "report.h5"), before);
}

class EndingSignal : public ::testing::TestWithParam<int> {};

TEST_P(EndingSignal, LeavesNoLockAndSaysWhereTheEarlierReportIs) {
  const TempDir folder;
  const auto out = folder / "out";
  (void)run(request_for({small_smear()}, out));
  const auto said = folder / "said";
  const pid_t child = fork();
  if (child == 0) {
    if (freopen(said.c_str(), "w", stderr) == nullptr) _exit(126);
    const auto other = start(out, {"--overwrite"});
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    std::ofstream(folder / "pid.new") << other;
    fs::rename(folder / "pid.new", folder / "pid");
    int status = 0;
    waitpid(other, &status, 0);
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 125);
  }
  ASSERT_TRUE(await_report_in_the_making(out));
  pid_t program = 0;
  std::ifstream(folder / "pid") >> program;
  ASSERT_GT(program, 0);
  kill(program, GetParam());
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), GetParam() == SIGTERM ? kExitTerminated : kExitInterrupted);
  EXPECT_EQ(names_in(out), std::vector<std::string>{"previous"});
  const auto times = names_in(out / "previous/smear");
  ASSERT_EQ(times.size(), 1U);
  EXPECT_THAT(text_of(said), AllOf(HasSubstr("smear: not finished"),
                                   HasSubstr((out / "previous/smear" / times.front()).string())));
}

INSTANTIATE_TEST_SUITE_P(Publication, EndingSignal, ::testing::Values(SIGINT, SIGTERM));

/// Either run may come first or be refused; whatever is left is of one run.
TEST(Publication, TwoRunsAtOnceLeaveOneWholeReportAndLoseNone) {
  const TempDir folder;
  for (const int delay : {0, 30, 120, 400}) {
    const auto out = folder / std::to_string(delay);
    const pid_t first = start(out, {"--overwrite"});
    std::this_thread::sleep_for(std::chrono::milliseconds(delay));
    const pid_t second = start(out, {"--overwrite", "--set", "blocks.tiles=2"});
    std::vector<int> codes;
    for (const auto child : {first, second}) {
      int status = 0;
      waitpid(child, &status, 0);
      codes.push_back(WEXITSTATUS(status));
    }
    const auto done = std::count_if(codes.begin(), codes.end(), [](int code) {
      return code != kExitUsage && code != kExitHeld;
    });
    ASSERT_GE(done, 1) << codes[0] << " and " << codes[1];
    const auto record = read_record(out / "smear/report.h5").report;
    const auto json = json_of(out / "smear/report.json");
    EXPECT_EQ(json["run"]["config_sha256"], record.run.config_sha256);
    EXPECT_THAT(text_of(out / "smear/report.html"), HasSubstr(record.run.config_sha256));
    const auto earlier = fs::exists(out / "previous/smear") ? names_in(out / "previous/smear")
                                                            : std::vector<std::string>();
    EXPECT_EQ(earlier.size(), static_cast<std::size_t>(done - 1));
    for (const auto& entry : names_in(out)) EXPECT_FALSE(entry.starts_with('.')) << entry;
  }
}

}  // namespace
}  // namespace cytocape
