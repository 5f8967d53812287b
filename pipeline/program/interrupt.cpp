#include "pipeline/program/interrupt.hpp"

#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <string_view>

#include "pipeline/program/exit_code.hpp"

namespace cytocape {
namespace {

std::atomic<bool> interrupted{false};
std::atomic<bool> terminated{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may not take a lock");

constexpr std::string_view kEndedHard =
    "\ncytocape: SIGTERM: no clean end within 3 s, ended at once; finished files are complete, "
    "temporary ones may remain\n";
static_assert(InterruptGuard::kTermSeconds == 3, "as the sentence above says");

void handle(int number, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  // Not one handler within another: the second signal finds what the first has set.
  sigaddset(&action.sa_mask, SIGINT);
  sigaddset(&action.sa_mask, SIGTERM);
  sigaction(number, &action, nullptr);
}

// Only what signal-safety(7) lists. A stderr that takes nothing must not hold the end up.
void on_deadline(int) {
  pollfd asked{.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
  if (::poll(&asked, 1, 0) > 0) {
    [[maybe_unused]] const auto written =
        ::write(STDERR_FILENO, kEndedHard.data(), kEndedHard.size());
  }
  ::_exit(kExitTerminated);
}

void on_signal(int number) {
  terminated = number == SIGTERM;
  interrupted = true;
  handle(SIGINT, SIG_DFL);
  handle(SIGTERM, SIG_DFL);
  if (number == SIGTERM) ::alarm(InterruptGuard::kTermSeconds);
}

}  // namespace

InterruptGuard::InterruptGuard() {
  interrupted = false;
  terminated = false;
  handle(SIGALRM, on_deadline);
  handle(SIGINT, on_signal);
  handle(SIGTERM, on_signal);
}

InterruptGuard::~InterruptGuard() {
  handle(SIGINT, SIG_DFL);
  handle(SIGTERM, SIG_DFL);
}

const std::atomic<bool>& InterruptGuard::flag() const {
  return interrupted;
}

int interrupted_exit_code() {
  return terminated ? kExitTerminated : kExitInterrupted;
}

}  // namespace cytocape
