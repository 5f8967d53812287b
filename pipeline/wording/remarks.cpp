#include "pipeline/wording/remarks.hpp"

#include <fmt/format.h>

#include "pipeline/wording/gaps.hpp"
#include "pipeline/wording/numbers.hpp"
#include "pipeline/wording/phrases.hpp"
#include "pipeline/wording/sources.hpp"

namespace cytocape::wording {

using namespace criteria;

Phrase cells_not_given() {
  return "the number of cells counted is not given: taken as exact";
}

Phrase passed_over(const std::vector<RowAnswer>& older) {
  std::vector<std::string> words;
  for (const auto& answer : older) words.push_back(row_words(answer));
  return say("an older answer is not used: {}", join_words(words));
}

Phrase says_unknown(const Provenance& from, const std::string& gene) {
  return say("row {} of {} says unknown{}{}", from.row, from.date, gene.empty() ? "" : " of ",
             gene);
}

Phrase was_higher(double percent, const Provenance& from) {
  return say("an earlier count was higher: {}",
             row_words({.value = format_number(percent) + " %", .from = from}));
}

Phrase unlisted_gene(const Mutation& mutation, const std::string& nearest) {
  return say(
      "row {}: {} is not a gene of the program's list: it decides nothing; check its spelling{}",
      mutation.from.row, mutation.gene, nearest.empty() ? "" : "; did you mean " + nearest + "?");
}

Phrase contradiction(const Phrase& taken, const Phrase& other) {
  return say("{} contradicts {}", taken, other);
}

Phrase stands(const Phrase& taken, const Phrase& other, const Provenance& reason) {
  return say("{} stands against {} by a person's decision: {}", taken, other, describe(reason));
}

Phrase answer_stands(const std::vector<RowAnswer>& others, const Provenance& reason) {
  std::vector<std::string> words;
  for (const auto& other : others) words.push_back(row_words(other));
  return say("stands against {} by a person's decision: {}", join_words(words), describe(reason));
}

Phrase yes_is_kept(const RowAnswer& denial) {
  return say("a later {} contradicts it and does not undo it", row_words(denial));
}

Phrase own_count_beside(const Phrase& own) {
  return say("the program's own count for comparison: {}", own);
}

Phrase older_not_used(const Phrase& older) {
  return say("{} is older and not used", older);
}

Phrase not_used(const std::vector<Gap>& gaps) {
  return say("not used: {}", gap_words(gaps));
}

Phrase far_apart(std::int64_t days, const RowAnswer& oldest, const RowAnswer& newest) {
  return say("values taken {} days apart are combined: {} of {}, and {} of {}", days, oldest.value,
             oldest.from.date, newest.value, newest.from.date);
}

namespace {

std::string count_words(const UnusedSlide& unused) {
  const double share = 100 * static_cast<double>(*unused.count) / static_cast<double>(unused.total);
  return fmt::format("{} of {} cells, {} %", *unused.count, unused.total, format_number(share));
}

}  // namespace

Phrase unused_slide(const UnusedSlide& unused) {
  auto words = say("{}: its own count is not used", slide_is(unused.slide, unused.status));
  if (unused.count) words += " (" + count_words(unused) + ")";
  if (unused.shows_more)
    words += "; it shows clearly more blasts than were given (seen, not used): look again";
  return words;
}

std::string look_again(const UnusedSlide& unused, Specimen specimen) {
  return fmt::format(
      "Look again: {} slide {} is {} and not used, but shows clearly more blasts{} than were given",
      labels_of(specimen).adjective, unused.slide, unused.status,
      unused.count ? " (" + count_words(unused) + ")" : std::string());
}

std::string many_blasts_unused(const UnusedSlide& unused, Specimen specimen) {
  return fmt::format(
      "Look again: {} slide {} is {} and not used, but shows {}. Acute leukaemia is to be excluded "
      "now.",
      labels_of(specimen).adjective, unused.slide, unused.status,
      unused.count ? "20 % of blasts or more (" + count_words(unused) + ")"
                   : std::string("20 % of blasts or more"));
}

std::string many_blasts_of_few_cells(const TooFewCells& few, Specimen specimen) {
  return fmt::format(
      "{} % blasts in {} of {} cells, too few to be used ({} are required): count more. Acute "
      "leukaemia is to be excluded now.",
      format_number(few.share), specimen == Specimen::blood ? "blood" : "marrow", few.cells,
      few.least);
}

namespace {

std::string shown_words(const SlideBlasts& slide) {
  const auto low = format_number(slide.interval.low);
  const auto span = slide.interval.high >= 100
                        ? fmt::format("at least {}", low)
                        : fmt::format("{} to {}", low, format_number(slide.interval.high));
  return fmt::format("{} slide {} shows {} % of blasts ({}) of {} cells",
                     labels_of(slide.specimen).adjective, slide.slide, format_reported(slide.share),
                     span, slide.cells);
}

}  // namespace

std::string file_says(double percent, const Provenance& from) {
  return "the file says " + row_words({.value = format_number(percent) + " %", .from = from});
}

std::string slides_together(double percent, std::uint64_t cells) {
  return fmt::format("the slides together show {} % of {} cells", format_reported(percent), cells);
}

std::string slide_shows_more(const SlideBlasts& slide, const std::string& beside, bool leukaemia) {
  return fmt::format("Look again: {}, {}.{}", shown_words(slide), beside,
                     leukaemia ? " Acute leukaemia is to be excluded now." : "");
}

Phrase set_aside(const SlideBlasts& slide, const std::string& beside, const Provenance& decision) {
  return say("Set aside by a person (row {}, {}): {}, {}.", decision.row, describe(decision),
             shown_words(slide), beside);
}

Phrase few_cells_show_more(const TooFewCells& few, const Interval& span, bool leave_open) {
  return say("the {} % of {} cells ({}; interval {} to {} %) decide nothing, but {}",
             format_number(few.share), few.cells, describe(few.from), format_number(span.low),
             format_number(span.high),
             leave_open
                 ? "acute leukaemia is to be excluded: left open until more cells are counted"
                 : "lie above what the slides show: look at these again, count more cells");
}

Phrase not_counted(const Phrase& left_out) {
  return say("not counted: {}", left_out);
}

Phrase error_not_known(const std::vector<std::string>& slides) {
  return say(
      "the classifier's error of slide {} is not known: the interval of the slides together is of "
      "sampling alone",
      join_words(slides));
}

Phrase slide_alone(const std::string& slide, double share, const Interval& interval) {
  const auto percent = [](double fraction) { return format_number(100 * fraction); };
  return say("slide {} alone: {} % ({} to {})", slide, percent(share), percent(interval.low),
             percent(interval.high));
}

std::string allowance_words(const BlastsTakenOff& off) {
  return fmt::format("the lower end allows for the blasts of {} % ({})", format_number(off.blasts),
                     describe(off.from));
}

Phrase hypogranular(std::uint64_t count, std::uint64_t neutrophils) {
  return say(
      "the slides show {} hypogranular of {} neutrophils, as the model calls them: whether that is "
      "dysplasia a "
      "person must read",
      count, neutrophils);
}

Phrase lookalikes(const std::vector<std::string>& classes,
                  const std::optional<BlastsTakenOff>& off) {
  auto words =
      say("the model does not know {}: it may have counted them here", join_words(classes, "or"));
  if (off) words += ", so " + allowance_words(*off);
  return words;
}

}  // namespace cytocape::wording
