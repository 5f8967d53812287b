#include "pipeline/graph/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

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

std::string progress_line(const RunProgress& progress, double seconds) {
  const auto planned = progress.blocks_planned.load();
  const auto done = progress.blocks_done.load();
  const auto cells = progress.cells_done.load();
  const auto slides = progress.slides.load();
  const auto slide = std::min(slides, progress.slides_done.load() + 1);
  std::string line =
      fmt::format("slide {}/{}  blocks {}/{}  cells {}", slide, slides, done, planned, cells);
  if (seconds > 1) line += fmt::format("  {:.0f} cells/s", static_cast<double>(cells) / seconds);
  // Only the last slide's end can be foretold: the others are not planned yet.
  if (slide == slides && done > 0 && seconds > 1 && planned > done)
    line +=
        fmt::format("  {} left", printed_duration(seconds * static_cast<double>(planned - done) /
                                                  static_cast<double>(done)));
  return line;
}

struct ProgressDisplay::Thread {
  explicit Thread(const RunProgress& progress)
      : terminal(isatty(STDERR_FILENO) == 1), thread([this, &progress] { show(progress); }) {}

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
      const auto line = progress_line(progress, passed.count());
      if (terminal)
        print_progress("\r\x1b[K{:.79}", line);
      else
        print_progress("{}\n", line);
    }
  }

  bool terminal;
  std::mutex mutex;
  std::condition_variable wake;
  bool ending = false;
  std::thread thread;
};

ProgressDisplay::ProgressDisplay(const RunProgress& progress, bool quiet)
    : thread_(quiet ? nullptr : std::make_unique<Thread>(progress)) {}

ProgressDisplay::~ProgressDisplay() = default;

}  // namespace cytocape
