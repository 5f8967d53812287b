#include "pipeline/graph/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

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

ProgressDisplay::ProgressDisplay(const RunProgress& progress, ProgressForm form)
    : line_(form, [&progress, form](double seconds) {
        return form == ProgressForm::json ? progress_json(progress, seconds)
                                          : progress_line(progress, seconds);
      }) {}

}  // namespace cytocape
