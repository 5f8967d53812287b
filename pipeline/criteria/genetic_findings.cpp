#include "pipeline/criteria/genetic_findings.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "pipeline/criteria/days.hpp"
#include "pipeline/criteria/genes.hpp"
#include "pipeline/criteria/rearrangements.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/wording/genetics.hpp"
#include "pipeline/wording/sources.hpp"

namespace cytocape::criteria {
namespace {

/// Whether a row says that one of the genes was tested and is not rearranged, whenever it was.
bool is_negative_of(const Negative& none, const GeneticFinding& finding) {
  return none.is_fusion == finding.is_fusion &&
         (finding.row == 0 || finding.row != none.from.row) &&
         std::all_of(none.genes.begin(), none.genes.end(),
                     [&](const auto& gene) { return has_gene(finding.genes, gene); });
}

/// Rows without a date may be of any day.
bool may_be_older(const Negative& none, const GeneticFinding& finding) {
  return is_before_workup(none.from.date, finding.day) ||
         none.from.date.empty() != finding.day.empty();
}

/// Says of an older row that it is not used.
void say_denied_before(const Findings& findings, GeneticFinding& finding) {
  if (finding.certain) return;
  for (const auto& none : findings.negatives)
    if (is_negative_of(none, finding) && may_be_older(none, finding)) {
      finding.words += is_before_workup(none.from.date, finding.day)
                           ? wording::denied_before(none.from)
                           : wording::denied_on_no_day(none.from);
      return;
    }
}

GeneticFinding of_mutation(const Mutation& mutation) {
  const auto written = mutation.gene + mutation.variant;
  GeneticFinding finding{
      .genes = {mutation.gene},
      .variant = mutation.variant,
      .is_fusion = false,
      .certain = true,
      .name = written,
      .words = wording::shown_fusion(
          {.fusion = written, .written = written, .where = wording::describe(mutation.from)})};
  finding.day = mutation.from.date;
  if (may_be_rearranged(mutation)) {
    finding.is_fusion = true;
    finding.certain = false;
    finding.words = wording::mutation_or_rearrangement(mutation, example_of_fusion(mutation.gene));
  }
  if (meaning_of(mutation.gene) != GeneMeaning::fusion) return finding;
  finding.is_fusion = true;
  finding.genes = fused_genes(mutation.gene);
  if (finding.genes.empty()) finding.genes = parts_of(mutation.gene);
  // Its rearrangement is one cause of it.
  finding.certain = in_small_letters(mutation.gene).find("express") == std::string::npos;
  return finding;
}

/// Found, and denied later by a row of all genes, or by one of the gene.
GeneticFinding of_denied(const Mutation& mutation, const Findings& findings) {
  auto finding = of_mutation(mutation);
  finding.certain = false;
  finding.denied_later = true;
  finding.words += findings.contested.contains("mutation") ? wording::denied_later()
                                                           : wording::denied_by_a_row();
  return finding;
}

/// Spelt as the list of genes does, where a text names them otherwise.
std::vector<std::string> genes_of(const std::string& fusion) {
  if (fusion.empty()) return {};
  auto genes = fused_genes(fusion + (parts_of(fusion).size() == 1 ? "-r" : ""));
  return genes.empty() ? parts_of(fusion) : genes;
}

/// Fusions and genes of which a row says that they are not known, and none tells them.
std::vector<GeneticFinding> said_unknown(const Findings& findings) {
  constexpr std::string_view kPrefix = "mutation ";
  std::vector<GeneticFinding> unknown;
  for (const auto& [key, from] : findings.said_unknown) {
    if (!key.starts_with(kPrefix)) continue;
    const auto gene = key.substr(kPrefix.size());
    auto finding = finding_of_shown({gene, gene, false}, "");
    finding.is_fusion = meaning_of(gene) == GeneMeaning::fusion;
    finding.genes = fused_genes(gene).empty() ? parts_of(gene) : fused_genes(gene);
    finding.words = wording::unknown_genetics(gene, from);
    finding.day = from.date;
    finding.unknown = true;
    unknown.push_back(std::move(finding));
  }
  return unknown;
}

}  // namespace

bool has_gene(const std::vector<std::string>& genes, const std::string& gene) {
  return std::find(genes.begin(), genes.end(), gene) != genes.end();
}

std::vector<std::string> parts_of(const std::string& fusion) {
  const auto sign = fusion.find("::");
  if (sign == std::string::npos) return {fusion};
  return {fusion.substr(0, sign), fusion.substr(sign + 2)};
}

bool is_denied(const Findings& findings, const GeneticFinding& finding) {
  return std::any_of(findings.negatives.begin(), findings.negatives.end(),
                     [&](const Negative& none) {
                       return is_negative_of(none, finding) && !may_be_older(none, finding);
                     });
}

GeneticFinding finding_of_shown(const ShownFusion& shown, const std::string& where,
                                const std::string& day) {
  return {.genes = genes_of(shown.fusion),
          .variant = "",
          .is_fusion = true,
          .certain = shown.certain,
          .name = shown.fusion.empty() ? shown.written : shown.fusion,
          .words = wording::shown_fusion({.fusion = shown.fusion,
                                          .written = shown.written,
                                          .where = where,
                                          .certain = shown.certain}),
          .day = day};
}

GeneticFinding finding_of_named(const NamedInSource& named) {
  auto finding =
      finding_of_shown({named.fusion, named.written, false}, wording::of_a_row(named.row));
  finding.row = named.row;
  finding.day = named.day;
  if (!named.mutated) return finding;
  finding.is_fusion = false;
  finding.genes = {named.fusion};
  return finding;
}

std::vector<GeneticFinding> genetic_findings(const Findings& findings) {
  std::vector<GeneticFinding> all;
  for (const auto& mutation : findings.mutations) all.push_back(of_mutation(mutation));
  for (const auto& mutation : findings.denied_later) all.push_back(of_denied(mutation, findings));
  for (const auto& karyotype : findings.karyotypes)
    for (const auto& shown : karyotype.facts.fusions)
      all.push_back(
          finding_of_shown(shown, wording::of_the_karyotype(karyotype.from), karyotype.from.date));
  for (const auto& named : findings.named) all.push_back(finding_of_named(named));
  for (auto& unknown : said_unknown(findings)) all.push_back(std::move(unknown));
  std::erase_if(all, [&](const GeneticFinding& finding) {
    return !finding.certain && !finding.denied_later && is_denied(findings, finding);
  });
  for (auto& finding : all) say_denied_before(findings, finding);
  std::sort(all.begin(), all.end(), [](const GeneticFinding& a, const GeneticFinding& b) {
    return std::tie(b.certain, a.name, a.words) < std::tie(a.certain, b.name, b.words);
  });
  return all;
}

}  // namespace cytocape::criteria
