#include "pipeline/criteria/signs.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace cytocape::criteria {
namespace {

struct Letter {
  std::uint32_t code = 0;
  std::size_t bytes = 1;
};

/// The letter that UTF-8 begins with. Precondition: not empty. Of anything else a byte.
Letter first_letter(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
  if (bytes == 1 || bytes > text.size()) return {.code = lead < 0x80 ? lead : 0U, .bytes = 1};
  std::uint32_t code = lead & (0x7FU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i)
    code = (code << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  return {.code = code, .bytes = bytes};
}

/// What is meant by codes of a range.
struct Meant {
  std::uint32_t first;
  std::uint32_t last;
  const char* sign;
};

constexpr std::array kMeant = {
    Meant{0x00A0, 0x00A0, " "},
    Meant{0x00AD, 0x00AD, ""},
    Meant{0x00B4, 0x00B4, "'"},
    Meant{0x00B5, 0x00B5, "u"},
    Meant{0x00D7, 0x00D7, "x"},
    Meant{0x02D0, 0x02D0, ":"},
    Meant{0x02DC, 0x02DC, "~"},
    Meant{0x037E, 0x037E, ";"},
    Meant{0x0391, 0x0391, "A"},
    Meant{0x0392, 0x0392, "B"},
    Meant{0x0393, 0x0393, "G"},
    Meant{0x03B1, 0x03B1, "A"},
    Meant{0x03B2, 0x03B2, "B"},
    Meant{0x03B3, 0x03B3, "G"},
    Meant{0x03BC, 0x03BC, "u"},
    Meant{0x060C, 0x060C, ","},
    Meant{0x061B, 0x061B, ";"},
    Meant{0x2000, 0x200A, " "},
    Meant{0x200B, 0x200D, ""},
    Meant{0x2010, 0x2015, "-"},
    Meant{0x0085, 0x0085, "\n"},
    Meant{0x2028, 0x2029, "\n"},
    Meant{0x2018, 0x201B, "'"},
    Meant{0x2032, 0x2032, "'"},
    Meant{0x202F, 0x202F, " "},
    Meant{0x2043, 0x2043, "-"},
    Meant{0x2044, 0x2044, "/"},
    Meant{0x205F, 0x205F, " "},
    Meant{0x2060, 0x2060, ""},
    Meant{0x2192, 0x2192, ">"},
    Meant{0x2212, 0x2212, "-"},
    Meant{0x2215, 0x2215, "/"},
    Meant{0x2236, 0x2236, ":"},
    Meant{0x2237, 0x2237, "::"},
    Meant{0x223C, 0x223C, "~"},
    Meant{0x3000, 0x3000, " "},
    Meant{0x3001, 0x3001, ","},
    Meant{0x301C, 0x301C, "~"},
    Meant{0xA789, 0xA789, ":"},
    Meant{0xFE50, 0xFE50, ","},
    Meant{0xFE54, 0xFE54, ";"},
    Meant{0xFE55, 0xFE55, ":"},
    Meant{0xFE59, 0xFE59, "("},
    Meant{0xFE5A, 0xFE5A, ")"},
    Meant{0xFE63, 0xFE63, "-"},
    Meant{0xFEFF, 0xFEFF, ""},
    Meant{0x2264, 0x2264, "<"},
    Meant{0x2265, 0x2265, ">"},
    // Letters with accents, and accents that stand behind their letter.
    Meant{0x00C0, 0x00C5, "A"},
    Meant{0x00C7, 0x00C7, "C"},
    Meant{0x00C8, 0x00CB, "E"},
    Meant{0x00CC, 0x00CF, "I"},
    Meant{0x00D1, 0x00D1, "N"},
    Meant{0x00D2, 0x00D6, "O"},
    Meant{0x00D9, 0x00DC, "U"},
    Meant{0x00DF, 0x00DF, "ss"},
    Meant{0x00E0, 0x00E5, "a"},
    Meant{0x00E6, 0x00E6, "ae"},
    Meant{0x00E7, 0x00E7, "c"},
    Meant{0x00E8, 0x00EB, "e"},
    Meant{0x00EC, 0x00EF, "i"},
    Meant{0x00F1, 0x00F1, "n"},
    Meant{0x00F2, 0x00F6, "o"},
    Meant{0x00F8, 0x00F8, "o"},
    Meant{0x00F9, 0x00FC, "u"},
    Meant{0x0153, 0x0153, "oe"},
    Meant{0x0300, 0x036F, ""},
};

}  // namespace

std::string ascii_signs(std::string_view text) {
  constexpr std::uint32_t kFullWidth = 0xFF01;  // "!", and all of ASCII behind it
  constexpr std::uint32_t kLastFullWidth = 0xFF5E;
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (std::all_of(text.begin(), text.end(), is_ascii)) return std::string(text);
  std::string plain;
  plain.reserve(text.size());
  while (!text.empty()) {
    const auto [code, bytes] = first_letter(text);
    const auto* meant = std::find_if(kMeant.begin(), kMeant.end(), [code = code](const Meant& one) {
      return code >= one.first && code <= one.last;
    });
    if (code >= kFullWidth && code <= kLastFullWidth)
      plain += static_cast<char>(code - kFullWidth + '!');
    else if (meant != kMeant.end())
      plain += meant->sign;
    else
      plain += text.substr(0, bytes);
    text.remove_prefix(bytes);
  }
  return plain;
}

std::string without_line_breaks(std::string_view text) {
  constexpr std::string_view kBreaks = "\n\r\t\v\f";
  if (text.find_first_of(kBreaks) == std::string_view::npos) return std::string(text);
  std::string joined;
  joined.reserve(text.size());
  int depth = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    const bool breaks = kBreaks.find(c) != std::string_view::npos;
    if (c == '(' || c == '[') ++depth;
    if ((c == ')' || c == ']') && depth > 0) --depth;
    const bool hyphen = c == '-' && depth > 0 && at + 1 < text.size() &&
                        kBreaks.find(text[at + 1]) != std::string_view::npos;
    const bool goes_on =
        depth > 0 || (!joined.empty() && is_one_of({&joined.back(), 1}, {":", ";", ","}));
    // "inv" and its brackets, on two lines
    const auto next = text.find_first_not_of(kBreaks, at);
    const bool opens = next != std::string_view::npos && text[next] == '(';
    if (hyphen || (breaks && (goes_on || opens))) continue;
    joined += breaks ? ' ' : c;
  }
  return joined;
}

}  // namespace cytocape::criteria
