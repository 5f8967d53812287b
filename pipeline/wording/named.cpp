#include "pipeline/wording/named.hpp"

#include <fmt/format.h>

#include "pipeline/wording/labels.hpp"
#include "pipeline/wording/phrases.hpp"
#include "pipeline/wording/sources.hpp"

namespace cytocape::wording {

using criteria::Provenance;

std::string speaks_of(const Spoken& spoken) {
  // All that a review can name.
  if (!spoken.reviewed.empty())
    return fmt::format("{} names Auer rods, which speak of {}", spoken.reviewed, spoken.say);
  return fmt::format("the source of row {} ({}) speaks of {} (\"{}\")", spoken.row, spoken.item,
                     spoken.say, spoken.written);
}

std::string left_open_by(const Spoken& spoken) {
  return speaks_of(spoken) +
         (spoken.reviewed.empty() ? ": where it was excluded, say so there" : "");
}

std::string answered_yes(const Spoken& spoken) {
  return fmt::format("row {} ({}) answers yes: {}", spoken.row, spoken.item, spoken.say);
}

std::string not_there_before(const Provenance& answer, const std::string& item,
                             const std::string& count, const Provenance& from) {
  return fmt::format(
      "row {} answers yes, and {} was {} on {} (row {}), behind that answer or less than three "
      "months before the newest count: one of the two is wrong, or it was observed too briefly",
      answer.row, item_label(item), count, from.date, from.row);
}

std::string speaking_alert(const Spoken& spoken) {
  if (!spoken.reviewed.empty()) {
    auto sentence = speaks_of(spoken) + ". The class is left open.";
    sentence.front() = 'T';
    return sentence;
  }
  return fmt::format(
      "The source of row {} ({}) speaks of {} (\"{}\"). Nothing is concluded from words: where it "
      "was excluded, say so there.",
      spoken.row, spoken.item, spoken.say, spoken.written);
}

std::string untested_answer(const Provenance& from) {
  return fmt::format("row {} answers no, and its source says that there is no result (\"{}\")",
                     from.row, from.source);
}

std::string unread_answer(const std::string& part, const Provenance& from) {
  const auto whole = part == from.source ? std::string() : fmt::format(" in \"{}\"", from.source);
  return fmt::format("row {} answers no, and \"{}\"{} is not read as a denial", from.row, part,
                     whole);
}

std::string partly_untested_answer(const Provenance& from) {
  return fmt::format(
      "row {} answers no, and its source says that a part of it has no result (\"{}\")", from.row,
      from.source);
}

std::string not_excluded_by(const Provenance& from) {
  return fmt::format("row {} answers no, and its source says that it is not excluded (\"{}\")",
                     from.row, from.source);
}

std::string yes_without_result(const Provenance& from) {
  return fmt::format(
      "row {} answers yes, and its source says that there is no result, or that it is not there "
      "(\"{}\")",
      from.row, from.source);
}

std::string brief_persistence(const Provenance& from) {
  return fmt::format(
      "row {} answers yes, and its source tells of less than three months (\"{}\"): \"brief\" is "
      "what was observed too briefly",
      from.row, from.source);
}

std::string cases_alike(const std::vector<std::string>& others) {
  return fmt::format(
      "The file has rows of case {} too, which differs in letter case alone: they are not used "
      "here. Where both are one case, spell them alike.",
      join_words(others));
}

std::string both_sexes(const criteria::ContradictoryAnswers& answers) {
  std::vector<std::string> others;
  for (const auto& other : answers.others) others.push_back(row_words(other));
  return fmt::format(
      "The rows of one case give both sexes: {} against {}. They may be of two people: leave the "
      "right one in the file, or part the cases.",
      row_words(answers.last), join_words(others));
}

std::string told_by_source(const std::string& written) {
  return fmt::format("its own source, \"{}\"", written);
}

std::string answer_against_its_source(const Provenance& from) {
  return fmt::format("row {} answers no, and its source says otherwise (\"{}\")", from.row,
                     from.source);
}

}  // namespace cytocape::wording
