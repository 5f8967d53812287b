#include "pipeline/criteria/source_words.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "embedded/criteria_sources_of_no.hpp"
#include "pipeline/settings/toml_reader.hpp"

namespace cytocape::criteria {
namespace {

/// One list of the table.
struct WordList {
  SourceWord kind = SourceWord::unknown;
  std::set<std::string, std::less<>> words;
  std::vector<std::string> beginnings;  ///< "lab*"
  std::vector<std::string> ends;        ///< "*klinik"

  [[nodiscard]] bool holds(std::string_view word) const {
    return words.contains(word) ||
           std::any_of(beginnings.begin(), beginnings.end(),
                       [&](const std::string& one) { return word.starts_with(one); }) ||
           std::any_of(ends.begin(), ends.end(),
                       [&](const std::string& one) { return word.ends_with(one); });
  }
};

/// In this order: a word that is in two lists is of the first.
constexpr std::array kLists = {
    std::pair{"found", SourceWord::found},       std::pair{"waiting", SourceWord::waiting},
    std::pair{"events", SourceWord::event},      std::pair{"places", SourceWord::place},
    std::pair{"tests", SourceWord::test},        std::pair{"samples", SourceWord::sample},
    std::pair{"people", SourceWord::person},     std::pair{"records", SourceWord::record},
    std::pair{"joining", SourceWord::joining},   std::pair{"clinical", SourceWord::clinical},
    std::pair{"limiting", SourceWord::limiting},
};

std::vector<WordList> read_lists() {
  TomlReader reader;
  reader.add(text::criteria_sources_of_no, "configs/criteria/sources_of_no.toml");
  std::vector<WordList> all;
  for (const auto& [name, kind] : kLists) {
    auto& list = all.emplace_back();
    list.kind = kind;
    for (auto& word : reader.texts(name)) {
      if (word.ends_with('*'))
        list.beginnings.push_back(word.substr(0, word.size() - 1));
      else if (word.starts_with('*'))
        list.ends.push_back(word.substr(1));
      else
        list.words.insert(std::move(word));
    }
  }
  reader.refuse_unread();
  return all;
}

const std::vector<WordList>& lists() {
  static const auto instance = read_lists();
  return instance;
}

}  // namespace

SourceWord source_word(const std::string& word) {
  for (const auto& list : lists())
    if (list.kind != SourceWord::limiting && list.holds(word)) return list.kind;
  return limits_a_denial(word) ? SourceWord::limiting : SourceWord::unknown;
}

bool limits_a_denial(const std::string& word) {
  return lists().back().holds(word);
}

}  // namespace cytocape::criteria
