#include "io/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <sstream>
#include <string>

namespace cytocape {
namespace {

bool is_blank(char c) {
  return static_cast<unsigned char>(c) <= ' ' || c == '\x7f';
}

constexpr std::array<std::string_view, 2> kNoBreakSpaces = {"\u00a0", "\u202f"};

std::size_t blank_at_start(std::string_view text) {
  for (const auto space : kNoBreakSpaces)
    if (text.starts_with(space)) return space.size();
  return !text.empty() && is_blank(text.front()) ? 1 : 0;
}

std::size_t blank_at_end(std::string_view text) {
  for (const auto space : kNoBreakSpaces)
    if (text.ends_with(space)) return space.size();
  return !text.empty() && is_blank(text.back()) ? 1 : 0;
}

/// Length of the well-formed UTF-8 sequence at the start of `text`, 0 when there is none. Overlong
/// forms, surrogates and values above U+10FFFF are not well-formed.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const auto lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const auto second = byte(1);
  const bool wrong = (lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
                     (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F);
  return wrong ? 0 : length;
}

/// The code point of a well-formed sequence.
char32_t code_point(std::string_view sequence) {
  constexpr std::array<std::uint8_t, 5> kLeadBits = {0, 0x7F, 0x1F, 0x0F, 0x07};
  char32_t code = static_cast<std::uint8_t>(sequence.front()) & kLeadBits[sequence.size()];
  for (const char c : sequence.substr(1)) code = code << 6 | (static_cast<std::uint8_t>(c) & 0x3F);
  return code;
}

bool turns_direction(char32_t code) {
  return code == 0x061C || code == 0x200E || code == 0x200F || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069);
}

bool is_control(char32_t code) {
  if (code == '\t' || code == '\n' || code == '\r') return false;
  return code < 0x20 || (code >= 0x7F && code < 0xA0);
}

/// UTF-8 letters, not bytes.
std::size_t columns(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  while (const auto size = blank_at_start(text)) text.remove_prefix(size);
  while (const auto size = blank_at_end(text)) text.remove_suffix(size);
  return text;
}

std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : trimmed(text)) {
    if (!is_blank(c)) {
      line += c;
    } else if (line.back() != ' ') {
      line += ' ';
    }
  }
  return line.empty() ? "no cause given" : line;
}

std::optional<double> parse_number(std::string_view text) {
  text = trimmed(text);
  double value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::string in_lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string valid_utf8(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto length = utf8_length(text);
    if (length == 0) {
      out += "\xEF\xBF\xBD";
      text.remove_prefix(1);
    } else {
      out.append(text.substr(0, length));
      text.remove_prefix(length);
    }
  }
  return out;
}

std::string displayable(std::string_view text) {
  std::string out;
  const auto valid = valid_utf8(text);
  for (std::string_view rest = valid; !rest.empty();) {
    const auto sequence = rest.substr(0, utf8_length(rest));
    const auto code = code_point(sequence);
    out += is_control(code) || turns_direction(code) ? "\uFFFD" : sequence;
    rest.remove_prefix(sequence.size());
  }
  return out;
}

std::string shortened(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  constexpr std::size_t kLongestLetter = 4;
  auto end = most;
  const auto continues = [&] { return (static_cast<std::uint8_t>(text[end]) & 0xC0) == 0x80; };
  while (end > 0 && most - end < kLongestLetter && continues()) --end;
  return std::string(text.substr(0, end)) + ".. (" + std::to_string(text.size()) + " bytes)";
}

std::string safe_file_name(std::string text, std::string_view start) {
  for (auto& letter : text) {
    const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                       (letter >= '0' && letter <= '9') || letter == '-' || letter == '_' ||
                       letter == '.';
    if (!plain) letter = '_';
  }
  if (text.empty() || text.front() == '.') text.insert(0, start);
  return text;
}

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : displayable(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&apos;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string wrapped(const std::string& first, const std::string& text, std::size_t width) {
  const auto indent = columns(first);
  auto out = displayable(first);
  auto used = indent;
  std::istringstream words(displayable(text));
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

}  // namespace cytocape
