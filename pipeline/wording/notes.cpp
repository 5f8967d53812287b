#include "pipeline/wording/notes.hpp"

#include <fmt/format.h>

#include "pipeline/wording/labels.hpp"
#include "pipeline/wording/phrases.hpp"

namespace cytocape::wording {

using namespace criteria;

namespace {

/// "row 4, 2024-03-01".
std::string row_and_day(const Provenance& from) {
  return fmt::format("row {}{}{}", from.row, from.date.empty() ? "" : ", ", from.date);
}

}  // namespace

Phrase left_open_as_unknown(const std::vector<Unknown>& unknown) {
  const std::string prefix = "mutation ";
  std::vector<std::string> words;
  for (const auto& [said, from] : unknown)
    words.push_back(fmt::format(
        "{} ({})", said.starts_with(prefix) ? said.substr(prefix.size()) : item_label(said),
        row_and_day(from)));
  return say("Said to be unknown, and left open until it is told: {}.", join_words(words));
}

}  // namespace cytocape::wording
