#include "pipeline/wording/named.hpp"

#include <fmt/format.h>

namespace cytocape::wording {

using criteria::Provenance;

std::string speaks_of(const Spoken& spoken) {
  return fmt::format("the source of row {} ({}) speaks of {} (\"{}\")", spoken.row, spoken.item,
                     spoken.say, spoken.written);
}

std::string left_open_by(const Spoken& spoken) {
  return speaks_of(spoken) + ": where it was excluded, say so there";
}

std::string speaking_alert(const Spoken& spoken) {
  return fmt::format(
      "The source of row {} ({}) speaks of {} (\"{}\"). Nothing is concluded from words: where it "
      "was excluded, say so there.",
      spoken.row, spoken.item, spoken.say, spoken.written);
}

std::string untested_answer(const Provenance& from) {
  return fmt::format("row {} answers no, and its source says that there is no result (\"{}\")",
                     from.row, from.source);
}

std::string answer_against_its_source(const Provenance& from) {
  return fmt::format("row {} answers no, and its source says otherwise (\"{}\")", from.row,
                     from.source);
}

}  // namespace cytocape::wording
