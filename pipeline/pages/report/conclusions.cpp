#include <algorithm>
#include <iterator>

#include "embedded/page_conclusions.hpp"
#include "pipeline/pages/report/parts.hpp"
#include "pipeline/pages/report/text.hpp"
#include "pipeline/wording/missing.hpp"
#include "pipeline/wording/rests_on.hpp"
#include "pipeline/wording/sentences.hpp"

namespace cytocape::report_page {

namespace {

using Words = std::vector<std::string>;

/// What every edition lacks: said once, where that saves more than it costs.
Words lacking_in_all(const std::vector<Words>& missing) {
  constexpr std::size_t kWorthwhile = 3;
  if (missing.size() < 2) return {};
  Words shared;
  std::copy_if(missing.front().begin(), missing.front().end(), std::back_inserter(shared),
               [&](const auto& one) {
                 return std::all_of(missing.begin(), missing.end(), [&](const auto& words) {
                   return std::find(words.begin(), words.end(), one) != words.end();
                 });
               });
  return shared.size() < kWorthwhile ? Words{} : shared;
}

Words without(Words words, const Words& shared) {
  std::erase_if(words, [&](const auto& one) {
    return std::find(shared.begin(), shared.end(), one) != shared.end();
  });
  return words;
}

bool is_decided(const criteria::EditionResult& edition) {
  return edition.state == criteria::State::met || edition.state == criteria::State::not_met;
}

Words typeset_words(const criteria::EditionResult& edition, const criteria::Readings& readings) {
  Words words;
  for (const auto& one : wording::missing_words(edition, readings)) words.push_back(one.typeset());
  return words;
}

/// The first of what is to be considered: all of it stands with the criteria.
void set_to_consider(data& values, const criteria::CaseResult& assessment) {
  constexpr std::size_t kLines = 3;
  Words all;
  for (const auto& hint : wording::distinct_hints(assessment.editions))
    if (!wording::is_of_scores(hint)) all.push_back(hint.typeset());
  // A line that says how many more there are is no shorter than one more.
  const auto shown = all.size() <= kLines + 1 ? all.size() : kLines;
  const auto more = all.size() - shown;
  all.resize(shown);
  values.set("has_consider", !all.empty());
  values.set("consider", texts(all));
  values.set("more", optional_text(more > 0 ? std::to_string(more) : ""));
}

}  // namespace

std::string conclusions(const criteria::CaseResult& assessment, bool usable) {
  std::vector<Words> missing;
  for (const auto& edition : assessment.editions)
    missing.push_back(typeset_words(edition, assessment.readings));
  const auto shared = lacking_in_all(missing);
  data values;
  List list;
  for (const auto& edition : assessment.editions) {
    data item;
    item.set("edition", as_text(edition.edition));
    item.set("sentence", as_text(sentence(edition.sentence)));
    item.set("sentence_state", code_of(to_string(edition.state)));
    item.set("missing", optional_text(joined(without(missing[list.size()], shared), "; ")));
    item.set("number", std::to_string(list.size() + 1));
    list.push_back(item);
  }
  values.set("any", !list.empty());
  values.set("editions", list);
  values.set("shared", optional_text(joined(shared, "; ")));
  values.set("two", list.size() == 2);
  values.set("usable", usable);
  // Where nothing is decided the lines say so themselves.
  const bool decided =
      std::any_of(assessment.editions.begin(), assessment.editions.end(), is_decided);
  values.set("agreement", optional_text(decided ? assessment.agreement : ""));
  set_to_consider(values, assessment);
  values.set("rests_on", optional_text(wording::rests_on(assessment.readings).typeset()));
  return render(text::page_conclusions, values);
}

}  // namespace cytocape::report_page
