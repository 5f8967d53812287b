#include "pipeline/wording/notes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "pipeline/wording/labels.hpp"
#include "pipeline/wording/phrases.hpp"
#include "pipeline/wording/sources.hpp"

namespace cytocape::wording {

using namespace criteria;

namespace {

/// "row 4, 2024-03-01".
std::string row_and_day(const Provenance& from) {
  return fmt::format("row {}{}{}", from.row, from.date.empty() ? "" : ", ", from.date);
}

/// "dysplasia (row 4, 2012-03-01) and .."; `rows` have items' codes as their values.
std::string rows_of(const std::vector<RowAnswer>& rows) {
  std::vector<std::string> words;
  for (const auto& one : rows)
    words.push_back(fmt::format("{} ({})", item_label(one.value), row_and_day(one.from)));
  return join_words(words);
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

std::string unknown_but(const std::string& source) {
  return fmt::format("unknown, by its source \"{}\"", source);
}

std::string unknown_against_its_source(const std::string& what, const Provenance& from) {
  return fmt::format(
      "{} says unknown of {}, and its source (\"{}\") speaks for it, or does not exclude it: "
      "settle it "
      "first.",
      upper_first(row_and_day(from)), item_label(what), from.source);
}

Phrase no_answer(const std::string& what, const Provenance& from, const RowAnswer& used) {
  return say("{}{} gives no answer on {}; the older {} is used.", upper_first(row_and_day(from)),
             from.source.empty() ? "" : fmt::format(" (\"{}\")", from.source), item_label(what),
             row_words(used));
}

Phrase unread_no(const std::string& what, const std::string& part, const Provenance& from) {
  return say(
      "The source of {} \"no\" ({}) says \"{}\", which is not read as a denial: read it; where it "
      "denies, write the method and \"negative\" there, and where it does not, correct the answer.",
      item_label(what), row_and_day(from), part);
}

Phrase passed_over_unread(const std::string& what, const std::string& part,
                          const Provenance& from) {
  return say(
      "An earlier {} \"no\" ({}) says \"{}\", which is not read as a denial; a later \"no\" is "
      "used: "
      "read both.",
      item_label(what), row_and_day(from), part);
}

Phrase rests_on_unread(const std::string& what, const std::vector<std::string>& words,
                       const Provenance& from) {
  constexpr std::size_t kMost = 4;
  auto shown = words;
  shown.resize(std::min(shown.size(), kMost));
  const auto quoted = fmt::format("\"{}\"", fmt::join(shown, "\", \""));
  return say(
      "This conclusion rests on {} ({}), whose source the program does not wholly understand ({}): "
      "read it there; where it takes the finding back, correct or leave out the row.",
      item_label(what), row_and_day(from), quoted);
}

Phrase contested_rows(const std::string& contradiction, const std::string& idle) {
  if (!idle.empty()) return say("{}. {}.", upper_first(contradiction), idle);
  return say(
      "{}. Neither is used: correct or leave out the one that is wrong, or, where the later "
      "stands, "
      "write a row resolved (mutation, with the gene).",
      upper_first(contradiction));
}

Phrase denial_stands(const std::string& contradiction, const Provenance& decision) {
  return say("Set aside by a person: {}; the no stands ({}: {}).", contradiction,
             row_and_day(decision), decision.source);
}

std::string older_than_denial(const Provenance& decision) {
  return fmt::format(
      "Row {} (resolved, mutation) is older and settles nothing: write it with the "
      "day of the decision, or correct the row that is wrong",
      decision.row);
}

std::string of_treated_clone(const Provenance& decision) {
  return fmt::format(
      "Row {} (resolved, mutation) settles nothing: its reason does not say that the earlier "
      "finding "
      "was wrong (another patient, contamination, an error); what was treated was there",
      decision.row);
}

std::string of_one_day(const Provenance& decision) {
  return fmt::format(
      "Row {} (resolved, mutation) cannot tell which is the later of two rows of one "
      "day, or without one: leave out the one that is wrong",
      decision.row);
}

Phrase decided_before(const Provenance& row) {
  return say(
      "it is older than {}, which it cannot have weighed; where the decision holds for that "
      "row "
      "too, write it with the day of the decision",
      row_and_day(row));
}

Phrase decided_of_treated() {
  return "its reason does not say that the earlier finding was wrong (another patient, "
         "contamination, an error), and what was treated was there; correct or leave out the "
         "answer "
         "that is wrong";
}

Phrase sarcoma_stays(const Provenance& row) {
  return say(
      "a myeloid sarcoma ({}) is acute leukaemia, treated or not; correct or leave out that "
      "row "
      "where it was wrong; where it was right, both editions stay open",
      row_and_day(row));
}

Phrase answer_set_aside(const std::string& code, const Phrase& stands) {
  return say("Set aside by a person, {}: the answer used {}.", item_label(code), stands);
}

Phrase decided_by_a_person(const std::string& code, const Provenance& from, const Phrase& aside) {
  return say("Set aside by a person, {}: {} ({}: {}).", item_label(code), aside, row_and_day(from),
             from.source);
}

Phrase kept_against(const std::string& code, const RowAnswer& kept, const RowAnswer& denial) {
  return say("Answers on {} contradict each other: {} is kept against {}, as it cannot be undone.",
             item_label(code), row_words(kept), row_words(denial));
}

Phrase old_exclusions(const std::vector<RowAnswer>& exclusions, const std::string& newest_count) {
  return say("Excluded more than 180 days before the newest count ({}): {}.", newest_count,
             rows_of(exclusions));
}

Phrase old_supports(const std::vector<RowAnswer>& supports, const std::string& newest_count) {
  return say("Found more than 180 days before the newest count ({}), and used: {}.", newest_count,
             rows_of(supports));
}

Phrase transcripts_untold(const Provenance& from) {
  return say(
      "BCR::ABL1 is answered no of some transcripts ({}: {}): whether p190 and p210 were both "
      "tested is to be told; chronic myeloid leukaemia with p190 is the one with monocytosis.",
      row_and_day(from), from.source);
}

Phrase karyotype_alone(const std::string& code, const Provenance& from) {
  return say(
      "{} is answered no by the karyotype ({}: {}), which does not show all of them: FISH or PCR "
      "does.",
      upper_first(item_label(code)), row_and_day(from), from.source);
}

Phrase counts_far_apart(std::int64_t days, const RowAnswer& oldest, const RowAnswer& newest) {
  return say("Counts that were taken {} days apart are combined: {} of {}, and {} of {}.", days,
             item_label(oldest.value), oldest.from.date, item_label(newest.value),
             newest.from.date);
}

}  // namespace cytocape::wording
