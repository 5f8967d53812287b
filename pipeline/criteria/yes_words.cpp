#include "pipeline/criteria/yes_words.hpp"

#include "embedded/criteria_sources_of_yes.hpp"
#include "pipeline/settings/toml_reader.hpp"

namespace cytocape::criteria {
namespace {

YesWords read_yes_words() {
  TomlReader reader;
  reader.add(text::criteria_sources_of_yes, "configs/criteria/sources_of_yes.toml");
  YesWords words{.of_chromosomes = WordList::read(reader, "of_chromosomes"),
                 .of_sequence = WordList::read(reader, "of_sequence")};
  reader.refuse_unread();
  return words;
}

}  // namespace

const YesWords& yes_words() {
  static const auto instance = read_yes_words();
  return instance;
}

}  // namespace cytocape::criteria
