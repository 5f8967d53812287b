#include "pipeline/criteria/readings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <tuple>

#include "pipeline/criteria/items.hpp"
#include "pipeline/criteria/rules.hpp"
#include "pipeline/criteria/wording.hpp"

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

Reading of_laboratory(const Findings& findings, const std::string& input) {
  const auto* number = number_of(findings, input);
  if (number == nullptr) return unknown(input, "not given by the laboratory");
  return exact(input, number->value, describe(number->from));
}

Interval scaled(const Interval& interval, double factor) {
  return {factor * interval.low, factor * interval.high};
}

std::string unknown_words(const GroupCount& sum) {
  std::vector<std::string> parts;
  if (!sum.unknown_parts.empty()) parts.push_back(join_words(sum.unknown_parts, "or"));
  if (!sum.unknown_total.empty())
    parts.push_back(join_words(sum.unknown_total, "or") + ", which belong to the total");
  return fmt::format("the model does not know {}", fmt::join(parts, ", nor "));
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
  if (!sum.lookalikes.empty())
    reading.remarks.push_back(
        fmt::format("the model does not know {}: it may have counted them here",
                    join_words(sum.lookalikes, "or")));
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

/// WBC x a share in per cent.
Reading times_wbc(const Number& wbc, const Reading& share, const std::string& input) {
  Reading result = share;
  const double factor = wbc.value / 100;
  result.input = input;
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

/// The laboratory's share of monocytes: given, or AMC / WBC of one sample.
std::optional<Reading> laboratory_monocytes(const Findings& findings) {
  if (number_of(findings, "monocytes") != nullptr) return of_laboratory(findings, "monocytes");
  const auto* amc = number_of(findings, "amc");
  const auto* wbc = number_of(findings, "wbc");
  if (amc == nullptr || wbc == nullptr || amc->from.date != wbc->from.date) return std::nullopt;
  return exact("monocytes", 100 * amc->value / wbc->value,
               fmt::format("AMC / WBC, {}", describe(amc->from)));
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
  return given;
}

/// An absolute count: the laboratory's unless it is older than the WBC, else the first of the
/// products of WBC and a share.
Reading absolute(const Findings& findings, const std::string& input,
                 const std::vector<Reading>& products) {
  auto result = of_laboratory(findings, input);
  if (products.empty()) return result;
  const auto* given = number_of(findings, input);
  const auto* wbc = number_of(findings, "wbc");
  if (given == nullptr) {
    result = products.front();
  } else if (!given->from.date.empty() && given->from.date < wbc->from.date) {
    result = products.front();
    result.remarks.push_back(
        fmt::format("{} is older than the WBC and not used", said(of_laboratory(findings, input))));
  }
  for (const auto& product : products) hear(result, product);
  return result;
}

void read_blood_counts(const Case& facts, Readings& readings) {
  const auto& findings = facts.findings;
  const auto* wbc = number_of(findings, "wbc");
  const auto* percent = number_of(findings, "monocytes");
  const auto slide = of_slides(facts, "monocytes", "pb", "monocytes");
  const auto neutrophils = of_slides(facts, "anc", "pb", "neutrophils");
  const auto laboratory = laboratory_monocytes(findings);

  auto share = laboratory.value_or(slide);
  if (laboratory) hear(share, slide);

  std::vector<Reading> monocytes;
  std::vector<Reading> granulocytes;
  const bool one_day = wbc != nullptr && percent != nullptr && wbc->from.date == percent->from.date;
  if (one_day) monocytes.push_back(times_wbc(*wbc, of_laboratory(findings, "monocytes"), "amc"));
  if (wbc != nullptr && slide.basis != Basis::unknown)
    monocytes.push_back(times_wbc(*wbc, slide, "amc"));
  if (wbc != nullptr && neutrophils.basis != Basis::unknown)
    granulocytes.push_back(times_wbc(*wbc, neutrophils, "anc"));

  auto amc = absolute(findings, "amc", monocytes);
  if (amc.basis == Basis::unknown) {
    if (wbc == nullptr)
      amc.gap = "neither AMC nor WBC is given by the laboratory";
    else if (percent != nullptr)
      amc.gap = "WBC and the share of monocytes are of different days; " + slide.gap;
    else
      amc.gap = "not given by the laboratory, and no share of monocytes: " + slide.gap;
  }
  readings["monocytes"] = std::move(share);
  readings["amc"] = std::move(amc);
  readings["anc"] = absolute(findings, "anc", granulocytes);
}

Reading read_mutations(const Findings& findings) {
  if (findings.no_mutation)
    return exact("mutation", 0, "no mutation found, " + describe(*findings.no_mutation));
  if (findings.mutations.empty()) return unknown("mutation", "not given by the laboratory");
  auto mutations = findings.mutations;
  std::sort(mutations.begin(), mutations.end(), [](const Mutation& a, const Mutation& b) {
    return std::tie(b.vaf, a.gene, a.from.date, a.from.source) <
           std::tie(a.vaf, b.gene, b.from.date, b.from.source);
  });
  std::vector<std::string> names;
  for (const auto& mutation : mutations)
    names.push_back(mutation.vaf
                        ? fmt::format("{} {} %", mutation.gene, format_number(*mutation.vaf))
                        : fmt::format("{} (VAF unknown)", mutation.gene));
  const double highest = mutations.front().vaf.value_or(0);
  auto reading =
      exact("mutation", highest,
            fmt::format("{}; {}", fmt::join(names, ", "), describe(mutations.front().from)));
  if (mutations.back().vaf) return reading;
  constexpr double kFound = 1e-6;  // a mutation without a measured VAF is there
  reading.basis = Basis::lower_bound;
  if (highest == 0) reading.value.reset();
  reading.interval = Interval{std::max(highest, kFound), 100};
  reading.gap = "the VAF of a mutation is not given";
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
