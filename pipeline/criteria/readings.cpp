#include "pipeline/criteria/readings.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "pipeline/criteria/genes.hpp"
#include "pipeline/criteria/genetics.hpp"
#include "pipeline/criteria/items.hpp"
#include "pipeline/criteria/karyotype_remarks.hpp"
#include "pipeline/criteria/spoken.hpp"
#include "pipeline/criteria/weighed.hpp"
#include "pipeline/statistics/statistics.hpp"
#include "pipeline/wording/gaps.hpp"
#include "pipeline/wording/genetics.hpp"
#include "pipeline/wording/remarks.hpp"
#include "pipeline/wording/sources.hpp"

namespace cytocape::criteria {
namespace {

const Number* number_of(const Findings& findings, const std::string& code) {
  const auto found = findings.numbers.find(code);
  return found == findings.numbers.end() ? nullptr : &found->second;
}

Reading unknown(const std::string& input, Gap gap) {
  Reading reading;
  reading.input = input;
  reading.gaps = {std::move(gap)};
  return reading;
}

Reading exact(const std::string& input, double value, Source source) {
  Reading reading;
  reading.input = input;
  reading.basis = Basis::exact;
  reading.value = value;
  reading.from = std::move(source);
  return reading;
}

/// A row may say that nothing is known.
void say_unknown(const Findings& findings, Reading& reading) {
  const auto said = findings.said_unknown.find(reading.input);
  if (said != findings.said_unknown.end()) reading.gaps = {SaidUnknown{said->second}};
}

Interval scaled(const Interval& interval, double factor) {
  return {factor * interval.low, factor * interval.high};
}

/// Why a person's share decides no more than a slide of as few cells; none where it may.
std::optional<TooFewCells> too_few_cells(const Case& facts, const std::string& input,
                                         const Number& number) {
  const bool blood = input == "monocytes" || input == "pb_blasts";
  if (!number.cells || (!blood && input != "bm_blasts")) return std::nullopt;
  const auto least = facts.least_cells_of(blood ? Specimen::blood : Specimen::marrow);
  if (*number.cells >= least) return std::nullopt;
  return TooFewCells{
      .share = number.value, .cells = *number.cells, .from = number.from, .least = least};
}

/// A person's share of enough cells, or of a number that is not given.
const Number* share_of(const Case& facts, const std::string& input) {
  const auto* number = number_of(facts.findings, input);
  return number == nullptr || too_few_cells(facts, input, *number) ? nullptr : number;
}

/// A share of how many cells has the interval of a count.
Reading of_laboratory(const Case& facts, const std::string& input) {
  const auto* number = number_of(facts.findings, input);
  if (number == nullptr) {
    auto none = unknown(input, Lack::not_given_by_laboratory);
    say_unknown(facts.findings, none);
    return none;
  }
  auto reading = exact(input, number->value, {GivenOnce{number->from}});
  if (auto few = too_few_cells(facts, input, *number)) reading = unknown(input, std::move(*few));
  if (const auto told = facts.findings.remarks.find(input); told != facts.findings.remarks.end())
    reading.remarks = told->second;
  if (reading.basis == Basis::unknown) return reading;
  if (!number->cells && may_be_counted(*find_item(input)))
    reading.remarks.push_back(wording::cells_not_given());
  if (!number->cells) return reading;
  reading.basis = Basis::counted;
  reading.total = *number->cells;
  reading.count = static_cast<std::uint64_t>(
      std::llround(number->value / 100 * static_cast<double>(reading.total)));
  reading.scale = 100;
  reading.interval = scaled(wilson95(reading.count, reading.total).value_or(Interval{0, 1}), 100);
  reading.from.what =
      PersonsCount{.count = reading.count, .total = reading.total, .from = number->from};
  return reading;
}

bool is_older(const Provenance& a, const Provenance& b) {
  return !may_be_of_one_day(a, b) && a.date < b.date;
}

/// The one that has a day of two values that are taken together.
const Provenance& dated(const Provenance& a, const Provenance& b) {
  return a.date.empty() ? b : a;
}

/// Open above: nothing bounds it.
bool is_open(const Reading& share) {
  return share.interval && share.interval->high >= 100;
}

/// What the digits of a number allow.
Interval written_span(const Number& number) {
  return {std::max(0.0, number.value - number.rounding), number.value + number.rounding};
}

/// Where a share may lie; the laboratory's own may be exact. The interval of a count is far wider
/// than the digits of the WBC.
Interval share_span(const Reading& share, const Number* written) {
  if (share.interval) return *share.interval;
  return written != nullptr ? written_span(*written) : Interval{*share.value, *share.value};
}

/// WBC x a share in per cent; `written` where the laboratory gave the share.
Reading times_wbc(const Number& wbc, const Reading& share, const std::string& input,
                  const Number* written = nullptr) {
  Reading result = share;
  const double factor = wbc.value / 100;
  result.input = input;
  // In this order 5 x 10 % meets 0.5 exactly.
  result.value = wbc.value * *share.value / 100;
  result.scale = share.scale * factor;
  if (share.interval) result.interval = scaled(*share.interval, factor);
  if (written != nullptr && !share.interval && wbc.rounding + written->rounding > 0)
    result.interval = Interval{written_span(wbc).low * written_span(*written).low / 100,
                               written_span(wbc).high * written_span(*written).high / 100};
  if (share.basis != Basis::counted && is_open(share))
    result.interval->high = std::numeric_limits<double>::infinity();
  if (share.classifier95) result.classifier95 = scaled(*share.classifier95, factor);
  result.from.what = WbcTimesShare{
      .wbc = wbc.value, .from = wbc.from, .share = *share.value, .share_is_from = {share.from}};
  return result;
}

Phrase said(const Reading& reading) {
  return wording::said(reading, find_input(reading.input)->unit);
}

/// Where `other` says something else than `given`, what both say is held possible.
void weigh_against(Reading& given, const Reading& other) {
  if (!given.value || !other.value) return;
  constexpr double kRounding = 0.2;  // of two exact values that ought to be one
  auto says = other.interval.value_or(Interval{*other.value, *other.value});
  if (other.basis == Basis::exact)
    says = hull(says, {(1 - kRounding) * *other.value, (1 + kRounding) * *other.value});
  if (*given.value >= says.low && *given.value <= says.high) return;
  given.remarks.push_back(wording::contradiction(said(given), said(other)));
  given.gaps = {Lack::sources_contradict};
  given.interval = hull(given.interval.value_or(Interval{*given.value, *given.value}),
                        other.interval.value_or(Interval{*other.value, *other.value}));
  given.basis = Basis::disputed;
}

/// Weighs, unless a person decided that `given` stands; it says so then.
template <class Weigh>
void weigh_unresolved(const Findings& findings, Reading& given, const Reading& other,
                      const Weigh& weigh) {
  auto weighed = given;
  weigh(weighed, other);
  const auto resolved = findings.resolved.find(given.input);
  const bool disputes = weighed.basis == Basis::disputed && given.basis != Basis::disputed;
  if (disputes && resolved != findings.resolved.end())
    given.remarks.push_back(wording::stands(said(given), said(other), resolved->second));
  else
    given = std::move(weighed);
}

/// Of blasts: two counts contradict each other where their intervals do not meet. More that is seen
/// never lowers what was given; and as many as were seen are disputed, not what a model does not
/// know.
void weigh_blasts(Reading& given, Reading slides) {
  if (!slides.value || !slides.interval) return;
  const auto own = given.interval.value_or(Interval{*given.value, *given.value});
  if (own.low <= slides.interval->high && slides.interval->low <= own.high) return;
  if (slides.basis == Basis::lower_bound)
    slides.interval->high =
        std::max(slides.interval->low,
                 reach_of_count(slides.count, slides.total, slides.scale, slides.classifier95));
  weigh_against(given, slides);
}

/// A slide that is not ok gives no count, and changes none: where a person's blasts stand in for
/// it, it is named, and that it shows clearly more is said.
void name_unusable(const Case& facts, Specimen specimen, Reading& given,
                   std::vector<Urgent>& seen) {
  std::vector<Phrase> remarks;
  const double most = given.interval ? given.interval->high : *given.value;
  for (auto slide : facts.slides) {
    if (slide.specimen != specimen || slide.status == Status::ok) continue;
    wording::UnusedSlide unused{
        .slide = slide.slide, .status = to_string(slide.status), .count = {}};
    slide.status = Status::ok;
    const auto alone = count_group({slide}, specimen, cell_group("blast_equivalents"));
    if (alone.usable) {
      // Of a failed slide no number is shown.
      if (unused.status != to_string(Status::failed)) unused.count = alone.count;
      unused.total = alone.total;
      unused.shows_more = 100 * alone.interval.low > most;
    }
    remarks.push_back(wording::unused_slide(unused));
    if (unused.shows_more)
      seen.push_back({.subject = given.input + " " + slide.slide,
                      .text = wording::look_again(unused, specimen),
                      .call = Call::none});
  }
  std::sort(remarks.begin(), remarks.end());
  given.remarks.insert(given.remarks.end(), remarks.begin(), remarks.end());
}

/// A person's share that is not used, beside the slides' count or why there is none either.
void add_unused(const std::vector<Gap>& gaps, Reading& slides) {
  if (slides.value)
    slides.remarks.push_back(wording::not_used(gaps));
  else
    slides.gaps.insert(slides.gaps.begin(), gaps.begin(), gaps.end());
}

/// Enough blasts for acute leukaemia in a count that is not used for its few cells.
void name_many_of_few(const std::vector<Gap>& gaps, Specimen specimen, std::vector<Urgent>& seen) {
  constexpr double kAcuteLeukaemia = 20;  // per cent
  for (const auto& gap : gaps) {
    const auto* few = std::get_if<TooFewCells>(&gap);
    if (few == nullptr || few->share < kAcuteLeukaemia) continue;
    seen.push_back({.subject = std::string(to_string(specimen)) + "_blasts",
                    .text = wording::many_blasts_of_few_cells(*few, specimen),
                    .call = Call::today});
  }
}

/// What a person counted, else the slides' count.
Reading read_blasts(const Case& facts, Specimen specimen, std::vector<Urgent>& seen) {
  const auto input = std::string(to_string(specimen)) + "_blasts";
  auto slides = share_on_slides(facts.slides, {input, specimen, "blast_equivalents", nullptr});
  if (number_of(facts.findings, input) == nullptr) return slides;
  auto given = of_laboratory(facts, input);
  if (!given.value) {
    slides.remarks.insert(slides.remarks.begin(), given.remarks.begin(), given.remarks.end());
    add_unused(given.gaps, slides);
    name_many_of_few(given.gaps, specimen, seen);
    return slides;
  }
  weigh_unresolved(facts.findings, given, slides, weigh_blasts);
  if (slides.value && given.basis != Basis::disputed)
    given.remarks.push_back(wording::own_count_beside(said(slides)));
  name_unusable(facts, specimen, given, seen);
  return given;
}

/// A reading, the sample that it is of (a slide's day is not known), and what it follows from.
struct Sampled {
  Reading reading;
  Provenance from;
  std::vector<Derived> derived;
};

/// The newest of `sources`, of one day the first. Those that are older are named, the others
/// weighed against it.
void take_weighed(const Findings& findings, const std::vector<Sampled>& sources,
                  CaseReadings& result) {
  const auto* taken = &sources.front();
  for (const auto& source : sources)
    if (is_older(taken->from, source.from)) taken = &source;
  auto reading = taken->reading;
  for (const auto& source : sources) {
    if (is_older(source.from, taken->from))
      reading.remarks.push_back(wording::older_not_used(said(source.reading)));
    else if (&source != taken)
      weigh_unresolved(findings, reading, source.reading, weigh_against);
  }
  const auto input = reading.input;
  result.readings[input] = std::move(reading);
  if (!taken->from.date.empty()) result.days[input] = {taken->from.date};
  result.derived.insert(result.derived.end(), taken->derived.begin(), taken->derived.end());
}

/// AMC / WBC in per cent.
Sampled quotient(const Number& amc, const Number& wbc) {
  const auto above = scaled(written_span(amc), 100);
  const auto below = written_span(wbc);
  auto reading = exact("monocytes", 100 * amc.value / wbc.value, {AmcOverWbc{amc.from}});
  if (amc.rounding + wbc.rounding > 0)
    reading.interval = Interval{above.low / below.high, std::min(100.0, above.high / below.low)};
  return {.reading = std::move(reading),
          .from = dated(amc.from, wbc.from),
          .derived = {
              {.input = "monocytes", .from = "amc", .factor = {100 / below.high, 100 / below.low}},
              {.input = "monocytes", .from = "wbc", .factor = above, .inverse = true}}};
}

/// The laboratory's percentage, AMC / WBC of one day, the slide's share.
std::vector<Sampled> monocyte_shares(const Case& facts, const Reading& slide) {
  const auto& findings = facts.findings;
  std::vector<Sampled> shares;
  if (const auto* share = share_of(facts, "monocytes"))
    shares.push_back({of_laboratory(facts, "monocytes"), share->from, {}});
  const auto* amc = number_of(findings, "amc");
  const auto* wbc = number_of(findings, "wbc");
  if (amc != nullptr && wbc != nullptr && may_be_of_one_day(amc->from, wbc->from))
    shares.push_back(quotient(*amc, *wbc));
  if (slide.value || shares.empty()) shares.push_back({slide, {}, {}});
  return shares;
}

/// What an absolute count follows from, the WBC and, where monocytes are meant, their share.
std::vector<Derived> product_of(const std::string& input, const Number* wbc,
                                const Interval& percent) {
  std::vector<Derived> derived = {{.input = input, .from = "wbc", .factor = scaled(percent, 0.01)}};
  if (wbc != nullptr && input == "amc")
    derived.push_back(
        {.input = input, .from = "monocytes", .factor = scaled(written_span(*wbc), 0.01)});
  return derived;
}

/// The laboratory's count and the products of the WBC and a share; none where nothing is known.
std::vector<Sampled> absolute_counts(const Case& facts, const std::string& input,
                                     const Number* percent, const Reading& slide) {
  std::vector<Sampled> counts;
  if (const auto* given = number_of(facts.findings, input))
    counts.push_back({of_laboratory(facts, input), given->from, {}});
  const auto* wbc = number_of(facts.findings, "wbc");
  if (wbc == nullptr) return counts;
  if (percent != nullptr && may_be_of_one_day(wbc->from, percent->from)) {
    const auto share = of_laboratory(facts, "monocytes");
    counts.push_back({times_wbc(*wbc, share, input, percent), dated(wbc->from, percent->from),
                      product_of(input, wbc, share_span(share, percent))});
  }
  if (slide.value)
    counts.push_back({times_wbc(*wbc, slide, input), wbc->from,
                      product_of(input, wbc, share_span(slide, nullptr))});
  return counts;
}

/// Why there is no absolute monocyte count.
void explain_missing_amc(const Case& facts, const Number* percent, const Reading& slide,
                         CaseReadings& result) {
  auto& amc = result.readings["amc"];
  if (number_of(facts.findings, "wbc") == nullptr) {
    amc.gaps = {Lack::no_wbc_for_amc};
    const auto& share = result.readings["monocytes"];
    if (share.value)
      for (auto& derived : product_of("amc", nullptr, share_span(share, percent)))
        result.derived.push_back(std::move(derived));
    return;
  }
  amc.gaps = {percent != nullptr ? Lack::share_of_another_day : Lack::no_share_of_monocytes};
  amc.gaps.insert(amc.gaps.end(), slide.gaps.begin(), slide.gaps.end());
}

void read_blood_counts(const Case& facts, CaseReadings& result) {
  const auto* percent = share_of(facts, "monocytes");
  const auto* blasts = share_of(facts, "pb_blasts");
  auto monocytes =
      share_on_slides(facts.slides, {"monocytes", Specimen::blood, "monocytes", blasts});
  if (percent == nullptr && number_of(facts.findings, "monocytes") != nullptr) {
    const auto few = of_laboratory(facts, "monocytes");
    add_unused(few.gaps, monocytes);
  }
  const auto neutrophils =
      share_on_slides(facts.slides, {"anc", Specimen::blood, "neutrophils", blasts});
  take_weighed(facts.findings, monocyte_shares(facts, monocytes), result);
  const auto amc = absolute_counts(facts, "amc", percent, monocytes);
  const auto anc = absolute_counts(facts, "anc", nullptr, neutrophils);
  if (!anc.empty()) take_weighed(facts.findings, anc, result);
  if (amc.empty())
    explain_missing_amc(facts, percent, monocytes, result);
  else
    take_weighed(facts.findings, amc, result);
}

void presume_no(Reading& reading) {
  reading.basis = Basis::exact;
  reading.answer = Choice::no;
  reading.from.what = Told{wording::not_recorded()};
  reading.gaps.clear();
}

Reading read_answer(const Findings& findings, const Item& item) {
  const auto& code = item.code;
  const bool said_unknown = findings.said_unknown.contains(code);
  auto reading = unknown(code, Lack::not_given);
  say_unknown(findings, reading);
  if (const auto contested = findings.contested.find(code); contested != findings.contested.end())
    reading.gaps = {contested->second};
  else if (item.presumed_no && !said_unknown)
    presume_no(reading);
  if (const auto brief = findings.too_brief.find(code); brief != findings.too_brief.end())
    reading.gaps = {Told{wording::too_brief(brief->second)}};
  if (const auto passed = findings.remarks.find(code); passed != findings.remarks.end())
    reading.remarks = passed->second;
  if (const auto found = findings.answers.find(code); found != findings.answers.end()) {
    reading.basis = Basis::exact;
    reading.answer = found->second.value;
    reading.from.what = GivenOnce{found->second.from};
    reading.gaps.clear();
  }
  return reading;
}

/// The days of what was given; products and quotients have their own.
std::map<std::string, std::set<std::string>> days_given(const Findings& findings) {
  std::map<std::string, std::set<std::string>> days;
  for (const auto& [code, number] : findings.numbers) days[code] = {number.from.date};
  for (const auto& [code, answer] : findings.answers) days[code] = {answer.from.date};
  for (const auto& mutation : findings.mutations) days["mutation"].insert(mutation.from.date);
  if (findings.no_mutation) days["mutation"].insert(findings.no_mutation->date);
  for (auto& [code, of_item] : days) of_item.erase("");
  return days;
}

}  // namespace

CaseReadings read_whole_case(const Case& facts) {
  CaseReadings result;
  auto& readings = result.readings;
  result.days = days_given(facts.findings);
  for (const auto& item : items())
    readings[item.code] = item.kind == ItemKind::number ? of_laboratory(facts, item.code)
                                                        : read_answer(facts.findings, item);
  readings["mutation"] = read_mutations(facts.findings);
  if (facts.findings.mutations.empty() && readings["mutation"].basis == Basis::unknown)
    say_unknown(facts.findings, readings["mutation"]);
  leave_open_by_sources(facts.findings, readings);
  readings["cytogenetics"] = read_cytogenetics(facts.findings, std::move(readings["cytogenetics"]));
  remark_on_karyotypes(facts.findings, readings);
  readings["bcr_abl1"] = read_bcr_abl1(facts.findings, readings["bcr_abl1"]);
  readings["tk_fusion"] = read_tk_fusion(facts.findings, readings["tk_fusion"]);
  weigh(facts.findings, readings);
  result.seen = spoken_alerts(facts.findings, readings);
  readings["pb_blasts"] = read_blasts(facts, Specimen::blood, result.seen);
  readings["bm_blasts"] = read_blasts(facts, Specimen::marrow, result.seen);
  std::sort(result.seen.begin(), result.seen.end(),
            [](const Urgent& a, const Urgent& b) { return a.subject < b.subject; });
  for (const auto* code : {"monocytes", "amc", "anc"}) result.days.erase(code);
  read_blood_counts(facts, result);
  for (auto& [input, reading] : readings) wording::word(reading);
  return result;
}

Readings read_case(const Case& facts) {
  return read_whole_case(facts).readings;
}

}  // namespace cytocape::criteria
