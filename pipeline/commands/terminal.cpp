#include "pipeline/commands/terminal.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>

#include "io/text.hpp"
#include "pipeline/program/output.hpp"
#include "pipeline/wording/missing.hpp"
#include "pipeline/wording/phrases.hpp"
#include "pipeline/wording/rests_on.hpp"

namespace cytocape {

std::size_t terminal_width(int descriptor) {
  constexpr std::size_t kNarrowest = 40;
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return std::max<std::size_t>(kNarrowest, size.ws_col);
}

void print_error(const std::string& message) {
  const bool terminal = ::isatty(STDERR_FILENO) == 1;
  const auto width = terminal_width(STDERR_FILENO);
  std::istringstream lines(message);
  std::string before = "cytocape: ";
  for (std::string line; std::getline(lines, line);) {
    const auto indent = std::min(line.find_first_not_of(' '), line.size());
    const auto first = before + line.substr(0, indent);
    const auto rest = line.substr(indent);
    write_message(terminal ? wrapped(first, rest, width) : displayable(first + rest) + "\n");
    before.clear();
  }
}

void print_line(const std::string& text) {
  write_result(displayable(text) + "\n");
}

void print_wrapped(const std::string& first, const std::string& text) {
  write_result(wrapped(first, text, terminal_width(STDOUT_FILENO)));
}

void print_alerts(const criteria::CaseResult& assessment) {
  for (const auto& alert : assessment.alerts) print_wrapped("  ! ", alert);
}

void print_differences(const std::vector<std::string>& differences) {
  for (const auto& one : differences)
    print_wrapped("  laboratory and slide differ: ",
                  one + "; the laboratory's is used; look at the slide again");
}

void print_editions(const criteria::CaseResult& assessment) {
  for (const auto& edition : assessment.editions) {
    print_wrapped("  ", edition.sentence);
    const auto missing = wording::missing_words(edition, assessment.readings);
    if (!missing.empty()) print_wrapped("    missing: ", wording::join(missing, "; "));
  }
  if (const auto basis = wording::rests_on(assessment.readings); !basis.empty())
    print_wrapped("  rests on: ", basis);
  for (const auto& one : wording::disputed_words(assessment.readings))
    print_wrapped("  disputed: ", one);
}

}  // namespace cytocape
