#include "pipeline/commands/terminal.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

#include "io/text.hpp"

namespace cytocape {

std::size_t terminal_width() {
  constexpr std::size_t kNarrowest = 40;
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return std::max<std::size_t>(kNarrowest, size.ws_col);
}

void print_wrapped(const std::string& first, const std::string& text) {
  fmt::print("{}", wrapped(first, text, terminal_width()));
}

void print_editions(const criteria::CaseResult& assessment) {
  for (const auto& edition : assessment.editions) print_wrapped("  ", edition.sentence);
}

}  // namespace cytocape
