#include "io/reading_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <new>

#include "io/errors.hpp"

namespace cytocape {
namespace {

using Kind = ReadingAnswer::Kind;
using Clock = std::chrono::steady_clock;

constexpr int kSocket = 3;     ///< in the child
constexpr int kNotSetUp = 97;  ///< exit code of one that could not limit itself

/// What ends a process that computes on damaged data; anything else came from outside.
constexpr std::array kFaults{SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGXCPU};

struct Header {
  std::uint64_t bytes = 0;
  Kind kind = Kind::answered;
};

bool send_all(int socket, const void* data, std::size_t size) {
  const auto* at = static_cast<const char*>(data);
  while (size > 0) {
    const auto sent = ::send(socket, at, size, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    at += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

/// Waits until `end`; errno is ETIMEDOUT where that passed.
bool receive_all(int socket, void* data, std::size_t size, Clock::time_point end) {
  auto* at = static_cast<char*>(data);
  while (size > 0) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    pollfd ready{.fd = socket, .events = POLLIN, .revents = 0};
    const int polled = ::poll(&ready, 1, static_cast<int>(std::max<long>(0, left.count())));
    if (polled < 0 && errno == EINTR) continue;
    if (polled == 0) errno = ETIMEDOUT;
    if (polled <= 0) return false;
    const auto got = ::recv(socket, at, size, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got == 0) errno = EPIPE;
    if (got <= 0) return false;
    at += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

// --- in the child ---------------------------------------------------------------------------

void set_signals() {
  for (const int number : {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGTSTP, SIGPIPE, SIGUSR1, SIGUSR2})
    std::signal(number, SIG_IGN);
  sigset_t faults;
  sigemptyset(&faults);
  for (const int number : kFaults) {
    std::signal(number, SIG_DFL);
    sigaddset(&faults, number);
  }
  ::sigprocmask(SIG_UNBLOCK, &faults, nullptr);
}

/// Messages of the C library on its way to abort() belong to no one, and nothing that the parent
/// has open, such as a lock or the other end of a pipe, may be held open by this process.
void keep_descriptors(int socket, int file) {
  // Clear of the numbers that they go to.
  const int socket_copy = ::fcntl(socket, F_DUPFD, 16);
  const int file_copy = ::fcntl(file, F_DUPFD, 16);
  if (::dup2(socket_copy, kSocket) < 0 || ::dup2(file_copy, ReadingProcess::kFile) < 0)
    ::_exit(kNotSetUp);
  const int nowhere = ::open("/dev/null", O_RDWR);
  for (int standard = 0; standard < 3; ++standard)
    if (nowhere < 0 || ::dup2(nowhere, standard) < 0) ::_exit(kNotSetUp);
  ::close_range(ReadingProcess::kFile + 1, ~0U, 0);
}

bool limit(int resource, std::uint64_t most) {
  rlimit values{};
  if (::getrlimit(static_cast<__rlimit_resource>(resource), &values) != 0) return false;
  values.rlim_cur = std::min<rlim_t>(most, values.rlim_max);
  return ::setrlimit(static_cast<__rlimit_resource>(resource), &values) == 0;
}

/// Address space that this process has, in bytes; 0 where the system does not tell.
std::uint64_t address_space() {
  std::array<char, 64> text{};
  const int file = ::open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  const auto got = ::read(file, text.data(), text.size() - 1);
  ::close(file);
  if (got <= 0) return 0;
  return std::strtoull(text.data(), nullptr, 10) *
         static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::uint64_t used_cpu_s() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  return static_cast<std::uint64_t>(used.ru_utime.tv_sec + used.ru_stime.tv_sec);
}

ReadingAnswer answered(const ReadingProcess::Answer& answer, std::string_view question) {
  try {
    return {Kind::answered, answer(question)};
  } catch (const std::bad_alloc&) {
    return {Kind::damaged, "it claims to hold more than fits into memory"};
  } catch (const std::exception& error) {
    return {Kind::refused, error.what()};
  }
}

[[noreturn]] void serve(const ReadingProcess::Answer& answer, const ReadingLimits& limits) {
  const auto before = address_space();
  if (before == 0 || !limit(RLIMIT_CORE, 0) || !limit(RLIMIT_AS, before + limits.memory_bytes))
    ::_exit(kNotSetUp);
  std::string question;
  for (;;) {
    std::uint64_t size = 0;
    if (!receive_all(kSocket, &size, sizeof size, Clock::now() + std::chrono::hours(24))) break;
    question.resize(static_cast<std::size_t>(size));
    if (!receive_all(kSocket, question.data(), question.size(),
                     Clock::now() + std::chrono::hours(24)))
      break;
    // The kernel counts whole seconds; one more keeps a slow start from being the last.
    const auto end =
        std::min<std::uint64_t>(used_cpu_s() + limits.answer_cpu_s, limits.total_cpu_s);
    if (!limit(RLIMIT_CPU, std::max<std::uint64_t>(end, 1))) break;
    const auto reply = answered(answer, question);
    const Header header{reply.bytes.size(), reply.kind};
    if (!send_all(kSocket, &header, sizeof header) ||
        !send_all(kSocket, reply.bytes.data(), reply.bytes.size()))
      break;
  }
  // Without the parent's handlers and buffers.
  ::_exit(0);
}

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU) return "reading it takes too long";
  if (WIFSIGNALED(status))
    return fmt::format("the library crashed on it with signal {} ({})", WTERMSIG(status),
                       ::strsignal(WTERMSIG(status)));
  return "the library gave up on it";
}

}  // namespace

ReadingProcess::ReadingProcess(int file, const Answer& answer, const ReadingLimits& limits)
    : limits_(limits) {
  std::array<int, 2> ends{-1, -1};
  const auto parent = ::getpid();
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0) child_ = ::fork();
  if (child_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(kNotSetUp);
    set_signals();
    keep_descriptors(ends[1], file);
    serve(answer, limits);
  }
  const int cause = errno;
  if (ends[1] >= 0) ::close(ends[1]);
  socket_ = ends[0];
  if (child_ > 0) return;
  if (socket_ >= 0) ::close(socket_);
  throw StorageError(fmt::format(
      "a process to read it in cannot be started: {}; raise the limit on processes or free memory",
      std::strerror(cause)));
}

ReadingProcess::~ReadingProcess() {
  if (child_ > 0) end(false);
  ::close(socket_);
}

bool ReadingProcess::send(std::string_view question) const {
  const std::uint64_t size = question.size();
  return send_all(socket_, &size, sizeof size) &&
         send_all(socket_, question.data(), question.size());
}

ReadingAnswer ReadingProcess::receive() {
  const auto end_of_wait = Clock::now() + std::chrono::seconds(limits_.answer_wall_s);
  Header header;
  ReadingAnswer answer;
  if (!receive_all(socket_, &header, sizeof header, end_of_wait)) return end(errno == ETIMEDOUT);
  if (header.bytes > limits_.answer_bytes || header.kind > Kind::damaged) {
    end(false);
    return ended_ = {Kind::damaged, "reading it yields more than a record can hold"};
  }
  answer.kind = header.kind;
  answer.bytes.resize(static_cast<std::size_t>(header.bytes));
  if (!receive_all(socket_, answer.bytes.data(), answer.bytes.size(), end_of_wait))
    return end(errno == ETIMEDOUT);
  return answer;
}

ReadingAnswer ReadingProcess::ask(std::string_view question) {
  if (child_ <= 0) return ended_;
  if (!send(question)) return end(false);
  return receive();
}

/// The process is asked for its end where it closed its side; a SIGKILL to one that has ended
/// already changes nothing of that.
ReadingAnswer ReadingProcess::end(bool in_vain) {
  if (in_vain) {
    ended_ = {Kind::lost, fmt::format("no answer within {} s; does its disk or share respond?",
                                      limits_.answer_wall_s)};
  }
  ::kill(child_, SIGKILL);
  int status = 0;
  pid_t waited = -1;
  do {
    waited = ::waitpid(child_, &status, 0);
  } while (waited < 0 && errno == EINTR);
  const bool known = waited == child_;
  child_ = -1;
  if (in_vain) return ended_;
  const bool fault = known && (WIFEXITED(status) ? WEXITSTATUS(status) != kNotSetUp
                                                 : std::find(kFaults.begin(), kFaults.end(),
                                                             WTERMSIG(status)) != kFaults.end());
  if (fault)
    ended_ = {Kind::damaged, how_it_ended(status)};
  else if (known && WIFEXITED(status))
    ended_ = {Kind::lost, "the process to read it in could not be limited; is /proc there?"};
  else
    ended_ = {Kind::lost, "the process reading it was killed from outside; is memory short?"};
  return ended_;
}

}  // namespace cytocape
