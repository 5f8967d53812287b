#include "pipeline/criteria/weighed_genes.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <utility>

#include "pipeline/criteria/days.hpp"
#include "pipeline/criteria/genes.hpp"
#include "pipeline/criteria/inherited.hpp"
#include "pipeline/criteria/named_diseases.hpp"
#include "pipeline/criteria/spoken.hpp"
#include "pipeline/criteria/told.hpp"
#include "pipeline/wording/another_disease.hpp"
#include "pipeline/wording/genetics.hpp"
#include "pipeline/wording/sources.hpp"

namespace cytocape::criteria {
namespace {

/// "row 4 says unknown of JAK2": rows on genes that are asked about, or on mutations in general.
std::vector<std::string> unknown_genes(const Findings& findings,
                                       const std::function<bool(const std::string&)>& is_asked) {
  const std::string prefix = "mutation ";
  std::vector<std::string> words;
  for (const auto& [key, from] : findings.said_unknown) {
    const auto gene = key.starts_with(prefix) ? key.substr(prefix.size()) : std::string();
    if (gene.empty() ? key == "mutation" : is_asked(gene))
      words.push_back(wording::unknown_genetics(gene.empty() ? "mutations" : gene, from));
  }
  return words;
}

/// Mutations that stand, and those that were found and denied later.
std::vector<Mutation> with_denied(const Findings& findings) {
  auto all = findings.mutations;
  all.insert(all.end(), findings.denied_later.begin(), findings.denied_later.end());
  return all;
}

/// What a row says that it is not known may be there, in as many cells as may be.
std::vector<Mutation> unknown_of(const GenesOfAnother& other, const Findings& findings) {
  const std::string prefix = "mutation ";
  std::vector<Mutation> may_be;
  for (const auto& [key, from] : findings.said_unknown)
    if (key.starts_with(prefix))
      if (Mutation one{.gene = key.substr(prefix.size()), .from = from}; is_of_another(other, one))
        may_be.push_back(std::move(one));
  return may_be;
}

double value_of(const Readings& readings, const char* input) {
  return readings.at(input).value.value_or(0);
}

/// Under treatment a count of before is the feature.
double highest_of(const Findings& findings, const Readings& readings, const char* input) {
  const auto before = findings.higher.find(input);
  return std::max(value_of(readings, input),
                  before == findings.higher.end() ? 0 : before->second.value);
}

/// Of MPN by its own criteria: Khoury et al. 2022, polycythaemia vera, essential thrombocythaemia
/// and primary myelofibrosis; a marrow that is not CMML's by table 6, footnote b.
std::vector<std::string> features_of_mpn(const Findings& findings, const Readings& readings) {
  constexpr double kPlatelets = 450;          // x 10^9/L
  constexpr double kHaemoglobinOfMen = 16.5;  // g/dL
  constexpr double kHaemoglobin = 16;
  std::vector<std::string> features;
  if (is_yes(readings, "fibrosis")) features.emplace_back("marrow fibrosis");
  if (readings.at("marrow_cmml").answer == Choice::no)
    features.emplace_back("a marrow that is not of CMML");
  const auto platelets = highest_of(findings, readings, "platelets");
  if (platelets >= kPlatelets) features.push_back(wording::high_platelets(platelets));
  const bool man = readings.at("sex").answer == Choice::male;
  const auto haemoglobin = highest_of(findings, readings, "haemoglobin");
  if (haemoglobin > (man ? kHaemoglobinOfMen : kHaemoglobin))
    features.push_back(wording::high_haemoglobin(haemoglobin));
  return features;
}

/// Whether the item is answered by one who could know of the mutations.
bool is_answered(const Findings& findings, const Readings& readings, const std::string& item,
                 const std::vector<Mutation>& found) {
  const auto answer = findings.answers.find(item);
  return answer != findings.answers.end() && readings.at(item).answer &&
         std::none_of(found.begin(), found.end(), [&](const Mutation& mutation) {
           return is_before_workup(answer->second.from.date, mutation.from.date);
         });
}

/// A VAF that was not measured may be high, and one that was high before was so.
Reading mpn_driver(const Findings& findings, const Readings& readings) {
  constexpr double kHigh = 40;  // per cent
  const auto features = features_of_mpn(findings, readings);
  std::vector<Mutation> found;
  const auto add = [&](const std::vector<Mutation>& mutations, bool any) {
    for (const auto& mutation : mutations)
      if (drives_mpn(mutation.gene) && (any || mutation.vaf.value_or(kHigh) >= kHigh))
        found.push_back(mutation);
  };
  add(with_denied(findings), !features.empty());
  add(findings.replaced, false);
  const auto unknown = unknown_genes(findings, drives_mpn);
  const bool by_marrow =
      is_yes(readings, "fibrosis") && readings.at("marrow_cmml").answer == Choice::no;
  if (found.empty() && unknown.empty() && !by_marrow)
    return told("mpn_driver", Choice::no, wording::no_driver_of_mpn());
  if (is_answered(findings, readings, "mpn_now", found))
    return told("mpn_driver", Choice::no, wording::driver_with_answer());
  if (found.empty() && !by_marrow)
    return told_open("mpn_driver", wording::unknown_driver_of_mpn(unknown));
  const auto answer = findings.answers.find("mpn_now");
  return left_open("mpn_driver", wording::driver_of_mpn(found, features) +
                                     (answer == findings.answers.end() || found.empty()
                                          ? std::string()
                                          : wording::answered_before(answer->second.from)));
}

std::vector<Mutation> of_another(const GenesOfAnother& other, const Findings& findings) {
  auto found = with_denied(findings);
  std::erase_if(found, [&](const Mutation& one) { return !is_of_another(other, one); });
  return found;
}

/// A mutation that is of another disease, or of MPN as well, settles nothing of a third.
bool supports_cmml(const Mutation& one) {
  const auto& others = genes_of_another();
  return meaning_of(one.gene) == GeneMeaning::supports && !is_of_mpn(one.gene) &&
         std::none_of(others.begin(), others.end(),
                      [&](const GenesOfAnother& other) { return is_of_another(other, one); }) &&
         !is_taken_back(one) && !may_be_inherited(one);
}

/// The greatest share that what supports CMML beside the other disease's genes is known to have.
double support_beside(const Findings& findings, const Readings& readings) {
  if (is_yes(readings, "cytogenetics")) return std::numeric_limits<double>::infinity();
  double most = 0;
  if (!readings.at("mutation").value) return most;
  for (const auto& one : findings.mutations)
    if (supports_cmml(one)) most = std::max(most, one.vaf.value_or(0));
  return most;
}

bool is_of_vexas(const GenesOfAnother& other) {
  return other.meaning == GeneMeaning::vexas;
}

bool is_dysplastic(const Readings& readings) {
  return is_yes(readings, "dysplasia_erythroid") || is_yes(readings, "dysplasia_granulocytic") ||
         is_yes(readings, "dysplasia_megakaryocytic");
}

/// Whether what supports CMML outweighs the mutation of another disease.
bool is_outweighed(const GenesOfAnother& other, const std::vector<Mutation>& found,
                   const Findings& findings, const Readings& readings) {
  // Vacuolated precursors are the dysplasia of VEXAS itself.
  const bool of_its_own = is_of_vexas(other) && is_yes(readings, "reactive_cause");
  if (is_dysplastic(readings) && !of_its_own) return true;
  if (!is_yes(readings, "marrow_cmml")) return false;
  constexpr double kUnmeasured = 100;  // per cent: as large as it may be
  double size = found.empty() ? kUnmeasured : 0;
  for (const auto& one : found) size = std::max(size, one.vaf.value_or(kUnmeasured));
  const auto support = support_beside(findings, readings);
  return support >= kOfHaematopoiesis && support >= size;
}

/// Whether the other disease was answered "no" by one who could know of the mutations.
bool is_excluded(const Findings& findings, const Readings& readings, const GenesOfAnother& other,
                 const std::vector<Mutation>& found) {
  return readings.at(other.answer).answer == Choice::no &&
         is_answered(findings, readings, other.answer, found);
}

Reading gene_of_another(const Findings& findings, const Readings& readings) {
  std::vector<std::string> words;
  std::vector<std::string> unknown;
  for (const auto& other : genes_of_another()) {
    if (is_of_vexas(other)) continue;
    const auto weighs = [&](const std::vector<Mutation>& found) {
      return !found.empty() && !is_answered(findings, readings, other.answer, found) &&
             !is_outweighed(other, found, findings, readings);
    };
    const auto& disease = disease_called(other.named).say;
    if (const auto found = of_another(other, findings); weighs(found))
      words.push_back(wording::gene_of_another(found, disease, other.answer));
    if (const auto may_be = unknown_of(other, findings); weighs(may_be))
      for (const auto& one : may_be)
        unknown.push_back(wording::unknown_of_another(wording::unknown_genetics(one.gene, one.from),
                                                      disease, other.answer));
  }
  if (!words.empty()) return left_open("gene_of_another", wording::all_of(words));
  if (!unknown.empty()) return told_open("gene_of_another", wording::all_of(unknown));
  return told("gene_of_another", Choice::no, wording::none_recorded());
}

/// VEXAS has monocytosis, cytopenia and a phenotype like that of CMML by itself, and small clones
/// of clonal haematopoiesis ride along.
Reading vexas_alone(const GenesOfAnother& other, const Findings& findings,
                    const Readings& readings) {
  const auto found = of_another(other, findings);
  const bool vexas = is_spoken_for(findings, "vexas_alone") || !found.empty();
  const auto unknown = unknown_genes(
      findings, [](const std::string& gene) { return meaning_of(gene) == GeneMeaning::vexas; });
  if (!vexas && unknown.empty()) return told("vexas_alone", Choice::no, wording::no_vexas());
  const bool none_active = is_excluded(findings, readings, other, found);
  const bool said_of_gene = !unknown_of(other, findings).empty();
  const bool any_clone = support_beside(findings, readings) >= kOfHaematopoiesis &&
                         (none_active || (!vexas && !said_of_gene));
  if (any_clone || is_outweighed(other, found, findings, readings))
    return told("vexas_alone", Choice::no, wording::vexas_supported());
  if (!vexas) return told_open("vexas_alone", wording::unknown_vexas(unknown));
  return left_open("vexas_alone", wording::vexas_alone());
}

}  // namespace

void weigh_genes(const Findings& findings, Readings& readings) {
  readings["mpn_driver"] = mpn_driver(findings, readings);
  readings["gene_of_another"] = gene_of_another(findings, readings);
  for (const auto& other : genes_of_another())
    if (is_of_vexas(other)) readings["vexas_alone"] = vexas_alone(other, findings, readings);
}

std::vector<Urgent> gene_alerts(const Findings& findings, const Readings& readings) {
  std::vector<Urgent> alerts;
  for (const auto& other : genes_of_another()) {
    const auto& disease = disease_called(other.named);
    const auto found = of_another(other, findings);
    const auto* input = is_of_vexas(other) ? "vexas_alone" : "gene_of_another";
    const bool spoken =
        std::any_of(findings.spoken.begin(), findings.spoken.end(), [&](const SpokenOf& one) {
          return one.say == disease.say && !is_settled(findings, readings, one);
        });
    // VEXAS stays to be thought of beside whatever supports CMML, until inflammation is excluded.
    const bool settled = readings.at(input).answer &&
                         (!is_of_vexas(other) || is_excluded(findings, readings, other, found));
    if (disease.call == Call::none || found.empty() || spoken || settled) continue;
    const bool supported = readings.at(input).answer || is_dysplastic(readings);
    alerts.push_back({.subject = disease.say + " mutation",
                      .text = supported ? wording::supported_gene_alert(found, disease.say)
                                        : wording::gene_alert(found, disease.say),
                      .call = disease.call});
  }
  return alerts;
}

}  // namespace cytocape::criteria
