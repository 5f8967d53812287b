/// A night of slides through the program: killed and run again, run twice at once, run after a
/// change.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>
#include <thread>

#include "io/record.hpp"
#include "io/report_folder.hpp"
#include "pipeline/night/journal.hpp"
#include "pipeline/program/exit_code.hpp"
#include "tests/io/dicom_writer.hpp"
#include "tests/pipeline/smear.hpp"
#include "tests/support/file_text.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::TempDir;
using testing::text_of;

constexpr std::size_t kSlides = 12, kOfWard = 4;

/// Twelve small slides in three folders, and something else beside them; drawn once.
const fs::path& night() {
  static const TempDir folder;
  static const fs::path path = [] {
    for (std::size_t i = 0; i < kSlides; ++i) {
      const auto ward = folder / ("ward " + std::to_string(i % 3));
      fs::create_directories(ward);
      write_phantom({.size = {900, 700}, .mpp = 0.25, .seed = 20 + i, .white_cells = 6},
                    ward / ("s" + std::to_string(i) + ".tiff"));
    }
    std::ofstream(folder / "ward 0" / "notes.txt") << "a person's";
    return folder.path();
  }();
  return path;
}

/// One of its folders.
fs::path ward() {
  return night() / "ward 0";
}

/// The program on the night or a part of it, its two streams in files beside `out`.
pid_t start(const fs::path& out, const fs::path& part = night(),
            const std::vector<std::string>& further = {}) {
  const auto slides = part.string();
  const pid_t child = fork();
  if (child != 0) return child;
  const auto to = [&](const char* name, int descriptor) {
    const auto file = out.string() + name;
    dup2(open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666), descriptor);
  };
  to(".out", STDOUT_FILENO);
  to(".err", STDERR_FILENO);
  std::vector<std::string> words{"cytocape",
                                 "analyze",
                                 slides,
                                 "--model",
                                 "demo",
                                 "--specimen",
                                 "pb",
                                 "--threads",
                                 "1",
                                 "--device",
                                 "cpu",
                                 "--set",
                                 "counting.min_leukocytes_pb=1",
                                 "--out",
                                 out.string()};
  words.insert(words.end(), further.begin(), further.end());
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  execv(CYTOCAPE_PROGRAM, arguments.data());
  _exit(127);
}

