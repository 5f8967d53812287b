#include "pipeline/criteria/readings.hpp"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

#include "pipeline/criteria/blast_readings.hpp"
#include "pipeline/criteria/genes.hpp"
#include "pipeline/criteria/genetics.hpp"
#include "pipeline/criteria/given_readings.hpp"
#include "pipeline/criteria/items.hpp"
#include "pipeline/criteria/karyotype_remarks.hpp"
#include "pipeline/criteria/slide_shares.hpp"
#include "pipeline/criteria/spoken.hpp"
#include "pipeline/criteria/weighed.hpp"
#include "pipeline/criteria/weighed_genes.hpp"
#include "pipeline/settings/taxonomy.hpp"
#include "pipeline/statistics/statistics.hpp"
#include "pipeline/wording/gaps.hpp"
#include "pipeline/wording/genetics.hpp"
#include "pipeline/wording/remarks.hpp"
#include "pipeline/wording/sources.hpp"

namespace cytocape::criteria {
namespace {

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
  if (share.interval) result.interval = scaled_interval(*share.interval, factor);
  if (written != nullptr && !share.interval && wbc.rounding + written->rounding > 0)
    result.interval = Interval{written_span(wbc).low * written_span(*written).low / 100,
                               written_span(wbc).high * written_span(*written).high / 100};
  if (share.basis != Basis::counted && is_open(share))
    result.interval->high = std::numeric_limits<double>::infinity();
  if (share.classifier95) result.classifier95 = scaled_interval(*share.classifier95, factor);
  result.from.what = WbcTimesShare{
      .wbc = wbc.value, .from = wbc.from, .share = *share.value, .share_is_from = {share.from}};
  return result;
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
      reading.remarks.push_back(wording::older_not_used(said_with_unit(source.reading)));
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
  const auto above = scaled_interval(written_span(amc), 100);
  const auto below = written_span(wbc);
  auto reading = exact_reading("monocytes", 100 * amc.value / wbc.value, {AmcOverWbc{amc.from}});
  if (amc.rounding + wbc.rounding > 0)
    reading.interval = Interval{above.low / below.high, std::min(100.0, above.high / below.low)};
  return {.reading = std::move(reading),
          .from = dated(amc.from, wbc.from),
          .derived = {
              {.input = "monocytes", .from = "amc", .factor = {100 / below.high, 100 / below.low}},
              {.input = "monocytes", .from = "wbc", .factor = above, .inverse = true}}};
}

/// What slides say together and, of several, each by itself behind it.
std::vector<Reading> slides_then_each(const Case& facts, const SlideShare& wanted) {
  auto all = shares_by_slide(facts.slides, wanted);
  if (all.size() < 2) all.clear();
  all.insert(all.begin(), share_on_slides(facts.slides, wanted));
  return all;
}

/// The laboratory's percentage, AMC / WBC of one day, the slides' share.
std::vector<Sampled> monocyte_shares(const Case& facts, const std::vector<Reading>& slides) {
  const auto& findings = facts.findings;
  std::vector<Sampled> shares;
  if (const auto* share = share_of(facts, "monocytes"))
    shares.push_back({of_laboratory(facts, "monocytes"), share->from, {}});
  const auto* amc = given_number(findings, "amc");
  const auto* wbc = given_number(findings, "wbc");
  if (amc != nullptr && wbc != nullptr && may_be_of_one_day(amc->from, wbc->from))
    shares.push_back(quotient(*amc, *wbc));
  if (shares.empty()) return {{slides.front(), {}, {}}};
  for (const auto& slide : slides)
    if (slide.value) shares.push_back({slide, {}, {}});
  return shares;
}

/// What an absolute count follows from, the WBC and, where monocytes are meant, their share.
std::vector<Derived> product_of(const std::string& input, const Number* wbc,
                                const Interval& percent) {
  std::vector<Derived> derived = {
      {.input = input, .from = "wbc", .factor = scaled_interval(percent, 0.01)}};
  if (wbc != nullptr && input == "amc")
    derived.push_back(
        {.input = input, .from = "monocytes", .factor = scaled_interval(written_span(*wbc), 0.01)});
  return derived;
}

/// The laboratory's count and the products of the WBC and a share; none where nothing is known.
std::vector<Sampled> absolute_counts(const Case& facts, const std::string& input,
                                     const Number* percent, const std::vector<Reading>& slides) {
  std::vector<Sampled> counts;
  if (const auto* given = given_number(facts.findings, input))
    counts.push_back({of_laboratory(facts, input), given->from, {}});
  const auto* wbc = given_number(facts.findings, "wbc");
  if (wbc == nullptr) return counts;
  if (percent != nullptr && may_be_of_one_day(wbc->from, percent->from)) {
    const auto share = of_laboratory(facts, "monocytes");
    counts.push_back({times_wbc(*wbc, share, input, percent), dated(wbc->from, percent->from),
                      product_of(input, wbc, share_span(share, percent))});
  }
  const auto add = [&](const Reading& slide) {
    if (slide.value)
      counts.push_back({times_wbc(*wbc, slide, input), wbc->from,
                        product_of(input, wbc, share_span(slide, nullptr))});
  };
  // Slides are held by themselves against what stands before them, not against each other.
  const bool given = std::any_of(counts.begin(), counts.end(), [&](const Sampled& count) {
    return !is_older(count.from, wbc->from);
  });
  if (given)
    std::for_each(slides.begin(), slides.end(), add);
  else
    add(slides.front());
  return counts;
}

/// Why there is no absolute monocyte count.
void explain_missing_amc(const Case& facts, const Number* percent, const Reading& slide,
                         CaseReadings& result) {
  auto& amc = result.readings["amc"];
  if (given_number(facts.findings, "wbc") == nullptr) {
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
  auto monocytes = slides_then_each(facts, {"monocytes", Specimen::blood, "monocytes", blasts});
  if (percent == nullptr && given_number(facts.findings, "monocytes") != nullptr) {
    const auto few = of_laboratory(facts, "monocytes");
    add_unused(few.gaps, monocytes.front());
  }
  const auto neutrophils = slides_then_each(facts, {"anc", Specimen::blood, "neutrophils", blasts});
  take_weighed(facts.findings, monocyte_shares(facts, monocytes), result);
  const auto amc = absolute_counts(facts, "amc", percent, monocytes);
  const auto anc = absolute_counts(facts, "anc", nullptr, neutrophils);
  if (!anc.empty()) take_weighed(facts.findings, anc, result);
  if (amc.empty())
    explain_missing_amc(facts, percent, monocytes.front(), result);
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
  auto reading = unknown_reading(code, Lack::not_given);
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

/// A transfused haemoglobin that is no anaemia excludes none.
void allow_for_transfusions(const Findings& findings, Readings& readings) {
  constexpr double kOfMen = 13;    // g/dL, thresholds of MDS
  constexpr double kOfWomen = 12;  // g/dL
  auto& haemoglobin = readings.at("haemoglobin");
  const bool man = readings.at("sex").answer == Choice::male;
  const auto unknown = findings.said_unknown.find("transfusions");
  const bool may_be = unknown != findings.said_unknown.end();
  if ((readings.at("transfusions").answer != Choice::yes && !may_be) || !haemoglobin.value ||
      *haemoglobin.value < (man ? kOfMen : kOfWomen))
    return;
  if (may_be)
    haemoglobin.remarks.emplace_back(wording::unknown_genetics("transfusions", unknown->second));
  haemoglobin.basis = Basis::disputed;
  haemoglobin.interval = Interval{0, *haemoglobin.value};
  haemoglobin.remarks.emplace_back(wording::transfused(*haemoglobin.value));
}

/// This program calls no dysplasia; what a model was taught to see is said beside the question.
void remark_on_hypogranular(const Case& facts, Readings& readings) {
  std::uint64_t neutrophils = 0;
  std::uint64_t hypogranular = 0;
  for (const auto& slide : facts.slides) {
    if (slide.status != Status::ok) continue;
    for (const auto& [code, count] : slide.called) {
      if (cell_class(code).group != "neutrophil") continue;
      neutrophils += count;
      if (code == "hypogranular_neutrophil") hypogranular += count;
    }
  }
  if (hypogranular > 0)
    readings.at("dysplasia_granulocytic")
        .remarks.push_back(wording::hypogranular(hypogranular, neutrophils));
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
  allow_for_transfusions(facts.findings, readings);
  remark_on_hypogranular(facts, readings);
  result.seen = spoken_alerts(facts.findings, readings);
  for (auto& alert : gene_alerts(facts.findings, readings)) result.seen.push_back(std::move(alert));
  readings["pb_blasts"] = read_blasts(facts, Specimen::blood, result);
  readings["bm_blasts"] = read_blasts(facts, Specimen::marrow, result);
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
