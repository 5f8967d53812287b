#include "pipeline/wording/phrases.hpp"

#include <string_view>

namespace cytocape::wording {
namespace {

constexpr const char* kNoBreak = "\u00a0";

struct Notation {
  std::string_view plain;
  std::string typeset;
};

const std::vector<Notation>& notations() {
  static const std::vector<Notation> instance = {
      {plain(Unit::cells_per_volume), typeset(Unit::cells_per_volume)}, {"um", "\u00b5m"}};
  return instance;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_alphanumeric(char c) {
  return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/// The notation that stands at `at` behind a number and its blank; none if there is none.
const Notation* notation_at(std::string_view text, std::size_t at) {
  if (at < 2 || text[at - 1] != ' ' || !is_digit(text[at - 2])) return nullptr;
  for (const auto& notation : notations()) {
    const auto end = at + notation.plain.size();
    if (text.substr(at, notation.plain.size()) == notation.plain &&
        (end >= text.size() || !is_alphanumeric(text[end])))
      return &notation;
  }
  return nullptr;
}

template <class Text>
Text joined_words(const std::vector<Text>& words, const std::string& last) {
  Text text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " " + last + " " : ", ";
    text += words[i];
  }
  return text;
}

}  // namespace

Phrase behind(Unit unit) {
  const std::string written = plain(unit);
  const std::string set = typeset(unit);
  if (written.empty()) return {};
  if (set.empty()) return {" " + written, ""};
  return {" " + written, (set == written ? " " : kNoBreak) + set};
}

Phrase quantity(const std::string& number, Unit unit) {
  return number + behind(unit);
}

Phrase times() {
  return {"x", "\u00d7"};
}

Phrase authored(const std::string& text) {
  std::string set;
  for (std::size_t i = 0; i < text.size();) {
    const auto* notation = notation_at(text, i);
    if (notation == nullptr) {
      set += text[i++];
      continue;
    }
    set.replace(set.size() - 1, 1, kNoBreak);
    set += notation->typeset;
    i += notation->plain.size();
  }
  return {text, set};
}

Phrase join_words(const std::vector<Phrase>& words, const std::string& last) {
  return joined_words(words, last);
}

std::string join_words(const std::vector<std::string>& words, const std::string& last) {
  return joined_words(words, last);
}

Phrase join(const std::vector<Phrase>& parts, const std::string& between) {
  Phrase text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += between;
    text += parts[i];
  }
  return text;
}

std::string upper_first(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

}  // namespace cytocape::wording
