#include "pipeline/criteria/genetics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <tuple>
#include <utility>

#include "pipeline/criteria/genes.hpp"
#include "pipeline/criteria/genetic_findings.hpp"
#include "pipeline/criteria/told.hpp"
#include "pipeline/wording/gaps.hpp"
#include "pipeline/wording/genetics.hpp"
#include "pipeline/wording/sources.hpp"

namespace cytocape::criteria {
namespace {

bool is_bcr_abl1(const GeneticFinding& finding) {
  const auto& genes = finding.genes;
  return finding.is_fusion && has_gene(genes, "BCR") &&
         (has_gene(genes, "ABL1") || genes.size() == 1);
}

bool is_tk_fusion(const GeneticFinding& finding) {
  return finding.is_fusion && !is_bcr_abl1(finding) && joins_kinase(finding.genes);
}

/// "CEBPA bZIP" asks for the gene and for its variant, whatever the letter case.
bool is_mutated(const GeneticFinding& finding, const std::string& asked) {
  const auto blank = asked.find(' ');
  if (finding.is_fusion || finding.genes.front() != asked.substr(0, blank)) return false;
  // A variant of what is not known is not known either.
  if (blank == std::string::npos || finding.unknown) return true;
  const auto wanted = asked.substr(blank + 1);
  const auto& given = finding.variant;
  return std::search(given.begin(), given.end(), wanted.begin(), wanted.end(),
                     [](unsigned char a, unsigned char b) {
                       return std::toupper(a) == std::toupper(b);
                     }) != given.end();
}

bool is_joined(const GeneticFinding& finding, const std::string& asked) {
  const auto parts = parts_of(asked);
  return finding.is_fusion && std::all_of(parts.begin(), parts.end(), [&](const auto& gene) {
           return has_gene(finding.genes, gene);
         });
}

bool is_of(const AmlFamily& family, const GeneticFinding& finding) {
  return std::any_of(family.genes.begin(), family.genes.end(),
                     [&](const auto& gene) { return is_mutated(finding, gene); }) ||
         std::any_of(family.fusions.begin(), family.fusions.end(),
                     [&](const auto& fusion) { return is_joined(finding, fusion); });
}

/// Of several families the one that asks for the fewest blasts; one that is certain before.
const AmlFamily* family_of(const Rules& rules, const GeneticFinding& finding) {
  const AmlFamily* chosen = nullptr;
  const auto rank = [](const AmlFamily& family) {
    return std::tuple(!family.certain, family.blasts);
  };
  for (const auto& family : rules.aml)
    if (is_of(family, finding) && (chosen == nullptr || rank(family) < rank(*chosen)))
      chosen = &family;
  return chosen;
}

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, "; "));
}

/// What a row "no" is to name where a finding is excluded.
std::string excluded_name(const GeneticFinding& finding) {
  if (!finding.is_fusion) return finding.genes.front();
  return finding.genes.size() > 1 ? finding.name : finding.genes.front() + "-r";
}

wording::Family family_words(const Rules& rules, const AmlMatch& match) {
  return {.found = match.finding.words,
          .disease = match.family->name,
          .edition = rules.edition,
          .blasts = match.family->blasts,
          .text = match.family->text,
          .excluded = excluded_name(match.finding),
          .of_a_fusion = match.finding.is_fusion};
}

/// What is found, and what is left open, in the order of the findings.
struct AmlWords {
  std::vector<std::string> found;
  std::vector<std::string> open;
};

Reading aml_reading(const std::string& input, const AmlWords& words) {
  auto reading = !words.found.empty()  ? told(input, Choice::yes, joined(words.found))
                 : !words.open.empty() ? told_open(input, joined(words.open))
                                       : told(input, Choice::no, wording::none_recorded());
  if (words.found.empty() && !words.open.empty()) reading.basis = Basis::disputed;
  wording::word(reading);
  return reading;
}

/// Fusions that the karyotypes show of one kind.
std::vector<GeneticFinding> shown_of(const Findings& findings,
                                     bool (*wanted)(const GeneticFinding&)) {
  std::vector<GeneticFinding> shown;
  for (auto& finding : genetic_findings(findings))
    if (wanted(finding)) shown.push_back(std::move(finding));
  return shown;
}

