/// What becomes of the work when what the program says cannot be written, and of signals.

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <optional>
#include <thread>

#include "pipeline/program/exit_code.hpp"
#include "tests/pipeline/commands/short_training.hpp"
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

/// As a shell shows it: 128 + the signal where one ended the program.
int shown_status(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// `arguments` may hold redirections.
int exit_status_of(const std::string& arguments) {
  const auto command = fmt::format("exec {} {}", CYTOCAPE_PROGRAM, arguments);
  return shown_status(std::system(command.c_str()));
}

/// An own end of a pipe or terminal.
class End {
 public:
  explicit End(int descriptor) : descriptor_(descriptor) {}
  ~End() { close(); }
  End(const End&) = delete;
  End& operator=(const End&) = delete;
  [[nodiscard]] int get() const { return descriptor_; }
  void close() {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
  }

 private:
  int descriptor_;
};

struct Streams {
  int out = STDOUT_FILENO;
  int err = STDERR_FILENO;
};

/// The program in a child process, which is ended with the scope at the latest.
class Child {
 public:
  Child(std::vector<std::string> arguments, Streams streams, bool as_nohup = false) : id_(fork()) {
    if (id_ != 0) return;
    if (as_nohup) {
      signal(SIGHUP, SIG_IGN);
      setsid();
      ioctl(streams.err, TIOCSCTTY, 0);
    }
    dup2(streams.out, STDOUT_FILENO);
    dup2(streams.err, STDERR_FILENO);
    arguments.insert(arguments.begin(), "cytocape");
    std::vector<char*> pointers;
    for (auto& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    execv(CYTOCAPE_PROGRAM, pointers.data());
    _exit(127);
  }
  ~Child() {
    if (ended_) return;
    kill(id_, SIGKILL);
    waitpid(id_, nullptr, 0);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  void send(int number) const { kill(id_, number); }

  /// The status as a shell shows it; none where it has not ended in far more time than it needs.
  std::optional<int> wait() {
    for (int i = 0; i < 12000; ++i) {
      int status = 0;
      if (waitpid(id_, &status, WNOHANG) == id_) {
        ended_ = true;
        return shown_status(status);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return std::nullopt;
  }

 private:
  pid_t id_;
  bool ended_ = false;
};

class Output : public ::testing::Test {
 protected:
  [[nodiscard]] fs::path out() const { return folder_ / "out"; }
  [[nodiscard]] fs::path record() const { return out() / "smear/report.h5"; }

  [[nodiscard]] std::vector<std::string> analysis(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{
        "analyze", testing::small_smear().string(), "--model", "demo",        "--specimen", "pb",
        "--set",   "counting.min_leukocytes_pb=10", "--out",   out().string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  [[nodiscard]] std::string typed_analysis() const {
    return fmt::format("{}", fmt::join(analysis(), " "));
  }
  /// Values of a case without a slide are told on stderr before the work starts.
  [[nodiscard]] std::string labs_that_are_told_of() const {
    std::ofstream(folder_ / "labs.csv")
        << "case,item,value,unit\nsmear,sex,male,\nC-18,sex,male,\n";
    return " --labs " + (folder_ / "labs.csv").string();
  }
  [[nodiscard]] std::string short_training() const {
    return testing::short_training(folder_.path());
  }
  TempDir folder_;
};

TEST_F(Output, AStderrOnAFullDiskEndsNoAnalysis) {
  EXPECT_EQ(exit_status_of(typed_analysis() + labs_that_are_told_of() + " >/dev/null 2>/dev/full"),
            kExitOk);
  EXPECT_TRUE(fs::exists(record()));
}

TEST_F(Output, AStderrOnAFullDiskLeavesTheTrainedModel) {
  EXPECT_EQ(exit_status_of(short_training() + " >/dev/null 2>/dev/full"), kExitOk);
  EXPECT_TRUE(fs::exists(folder_ / "trained/model.safetensors"));
}

TEST_F(Output, AnErrorThatCannotBeSaidKeepsItsExitCode) {
  EXPECT_EQ(exit_status_of("frobnicate 2>/dev/full"), kExitUsage);
  EXPECT_EQ(exit_status_of("inspect /nonexistent 2>/dev/full"), kExitUsage);
}

TEST_F(Output, StreamsThatAreClosedEndNoAnalysisAndGoIntoNoFile) {
  EXPECT_EQ(exit_status_of(typed_analysis() + labs_that_are_told_of() + " <&- >&- 2>&-"), kExitOk);
  for (const auto* name : {"report.h5", "report.json", "report.html"})
    EXPECT_THAT(text_of(out() / "smear" / name), Not(HasSubstr("values without a slide"))) << name;
  EXPECT_EQ(exit_status_of("inspect " + record().string() + " >/dev/null"), kExitOk);
}

TEST_F(Output, AnAnalysisOutlivesItsTerminal) {
  int master = -1;
  int slave = -1;
  ASSERT_EQ(openpty(&master, &slave, nullptr, nullptr, nullptr), 0);
  End terminal(master);
  End own(slave);
  fcntl(master, F_SETFD, FD_CLOEXEC);
  Child child(analysis({"--set", "blocks.tiles=1", "--threads", "1"}), {slave, slave}, true);
  own.close();
  // Its first word is progress: it is at work, and has taken stderr for a terminal.
  char byte = 0;
  ASSERT_EQ(::read(terminal.get(), &byte, 1), 1);
  terminal.close();
  EXPECT_EQ(child.wait(), kExitOk);
  EXPECT_TRUE(fs::exists(record()));
}

TEST_F(Output, ResultsThatDoNotArriveAreToldByEveryCommand) {
  const auto reports = (folder_ / "cases").string();
  const auto picture = (folder_ / "cells/monocyte/monocyte_00001.png").string();
  const auto said = folder_ / "said";
  const auto training = short_training();
  for (const auto& arguments :
       {typed_analysis(), typed_analysis() + " --overwrite --json",
        fmt::format("report {} --out {}", record().string(), reports),
        "inspect " + record().string(), "inspect --json " + record().string(), training,
        fmt::format("evaluate demo {} --mpp 0.25 --no-explanations --out {}",
                    (folder_ / "cells").string(), (folder_ / "figures").string()),
        fmt::format("explain demo {} --mpp 0.25 --out {}", picture, (folder_ / "why").string()),
        fmt::format("phantom --out {} --size 600x500 --white-cells 2",
                    (folder_ / "drawn.tiff").string()),
        fmt::format("phantom --cells 1 --classes monocyte --out {}", (folder_ / "one").string()),
        std::string("doctor"), std::string("doctor --json"), std::string("--version"),
        std::string("--help"), std::string("analyze --help")}) {
    EXPECT_EQ(exit_status_of(arguments + " >/dev/full 2>" + said.string()), kExitOutput)
        << arguments;
    EXPECT_THAT(text_of(said), HasSubstr("cytocape: stdout: cannot write: No space left on device"))
        << arguments;
  }
  for (const auto* file :
       {"out/smear/report.h5", "cases/smear/report.h5", "figures/evaluation.json",
        "trained/model.safetensors", "why/explanation.json", "drawn.tiff"})
    EXPECT_TRUE(fs::exists(folder_ / file)) << file;
}

TEST_F(Output, ResultsThatDoNotFitIntoAFileAreTold) {
  // One block of 512 bytes; the signal that goes with it would end the program.
  const auto said = folder_ / "said";
  const auto command =
      fmt::format("ulimit -f 1; exec {} --help >{} 2>/dev/null", CYTOCAPE_PROGRAM, said.string());
  EXPECT_EQ(shown_status(std::system(command.c_str())), kExitOutput);
  EXPECT_EQ(fs::file_size(said), 512U);
}

TEST_F(Output, TheExitCodeOfWorseWorkStays) {
  const auto said = folder_ / "said";
  EXPECT_EQ(exit_status_of(typed_analysis() +
                           " --set counting.min_leukocytes_pb=1000 >/dev/full 2>" + said.string()),
            kExitInsufficient);
  EXPECT_THAT(text_of(said), HasSubstr("stdout: cannot write"));
}

/// The write end of a pipe whose reader is gone.
int pipe_without_reader() {
  int ends[2];
  EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
  ::close(ends[0]);
  return ends[1];
}

TEST_F(Output, AReaderThatWentAwayIsNoErrorOfWhatIsOnlyPrinted) {
  const End pipe(pipe_without_reader());
  const auto said = folder_ / "said";
  const End err(::open(said.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  const auto model = std::string(CYTOCAPE_SOURCE_DIR) + "/configs/models/demo.safetensors";
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {"inspect", model}, {"inspect", "--json", model}, {"--help"}, {"doctor"}})
    EXPECT_EQ(Child(arguments, {pipe.get(), err.get()}).wait(), kExitOk) << arguments.front();
  EXPECT_EQ(text_of(said), "");
}

TEST_F(Output, AReaderThatWentAwayCostsNoReport) {
  const End pipe(pipe_without_reader());
  const auto said = folder_ / "said";
  const End err(::open(said.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  EXPECT_EQ(Child(analysis(), {pipe.get(), err.get()}).wait(), kExitOk);
  EXPECT_TRUE(fs::exists(record()));
  EXPECT_THAT(text_of(said), HasSubstr("stdout: its reader closed it"));
}

/// An analysis that has begun to write its record, and what it says on stderr.
class Signals : public Output {
 protected:
  /// Whether `path` appears in far more time than it needs.
  static bool appears(const fs::path& path) {
    for (int i = 0; i < 12000 && !fs::exists(path); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return fs::exists(path);
  }
  [[nodiscard]] fs::path said() const { return folder_ / "said"; }
  End err_{::open(said().c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)};
  End nowhere_{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
};

TEST_F(Signals, SigtermEndsAnAnalysisCleanly) {
  Child child(analysis({"--threads", "1", "--set", "blocks.tiles=1", "--quiet"}),
              {nowhere_.get(), err_.get()});
  ASSERT_TRUE(appears(out()));  // made before the first block, and within the guard
  child.send(SIGTERM);
  EXPECT_EQ(child.wait(), kExitTerminated);
  EXPECT_FALSE(fs::exists(out() / "smear")) << "a half report was left";
  EXPECT_THAT(text_of(said()), AllOf(HasSubstr("interrupted after 0 of 1 slide(s)"),
                                     Not(HasSubstr("ended at once"))));
}

/// A pipe that takes nothing more: whoever prints into it waits.
class FullPipe {
 public:
  FullPipe() {
    EXPECT_EQ(pipe2(ends_, O_CLOEXEC | O_NONBLOCK), 0);
    const std::string page(4096, ' ');
    while (::write(ends_[1], page.data(), page.size()) > 0) {
    }
    fcntl(ends_[1], F_SETFL, 0);
  }
  ~FullPipe() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  FullPipe(const FullPipe&) = delete;
  FullPipe& operator=(const FullPipe&) = delete;
  [[nodiscard]] int get() const { return ends_[1]; }

 private:
  int ends_[2] = {-1, -1};
};

TEST_F(Signals, SigtermEndsWhatCannotEndCleanlyAndSaysSo) {
  const FullPipe pipe;
  Child child(analysis(), {pipe.get(), err_.get()});
  ASSERT_TRUE(appears(record()));
  child.send(SIGTERM);
  EXPECT_EQ(child.wait(), kExitTerminated);
  EXPECT_THAT(text_of(said()), HasSubstr("cytocape: SIGTERM: no clean end within 3 s"));
  EXPECT_EQ(exit_status_of("inspect " + record().string() + " >/dev/null"), kExitOk);
}

TEST_F(Signals, SigtermIsNotHeldUpByMessagesThatNobodyReads) {
  const FullPipe pipe;
  Child child(analysis(), {pipe.get(), pipe.get()});
  ASSERT_TRUE(appears(record()));
  child.send(SIGTERM);
  EXPECT_EQ(child.wait(), kExitTerminated);
}

TEST_F(Signals, ProgressThatNobodyReadsHoldsNothingUp) {
  int master = -1;
  int slave = -1;
  ASSERT_EQ(openpty(&master, &slave, nullptr, nullptr, nullptr), 0);
  const End terminal(master);
  const End own(slave);
  fcntl(master, F_SETFD, FD_CLOEXEC);
  ASSERT_EQ(tcflow(slave, TCOOFF), 0);  // as Ctrl-S
  EXPECT_EQ(Child(analysis({"--threads", "1"}), {nowhere_.get(), slave}).wait(), kExitOk);
}

TEST_F(Signals, ASecondSignalEndsAtOnce) {
  for (const int second : {SIGINT, SIGTERM}) {
    const FullPipe pipe;
    Child child(analysis({"--overwrite"}), {pipe.get(), err_.get()});
    ASSERT_TRUE(appears(record()));
    child.send(SIGINT);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));  // two at once may become one
    child.send(second);
    EXPECT_EQ(child.wait(), 128 + second);
    EXPECT_THAT(text_of(said()), Not(HasSubstr("SIGTERM")));
    fs::remove_all(out());
  }
}

TEST_F(Signals, SigtermKeepsWhatATrainingHasLearnt) {
  const auto arguments = short_training() + " --set optimiser.epochs=100000 --quiet";
  std::vector<std::string> words;
  for (std::size_t at = 0; at < arguments.size();) {
    const auto end = std::min(arguments.find(' ', at), arguments.size());
    words.push_back(arguments.substr(at, end - at));
    at = end + 1;
  }
  const auto checkpoint = folder_ / "trained/checkpoint.safetensors";
  Child child(words, {nowhere_.get(), err_.get()});
  ASSERT_TRUE(appears(checkpoint));
  child.send(SIGTERM);
  EXPECT_EQ(child.wait(), kExitTerminated);
  EXPECT_TRUE(fs::exists(checkpoint));
  EXPECT_THAT(text_of(said()), HasSubstr("run the same command again to go on"));
}

}  // namespace
}  // namespace cytocape
