#include "pipeline/criteria/yes_words.hpp"

#include <utility>

#include "embedded/criteria_sources_of_yes.hpp"
#include "pipeline/settings/toml_reader.hpp"

namespace cytocape::criteria {
namespace {

YesWords read_yes_words() {
  TomlReader reader;
  reader.add(text::criteria_sources_of_yes, "configs/criteria/sources_of_yes.toml");
  YesWords words;
  for (const auto& [key, list] : {std::pair{"of_chromosomes", &words.of_chromosomes},
                                  std::pair{"of_sequence", &words.of_sequence},
                                  std::pair{"errors", &words.errors},
                                  std::pair{"another", &words.another},
                                  std::pair{"tissues", &words.tissues},
                                  std::pair{"stimulated", &words.stimulated},
                                  std::pair{"doubtful", &words.doubtful},
                                  std::pair{"slight", &words.slight},
                                  std::pair{"silent", &words.silent},
                                  std::pair{"below", &words.below},
                                  std::pair{"limits", &words.limits},
                                  std::pair{"percent", &words.percent},
                                  std::pair{"out_of", &words.out_of},
                                  std::pair{"more", &words.more},
                                  std::pair{"excluded", &words.excluded},
                                  std::pair{"denials", &words.denials},
                                  std::pair{"ordered", &words.ordered},
                                  std::pair{"reproduced", &words.reproduced},
                                  std::pair{"important", &words.important},
                                  std::pair{"described", &words.described},
                                  std::pair{"abnormality", &words.abnormality}})
    *list = WordList::read(reader, key);
  for (const auto& key : reader.keys_below("finding"))
    words.finding[key] = WordList::read(reader, "finding." + key);
  reader.refuse_unread();
  return words;
}

}  // namespace

const YesWords& yes_words() {
  static const auto instance = read_yes_words();
  return instance;
}

}  // namespace cytocape::criteria
