#include "pipeline/criteria/children.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "embedded/criteria_children.hpp"
#include "io/text.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/criteria/verdict_words.hpp"
#include "pipeline/criteria/word_list.hpp"
#include "pipeline/criteria/words.hpp"
#include "pipeline/settings/toml_reader.hpp"

namespace cytocape::criteria {
namespace {

struct ChildWords {
  WordList words;
  std::vector<std::string> pairs;
  WordList years;
  WordList shorter;  ///< units shorter than a year
  WordList old;
  WordList durations;
};

ChildWords read_child_words() {
  TomlReader reader;
  reader.add(text::criteria_children, "configs/criteria/children.toml");
  ChildWords all{.words = WordList::read(reader, "words"),
                 .pairs = reader.texts("pairs"),
                 .years = WordList::read(reader, "years"),
                 .shorter = WordList::read(reader, "short"),
                 .old = WordList::read(reader, "old"),
                 .durations = WordList::read(reader, "durations")};
  reader.refuse_unread();
  return all;
}

const ChildWords& child_words() {
  static const auto instance = read_child_words();
  return instance;
}

/// Reads one text; places are of its words.
class ChildReader {
 public:
  explicit ChildReader(const std::string& text) : text_(text), words_(words_of_text(text)) {
    for (const auto& word : words_) small_.push_back(word.small);
  }

  [[nodiscard]] std::string found() const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if (tells_by_word(i)) return between(i, i);
      if (const auto end = end_of_age(i)) return between(begin_of_age(i), *end);
    }
    return "";
  }

 private:
  [[nodiscard]] std::string at(std::size_t i) const { return i < small_.size() ? small_[i] : ""; }

  [[nodiscard]] std::string between(std::size_t first, std::size_t last) const {
    return text_.substr(words_[first].begin, words_[last].end - words_[first].begin);
  }

  [[nodiscard]] bool tells_by_word(std::size_t i) const {
    const auto& word = small_[i];
    if (has_denial_before(small_, i)) return false;
    // The German noun, but "kind regards", "of any kind".
    if (word == "kind") return text_[words_[i].begin] == 'K' && at(i + 1) != "regards";
    const auto& pairs = child_words().pairs;
    return child_words().words.holds(word) ||
           std::find(pairs.begin(), pairs.end(), word + " " + at(i + 1)) != pairs.end();
  }

  /// "8" of "8 years old", "8y", "5-jährig", "aged 6"; then the last word of the age.
  [[nodiscard]] std::optional<std::size_t> end_of_age(std::size_t i) const {
    const auto digits = small_[i].find_first_not_of("0123456789.,");
    if (!is_digit(small_[i].front())) return std::nullopt;
    constexpr double kAdult = 18;
    auto number = small_[i].substr(0, digits);
    std::replace(number.begin(), number.end(), ',', '.');
    const double age = parse_number(number).value_or(kAdult);
    const auto& table = child_words();
    // "8y", "18m"
    const bool joined = digits != std::string::npos;
    const auto unit = joined ? small_[i].substr(digits) : at(i + 1);
    const auto last = joined || i + 1 >= small_.size() ? i : i + 1;
    const bool years = table.years.holds(unit);
    const bool shorter = table.shorter.holds(unit);
    if (joined && !years && !shorter) return std::nullopt;
    if (age >= kAdult && !shorter) return std::nullopt;
    const bool before = begin_of_age(i) < i;
    if (!years && !shorter) return before && !joined ? std::optional(i) : std::nullopt;
    const bool names_age = unit == "yo" || unit.starts_with("jahrig") ||
                           unit.starts_with("jarig") || unit.starts_with("monatig") ||
                           unit.starts_with("wochig") || table.old.holds(at(last + 1)) ||
                           (unit == "y" && at(last + 1) == "o") || table.old.holds(at(last + 2));
    if (!before && !names_age) {
      const bool child = is_alone(i, last) || (years && belongs_to_a_noun(i));
      return child ? std::optional(last) : std::nullopt;
    }
    return std::min(last + (before ? 0 : 1), small_.size() - 1);
  }

  /// "12 ans", "16 mois": all that a clause holds.
  [[nodiscard]] bool is_alone(std::size_t first, std::size_t last) const {
    const auto begins = text_.find_last_of(",;.(", words_[first].begin);
    const auto ends = text_.find_first_of(",;.)", words_[last].end);
    const bool first_of_clause =
        first == 0 || (begins != std::string::npos && begins >= words_[first - 1].end);
    const bool last_of_clause =
        last + 1 == words_.size() || (ends != std::string::npos && ends < words_[last + 1].begin);
    return first_of_clause && last_of_clause;
  }

  /// "lycéen de 16 ans", "ragazzo di 12 anni"; but "suivi de 2 ans".
  [[nodiscard]] bool belongs_to_a_noun(std::size_t i) const {
    return i > 1 && is_one_of(small_[i - 1], {"de", "di"}) &&
           !child_words().durations.holds(small_[i - 2]);
  }

  /// "aged" of "aged 6", "âgé" of "âgé de 5 ans"; the number itself where no such word stands
  /// before.
  [[nodiscard]] std::size_t begin_of_age(std::size_t i) const {
    const auto is_age = [&](std::size_t j) {
      return child_words().old.holds(small_[j]) && small_[j] != "old" && small_[j] != "alt";
    };
    if (i > 0 && is_age(i - 1)) return i - 1;
    const bool joins = i > 1 && is_one_of(small_[i - 1], {"de", "di", "of", "von", "is", "in"});
    return joins && is_age(i - 2) ? i - 2 : i;
  }

  const std::string& text_;
  std::vector<Word> words_;
  std::vector<std::string> small_;
};

}  // namespace

std::string child_told_of(std::string_view text) {
  const auto plain = ascii_signs(text);
  return ChildReader(plain).found();
}

}  // namespace cytocape::criteria
