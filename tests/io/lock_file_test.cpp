#include "io/lock_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <iterator>
#include <sstream>
#include <vector>

#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using testing::TempDir;

constexpr const char* kStarted = "2026-11-29T10:00:00Z";

bool takes(const fs::path& lock) {
  const auto taken = LockFile::take(lock, kStarted);
  return std::holds_alternative<LockFile>(taken);
}

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_lock(const fs::path& path, const std::string& tag) {
  std::ofstream(path) << R"({"owner":")" << tag
                      << R"(","host":"node7","pid":17,"started_utc":"2026-11-29T10:00:00Z"})";
}

/// `tag`, this process's unless said otherwise, with one part changed.
std::string changed_tag(int part, const std::string& value, const std::string& of = own_tag()) {
  std::stringstream parts(of);
  std::string tag;
  std::string text;
  for (int i = 0; std::getline(parts, text, '-'); ++i)
    tag += (i == 0 ? "" : "-") + (i == part ? value : text);
  return tag;
}

/// The lock of a process that was killed while it held it.
void leave_dead_lock(const fs::path& path) {
  const pid_t child = ::fork();
  if (child == 0) {
    const auto lock = LockFile::take(path, kStarted);
    ::_exit(std::holds_alternative<LockFile>(lock) ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_EQ(status, 0);
  ASSERT_TRUE(fs::exists(path));
}

TEST(LockFile, OfALivingProcessIsNotTaken) {
  const TempDir folder;
  const auto lock = LockFile::take(folder / "l", kStarted);
  ASSERT_TRUE(std::holds_alternative<LockFile>(lock));
  const auto again = LockFile::take(folder / "l", kStarted);
  const auto* holder = std::get_if<LockHolder>(&again);
  ASSERT_NE(holder, nullptr);
  EXPECT_EQ(holder->state, OwnerState::alive);
  EXPECT_EQ(holder->host, host_name());
  EXPECT_EQ(holder->pid, ::getpid());
  EXPECT_EQ(holder->started_utc, kStarted);
}

TEST(LockFile, LeavesNothingAtItsEnd) {
  const TempDir folder;
  EXPECT_TRUE(takes(folder / "l"));
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(LockFile, OfADeadProcessIsTakenOver) {
  const TempDir folder;
  leave_dead_lock(folder / "l");
  EXPECT_TRUE(takes(folder / "l"));
  EXPECT_FALSE(fs::exists(folder / "l"));
}

TEST(LockFile, OfAKilledProcessThatNobodyWaitedForIsTakenOver) {
  const TempDir folder;
  const pid_t child = ::fork();
  if (child == 0) {
    const auto lock = LockFile::take(folder / "l", kStarted);
    ::_exit(0);
  }
  siginfo_t ended{};
  ::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT);
  EXPECT_TRUE(takes(folder / "l"));
  ::waitpid(child, nullptr, 0);
}

TEST(LockFile, OfAnEarlierProcessOfTheSameNumberIsTakenOver) {
  const TempDir folder;
  write_lock(folder / "l", changed_tag(4, "1"));
  EXPECT_TRUE(takes(folder / "l"));
}

TEST(LockFile, OfAnotherComputerIsNeverTaken) {
  const TempDir folder;
  write_lock(folder / "l", "00000001-00000002-4026531836-17-1");
  const auto taken = LockFile::take(folder / "l", kStarted);
  ASSERT_TRUE(std::holds_alternative<LockHolder>(taken));
  EXPECT_EQ(std::get<LockHolder>(taken).state, OwnerState::unknown);
  EXPECT_EQ(std::get<LockHolder>(taken).host, "node7");
}

TEST(LockFile, OfAnotherContainerIsNeverTaken) {
  const TempDir folder;
  // Here no process of that number has that start, which says nothing of there.
  write_lock(folder / "l", changed_tag(2, "17", changed_tag(4, "1")));
  EXPECT_FALSE(takes(folder / "l"));
}

TEST(LockFile, OfThisComputerBeforeItWasStartedAnewIsTakenOver) {
  const auto tag = changed_tag(1, "0badb007");
  if (own_tag().starts_with("00000000") || own_tag().find("-4026531836-") == std::string::npos)
    GTEST_SKIP() << "a container, or a system without /etc/machine-id";
  const TempDir folder;
  write_lock(folder / "l", tag);
  EXPECT_TRUE(takes(folder / "l"));
}

TEST(LockFile, ThatDoesNotSayItsOwnerIsNeverTaken) {
  const TempDir folder;
  for (const std::string text : {"", "{", "[]", R"({"owner":1,"host":"h"})", "a person's note"}) {
    std::ofstream(folder / "l") << text;
    EXPECT_FALSE(takes(folder / "l")) << text;
    EXPECT_EQ(content(folder / "l"), text);
  }
}

TEST(LockFile, OfADeadProcessIsTakenOverByOneOfManyAlone) {
  const TempDir folder;
  for (int round = 0; round < 20; ++round) {
    leave_dead_lock(folder / "l");
    std::array<int, 2> answers{}, all_have_tried{};
    ASSERT_EQ(::pipe(answers.data()) + ::pipe(all_have_tried.data()), 0);
    std::vector<pid_t> children;
    for (int i = 0; i < 8; ++i) {
      children.push_back(::fork());
      if (children.back() != 0) continue;
      ::close(all_have_tried[1]);
      const auto lock = LockFile::take(folder / "l", kStarted);
      char answer = std::holds_alternative<LockFile>(lock) ? 1 : 0;
      if (::write(answers[1], &answer, 1) != 1) ::_exit(1);
      ::_exit(::read(all_have_tried[0], &answer, 1) == 0 ? 0 : 1);
    }
    int winners = 0;
    for (std::size_t i = 0; i < children.size(); ++i) {
      char answer = 0;
      ASSERT_EQ(::read(answers[0], &answer, 1), 1);
      winners += answer;
    }
    EXPECT_EQ(winners, 1) << round;
    for (const int end : {answers[0], answers[1], all_have_tried[0], all_have_tried[1]})
      ::close(end);
    for (const auto child : children) ::waitpid(child, nullptr, 0);
    fs::remove(folder / "l");
  }
}

TEST(LockFile, OfADeadProcessIsTakenOverThoughItsSuccessorDiedToo) {
  const TempDir folder;
  leave_dead_lock(folder / "l");
  const auto text = content(folder / "l");
  const auto from = text.find("\"owner\":\"") + 9;
  const auto tag = text.substr(from, text.find('"', from) - from);
  leave_dead_lock(folder / ("." + tag + ".succession"));
  EXPECT_TRUE(takes(folder / "l"));
}

TEST(LockFile, StaysWhereAForkEnds) {
  const TempDir folder;
  const auto lock = LockFile::take(folder / "l", kStarted);
  const pid_t child = ::fork();
  if (child == 0) {
    { const auto copy = std::move(const_cast<std::variant<LockFile, LockHolder>&>(lock)); }
    ::_exit(0);
  }
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(fs::exists(folder / "l"));
}

TEST(LockFile, RemovedByHandAndTakenByAnotherIsLeftToIt) {
  const TempDir folder;
  {
    const auto lock = LockFile::take(folder / "l", kStarted);
    write_lock(folder / "l", changed_tag(4, "1"));
  }
  EXPECT_TRUE(fs::exists(folder / "l"));
}

}  // namespace
}  // namespace cytocape
