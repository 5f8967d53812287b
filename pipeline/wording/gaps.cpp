#include "pipeline/wording/gaps.hpp"

#include <fmt/format.h>

#include <variant>

#include "pipeline/wording/genetics.hpp"
#include "pipeline/wording/numbers.hpp"
#include "pipeline/wording/phrases.hpp"
#include "pipeline/wording/remarks.hpp"
#include "pipeline/wording/sources.hpp"

namespace cytocape::wording {
namespace {

using namespace criteria;

const char* lack_words(Lack lack) {
  switch (lack) {
    case Lack::not_given:
      break;
    case Lack::not_given_by_laboratory:
      return "not given by the laboratory";
    case Lack::sources_contradict:
      return "sources contradict each other";
    case Lack::slides_differ:
      return "the slides differ by more than chance and the model's errors explain";
    case Lack::no_wbc_for_amc:
      return "neither AMC nor WBC is given by the laboratory";
    case Lack::share_of_another_day:
      return "WBC and the share of monocytes are of different days";
    case Lack::no_share_of_monocytes:
      return "not given by the laboratory, and no share of monocytes";
  }
  return "not given";
}

struct GapWords {
  Phrase operator()(Lack lack) const { return lack_words(lack); }
  Phrase operator()(const ContradictoryAnswers& answers) const {
    std::vector<std::string> others;
    for (const auto& other : answers.others) others.push_back(row_words(other));
    return say("answers contradict each other: {} against {}; leave the right one in the file",
               row_words(answers.last), join_words(others));
  }
  Phrase operator()(const TooFewCells& few) const {
    return say("an insufficient count, {} % of {} cells ({}): at least {} are required",
               format_number(few.share), few.cells, describe(few.from), few.least);
  }
  Phrase operator()(const NoSlide& none) const {
    auto text = say("no {} slide", labels_of(none.specimen).adjective);
    if (!none.left_out.empty()) text += say(" that can be used: {}", join(none.left_out, "; "));
    return text;
  }
  Phrase operator()(const UnknownToModel& unknown) const {
    std::vector<std::string> parts;
    if (!unknown.parts.empty()) parts.push_back(join_words(unknown.parts, "or"));
    if (!unknown.of_total.empty())
      parts.push_back(join_words(unknown.of_total, "or") + ", which belong to the total");
    return say("the model does not know {}", fmt::format("{}", fmt::join(parts, ", nor ")));
  }
  Phrase operator()(const BlastsTakenOff& off) const {
    return say("and may have counted {} here: {}", join_words(off.classes, "or"),
               allowance_words(off));
  }
  Phrase operator()(const UndecidingMutations& others) const {
    std::vector<std::string> words;
    for (const auto& mutation : others.mutations) words.push_back(undeciding(mutation));
    return join_words(words);
  }
  Phrase operator()(const Told& told) const { return told.words; }
  Phrase operator()(const SaidUnknown& unknown) const { return said_unknown(unknown.from); }
  Phrase operator()(const UnmeasuredMutations& unmeasured) const {
    return say("the VAF of {} is not given", join_words(unmeasured.names));
  }
};

/// Between a gap and the next.
const char* sign_between(const Gap& one, const Gap& next) {
  if (std::holds_alternative<BlastsTakenOff>(next)) return ", ";
  const auto* lack = std::get_if<Lack>(&one);
  return lack != nullptr && *lack == Lack::no_share_of_monocytes ? ": " : "; ";
}

}  // namespace

Phrase slide_lacks(const std::string& slide, const std::vector<std::string>& parts) {
  return say("the model of slide {} does not know {}", slide, join_words(parts, "or"));
}

Phrase slide_is(const std::string& slide, const std::string& status) {
  return say("slide {} is {}", slide, status);
}

Phrase gap_words(const std::vector<Gap>& gaps) {
  Phrase text;
  for (std::size_t i = 0; i < gaps.size(); ++i) {
    if (i > 0) text += sign_between(gaps[i - 1], gaps[i]);
    text += std::visit(GapWords{}, gaps[i]);
  }
  return text;
}

void word(Reading& reading) {
  reading.source = source_words(reading.from);
  reading.gap = gap_words(reading.gaps);
}

}  // namespace cytocape::wording
