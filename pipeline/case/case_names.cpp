#include "pipeline/case/case_names.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "io/errors.hpp"
#include "io/text.hpp"
#include "pipeline/settings/toml_reader.hpp"

namespace cytocape {
namespace {

using Names = std::vector<std::string>;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string in_small_letters(std::string name) {
  for (auto& c : name)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return name;
}

bool is_mark(char c) {
  return static_cast<unsigned char>(c) < 0x80 && !is_digit(c) &&
         !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
}

/// Small letters and numbers without leading zeros; blanks and marks stay only between two numbers,
/// which they keep apart.
std::string folded(const std::string& name) {
  std::string plain;
  bool apart = false;
  for (const char c : name) {
    if (is_mark(c)) {
      apart = true;
      continue;
    }
    if (is_digit(c)) {
      const bool continues = !plain.empty() && is_digit(plain.back());
      if (apart && continues) plain += '-';
      if (plain.ends_with('0') && (plain.size() == 1 || !is_digit(plain[plain.size() - 2])))
        plain.pop_back();
    }
    plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    apart = false;
  }
  return plain;
}

std::string digits_of(const std::string& folded_name) {
  std::string digits;
  for (const char c : folded_name)
    if (is_digit(c) || c == '-') digits += c;
  return digits;
}

bool begins_with_case(const std::string& name, const std::string& one) {
  return name.size() > one.size() && name.starts_with(one) && is_mark(name[one.size()]);
}

/// Those that are shown, with what each may be meant for among `candidates`: there may be 100,000
/// of both.
std::string a_few(const Names& names, const Names& candidates = {}) {
  constexpr std::size_t kShown = 5;
  Names shown;
  for (std::size_t i = 0; i < std::min(names.size(), kShown); ++i) {
    const auto near = near_case(names[i], candidates);
    shown.push_back(shortened(names[i]) +
                    (near.empty() ? "" : fmt::format(" (did you mean {}?)", shortened(near))));
  }
  const auto more = names.size() - shown.size();
  return fmt::format("{}{}", fmt::join(shown, ", "),
                     more > 0 ? fmt::format(" and {} more", more) : "");
}

Names without(const Names& names, const Names& others) {
  Names rest;
  std::set_difference(names.begin(), names.end(), others.begin(), others.end(),
                      std::back_inserter(rest));
  return rest;
}

/// Names that differ in letter case alone: one person's rows may be split over them.
std::string alike_words(const Names& names) {
  std::map<std::string, Names> spelt;
  for (const auto& name : names) spelt[in_small_letters(name)].push_back(name);
  Names alike;
  for (const auto& [small, as_written] : spelt)
    if (as_written.size() > 1) alike.push_back(fmt::format("{}", fmt::join(as_written, " and ")));
  if (alike.empty()) return "";
  return "\n  cases that differ in letter case alone: " + a_few(alike) +
         "; rows of one are not\n  used for the other";
}

}  // namespace

std::string near_case(const std::string& name, const Names& cases) {
  const auto plain = folded(name);
  for (const auto& one : cases)
    if (folded(one) == plain) return one;
  for (const auto& one : cases)
    if (begins_with_case(name, one) || begins_with_case(one, name)) return one;
  // In a name of few letters every other one is a letter away.
  constexpr std::size_t kLetters = 4;
  const auto digits = digits_of(plain);
  if (plain.size() < digits.size() + kLetters) return "";
  Names same_number;
  for (const auto& one : cases)
    if (digits_of(folded(one)) == digits) same_number.push_back(one);
  return nearest_name(name, same_number);
}

std::string check_cases(const CaseNames& names, const std::string& labs) {
  const auto lacking = without(names.of_slides, names.of_labs);
  const auto unused = without(names.of_labs, names.of_slides);
  if (lacking.size() == names.of_slides.size())
    throw ConfigError(fmt::format(
        "{}: none of the slides' cases is in it\n  cases of the slides: {}\n  cases of the file: "
        "{}\n  they must be spelt alike; a slide's case is the column case of a\n"
        "  --manifest, else the slide's own id",
        labs, a_few(lacking, unused), unused.empty() ? "none, it has no row" : a_few(unused)));
  std::string text;
  if (!lacking.empty()) text += "\n  cases without values: " + a_few(lacking, unused);
  if (!unused.empty()) text += "\n  values without a slide: " + a_few(unused);
  text += alike_words(names.of_labs);
  return text.empty() ? text : labs + ": not every case has both slides and values" + text;
}

}  // namespace cytocape
