#include "pipeline/criteria/blast_readings.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "pipeline/criteria/counts.hpp"
#include "pipeline/criteria/given_readings.hpp"
#include "pipeline/criteria/named_diseases.hpp"
#include "pipeline/statistics/statistics.hpp"
#include "pipeline/wording/named.hpp"
#include "pipeline/wording/remarks.hpp"

namespace cytocape::criteria {
namespace {

/// Of blasts: two counts contradict each other where their intervals do not meet. More that is seen
/// never lowers what was given; and as many as were seen are disputed, not what a model does not
/// know.
void weigh_blasts(Reading& given, const Reading& on_slides) {
  auto slides = on_slides;
  if (!slides.value || !slides.interval) return;
  const auto own = given.interval.value_or(Interval{*given.value, *given.value});
  if (own.low <= slides.interval->high && slides.interval->low <= own.high) return;
  if (slides.basis == Basis::lower_bound)
    slides.interval->high =
        std::max(slides.interval->low,
                 reach_of_count(slides.count, slides.total, slides.scale, slides.classifier95));
  weigh_against(given, slides);
}

constexpr double kAcuteLeukaemia = 20;  // per cent

/// What a slide that is not used shows by itself.
struct ShownUnused {
  wording::UnusedSlide slide;
  double least = 0;  ///< per cent; the low end of its interval
};

std::vector<ShownUnused> unused_slides(const Case& facts, Specimen specimen) {
  std::vector<ShownUnused> all;
  for (auto slide : facts.slides) {
    if (slide.specimen != specimen || slide.status == Status::ok) continue;
    ShownUnused shown;
    shown.slide.slide = slide.slide;
    shown.slide.status = to_string(slide.status);
    slide.status = Status::ok;
    const auto alone = count_group({slide}, specimen, cell_group("blast_equivalents"));
    if (alone.usable) {
      // Of a failed slide no number is shown.
      if (shown.slide.status != to_string(Status::failed)) shown.slide.count = alone.count;
      shown.slide.total = alone.total;
      shown.least = 100 * alone.interval.low;
    }
    all.push_back(std::move(shown));
  }
  return all;
}

/// A slide that is not ok gives no count, and changes none: where a person's blasts stand in for
/// it, it is named, and that it shows clearly more is said.
void name_unusable(const Case& facts, Specimen specimen, Reading& given,
                   std::vector<Urgent>& seen) {
  std::vector<Phrase> remarks;
  const double most = given.interval ? given.interval->high : *given.value;
  for (auto& [unused, least] : unused_slides(facts, specimen)) {
    unused.shows_more = least > most;
    remarks.push_back(wording::unused_slide(unused));
    if (unused.shows_more)
      seen.push_back({.subject = given.input + " " + unused.slide,
                      .text = wording::look_again(unused, specimen),
                      .call = Call::none});
  }
  std::sort(remarks.begin(), remarks.end());
  given.remarks.insert(given.remarks.end(), remarks.begin(), remarks.end());
}

/// Where no person counted, a slide that gives no count and shows acute leukaemia must be looked
/// at.
void name_many_unused(const Case& facts, Specimen specimen, std::vector<Urgent>& seen) {
  for (const auto& [unused, least] : unused_slides(facts, specimen))
    if (least >= kAcuteLeukaemia)
      seen.push_back({.subject = std::string(to_string(specimen)) + "_blasts " + unused.slide,
                      .text = wording::many_blasts_unused(unused, specimen),
                      .call = Call::today});
}

/// Enough blasts for acute leukaemia in a count that is not used for its few cells.
void name_many_of_few(const std::vector<Gap>& gaps, Specimen specimen, std::vector<Urgent>& seen) {
  for (const auto& gap : gaps) {
    const auto* few = std::get_if<TooFewCells>(&gap);
    if (few == nullptr || few->share < kAcuteLeukaemia) continue;
    seen.push_back({.subject = std::string(to_string(specimen)) + "_blasts",
                    .text = wording::many_blasts_of_few_cells(*few, specimen),
                    .call = Call::today});
  }
}

/// A count of few cells decides nothing. Where it shows acute leukaemia, it is left open which is
/// right, whatever the slides show below that; where it shows clearly more than they, that is said.
void raise_by_few(const std::vector<Gap>& gaps, Reading& slides) {
  for (const auto& gap : gaps) {
    const auto* few = std::get_if<TooFewCells>(&gap);
    if (few == nullptr || !slides.value || !slides.interval) continue;
    const auto count = static_cast<std::uint64_t>(
        std::llround(few->share / 100 * static_cast<double>(few->cells)));
    const auto span = scaled_interval(wilson95(count, few->cells).value_or(Interval{0, 1}), 100);
    const bool leukaemia = few->share >= kAcuteLeukaemia;
    if (!leukaemia && span.low <= slides.interval->high) continue;
    slides.remarks.push_back(wording::few_cells_show_more(*few, span, leukaemia));
    if (!leukaemia) continue;
    slides.interval = hull(*slides.interval, span);
    slides.basis = Basis::disputed;
    slides.gaps = {Lack::sources_contradict};
  }
}

/// A higher share that the count's own source tells, or equivalents that it counted apart, is what
/// the blasts may be.
void weigh_own_source(const Findings& findings, const Number& number, Reading& given) {
  for (const auto& told : named_blasts(number.from.source)) {
    const double percent = std::min(100.0, told.percent + (told.apart ? number.value : 0));
    if (percent <= *given.value) continue;
    const auto other =
        exact_reading(given.input, percent, {Told{wording::told_by_source(told.written)}});
    weigh_unresolved(findings, given, other, weigh_against);
  }
}

}  // namespace

Reading read_blasts(const Case& facts, Specimen specimen, std::vector<Urgent>& seen) {
  const auto input = std::string(to_string(specimen)) + "_blasts";
  auto slides = share_on_slides(facts.slides, {input, specimen, "blast_equivalents", nullptr});
  if (given_number(facts.findings, input) == nullptr) {
    name_many_unused(facts, specimen, seen);
    return slides;
  }
  auto given = of_laboratory(facts, input);
  if (!given.value) {
    slides.remarks.insert(slides.remarks.begin(), given.remarks.begin(), given.remarks.end());
    add_unused(given.gaps, slides);
    raise_by_few(given.gaps, slides);
    name_many_of_few(given.gaps, specimen, seen);
    name_many_unused(facts, specimen, seen);
    return slides;
  }
  weigh_own_source(facts.findings, *given_number(facts.findings, input), given);
  weigh_unresolved(facts.findings, given, slides, weigh_blasts);
  if (slides.value && given.basis != Basis::disputed)
    given.remarks.push_back(wording::own_count_beside(said_with_unit(slides)));
  name_unusable(facts, specimen, given, seen);
  return given;
}

}  // namespace cytocape::criteria