int exit_code_of(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int run_night(const fs::path& out) {
  return exit_code_of(start(out));
}

int run_ward(const fs::path& out, const std::vector<std::string>& further = {}) {
  return exit_code_of(start(out, ward(), further));
}

/// Of a night that went well: six cells may well be too strange to be counted.
bool is_done(int exit_code) {
  return exit_code == kExitOk || exit_code == kExitInsufficient;
}

std::vector<fs::path> reports_in(const fs::path& out) {
  std::vector<fs::path> folders;
  if (!fs::exists(out)) return folders;
  for (const auto& entry : fs::directory_iterator(out))
    if (fs::exists(entry.path() / "report.h5") || fs::exists(entry.path() / "report.json") ||
        fs::exists(entry.path() / "report.html"))
      if (!entry.path().filename().string().starts_with('.')) folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  return folders;
}

void replace_all(std::string& text, const std::string& what, const std::string& by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
}

/// The record's bytes but for when it was made and for the folder that the command names, which
/// have the same length in all.
std::string record_without_times(const fs::path& folder) {
  auto bytes = text_of(folder / "report.h5");
  const auto run = read_overview(folder / "report.h5").report.run;
  replace_all(bytes, run.started_utc, std::string(run.started_utc.size(), 't'));
  replace_all(bytes, run.finished_utc, std::string(run.finished_utc.size(), 't'));
  replace_all(bytes, folder.parent_path().string(),
              std::string(folder.parent_path().string().size(), 'o'));
  return bytes;
}

/// Without the last three columns: when it was made, and the seconds it took.
std::string table_without_times(const fs::path& out) {
  std::istringstream lines(text_of(out / "cohort.csv"));
  std::string text;
  for (std::string line; std::getline(lines, line);) {
    for (int i = 0; i < 3; ++i) line.resize(line.rfind(','));
    text += line + "\n";
  }
  return text;
}

void expect_the_same(const fs::path& one, const fs::path& other) {
  const auto reports = reports_in(one);
  ASSERT_EQ(reports.size(), kSlides);
  ASSERT_EQ(reports_in(other).size(), kSlides);
  for (const auto& report : reports) {
    const auto name = report.filename().string();
    EXPECT_TRUE(record_without_times(report) == record_without_times(other / name)) << name;
  }
  EXPECT_EQ(table_without_times(one), table_without_times(other));
  EXPECT_TRUE(text_of(one / "cells.csv.gz") == text_of(other / "cells.csv.gz"));
}

void expect_whole_reports(const fs::path& out) {
  for (const auto& folder : reports_in(out)) {
    for (const auto* name : {"report.h5", "report.json", "report.html"})
      EXPECT_TRUE(fs::exists(folder / name)) << folder / name;
    EXPECT_NO_THROW((void)read_record(folder / "report.h5"));
  }
}

/// How often the night is killed: CYTOCAPE_KILLS, or a few times.
int kills() {
  const char* asked = std::getenv("CYTOCAPE_KILLS");
  return asked == nullptr ? 4 : std::atoi(asked);
}

TEST(NightRun, KilledAtAnyMomentAndRunAgainItEndsAsIfUndisturbed) {
  const TempDir folder;
  const auto calm = folder / "a", torn = folder / "b";
  const auto began = std::chrono::steady_clock::now();
  ASSERT_TRUE(is_done(run_night(calm))) << text_of(folder / "a.err");
  const std::chrono::duration<double> whole = std::chrono::steady_clock::now() - began;
  std::mt19937 random(std::random_device{}());
  // Each time it gets as far as two or three slides.
  std::uniform_real_distribution<double> moment(0.02, 0.4);
  for (int i = 0; i < kills(); ++i) {
    const auto child = start(torn);
    std::this_thread::sleep_for(whole * moment(random));
    kill(child, SIGKILL);
    (void)exit_code_of(child);
    expect_whole_reports(torn);
  }
  ASSERT_TRUE(is_done(run_night(torn))) << text_of(folder / "b.err");
  expect_the_same(calm, torn);
  EXPECT_FALSE(fs::exists(torn / "previous"));
  for (const auto& entry : fs::directory_iterator(torn))
    EXPECT_FALSE(entry.path().filename().string().starts_with('.')) << entry.path();
}

TEST(NightRun, ASecondRunPassesOverWhatIsUpToDate) {
  const TempDir folder;
  const auto out = folder / "out";
  ASSERT_TRUE(is_done(run_ward(out))) << text_of(folder / "out.err");
  const auto first = reports_in(out).front() / "report.h5";
  const auto before = fs::last_write_time(first);
  const auto tables = fs::last_write_time(out / "cohort.csv");
  EXPECT_TRUE(is_done(run_ward(out)));
  EXPECT_EQ(fs::last_write_time(first), before);
  EXPECT_EQ(fs::last_write_time(out / "cohort.csv"), tables);
  EXPECT_THAT(text_of(folder / "out.out"), HasSubstr("4 of them were up to date"));
}

TEST(NightRun, WhatWasMadeOtherwiseIsListedAndNothingIsStarted) {
  const TempDir folder;
  const auto out = folder / "out";
  ASSERT_TRUE(is_done(run_ward(out)));
  const std::vector<std::string> changed{"--set", "report.gallery_cells=7"};
  EXPECT_EQ(run_ward(out, changed), kExitUsage);
  EXPECT_THAT(text_of(folder / "out.err"),
              AllOf(HasSubstr("nothing was started"), HasSubstr("4 faults"),
                    HasSubstr("s0: configuration changed (report.gallery_cells)"),
                    HasSubstr("--overwrite")));
  // With leave, and killed in the middle, it goes on where it was.
  auto allowed = changed;
  allowed.emplace_back("--overwrite");
  ASSERT_TRUE(is_done(run_ward(out, allowed)));
  EXPECT_THAT(text_of(folder / "out.out"),
              HasSubstr("done again: configuration changed (report.gallery_cells)"));
  ASSERT_TRUE(is_done(run_ward(out, allowed)));
  EXPECT_THAT(text_of(folder / "out.out"), HasSubstr("4 of them were up to date"));
}

TEST(NightRun, ASlideWhoseFileIsAwayKeepsItsReportAndTheOthersAreDone) {
  const TempDir folder;
  const auto out = folder / "out", slides = folder / "slides";
  fs::create_directories(slides);
  for (const auto* name : {"s0.tiff", "s3.tiff"}) fs::copy_file(ward() / name, slides / name);
  const auto given = [&](const char* name) { return (slides / name).string(); };
  const auto run = [&](const std::vector<std::string>& further) {
    return exit_code_of(start(out, given("s0.tiff"), further));
  };
  ASSERT_TRUE(is_done(run({})));
  const auto report = out / "s0" / "report.h5";
  const auto before = text_of(report);
  fs::remove(slides / "s0.tiff");
  const std::vector<std::string> changed{given("s3.tiff"), "--set", "report.gallery_cells=7",
                                         "--overwrite"};
  EXPECT_EQ(run(changed), kExitFailed);
  EXPECT_TRUE(text_of(report) == before);
  EXPECT_TRUE(fs::exists(out / "s3" / "report.h5"));
  EXPECT_FALSE(fs::exists(out / "previous"));
  EXPECT_THAT(text_of(folder / "out.out"),
              AllOf(HasSubstr("s0.tiff: not analyzed"), HasSubstr("No such file"),
                    HasSubstr("1 not analyzed, their files cannot be read")));
  EXPECT_THAT(text_of(out / "cohort.csv"), HasSubstr("cannot be read now"));
}

/// Two slides with the reports of a run, and where they lie.
struct TwoDone {
  TwoDone() {
    fs::create_directories(slides);
    for (const auto* name : {"s0.tiff", "s3.tiff"}) fs::copy_file(ward() / name, slides / name);
    code = exit_code_of(start(out, slides));
  }
  [[nodiscard]] std::string said() const {
    return text_of(folder / "out.out") + text_of(folder / "out.err");
  }
  TempDir folder;
  fs::path out = folder / "out", slides = folder / "slides";
  int code = -1;
};

TEST(NightRun, OfASlideThatHasGoneFromItsFolderItSaysSo) {
  const TwoDone night;
  ASSERT_TRUE(is_done(night.code)) << night.said();
  fs::remove(night.slides / "s0.tiff");
  EXPECT_EQ(exit_code_of(start(night.out, night.slides)), kExitFailed);
  EXPECT_THAT(night.said(), AllOf(HasSubstr("s0.tiff: not analyzed"), HasSubstr("up to date")));
  EXPECT_TRUE(fs::exists(night.out / "s0" / "report.h5"));
}

TEST(NightRun, WithoutItsJournalsAndWithItsSlidesMovedEachReportIsStillItsSlides) {
  const TwoDone night;
  ASSERT_TRUE(is_done(night.code)) << night.said();
  fs::remove_all(night.out / "journal");
  const auto moved = night.folder / "moved";
  fs::create_directories(moved / "deeper");
  fs::rename(night.slides / "s0.tiff", moved / "deeper/s0.tiff");
  fs::rename(night.slides / "s3.tiff", moved / "s3.tiff");
  ASSERT_TRUE(is_done(exit_code_of(start(night.out, moved)))) << night.said();
  EXPECT_THAT(night.said(), HasSubstr("2 of them were up to date"));
  EXPECT_EQ(reports_in(night.out).size(), 2U);
  EXPECT_THAT(night.said(), Not(HasSubstr("two cases")));
}

TEST(NightRun, ARenamedSlideIsNotReportedForTheCaseOfItsOldName) {
  const TwoDone night;
  ASSERT_TRUE(is_done(night.code)) << night.said();
  fs::rename(night.slides / "s0.tiff", night.slides / "zero.tiff");
  EXPECT_EQ(exit_code_of(start(night.out, night.slides)), kExitUsage);
  EXPECT_THAT(night.said(), AllOf(HasSubstr("case changed from s0 to zero"),
                                  HasSubstr("nothing was started"), HasSubstr("--overwrite")));
  ASSERT_TRUE(is_done(exit_code_of(start(night.out, night.slides, {"--overwrite"}))))
      << night.said();
  EXPECT_EQ(read_overview(night.out / "s0" / "report.h5").report.case_id, "zero");
  EXPECT_EQ(reports_in(night.out).size(), 2U);
}

/// Of a DICOM slide without cells.
void put_level(const fs::path& file, int reduction) {
  testing::DicomSpec spec;
  spec.instance = "1.2.3.4." + std::to_string(reduction);
  spec.spacing_mm = 0.00025 * reduction;
  fs::create_directories(file.parent_path());
  const Image picture(1024 / reduction, 768 / reduction, {236, 226, 232});
  testing::write_bytes(file, testing::make_dicom(picture, spec).bytes);
}

/// An archive sends the coarse levels first.
TEST(NightRun, ASeriesThatHasGrownIsDoneAgainUnlessPeopleHaveReviewedIt) {
  const TempDir folder;
  const auto out = folder / "reports";
  const auto ends = [&] { return exit_code_of(start(out, folder / "in")); };
  const auto width = [&] {
    return read_record(out / "smear/report.h5").report.slide.levels.at(0).size.width;
  };
  put_level(folder / "in/smear/coarse.dcm", 4);
  put_level(folder / "in/smear/coarsest.dcm", 8);
  ASSERT_TRUE(is_done(ends())) << text_of(out.string() + ".err");
  EXPECT_EQ(width(), 256);
  put_level(folder / "in/smear/fine.dcm", 1);
  ASSERT_TRUE(is_done(ends())) << text_of(out.string() + ".err");
  EXPECT_EQ(width(), 1024);
  EXPECT_FALSE(fs::is_empty(out / "previous"));
  std::ofstream(out / "smear" / kReviewFile) << "decisions";
  put_level(folder / "in/smear/middle.dcm", 2);
  EXPECT_EQ(ends(), kExitUsage);
  EXPECT_THAT(text_of(out.string() + ".err"), HasSubstr("slide changed"));
}

TEST(NightRun, TwoAtOnceShareTheSlidesAndDoEachOnce) {
  const TempDir folder;
  const auto out = folder / "out";
  const auto one = start(out), other = start(out);
  for (const auto code : {exit_code_of(one), exit_code_of(other)})
    EXPECT_TRUE(is_done(code) || code == kExitHeld) << code;
  EXPECT_EQ(reports_in(out).size(), kSlides);
  expect_whole_reports(out);
  std::size_t ended = 0;
  for (const auto& entry : fs::directory_iterator(out / "journal")) {
    std::istringstream lines(text_of(entry.path()));
    for (std::string line; std::getline(lines, line);)
      if (nlohmann::json::parse(line)["event"] == "ended") ++ended;
  }
  EXPECT_EQ(ended, kSlides);
  EXPECT_FALSE(fs::exists(out / "previous"));
}

TEST(NightRun, EachLineOfAJsonLogIsAnObject) {
  const TempDir folder;
  ASSERT_TRUE(is_done(run_ward(folder / "out", {"--log-format", "json"})));
  std::istringstream lines(text_of(folder / "out.err"));
  std::size_t slides = 0, messages = 0;
  for (std::string line; std::getline(lines, line);) {
    const auto json = nlohmann::json::parse(line);
    if (json["event"] == "slide") ++slides;
    if (json["event"] == "message") ++messages;
  }
  EXPECT_EQ(slides, kOfWard);
  EXPECT_EQ(messages, 1U) << "that notes.txt is no slide";
}

TEST(NightRun, InterruptedItTellsWhatWasNotDone) {
  const TempDir folder;
  const auto out = folder / "out";
  const auto child = start(out);
  for (int i = 0; i < 6000 && reports_in(out).empty(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  kill(child, SIGINT);
  EXPECT_EQ(exit_code_of(child), kExitInterrupted);
  const auto table = text_of(out / "cohort.csv");
  EXPECT_EQ(static_cast<std::size_t>(std::count(table.begin(), table.end(), '\n')), kSlides + 1);
  EXPECT_THAT(table, AnyOf(HasSubstr(",not done,"), HasSubstr(",interrupted,")));
  EXPECT_THAT(text_of(out / "overview.html"), HasSubstr("run the same command again"));
  EXPECT_THAT(text_of(folder / "out.err"), HasSubstr("run the same command again to go on"));
}

}  // namespace
}  // namespace cytocape
