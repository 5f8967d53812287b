#include "io/reading_process.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <vector>

#include "io/durable_file.hpp"
#include "io/errors.hpp"

namespace cytocape {
namespace {

using Kind = ReadingAnswer::Kind;
using ::testing::HasSubstr;

class Reading : public ::testing::Test {
 protected:
  ReadingAnswer ask(const ReadingProcess::Answer& answer, const ReadingLimits& limits = {}) {
    ReadingProcess process(file_.get(), answer, limits);
    const auto first = process.ask("question");
    const auto again = process.ask("question");
    EXPECT_EQ(first.kind, again.kind);
    EXPECT_EQ(first.bytes, again.bytes);
    return first;
  }
  Descriptor file_{"/dev/null", O_RDONLY};
};

TEST_F(Reading, AnswersEachQuestion) {
  ReadingProcess process(file_.get(), [n = 0](std::string_view question) mutable {
    return std::string(question) + std::to_string(++n);
  });
  EXPECT_EQ(process.ask("a").bytes, "a1");
  EXPECT_EQ(process.ask("").bytes, "2");
  const std::string large(3'000'000, 'x');
  EXPECT_EQ(process.ask(large).bytes, large + "3");
}

TEST_F(Reading, TellsAnErrorAndGoesOn) {
  const auto answer = ask([](auto) -> std::string { throw StorageError("/cells: is odd"); });
  EXPECT_EQ(answer.kind, Kind::refused);
  EXPECT_EQ(answer.bytes, "/cells: is odd");
}

TEST_F(Reading, ACrashIsADamage) {
  const auto answer = ask([](auto) {
    std::raise(SIGSEGV);
    return std::string();
  });
  EXPECT_EQ(answer.kind, Kind::damaged);
  EXPECT_THAT(answer.bytes, HasSubstr("signal 11"));
}

TEST_F(Reading, AnEndOfTheLibraryIsADamage) {
  const auto answer = ask([](auto) -> std::string { ::_exit(0); });
  EXPECT_EQ(answer.kind, Kind::damaged);
}

TEST_F(Reading, ComputingWithoutEndIsADamage) {
  const auto answer = ask(
      [](auto) -> std::string {
        std::uint64_t counted = 0;
        while (::getppid() > 0) ++counted;
        return std::to_string(counted);
      },
      {.answer_cpu_s = 1});
  EXPECT_EQ(answer.kind, Kind::damaged);
  EXPECT_THAT(answer.bytes, HasSubstr("too long"));
}

TEST_F(Reading, MoreMemoryThanAllowedIsADamage) {
  const auto answer = ask(
      [](auto) {
        const std::vector<char> much(std::size_t{256} << 20, 'x');
        return std::string(much.data(), 1);
      },
      {.memory_bytes = std::uint64_t{64} << 20});
  EXPECT_EQ(answer.kind, Kind::damaged);
}

TEST_F(Reading, AnAnswerWithoutBoundsIsADamage) {
  const auto answer = ask([](auto) { return std::string(2000, 'x'); }, {.answer_bytes = 1000});
  EXPECT_EQ(answer.kind, Kind::damaged);
}

TEST_F(Reading, SilenceIsNoDamage) {
  const auto answer = ask(
      [](auto) {
        ::pause();
        return std::string();
      },
      {.answer_wall_s = 1});
  EXPECT_EQ(answer.kind, Kind::lost);
}

TEST_F(Reading, AnEndFromOutsideIsNoDamage) {
  const auto answer = ask([](auto) {
    std::raise(SIGKILL);
    return std::string();
  });
  EXPECT_EQ(answer.kind, Kind::lost);
}

TEST_F(Reading, LeavesInterruptionsToItsParent) {
  const auto answer = ask([](auto) {
    std::raise(SIGINT);
    std::raise(SIGTERM);
    return std::string("still here");
  });
  EXPECT_EQ(answer.bytes, "still here");
}

TEST_F(Reading, SeesTheFileItWasGiven) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const ReadingProcess::Answer write_to_it = [](auto) {
    return std::to_string(::write(ReadingProcess::kFile, "x", 1));
  };
  EXPECT_EQ(ReadingProcess(ends[1], write_to_it).ask("").bytes, "1");
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_F(Reading, HoldsNothingElseOpen) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  ReadingProcess process(file_.get(), [](auto) { return std::string("ready"); });
  ASSERT_EQ(process.ask("").bytes, "ready");
  ::close(ends[1]);
  pollfd closed{.fd = ends[0], .events = POLLIN, .revents = 0};
  EXPECT_EQ(::poll(&closed, 1, 0), 1) << "the process has the pipe's other end open";
  ::close(ends[0]);
}

}  // namespace
}  // namespace cytocape
