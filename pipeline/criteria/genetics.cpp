#include "pipeline/criteria/genetics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <tuple>
#include <utility>

#include "pipeline/criteria/days.hpp"
#include "pipeline/criteria/genes.hpp"
#include "pipeline/criteria/inherited.hpp"
#include "pipeline/criteria/karyotype.hpp"
#include "pipeline/criteria/rearrangements.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/criteria/spoken.hpp"
#include "pipeline/criteria/told.hpp"
#include "pipeline/wording/gaps.hpp"
#include "pipeline/wording/genetics.hpp"
#include "pipeline/wording/sources.hpp"

namespace cytocape::criteria {
namespace {

bool has(const std::vector<std::string>& genes, const std::string& gene) {
  return std::find(genes.begin(), genes.end(), gene) != genes.end();
}

/// "PML::RARA" is both genes, "KMT2A" the one.
std::vector<std::string> parts_of(const std::string& fusion) {
  const auto sign = fusion.find("::");
  if (sign == std::string::npos) return {fusion};
  return {fusion.substr(0, sign), fusion.substr(sign + 2)};
}

/// Whether a row says that one of the genes was tested and is not rearranged, whenever it was.
bool is_negative_of(const Negative& none, const GeneticFinding& finding) {
  return none.is_fusion == finding.is_fusion &&
         (finding.row == 0 || finding.row != none.from.row) &&
         std::all_of(none.genes.begin(), none.genes.end(),
                     [&](const auto& gene) { return has(finding.genes, gene); });
}

/// Rows without a date may be of any day.
bool may_be_older(const Negative& none, const GeneticFinding& finding) {
  return is_before_workup(none.from.date, finding.day) ||
         none.from.date.empty() != finding.day.empty();
}

/// A clone that came later was not there to be seen: what an older row denies is not denied.
bool is_denied(const Findings& findings, const GeneticFinding& finding) {
  return std::any_of(findings.negatives.begin(), findings.negatives.end(),
                     [&](const Negative& none) {
                       return is_negative_of(none, finding) && !may_be_older(none, finding);
                     });
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

GeneticFinding of_shown(const ShownFusion& shown, const std::string& where,
                        const std::string& day = "") {
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

/// What the source of a row names.
GeneticFinding of_named(const NamedInSource& named) {
  auto finding = of_shown({named.fusion, named.written, false}, wording::of_a_row(named.row));
  finding.row = named.row;
  finding.day = named.day;
  if (!named.mutated) return finding;
  finding.is_fusion = false;
  finding.genes = {named.fusion};
  return finding;
}

/// Fusions and genes of which a row says that they are not known, and none tells them.
std::vector<GeneticFinding> said_unknown(const Findings& findings) {
  constexpr std::string_view kPrefix = "mutation ";
  std::vector<GeneticFinding> unknown;
  for (const auto& [key, from] : findings.said_unknown) {
    if (!key.starts_with(kPrefix)) continue;
    const auto gene = key.substr(kPrefix.size());
    auto finding = of_shown({gene, gene, false}, "");
    finding.is_fusion = meaning_of(gene) == GeneMeaning::fusion;
    finding.genes = fused_genes(gene).empty() ? parts_of(gene) : fused_genes(gene);
    finding.words = wording::unknown_genetics(gene, from);
    finding.day = from.date;
    finding.unknown = true;
    unknown.push_back(std::move(finding));
  }
  return unknown;
}

bool is_bcr_abl1(const GeneticFinding& finding) {
  const auto& genes = finding.genes;
  return finding.is_fusion && has(genes, "BCR") && (has(genes, "ABL1") || genes.size() == 1);
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
           return has(finding.genes, gene);
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

std::vector<GeneticFinding> genetic_findings(const Findings& findings) {
  std::vector<GeneticFinding> all;
  for (const auto& mutation : findings.mutations) all.push_back(of_mutation(mutation));
  for (const auto& mutation : findings.denied_later) all.push_back(of_denied(mutation, findings));
  for (const auto& karyotype : findings.karyotypes)
    for (const auto& shown : karyotype.facts.fusions)
      all.push_back(
          of_shown(shown, wording::of_the_karyotype(karyotype.from), karyotype.from.date));
  for (const auto& named : findings.named) all.push_back(of_named(named));
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

namespace {

/// What the karyotypes say of clonality: abnormalities that are not the fusions of other diseases.
struct Clonality {
  std::vector<std::string> abnormal;  ///< "-7 (karyotype, 2024-03-05)"
  std::vector<std::string> normal;
  std::vector<std::string> open;     ///< why nothing follows
  std::vector<std::string> missing;  ///< karyotypes without a result
};

void append_clonality(const Findings& findings, const KaryotypeRow& row, Clonality& result) {
  const auto& facts = row.facts;
  std::vector<std::string> abnormal;
  std::vector<std::string> fusions;
  bool certain = false;
  for (const auto& written : facts.acquired) {
    bool joined = false;
    for (const auto& fusion : facts.fusions) {
      if (fusion.written != written) continue;
      if (!fusion.certain && is_denied(findings, of_shown(fusion, "", row.from.date))) continue;
      joined = true;
      certain = certain || fusion.certain;
    }
    (joined ? fusions : abnormal).push_back(written);
  }
  if (!abnormal.empty() && tells_of_no_acquired(row.from.source))
    result.open.push_back(wording::not_acquired(abnormal, row.from));
  else if (!abnormal.empty())
    result.abnormal.push_back(wording::abnormalities(abnormal, row.from));
  else if (!fusions.empty())
    result.open.push_back(certain ? wording::of_another_disease(fusions)
                                  : wording::may_be_of_another_disease(fusions));
  else if (facts.normal)
    result.normal.push_back(wording::normal_karyotype(row.iscn, row.from));
  else if (facts.no_result)
    result.missing.push_back(wording::no_result(row.from));
  else if (!facts.molecular.empty())
    result.open.push_back(wording::molecular(facts.molecular));
  else if (!facts.unread.empty() || !facts.is_iscn)
    result.open.push_back(wording::unread_karyotype(facts.unread));
  else if (!facts.maybe_inherited.empty())
    result.open.push_back(wording::may_be_constitutional(facts.maybe_inherited));
  else if (!facts.doubtful.empty())
    result.open.push_back(wording::doubtful(facts.doubtful));
  else
    result.open.push_back(wording::loss_of_y_alone());
}

/// What the sources of rows on the karyotype name.
void append_named(const Findings& findings, Clonality& result) {
  for (const auto& named : findings.named) {
    const bool karyotype = named.item == "karyotype";
    if (!karyotype && named.item != "cytogenetics") continue;
    const auto finding = of_named(named);
    if (is_denied(findings, finding)) continue;
    result.open.push_back(karyotype ? finding.words : wording::write_as_karyotype(finding.words));
  }
}

/// What the source of the item's own row says against its answer.
std::vector<std::string> said_against(const Findings& findings, const Reading& item) {
  std::vector<std::string> against;
  if (item.answer != Choice::no) return against;
  for (const auto& named : findings.named)
    if (named.item == item.input) against.push_back(of_named(named).words);
  for (const auto& row : findings.given) {
    if (in_small_letters(row.item) != item.input || row.source.empty()) continue;
    const auto facts = read_karyotype(row.source);
    if (!facts.acquired.empty())
      against.push_back(
          fmt::format("{} ({})", fmt::join(facts.acquired, ", "), wording::of_a_row(row.row)));
  }
  return against;
}

}  // namespace

Reading read_cytogenetics(const Findings& findings, Reading item) {
  Clonality shown;
  for (const auto& row : findings.karyotypes) append_clonality(findings, row, shown);
  append_named(findings, shown);
  for (auto* words : {&shown.abnormal, &shown.normal, &shown.open, &shown.missing})
    std::sort(words->begin(), words->end());
  const auto contradicts = [&](const std::vector<std::string>& words) {
    return told_open(item.input,
                     wording::contradicts_karyotype(*item.answer, wording::source_words(item.from),
                                                    joined(words)));
  };
  if (!shown.abnormal.empty() && item.answer == Choice::no) return contradicts(shown.abnormal);
  if (const auto against = said_against(findings, item); !against.empty())
    return contradicts(against);
  if (!shown.abnormal.empty()) return told(item.input, Choice::yes, joined(shown.abnormal));
  if (!shown.open.empty() && item.answer != Choice::no)
    return told_open(item.input, joined(shown.open));
  if (!shown.normal.empty() && item.answer == Choice::yes) return contradicts(shown.normal);
  const bool contested =
      findings.contested.contains(item.input) || is_spoken_for(findings, item.input);
  if (!shown.normal.empty() && !item.answer && !contested)
    return told(item.input, Choice::no, joined(shown.normal));
  if (!shown.missing.empty() && !item.answer && !contested)
    return told_open(item.input, joined(shown.missing));
  item.remarks.insert(item.remarks.end(), shown.open.begin(), shown.open.end());
  item.remarks.insert(item.remarks.end(), shown.missing.begin(), shown.missing.end());
  return item;
}

}  // namespace cytocape::criteria
