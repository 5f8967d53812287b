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

Phrase with_earlier_counts(const Phrase& text, const std::vector<std::string>& counts) {
  return say("{} Earlier: {}.", text, join_words(counts));
}

Phrase settles_nothing(const std::string& code, const Provenance& from, const Phrase& why) {
  return say("Row {} (resolved, {}) does not settle this: {}.", from.row, code, why);
}

Phrase earlier_count_stays(const std::string& count, std::uint64_t row) {
  return say(
      "{} on an earlier day stay; correct or leave out row {} where that count was wrong; where it "
      "was right, both editions stay open",
      count, row);
}

Phrase contradiction_stays(const Phrase& gap) {
  return say("{}; correct or leave out the row that is wrong", gap);
}

Phrase nothing_to_settle(const std::string& code) {
  return say("nothing stands against what is given of {}", code);
}

Phrase counts_far_apart(std::int64_t days, const RowAnswer& oldest, const RowAnswer& newest) {
  return say("Counts that were taken {} days apart are combined: {} of {}, and {} of {}.", days,
             item_label(oldest.value), oldest.from.date, item_label(newest.value),
             newest.from.date);
}

}  // namespace cytocape::wording
