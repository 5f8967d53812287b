#include "pipeline/settings/toml_depth.hpp"

#include <algorithm>

namespace cytocape {
namespace {

/// Length of the string that begins `text`, with its quotes; one that does not end takes the
/// rest of its line, or of the text where it may have several lines.
std::size_t string_size(std::string_view text) {
  const char quote = text.front();
  const bool basic = quote == '"';
  const bool several_lines = text.size() >= 3 && text[1] == quote && text[2] == quote;
  const std::size_t quotes = several_lines ? 3 : 1;
  for (auto i = quotes; i < text.size(); ++i) {
    if (text[i] == '\n' && !several_lines) return i;
    if (basic && text[i] == '\\') {
      ++i;
      continue;
    }
    if (text[i] != quote) continue;
    if (!several_lines) return i + 1;
    if (!text.substr(i).starts_with(text.substr(0, quotes))) continue;
    // Up to two quotes before the closing ones belong to the string.
    const auto end = std::min(text.find_first_not_of(quote, i), text.size());
    return std::min(end, i + quotes + 2);
  }
  return text.size();
}

class Scan {
 public:
  /// Whether the character goes deeper than `levels`.
  bool goes_beyond(char sign, std::size_t levels) {
    if (sign == '[' || sign == '{') ++brackets_;
    if ((sign == ']' || sign == '}') && brackets_ > 0) --brackets_;
    if (sign == '.')
      ++points_;
    else if (ends_key(sign))
      points_ = 0;
    if (sign == '\n') ++line_;
    return std::max(brackets_, points_) > levels;
  }
  void pass(std::string_view text) {
    line_ += static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  }
  [[nodiscard]] std::size_t line() const { return line_; }

 private:
  /// A point also stands in a number; what ends a key or value begins to count anew.
  static bool ends_key(char sign) {
    return std::string_view("=,[]{}\n").find(sign) != std::string_view::npos;
  }
  std::size_t brackets_ = 0;
  std::size_t points_ = 0;
  std::size_t line_ = 1;
};

}  // namespace

std::optional<std::size_t> line_nested_deeper_than(std::string_view toml, std::size_t levels) {
  Scan scan;
  while (!toml.empty()) {
    std::size_t size = 1;
    const char sign = toml.front();
    if (sign == '"' || sign == '\'') {
      size = string_size(toml);
      scan.pass(toml.substr(0, size));
    } else if (sign == '#') {
      size = std::min(toml.find('\n'), toml.size());
    } else if (scan.goes_beyond(sign, levels)) {
      return scan.line();
    }
    toml.remove_prefix(size);
  }
  return std::nullopt;
}

std::optional<std::size_t> line_longer_than(std::string_view toml, std::size_t bytes) {
  for (std::size_t line = 1; !toml.empty(); ++line) {
    const auto size = std::min(toml.find('\n'), toml.size());
    if (size > bytes) return line;
    toml.remove_prefix(std::min(size + 1, toml.size()));
  }
  return std::nullopt;
}

}  // namespace cytocape
