#include "pipeline/commands/terminal.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>

namespace cytocape {
namespace {

/// UTF-8 letters, not bytes.
std::size_t columns(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

}  // namespace

std::size_t terminal_width() {
  constexpr std::size_t kNarrowest = 40;
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return std::max<std::size_t>(kNarrowest, size.ws_col);
}

std::string wrapped(const std::string& first, const std::string& text, std::size_t width) {
  const auto indent = columns(first);
  std::string out = first;
  auto used = indent;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const auto length = columns(word);
    const bool begins = used == indent;
    if (!begins && used + 1 + length > width) {
      out += '\n' + std::string(indent, ' ');
      used = indent;
    } else if (!begins) {
      out += ' ';
      ++used;
    }
    out += word;
    used += length;
  }
  return out + '\n';
}

void print_wrapped(const std::string& first, const std::string& text) {
  fmt::print("{}", wrapped(first, text, terminal_width()));
}

void print_editions(const criteria::CaseResult& assessment) {
  for (const auto& edition : assessment.editions) print_wrapped("  ", edition.sentence);
}

}  // namespace cytocape
