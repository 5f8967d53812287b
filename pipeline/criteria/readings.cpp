#include "pipeline/criteria/readings.hpp"

#include <fmt/format.h>

#include <algorithm>
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

Reading of_laboratory(const Findings& findings, const std::string& input) {
  const auto* number = number_of(findings, input);
  if (number == nullptr) return unknown(input, "not given by the laboratory");
  return exact(input, number->value, describe(number->from));
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
                   fmt::format("no usable {} slide: {}", what, fmt::join(sum.left_out, "; ")));
  }
  Reading reading;
  reading.input = input;
  reading.basis = Basis::counted;
  reading.count = sum.count;
  reading.total = sum.total;
  reading.scale = 100;
  reading.classes = sum.classes;
  reading.value = 100 * static_cast<double>(sum.count) / static_cast<double>(sum.total);
  const auto interval = wilson95(sum.count, sum.total).value_or(Interval{0, 1});
  reading.interval = Interval{100 * interval.low, 100 * interval.high};
  reading.source = fmt::format("{} of {} cells of {} slide{} {}", sum.count, sum.total, what,
                               sum.slides.size() > 1 ? "s" : "", fmt::join(sum.slides, ", "));
  if (!sum.unknown_parts.empty()) {
    reading.basis = Basis::lower_bound;
    reading.interval->high = 100;
    reading.gap = fmt::format("the model does not know {}", fmt::join(sum.unknown_parts, ", "));
  }
  for (const auto& left : sum.left_out) reading.remarks.push_back("not counted: " + left);
  return reading;
}

/// WBC x a share in per cent.
Reading times_wbc(const Number& wbc, const Reading& share, const std::string& input) {
  constexpr double kPossible = 1e6;  // no threshold lies above
  Reading result = share;
  const double factor = wbc.value / 100;
  result.input = input;
  // In this order 5 x 10 % meets 0.5 exactly.
  result.value = wbc.value * *share.value / 100;
  result.scale = share.scale * factor;
  if (share.interval)
    result.interval = Interval{factor * share.interval->low, factor * share.interval->high};
  if (share.basis == Basis::lower_bound) result.interval->high = kPossible;
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

/// Says where a slide's interval does not hold what the laboratory gives.
void compare(Reading& given, const Reading& slide) {
  if (!slide.interval || !given.value) return;
  if (*given.value >= slide.interval->low && *given.value <= slide.interval->high) return;
  const auto* input = find_input(given.input);
  given.remarks.push_back(fmt::format(
      "the laboratory's {} {} contradicts the slide's {} ({} to {}); the laboratory's is used",
      format_number(*given.value), input->unit, format_number(*slide.value),
      format_number(slide.interval->low), format_number(slide.interval->high)));
}

/// What a person counted, else the slides' count.
Reading read_blasts(const Case& facts, const std::string& input, const std::string& specimen) {
  auto slides = of_slides(facts, input, specimen, "blast_equivalents");
  if (number_of(facts.findings, input) == nullptr) return slides;
  auto given = of_laboratory(facts.findings, input);
  compare(given, slides);
  return given;
}

void read_blood_counts(const Case& facts, Readings& readings) {
  const auto& findings = facts.findings;
  const auto* wbc = number_of(findings, "wbc");
  const auto slide = of_slides(facts, "monocytes", "pb", "monocytes");
  const auto laboratory = laboratory_monocytes(findings);

  auto share = laboratory.value_or(slide);
  if (laboratory) compare(share, slide);

  auto amc = of_laboratory(findings, "amc");
  if (wbc != nullptr && share.basis != Basis::unknown) {
    if (amc.basis == Basis::unknown)
      amc = times_wbc(*wbc, share, "amc");
    else if (slide.basis == Basis::counted)
      compare(amc, times_wbc(*wbc, slide, "amc"));
  } else if (amc.basis == Basis::unknown) {
    amc.gap = wbc == nullptr
                  ? "neither AMC nor WBC is given by the laboratory"
                  : "not given by the laboratory, and no share of monocytes: " + share.gap;
  }

  auto anc = of_laboratory(findings, "anc");
  const auto neutrophils = of_slides(facts, "anc", "pb", "neutrophils");
  if (anc.basis == Basis::unknown && wbc != nullptr && neutrophils.basis != Basis::unknown)
    anc = times_wbc(*wbc, neutrophils, "anc");

  readings["monocytes"] = std::move(share);
  readings["amc"] = std::move(amc);
  readings["anc"] = std::move(anc);
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
