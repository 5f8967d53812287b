#include "pipeline/program/progress_line.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>
#include <utility>

#include "io/text.hpp"
#include "pipeline/program/output.hpp"

namespace cytocape {
namespace {

using Clock = std::chrono::steady_clock;

/// Of a stage that a log is told of when it ends.
constexpr double kLong = 2;
/// Less than this is nothing to be told of: a line that flashes up is read by nobody.
constexpr double kMoment = 0.4;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

}  // namespace

struct ProgressLine::Thread {
  Thread(ProgressForm form, Words line)
      : words(std::move(line)),
        terminal(form == ProgressForm::text && isatty(STDERR_FILENO) == 1),
        thread([this] { show(); }) {}

  ~Thread() {
    {
      const std::lock_guard lock(mutex);
      ending = true;
    }
    wake.notify_all();
    thread.join();
    clear();
  }

  void clear() {
    if (std::exchange(drawn, false)) print_progress("\r\x1b[K");
  }

  void show() {
    const auto start = Clock::now();
    const auto pause = terminal ? std::chrono::milliseconds(200) : std::chrono::seconds(30);
    std::unique_lock lock(mutex);
    while (!wake.wait_for(lock, pause, [this] { return ending; })) {
      const auto line = words(seconds_since(start));
      if (line.empty()) {
        clear();
      } else if (terminal) {
        print_progress("\r\x1b[K{}", shortened(line, 79));
        drawn = true;
      } else {
        print_progress("{}\n", line);
      }
    }
  }

  Words words;
  bool terminal;
  bool drawn = false;
  std::mutex mutex;
  std::condition_variable wake;
  bool ending = false;
  std::thread thread;
};

ProgressLine::ProgressLine(ProgressForm form, Words words)
    : thread_(form == ProgressForm::none ? nullptr
                                         : std::make_unique<Thread>(form, std::move(words))) {}

ProgressLine::~ProgressLine() = default;

void ProgressLine::make_room(const std::function<void()>& say) {
  if (!thread_) return say();
  const std::lock_guard lock(thread_->mutex);
  thread_->clear();
  say();
}

struct StageDisplay::State {
  explicit State(ProgressForm in_form)
      : form(in_form), line(in_form, [this](double) { return now(); }) {}

  /// What is shown while a stage is at work.
  std::string now() {
    const std::lock_guard lock(mutex);
    const auto seconds = seconds_since(began);
    return stage.empty() || seconds < kMoment ? "" : words(seconds);
  }

  [[nodiscard]] std::string words(double seconds) const {
    if (form == ProgressForm::json)
      return fmt::format(R"({{"event":"progress","stage":{},"done":{},"of":{},"seconds":{:.0f}}})",
                         nlohmann::json(valid_utf8(stage)).dump(), done,
                         total == 0 ? "null" : std::to_string(total), seconds);
    auto text = stage;
    if (total > 0) text += fmt::format(" {}/{}", done, total);
    if (!further.empty()) text += "  " + further;
    return text + fmt::format("  {:.0f} s", seconds);
  }

  /// What a log gets of the stage that ends.
  [[nodiscard]] std::string end() {
    if (stage.empty() || terminal) return "";
    const auto seconds = seconds_since(began);
    return seconds < kLong ? "" : words(seconds);
  }

  ProgressForm form;
  bool terminal = form == ProgressForm::text && isatty(STDERR_FILENO) == 1;
  std::mutex mutex;
  Clock::time_point began;
  std::string stage;
  std::string further;
  std::size_t done = 0;
  std::size_t total = 0;
  ProgressLine line;  ///< behind what its thread reads
};

StageDisplay::StageDisplay(ProgressForm form)
    : state_(form == ProgressForm::none ? nullptr : std::make_unique<State>(form)) {}

StageDisplay::~StageDisplay() {
  rest();
}

void StageDisplay::show(const std::string& stage, std::size_t done, std::size_t total,
                        const std::string& further) {
  if (!state_) return;
  std::string ended;
  {
    const std::lock_guard lock(state_->mutex);
    if (stage != state_->stage) {
      ended = state_->end();
      state_->stage = stage;
      state_->began = Clock::now();
    }
    state_->done = done;
    state_->total = total;
    state_->further = further;
  }
  if (!ended.empty()) print_progress("{}\n", ended);
}

void StageDisplay::rest() {
  show("");
}

void StageDisplay::make_room(const std::function<void()>& say) {
  if (!state_) return say();
  state_->line.make_room(say);
}

}  // namespace cytocape
