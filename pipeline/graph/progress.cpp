#include "pipeline/graph/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "pipeline/program/output.hpp"

namespace cytocape {
namespace {

std::string printed_duration(double seconds) {
  const auto whole = std::lround(seconds);
  if (whole >= 3600) return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
  if (whole >= 60) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} s", whole);
}

}  // namespace

std::optional<double> seconds_left(const RunProgress& progress, double seconds) {
  const auto planned = static_cast<double>(progress.blocks_planned.load());
  const auto done = static_cast<double>(progress.blocks_done.load());
  const auto all = static_cast<double>(progress.bytes.load());
  if (seconds <= 1 || done == 0 || planned == 0 || all == 0) return std::nullopt;
  const auto read =
      static_cast<double>(progress.bytes_planned.load()) * std::min(1.0, done / planned);
  if (read <= 0) return std::nullopt;
  return seconds * std::max(0.0, all - read) / read;
}

std::string progress_line(const RunProgress& progress, double seconds) {
  const auto cells = progress.cells_done.load();
  auto line = fmt::format("slides {} of {}  blocks {}/{}  cells {}", progress.slides_done.load(),
                          progress.slides.load(), progress.blocks_done.load(),
                          progress.blocks_planned.load(), cells);
  if (seconds > 1) line += fmt::format("  {:.0f} cells/s", static_cast<double>(cells) / seconds);
  if (const auto left = seconds_left(progress, seconds))
    line += fmt::format("  {} left", printed_duration(*left));
  return line;
}

std::string progress_json(const RunProgress& progress, double seconds) {
  const auto left = seconds_left(progress, seconds);
  return fmt::format(
      R"({{"event":"progress","slides_done":{},"slides":{},"cells":{},"seconds":{:.0f},"seconds_left":{}}})",
      progress.slides_done.load(), progress.slides.load(), progress.cells_done.load(), seconds,
      left ? fmt::format("{:.0f}", *left) : "null");
}

struct ProgressDisplay::Thread {
  Thread(const RunProgress& progress, ProgressForm progress_form)
      : form(progress_form),
        terminal(form == ProgressForm::text && isatty(STDERR_FILENO) == 1),
        thread([this, &progress] { show(progress); }) {}

  ~Thread() {
    {
      const std::lock_guard lock(mutex);
      ending = true;
    }
    wake.notify_all();
    thread.join();
    if (terminal) print_progress("\r\x1b[K");
  }

  void show(const RunProgress& progress) {
    const auto start = std::chrono::steady_clock::now();
    const auto pause = terminal ? std::chrono::milliseconds(200) : std::chrono::seconds(30);
    std::unique_lock lock(mutex);
    while (!wake.wait_for(lock, pause, [this] { return ending; })) {
      const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
      const auto line = form == ProgressForm::json ? progress_json(progress, passed.count())
                                                   : progress_line(progress, passed.count());
      if (terminal)
        print_progress("\r\x1b[K{:.79}", line);
      else
        print_progress("{}\n", line);
    }
  }

  ProgressForm form;
  bool terminal;
  std::mutex mutex;
  std::condition_variable wake;
  bool ending = false;
  std::thread thread;
};

ProgressDisplay::ProgressDisplay(const RunProgress& progress, ProgressForm form)
    : thread_(form == ProgressForm::none ? nullptr : std::make_unique<Thread>(progress, form)) {}

ProgressDisplay::~ProgressDisplay() = default;

void ProgressDisplay::make_room(const std::function<void()>& say) {
  if (!thread_) return say();
  const std::lock_guard lock(thread_->mutex);
  if (thread_->terminal) print_progress("\r\x1b[K");
  say();
}

}  // namespace cytocape
