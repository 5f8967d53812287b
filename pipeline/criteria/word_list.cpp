#include "pipeline/criteria/word_list.hpp"

#include <algorithm>
#include <utility>

#include "pipeline/settings/toml_reader.hpp"

namespace cytocape::criteria {

WordList::WordList(std::vector<std::string> entries) {
  for (auto& word : entries) {
    if (word.ends_with('*'))
      beginnings_.push_back(word.substr(0, word.size() - 1));
    else if (word.starts_with('*'))
      ends_.push_back(word.substr(1));
    else
      words_.insert(std::move(word));
  }
}

WordList WordList::read(TomlReader& reader, const std::string& key) {
  return WordList(reader.texts(key));
}

bool WordList::holds(std::string_view word) const {
  return words_.contains(word) ||
         std::any_of(beginnings_.begin(), beginnings_.end(),
                     [&](const std::string& one) { return word.starts_with(one); }) ||
         std::any_of(ends_.begin(), ends_.end(),
                     [&](const std::string& one) { return word.ends_with(one); });
}

}  // namespace cytocape::criteria
