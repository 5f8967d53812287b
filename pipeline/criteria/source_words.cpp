#include "pipeline/criteria/source_words.hpp"

#include <array>
#include <utility>
#include <vector>

#include "embedded/criteria_sources_of_no.hpp"
#include "pipeline/settings/toml_reader.hpp"

namespace cytocape::criteria {
namespace {

/// In this order: a word that is in two lists is of the first.
constexpr std::array kLists = {
    std::pair{"found", SourceWord::found},       std::pair{"waiting", SourceWord::waiting},
    std::pair{"events", SourceWord::event},      std::pair{"places", SourceWord::place},
    std::pair{"tests", SourceWord::test},        std::pair{"samples", SourceWord::sample},
    std::pair{"people", SourceWord::person},     std::pair{"records", SourceWord::record},
    std::pair{"joining", SourceWord::joining},   std::pair{"clinical", SourceWord::clinical},
    std::pair{"limiting", SourceWord::limiting},
};

struct Lists {
  std::vector<std::pair<SourceWord, WordList>> of_kinds;
  NoWords words;
};

Lists read_lists() {
  TomlReader reader;
  reader.add(text::criteria_sources_of_no, "configs/criteria/sources_of_no.toml");
  Lists all;
  for (const auto& [name, kind] : kLists)
    all.of_kinds.emplace_back(kind, WordList::read(reader, name));
  auto& words = all.words;
  for (const auto& [name, list] :
       {std::pair{"denials", &words.denials}, std::pair{"again", &words.again},
        std::pair{"undoes_exclusion", &words.undoes_exclusion},
        std::pair{"responses", &words.responses}, std::pair{"formerly", &words.formerly},
        std::pair{"followed_up", &words.followed_up}, std::pair{"only", &words.only},
        std::pair{"others", &words.others}, std::pair{"third", &words.third},
        std::pair{"of_mpn", &words.of_mpn}, std::pair{"counts_of_mpn", &words.counts_of_mpn}})
    *list = WordList::read(reader, name);
  reader.refuse_unread();
  return all;
}

const Lists& lists() {
  static const auto instance = read_lists();
  return instance;
}

}  // namespace

const NoWords& no_words() {
  return lists().words;
}

SourceWord source_word(const std::string& word) {
  for (const auto& [kind, list] : lists().of_kinds)
    if (kind != SourceWord::limiting && list.holds(word)) return kind;
  return limits_a_denial(word) ? SourceWord::limiting : SourceWord::unknown;
}

bool limits_a_denial(const std::string& word) {
  return lists().of_kinds.back().second.holds(word);
}

}  // namespace cytocape::criteria
