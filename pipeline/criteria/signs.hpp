#pragma once

/// Signs of the texts that laboratories write, and how typographic ones read in ASCII.

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>

namespace cytocape::criteria {

[[nodiscard]] inline bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

[[nodiscard]] inline char small_of(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

[[nodiscard]] inline bool is_small(char c) {
  return c >= 'a' && c <= 'z';
}

[[nodiscard]] inline bool is_letter(char c) {
  return is_small(small_of(c));
}

[[nodiscard]] inline bool is_letter_or_digit(char c) {
  return is_letter(c) || is_digit(c);
}

[[nodiscard]] inline std::string in_small_letters(std::string_view text) {
  std::string small(text);
  for (auto& c : small) c = small_of(c);
  return small;
}

[[nodiscard]] inline bool is_one_of(std::string_view text,
                                    std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

[[nodiscard]] inline bool begins_as(std::string_view word,
                                    std::initializer_list<std::string_view> beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](std::string_view one) { return word.starts_with(one); });
}

/// What PDF files, word processors and full-width keyboards make of signs becomes the sign again
/// that is meant: hyphens, minus signs, ratios, primes, slashes, blanks of all widths, full-width
/// letters and digits. Greek alpha, beta and gamma become A, B and G, as symbols of genes write
/// them, and letters with accents those without. Anything else stays. Thread-safe; linear.
[[nodiscard]] std::string ascii_signs(std::string_view text);

/// Joins what a line broke, as a text is that was taken from a page: within brackets and behind a
/// sign that something must follow (":" ";" ",") breaks and tabs go, with a hyphen before them;
/// elsewhere they become blanks. Thread-safe; linear.
[[nodiscard]] std::string without_line_breaks(std::string_view text);

}  // namespace cytocape::criteria
