#include "pipeline/program/output.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>

namespace cytocape {
namespace {

std::atomic<bool> quiet{false};
std::atomic<int> failed_with{0};  ///< errno of the first result that was lost

/// Whether `descriptor` takes something within `patience_ms` (-1: however long that lasts).
bool writable(int descriptor, int patience_ms) noexcept {
  pollfd asked{.fd = descriptor, .events = POLLOUT, .revents = 0};
  int ready = 0;
  do ready = ::poll(&asked, 1, patience_ms);
  while (ready < 0 && errno == EINTR && patience_ms < 0);
  return ready > 0;
}

/// A terminal that was closed says EIO, as a disk that fails does.
bool is_device(int descriptor) noexcept {
  struct stat about {};
  return ::fstat(descriptor, &about) == 0 && S_ISCHR(about.st_mode);
}

/// Returns 0, or the errno that ended it. A descriptor that does not block (another program may
/// have made a shared one so) is waited for.
int write_all(int descriptor, std::string_view text, int patience_ms) noexcept {
  while (!text.empty()) {
    const auto written = ::write(descriptor, text.data(), text.size());
    if (written > 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
      continue;
    }
    const int error = written == 0 ? EIO : errno;
    if (error == EINTR) continue;
    if (error != EAGAIN || !writable(descriptor, patience_ms)) return error;
  }
  return 0;
}

}  // namespace

void prepare_output() noexcept {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  int opened = -1;  // open takes the lowest number that is free
  do opened = ::open("/dev/null", O_RDWR);
  while (opened >= 0 && opened <= STDERR_FILENO);
  if (opened >= 0) ::close(opened);
}

void set_quiet() noexcept {
  quiet = true;
}

bool is_quiet() noexcept {
  return quiet;
}

void write_result(std::string_view text) noexcept {
  if (!quiet) write_document(text);
}

void write_document(std::string_view text) noexcept {
  if (failed_with != 0) return;
  const int error = write_all(STDOUT_FILENO, text, -1);
  failed_with = error == EIO && is_device(STDOUT_FILENO) ? EPIPE : error;
}

int result_error() noexcept {
  if (failed_with != 0) return failed_with;
  const int copy = ::dup(STDOUT_FILENO);
  if (copy >= 0 && ::close(copy) != 0 && errno != EINTR) failed_with = errno;
  return failed_with;
}

void write_message(std::string_view text) noexcept {
  constexpr int kPatienceMs = 1000;
  // Lost where stderr does not take it: there is nowhere left to tell of it.
  (void)write_all(STDERR_FILENO, text, kPatienceMs);
}

void write_progress(std::string_view text) noexcept {
  if (!quiet && writable(STDERR_FILENO, 0)) (void)write_all(STDERR_FILENO, text, 0);
}

}  // namespace cytocape
