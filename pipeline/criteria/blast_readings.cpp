#include "pipeline/criteria/blast_readings.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <variant>

#include "pipeline/criteria/counts.hpp"
#include "pipeline/criteria/given_readings.hpp"
#include "pipeline/criteria/named_diseases.hpp"
#include "pipeline/criteria/slide_shares.hpp"
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

/// What a slide that is not used shows by itself.
struct ShownUnused {
  wording::UnusedSlide slide;
  double least = 0;  ///< per cent; the low end of its interval
  double share = 0;  ///< per cent
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
      shown.share = 100 * static_cast<double>(alone.count) / static_cast<double>(alone.total);
    }
    all.push_back(std::move(shown));
  }
  return all;
}

/// Whether it must be looked at today: of a few cells chance shows as much.
bool may_be_leukaemia(const ShownUnused& shown) {
  constexpr double kSurely = 10;
  return shown.share >= kAcuteLeukaemia && shown.least >= kSurely;
}

/// A slide that is not ok gives no count, and changes none: where a person's blasts stand in for
/// it, it is named, and that it shows clearly more than these (`own`) is said.
void name_unusable(const Case& facts, Specimen specimen, const Interval& own, Reading& given,
                   std::vector<Urgent>& seen) {
  std::vector<Phrase> remarks;
  for (auto& shown : unused_slides(facts, specimen)) {
    auto& unused = shown.slide;
    unused.shows_more = shown.least > own.high;
    remarks.push_back(wording::unused_slide(unused));
    if (!unused.shows_more) continue;
    const bool leukaemia = may_be_leukaemia(shown);
    seen.push_back({.subject = given.input + " " + unused.slide,
                    .text = leukaemia ? wording::many_blasts_unused(unused, specimen)
                                      : wording::look_again(unused, specimen),
                    .call = leukaemia ? Call::today : Call::none});
  }
  std::sort(remarks.begin(), remarks.end());
  given.remarks.insert(given.remarks.end(), remarks.begin(), remarks.end());
}

/// Where no person counted, a slide that gives no count and shows acute leukaemia must be looked
/// at.
void name_many_unused(const Case& facts, Specimen specimen, std::vector<Urgent>& seen) {
  for (const auto& shown : unused_slides(facts, specimen))
    if (may_be_leukaemia(shown))
      seen.push_back({.subject = std::string(to_string(specimen)) + "_blasts " + shown.slide.slide,
                      .text = wording::many_blasts_unused(shown.slide, specimen),
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

/// The grade that a share of blasts is of: 0, 1, and 2 of acute leukaemia.
int grade_range(Specimen specimen, double percent) {
  if (percent >= kAcuteLeukaemia) return 2;
  return percent >= (specimen == Specimen::blood ? 5 : 10) ? 1 : 0;
}

wording::SlideBlasts slide_blasts(const Reading& alone, Specimen specimen) {
  return {.slide = std::get<SlidesCount>(alone.from.what).slides.front(),
          .specimen = specimen,
          .share = *alone.value,
          .interval = *alone.interval,
          .cells = alone.total};
}

/// A slide that is ok and shows acute leukaemia, or clearly more than is used and in the range of a
/// higher grade, is never passed over in silence for a lower number. `beside` names that number.
void name_many_on_slides(const std::vector<Reading>& each, Specimen specimen, const Reading& used,
                         const std::string& beside, const Provenance* decision,
                         CaseReadings& noted) {
  const double most = used.interval ? used.interval->high : *used.value;
  const int range = grade_range(specimen, *used.value);
  for (const auto& alone : each) {
    const int shown = grade_range(specimen, *alone.value);
    const bool leukaemia = shown == 2;
    if (shown <= range || (!leukaemia && alone.interval->low <= most)) continue;
    const auto blasts = slide_blasts(alone, specimen);
    if (decision != nullptr)
      noted.set_aside.push_back(wording::set_aside(blasts, beside, *decision));
    else
      noted.seen.push_back({.subject = used.input + " " + blasts.slide,
                            .text = wording::slide_shows_more(blasts, beside, leukaemia),
                            .call = leukaemia ? Call::today : Call::promptly});
  }
}

/// A specimen's blasts as a person counted them, as all its slides show them, and as each does.
struct BlastCounts {
  Reading own;
  Reading slides;
  std::vector<Reading> each;
};

/// What a person counted, held against every slide and against all of them.
Reading weighed_blasts(const Case& facts, Specimen specimen, const BlastCounts& counts,
                       CaseReadings& noted) {
  const auto& [own, slides, each] = counts;
  const auto& number = *given_number(facts.findings, own.input);
  auto given = own;
  weigh_own_source(facts.findings, number, given);
  const auto before = given.remarks.size();
  weigh_each(facts.findings, given, each, weigh_blasts);
  if (given.remarks.size() == before && each.size() > 1)
    weigh_unresolved(facts.findings, given, slides, weigh_blasts);
  if (slides.value && given.basis != Basis::disputed)
    given.remarks.push_back(wording::own_count_beside(said_with_unit(slides)));
  name_many_on_slides(each, specimen, own, wording::file_says(number.value, number.from),
                      decision_for(facts.findings, own.input), noted);
  name_unusable(facts, specimen, own.interval.value_or(Interval{*own.value, *own.value}), given,
                noted.seen);
  return given;
}

}  // namespace

Reading read_blasts(const Case& facts, Specimen specimen, CaseReadings& noted) {
  const auto input = std::string(to_string(specimen)) + "_blasts";
  const SlideShare wanted{input, specimen, "blast_equivalents", nullptr};
  BlastCounts counts{.own = of_laboratory(facts, input),
                     .slides = share_on_slides(facts.slides, wanted),
                     .each = shares_by_slide(facts.slides, wanted)};
  if (counts.own.value) return weighed_blasts(facts, specimen, counts, noted);
  auto& slides = counts.slides;
  if (slides.value)
    name_many_on_slides(counts.each, specimen, slides,
                        wording::slides_together(*slides.value, slides.total), nullptr, noted);
  if (given_number(facts.findings, input) != nullptr) {
    const auto& unused = counts.own;
    slides.remarks.insert(slides.remarks.begin(), unused.remarks.begin(), unused.remarks.end());
    add_unused(unused.gaps, slides);
    raise_by_few(unused.gaps, slides);
    name_many_of_few(unused.gaps, specimen, noted.seen);
  }
  name_many_unused(facts, specimen, noted.seen);
  return std::move(slides);
}

}  // namespace cytocape::criteria
