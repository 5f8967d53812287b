#include "pipeline/criteria/components.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "pipeline/criteria/karyotype.hpp"
#include "pipeline/wording/numbers.hpp"
#include "pipeline/wording/phrases.hpp"

namespace cytocape::criteria {
namespace {

const char* risk_words(CytogeneticRisk risk) {
  switch (risk) {
    case CytogeneticRisk::low:
      return "low";
    case CytogeneticRisk::intermediate:
      return "intermediate";
    case CytogeneticRisk::high:
      return "high";
    case CytogeneticRisk::not_known:
      break;
  }
  return "not known";
}

/// The group of CPSS (Such et al., Haematologica 2011), of the last karyotype.
std::string karyotype_words(const Findings& findings) {
  if (findings.karyotypes.empty()) return "";
  const auto& last =
      *std::max_element(findings.karyotypes.begin(), findings.karyotypes.end(),
                        [](const KaryotypeRow& a, const KaryotypeRow& b) {
                          return std::tie(a.from.date, a.iscn) < std::tie(b.from.date, b.iscn);
                        });
  const auto risk = last.facts.risk;
  if (risk == CytogeneticRisk::not_known) return "";
  return fmt::format("the karyotype is of CPSS's {} cytogenetic risk", risk_words(risk));
}

/// Where an interval lies on one side of the threshold, else the number alone.
std::string reached_words(const Readings& readings, const char* input, double threshold,
                          const char* name) {
  const auto& reading = readings.at(input);
  if (!reading.value) return fmt::format("{} not known", name);
  const auto low = reading.interval ? reading.interval->low : *reading.value;
  const auto high = reading.interval ? reading.interval->high : *reading.value;
  const auto* side = low >= threshold ? "reached" : high < threshold ? "not reached" : "open";
  return fmt::format("{} of {} {}", name, wording::format_number(threshold), side);
}

/// Guglielmelli et al., BLAST: blasts, leukocytes, anaemia.
std::string blast_words(const Readings& readings) {
  const auto& haemoglobin = readings.at("haemoglobin");
  return fmt::format(
      "{}; {}; haemoglobin {}", reached_words(readings, "pb_blasts", 2, "blood blasts (%)"),
      reached_words(readings, "wbc", 13, "WBC"),
      haemoglobin.value ? wording::format_number(*haemoglobin.value) + " g/dL" : "not known");
}

bool is_spoken_of(const Findings& findings, const std::string& gene) {
  const auto mutated = [&](const Mutation& one) { return one.gene == gene; };
  const auto denied = [&](const Negative& one) {
    return !one.is_fusion && !one.genes.empty() && one.genes.front() == gene;
  };
  return findings.no_mutation.has_value() ||
         std::any_of(findings.mutations.begin(), findings.mutations.end(), mutated) ||
         std::any_of(findings.negatives.begin(), findings.negatives.end(), denied);
}

/// The genes that CPSS-Mol asks for (Elena et al., Blood 2016).
std::string gene_words(const Findings& findings) {
  constexpr std::array<const char*, 4> kGenes = {"ASXL1", "NRAS", "RUNX1", "SETBP1"};
  std::vector<std::string> missing;
  for (const auto* gene : kGenes)
    if (!is_spoken_of(findings, gene)) missing.emplace_back(gene);
  if (missing.size() == kGenes.size()) return "";
  if (missing.empty()) return "the genes of CPSS-Mol are complete";
  return fmt::format("of the genes of CPSS-Mol {} {} not reported", wording::join_words(missing),
                     missing.size() == 1 ? "is" : "are");
}

}  // namespace

std::vector<std::string> components_of(const Findings& findings, const Readings& readings) {
  std::vector<std::string> parts;
  for (auto words : {karyotype_words(findings), gene_words(findings)})
    if (!words.empty()) parts.push_back(std::move(words));
  if (parts.empty()) return {};
  parts.push_back(blast_words(readings));
  return {
      fmt::format("Components of scores of CMML, which are not calculated here (CPSS, CPSS-Mol, "
                  "BLAST): {}.",
                  fmt::join(parts, "; "))};
}

}  // namespace cytocape::criteria
