#pragma once

/// One line on stderr that says how far the work is: redrawn in place on a terminal, as a line of
/// its own each 30 s elsewhere.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace cytocape {

enum class ProgressForm : std::uint8_t { none, text, json };

/// Shows what `words` gives, until it ends; `words` is called on a thread of its own with the
/// seconds since the start, and nothing is shown while it gives "". Thread-safe.
class ProgressLine {
 public:
  using Words = std::function<std::string(double seconds)>;
  ProgressLine(ProgressForm form, Words words);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// Runs `say`, which prints whole lines, with the line of progress out of the way.
  void make_room(const std::function<void()>& say);

 private:
  struct Thread;
  std::unique_ptr<Thread> thread_;
};

/// Work that is done in stages, one after the other: "reading records 812/3000  14 s". Of a stage
/// that took long a log gets a line at its end, too. Thread-safe.
class StageDisplay {
 public:
  explicit StageDisplay(ProgressForm form);
  ~StageDisplay();
  StageDisplay(const StageDisplay&) = delete;
  StageDisplay& operator=(const StageDisplay&) = delete;

  /// `total` 0: it is not known how much there is. The same stage again goes on. `further` is said
  /// behind the numbers.
  void show(const std::string& stage, std::size_t done = 0, std::size_t total = 0,
            const std::string& further = "");
  /// Nothing is at work until the next stage.
  void rest();
  void make_room(const std::function<void()>& say);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cytocape
