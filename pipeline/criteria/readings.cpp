#include "pipeline/criteria/readings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "pipeline/criteria/items.hpp"
#include "pipeline/criteria/rules.hpp"
#include "pipeline/criteria/wording.hpp"
#include "pipeline/statistics.hpp"

namespace cytocape::criteria {
namespace {

const Number* number_of(const Findings& findings, const std::string& code) {
  const auto found = findings.numbers.find(code);
  return found == findings.numbers.end() ? nullptr : &found->second;
}

Reading unknown(const std::string& input, std::string gap) {
  Reading reading;
  reading.input = input;
  reading.gap = std::move(gap);
  return reading;
}

Reading exact(const std::string& input, double value, std::string source) {
  Reading reading;
  reading.input = input;
  reading.basis = Basis::exact;
  reading.value = value;
  reading.source = std::move(source);
  return reading;
}

Interval scaled(const Interval& interval, double factor) {
  return {factor * interval.low, factor * interval.high};
}

/// A share of how many cells has the interval of a count.
Reading of_laboratory(const Findings& findings, const std::string& input) {
  const auto* number = number_of(findings, input);
  if (number == nullptr) return unknown(input, "not given by the laboratory");
  auto reading = exact(input, number->value, describe(number->from));
  if (const auto told = findings.remarks.find(input); told != findings.remarks.end())
    reading.remarks = told->second;
  if (!number->cells) return reading;
  reading.basis = Basis::counted;
  reading.total = *number->cells;
  reading.count = static_cast<std::uint64_t>(
      std::llround(number->value / 100 * static_cast<double>(reading.total)));
  reading.scale = 100;
  reading.interval = scaled(wilson95(reading.count, reading.total).value_or(Interval{0, 1}), 100);
  reading.source = fmt::format("{} of {} cells, {}", reading.count, reading.total, reading.source);
  return reading;
}

bool is_older(const Provenance& a, const Provenance& b) {
  return !may_be_of_one_day(a, b) && a.date < b.date;
}

/// Of two values that are taken together, the one that has a day.
const Provenance& dated(const Provenance& a, const Provenance& b) {
  return a.date.empty() ? b : a;
}

std::string unknown_words(const GroupCount& sum) {
  std::vector<std::string> parts;
  if (!sum.unknown_parts.empty()) parts.push_back(join_words(sum.unknown_parts, "or"));
  if (!sum.unknown_total.empty())
    parts.push_back(join_words(sum.unknown_total, "or") + ", which belong to the total");
  return fmt::format("the model does not know {}", fmt::join(parts, ", nor "));
}

/// Cells that the model does not know may be among those that it counted; as many as a person's
/// blasts are taken off the lower end.
void allow_for_lookalikes(const Case& facts, const std::string& specimen,
                          const std::vector<std::string>& lookalikes, Reading& reading) {
  auto words = fmt::format("the model does not know {}: it may have counted them here",
                           join_words(lookalikes, "or"));
  const auto* blasts = number_of(facts.findings, specimen + "_blasts");
  if (blasts != nullptr && blasts->value > 0) {
    reading.interval->low = std::max(0.0, reading.interval->low - blasts->value);
    words += fmt::format(", so the lower end allows for the blasts of {} % ({})",
                         format_number(blasts->value), describe(blasts->from));
  }
  reading.remarks.push_back(std::move(words));
}

/// A share of the cells on the slides of a specimen, in per cent.
Reading of_slides(const Case& facts, const std::string& input, const std::string& specimen,
                  const std::string& group_code) {
  const auto& group = cell_group(group_code);
  const auto sum = count_group(facts.slides, specimen, group);
  const auto* what = specimen == "pb" ? "blood" : "marrow";
  if (!sum.usable) {
    if (sum.left_out.empty()) return unknown(input, fmt::format("no {} slide", what));
    return unknown(input,
                   fmt::format("no {} slide that tells: {}", what, fmt::join(sum.left_out, "; ")));
  }
  Reading reading;
  reading.input = input;
  reading.basis = Basis::counted;
  reading.count = sum.count;
  reading.total = sum.total;
  reading.scale = 100;
  reading.classes = sum.classes;
  reading.value = 100 * static_cast<double>(sum.count) / static_cast<double>(sum.total);
  reading.interval = scaled(sum.interval, 100);
  if (sum.classifier95) reading.classifier95 = scaled(*sum.classifier95, 100);
  reading.source = fmt::format("{} of {} cells of {} slide{} {}", sum.count, sum.total, what,
                               sum.slides.size() > 1 ? "s" : "", fmt::join(sum.slides, ", "));
  if (sum.is_lower_bound()) {
    reading.basis = Basis::lower_bound;
    reading.gap = unknown_words(sum);
  }
  if (!sum.lookalikes.empty()) allow_for_lookalikes(facts, specimen, sum.lookalikes, reading);
  for (const auto& left : sum.left_out) reading.remarks.push_back("not counted: " + left);
  if (!sum.dissent.empty()) {
    reading.basis = Basis::disputed;
    reading.gap = "the slides differ by more than chance and the model's errors explain";
    reading.remarks.insert(reading.remarks.end(), sum.dissent.begin(), sum.dissent.end());
  }
  return reading;
}

/// Open above: nothing bounds it.
bool is_open(const Reading& share) {
  return share.interval && share.interval->high >= 100;
}

/// WBC x a share in per cent. The share's remarks stay with it.
Reading times_wbc(const Number& wbc, const Reading& share, const std::string& input) {
  Reading result = share;
  const double factor = wbc.value / 100;
  result.input = input;
  result.remarks.clear();
  // In this order 5 x 10 % meets 0.5 exactly.
  result.value = wbc.value * *share.value / 100;
  result.scale = share.scale * factor;
  if (share.interval) result.interval = scaled(*share.interval, factor);
  if (share.basis != Basis::counted && is_open(share))
    result.interval->high = std::numeric_limits<double>::infinity();
  if (share.classifier95) result.classifier95 = scaled(*share.classifier95, factor);
  result.source = fmt::format("WBC {} x 10^9/L ({}) x {} % ({})", format_number(wbc.value),
                              describe(wbc.from), format_number(*share.value), share.source);
  return result;
}

/// "1 % (LIS, 2024-03-01)", "10 %, 6.6 to 15 (20 of 200 cells of blood slide B-1)".
std::string said(const Reading& reading) {
  auto text = fmt::format("{} {}", format_number(*reading.value), find_input(reading.input)->unit);
  if (reading.basis == Basis::lower_bound)
    text += fmt::format(" counted, at least {}", format_number(reading.interval->low));
  else if (reading.interval)
    text += fmt::format(", {} to {}", format_number(reading.interval->low),
                        format_number(reading.interval->high));
  return fmt::format("{} ({})", text, reading.source);
}

/// Where `other` says something else than `given`, what both say is held possible.
void hear(Reading& given, const Reading& other) {
  if (!given.value || !other.value) return;
  constexpr double kRounding = 0.2;  // of two exact values that ought to be one
  const auto says = other.interval.value_or(
      Interval{(1 - kRounding) * *other.value, (1 + kRounding) * *other.value});
  if (*given.value >= says.low && *given.value <= says.high) return;
  given.remarks.push_back(fmt::format("{} contradicts {}", said(given), said(other)));
  given.gap = "sources contradict each other";
  given.interval = hull(given.interval.value_or(Interval{*given.value, *given.value}),
                        other.interval.value_or(Interval{*other.value, *other.value}));
  given.basis = Basis::disputed;
}

/// What a person counted, else the slides' count.
Reading read_blasts(const Case& facts, const std::string& input, const std::string& specimen) {
  auto slides = of_slides(facts, input, specimen, "blast_equivalents");
  if (number_of(facts.findings, input) == nullptr) return slides;
  auto given = of_laboratory(facts.findings, input);
  hear(given, slides);
  if (slides.value && given.basis != Basis::disputed)
    given.remarks.push_back(fmt::format("the program's own count beside it: {}", said(slides)));
  return given;
}

/// A reading and the sample that it is of; a slide's day is not known.
struct Sampled {
  Reading reading;
  Provenance from;
};

/// The newest of `sources`, of one day the first. The others are heard, but those that are older:
/// they are named.
Reading weighed(const std::vector<Sampled>& sources) {
  const auto* taken = &sources.front();
  for (const auto& source : sources)
    if (is_older(taken->from, source.from)) taken = &source;
  auto reading = taken->reading;
  for (const auto& source : sources) {
    if (is_older(source.from, taken->from))
      reading.remarks.push_back(fmt::format("{} is older and not used", said(source.reading)));
    else if (&source != taken)
      hear(reading, source.reading);
  }
  return reading;
}

/// The laboratory's percentage, AMC / WBC of one day, the slide's share.
std::vector<Sampled> monocyte_shares(const Findings& findings, const Reading& slide) {
  std::vector<Sampled> shares;
  if (const auto* share = number_of(findings, "monocytes"))
    shares.push_back({of_laboratory(findings, "monocytes"), share->from});
  const auto* amc = number_of(findings, "amc");
  const auto* wbc = number_of(findings, "wbc");
  if (amc != nullptr && wbc != nullptr && may_be_of_one_day(amc->from, wbc->from))
    shares.push_back({exact("monocytes", 100 * amc->value / wbc->value,
                            fmt::format("AMC / WBC, {}", describe(amc->from))),
                      dated(amc->from, wbc->from)});
  if (slide.value || shares.empty()) shares.push_back({slide, {}});
  return shares;
}

/// The laboratory's count and the products of the WBC and a share; none where nothing is known.
std::vector<Sampled> absolute_counts(const Findings& findings, const std::string& input,
                                     const Number* percent, const Reading& slide) {
  std::vector<Sampled> counts;
  if (const auto* given = number_of(findings, input))
    counts.push_back({of_laboratory(findings, input), given->from});
  const auto* wbc = number_of(findings, "wbc");
  if (wbc == nullptr) return counts;
  if (percent != nullptr && may_be_of_one_day(wbc->from, percent->from))
    counts.push_back({times_wbc(*wbc, of_laboratory(findings, "monocytes"), input),
                      dated(wbc->from, percent->from)});
  if (slide.value) counts.push_back({times_wbc(*wbc, slide, input), wbc->from});
  return counts;
}

void read_blood_counts(const Case& facts, Readings& readings) {
  const auto& findings = facts.findings;
  const auto* percent = number_of(findings, "monocytes");
  const auto monocytes = of_slides(facts, "monocytes", "pb", "monocytes");
  const auto neutrophils = of_slides(facts, "anc", "pb", "neutrophils");
  readings["monocytes"] = weighed(monocyte_shares(findings, monocytes));
  const auto amc = absolute_counts(findings, "amc", percent, monocytes);
  const auto anc = absolute_counts(findings, "anc", nullptr, neutrophils);
  if (!anc.empty()) readings["anc"] = weighed(anc);
  if (!amc.empty()) {
    readings["amc"] = weighed(amc);
  } else if (number_of(findings, "wbc") == nullptr) {
    readings["amc"].gap = "neither AMC nor WBC is given by the laboratory";
  } else if (percent != nullptr) {
    readings["amc"].gap = "WBC and the share of monocytes are of different days; " + monocytes.gap;
  } else {
    readings["amc"].gap =
        "not given by the laboratory, and no share of monocytes: " + monocytes.gap;
  }
}

/// "TET2 38 %, SRSF2 12 %; NGS, 2024-03-05"; of several sources "TET2 38 % (NGS); CBL 4 % (PCR)".
std::string mutation_sources(const std::vector<Mutation>& mutations) {
  std::vector<std::pair<std::string, std::vector<std::string>>> sources;
  for (const auto& mutation : mutations) {
    const auto source = describe(mutation.from);
    auto found = std::find_if(sources.begin(), sources.end(),
                              [&](const auto& known) { return known.first == source; });
    if (found == sources.end()) found = sources.insert(found, {source, {}});
    found->second.push_back(mutation_words(mutation));
  }
  if (sources.size() == 1)
    return fmt::format("{}; {}", fmt::join(sources.front().second, ", "), sources.front().first);
  std::vector<std::string> parts;
  for (const auto& [source, names] : sources)
    parts.push_back(fmt::format("{} ({})", fmt::join(names, ", "), source));
  return fmt::format("{}", fmt::join(parts, "; "));
}

/// The highest VAF, or at least that where one was not measured.
Reading of_mutations(std::vector<Mutation> mutations) {
  std::sort(mutations.begin(), mutations.end(), [](const Mutation& a, const Mutation& b) {
    return std::tie(b.vaf, a.gene, a.variant, a.from.date, a.from.source) <
           std::tie(a.vaf, b.gene, b.variant, b.from.date, b.from.source);
  });
  const double highest = mutations.front().vaf.value_or(0);
  auto reading = exact("mutation", highest, mutation_sources(mutations));
  std::vector<std::string> unmeasured;
  for (const auto& mutation : mutations)
    if (!mutation.vaf) unmeasured.push_back(mutation.gene + mutation.variant);
  if (unmeasured.empty()) return reading;
  constexpr double kFound = 1e-6;  // a mutation without a measured VAF is there
  reading.basis = Basis::lower_bound;
  if (highest == 0) reading.value.reset();
  reading.interval = Interval{std::max(highest, kFound), 100};
  reading.gap = fmt::format("the VAF of {} is not given", join_words(unmeasured));
  return reading;
}

Reading read_mutations(const Findings& findings) {
  auto reading = unknown("mutation", "not given by the laboratory");
  if (const auto contested = findings.contested.find("mutation");
      contested != findings.contested.end())
    reading.gap = contested->second;
  else if (findings.no_mutation)
    reading = exact("mutation", 0, "no mutation found, " + describe(*findings.no_mutation));
  else if (!findings.mutations.empty())
    reading = of_mutations(findings.mutations);
  if (const auto remarks = findings.remarks.find("mutation"); remarks != findings.remarks.end())
    reading.remarks = remarks->second;
  return reading;
}

}  // namespace

std::string describe(const Provenance& from) {
  const auto source = from.source.empty() ? from.file : from.source;
  if (source.empty() && from.date.empty()) return "source not given";
  if (source.empty()) return from.date;
  return from.date.empty() ? source : source + ", " + from.date;
}

Readings read_case(const Case& facts) {
  Readings readings;
  for (const auto& item : items()) {
    if (item.kind == ItemKind::number) {
      readings[item.code] = of_laboratory(facts.findings, item.code);
      continue;
    }
    auto reading = unknown(item.code, "not given");
    if (const auto contested = facts.findings.contested.find(item.code);
        contested != facts.findings.contested.end())
      reading.gap = contested->second;
    if (const auto passed = facts.findings.remarks.find(item.code);
        passed != facts.findings.remarks.end())
      reading.remarks = passed->second;
    if (const auto found = facts.findings.answers.find(item.code);
        found != facts.findings.answers.end()) {
      reading.basis = Basis::exact;
      reading.answer = found->second.value;
      reading.source = describe(found->second.from);
      reading.gap.clear();
    }
    readings[item.code] = std::move(reading);
  }
  readings["mutation"] = read_mutations(facts.findings);
  readings["pb_blasts"] = read_blasts(facts, "pb_blasts", "pb");
  readings["bm_blasts"] = read_blasts(facts, "bm_blasts", "bm");
  read_blood_counts(facts, readings);
  return readings;
}

}  // namespace cytocape::criteria