/// An item, and what karyotypes, texts and rows of genes show of it.
Reading with_karyotype(const Reading& item, const std::vector<GeneticFinding>& shown) {
  if (shown.empty() || item.answer == Choice::yes) return item;
  // What is certain stands first.
  if (!item.answer && shown.front().certain)
    return told(item.input, Choice::yes, shown.front().words);
  std::vector<std::string> words;
  for (const auto& finding : shown) words.push_back(finding.words);
  if (item.answer == Choice::no)
    return told_open(item.input, wording::contradicts_text(
                                     Choice::no, wording::source_words(item.from), joined(words)));
  return told_open(item.input, joined(words));
}

}  // namespace

std::vector<AmlMatch> aml_matches(const Rules& rules, const Findings& findings) {
  std::vector<AmlMatch> matches;
  std::set<std::string> seen;
  for (auto& finding : genetic_findings(findings)) {
    if (is_bcr_abl1(finding) || is_tk_fusion(finding)) continue;
    const auto* family = family_of(rules, finding);
    if (family == nullptr && !finding.is_fusion) continue;
    // A fusion that several rows name is told once, by the surest.
    if (!seen.insert(fmt::format("{}", fmt::join(finding.genes, ":"))).second) continue;
    matches.push_back({.family = family, .finding = std::move(finding)});
  }
  return matches;
}

std::string raised_words(const Rules& rules, const AmlMatch& match) {
  const auto& words = match.finding.words;
  if (match.finding.genes.empty()) return wording::unread_rearrangement(words);
  const bool whole = match.finding.genes.size() > 1 || match.finding.certain;
  if (match.family == nullptr)
    return whole ? wording::fusion_of_no_table(words, rules.edition)
                 : wording::rearrangement_of_no_table(words, rules.edition,
                                                      excluded_name(match.finding));
  const auto family = family_words(rules, match);
  return match.finding.certain ? wording::is_of_family(family)
                               : wording::would_be_of_family(family);
}

namespace {

/// Why a karyotype may show what no row tells, or mutations may be there; none where no row says
/// that they are not known, or a person answers that there is no abnormality.
std::vector<std::string> unknown_genetics(const Findings& findings) {
  std::vector<std::string> words;
  const auto& unknown = findings.said_unknown;
  if (const auto row = unknown.find("mutation"); row != unknown.end())
    words.push_back(wording::unknown_mutations(row->second));
  const auto answer = findings.answers.find("cytogenetics");
  if (answer != findings.answers.end() && answer->second.value == Choice::no) return words;
  const auto& rows = findings.karyotypes;
  if (std::any_of(rows.begin(), rows.end(), [](const auto& row) { return !row.facts.no_result; }))
    return words;
  for (const auto& row : rows) words.push_back(wording::karyotype_without_result(row.from));
  for (const auto* code : {"karyotype", "cytogenetics"}) {
    if (!words.empty() && !rows.empty()) break;
    if (const auto row = unknown.find(code); row != unknown.end())
      words.push_back(wording::unknown_karyotype(code, row->second));
  }
  std::sort(words.begin(), words.end());
  return words;
}

}  // namespace

void read_aml(const Rules& rules, const Findings& findings, Readings& readings) {
  constexpr double kFewBlasts = 10;  // per cent; of 20 the other criteria ask
  AmlWords any;
  AmlWords from_10;
  for (const auto& match : aml_matches(rules, findings)) {
    const auto* family = match.family;
    const bool whatever = family == nullptr || family->blasts == 0;
    if (!whatever && family->blasts > kFewBlasts) continue;
    const auto words = match.certain() ? wording::defines_family(family_words(rules, match))
                                       : raised_words(rules, match);
    if (match.certain() && whatever) any.found.push_back(words);
    if (match.certain())
      from_10.found.push_back(words);
    else
      from_10.open.push_back(words);
    if (match.certain() ? !whatever && family->open_below : whatever || family->open_below)
      any.open.push_back(raised_words(rules, match));
  }
  for (const auto& words : unknown_genetics(findings)) {
    any.open.push_back(words);
    from_10.open.push_back(words);
  }
  readings["aml_at_any_count"] = aml_reading("aml_at_any_count", any);
  readings["aml_from_10"] = aml_reading("aml_from_10", from_10);
}

Reading read_bcr_abl1(const Findings& findings, const Reading& item) {
  return with_karyotype(item, shown_of(findings, is_bcr_abl1));
}

Reading read_tk_fusion(const Findings& findings, const Reading& item) {
  return with_karyotype(item, shown_of(findings, is_tk_fusion));
}

}  // namespace cytocape::criteria
