#include "pipeline/criteria/lab_mutations.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "pipeline/criteria/genes.hpp"
#include "pipeline/criteria/rearrangements.hpp"
#include "pipeline/criteria/resolutions.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/wording/genetics.hpp"
#include "pipeline/wording/remarks.hpp"
#include "pipeline/wording/sources.hpp"

namespace cytocape::criteria {
namespace {

RowAnswer answer_of(const Mutation& mutation) {
  return {.value = wording::mutation_words(mutation), .from = mutation.from};
}

RowAnswer denial_of(const Provenance& none) {
  return {.value = to_string(Choice::no), .from = none};
}

/// The place of the first mutation on each day; "" stands for none told.
using FirstOfDay = std::map<std::string, std::size_t>;

/// See may_be_of_one_day. Cases may have as many rows as a table: nothing here compares each row
/// with each other.
std::size_t first_of_one_day(const Provenance& none, const FirstOfDay& days, std::size_t count) {
  if (none.date.empty()) return 0;
  const auto at = [&](const std::string& day) {
    const auto found = days.find(day);
    return found == days.end() ? count : found->second;
  };
  return std::min(at(none.date), at(""));
}

void check_mutations_against_no(const GatheredRows& gathered, FaultList& faults) {
  const auto& mutations = gathered.mutations;
  FirstOfDay days;
  for (std::size_t i = 0; i < mutations.size(); ++i) days.emplace(mutations[i].from.date, i);
  for (const auto& none : gathered.no_mutation) {
    const auto place = first_of_one_day(none, days, mutations.size());
    if (place >= mutations.size()) continue;
    faults.add(
        "row {}: value of mutation \"no\" contradicts the mutated {} of row {}; expected dates, "
        "or one of the two",
        none.row, mutations[place].gene, mutations[place].from.row);
  }
}

/// The newest day of a gene: of any of its rows, and of those with a variant. An unnamed variant,
/// "", may be any of the gene.
struct NewestOfGene {
  std::string any;
  std::map<std::string, std::string> of_variant;
};

/// Splits off what a later row of the same gene replaces.
std::vector<Mutation> take_replaced(std::vector<Mutation>& mutations) {
  std::map<std::string, NewestOfGene> genes;
  for (const auto& mutation : mutations) {
    auto& newest = genes[mutation.gene];
    auto& variant = newest.of_variant[mutation.variant];
    newest.any = std::max(newest.any, mutation.from.date);
    variant = std::max(variant, mutation.from.date);
  }
  const auto day_of_newest = [&](const Mutation& mutation) {
    const auto& newest = genes.at(mutation.gene);
    if (mutation.variant.empty()) return newest.any;
    const auto unnamed = newest.of_variant.find("");
    return std::max(newest.of_variant.at(mutation.variant),
                    unnamed == newest.of_variant.end() ? "" : unnamed->second);
  };
  const auto stays = [&](const Mutation& mutation) {
    return mutation.from.date.empty() || mutation.from.date >= day_of_newest(mutation);
  };
  const auto replaced = std::stable_partition(mutations.begin(), mutations.end(), stays);
  std::vector<Mutation> taken(replaced, mutations.end());
  mutations.erase(replaced, mutations.end());
  return taken;
}

/// Sorted, each once found stays true.
std::vector<Mutation> take_fusions(std::vector<Mutation>& mutations) {
  const auto is_fusion = [](const Mutation& mutation) {
    return meaning_of(mutation.gene) == GeneMeaning::fusion;
  };
  std::vector<Mutation> fusions;
  std::copy_if(mutations.begin(), mutations.end(), std::back_inserter(fusions), is_fusion);
  std::erase_if(mutations, is_fusion);
  std::sort(fusions.begin(), fusions.end(), [](const Mutation& a, const Mutation& b) {
    return std::tie(a.gene, a.from.date, a.from.row) < std::tie(b.gene, b.from.date, b.from.row);
  });
  return fusions;
}

/// One that is denied later for all genes is contested.
void take_without_fusions(GatheredRows& gathered, Findings& findings, FaultList& faults) {
  auto& mutations = gathered.mutations;
  auto& none = gathered.no_mutation;
  check_mutations_against_no(gathered, faults);
  std::sort(mutations.begin(), mutations.end(), [](const Mutation& a, const Mutation& b) {
    return std::tie(b.vaf, a.gene, a.variant, a.from.date, a.from.source) <
           std::tie(a.vaf, b.gene, b.variant, b.from.date, b.from.source);
  });
  std::sort(none.begin(), none.end(), [](const Provenance& a, const Provenance& b) {
    return std::tie(a.date, a.source, a.row) < std::tie(b.date, b.source, b.row);
  });
  findings.replaced = take_replaced(mutations);
  std::vector<RowAnswer> passed_over;
  for (const auto& mutation : findings.replaced) passed_over.push_back(answer_of(mutation));
  if (!none.empty()) {
    const auto& last = none.back();
    const bool found_later =
        std::any_of(mutations.begin(), mutations.end(),
                    [&](const Mutation& found) { return found.from.date > last.date; });
    if (!found_later && !mutations.empty()) {
      ContradictoryAnswers contested{.last = denial_of(last), .others = {}};
      for (const auto& found : mutations) contested.others.push_back(answer_of(found));
      findings.contested["mutation"] = std::move(contested);
      findings.denied_later = std::move(mutations);
      return;
    }
    if (mutations.empty())
      findings.no_mutation = last;
    else
      for (const auto& denial : none) passed_over.push_back(denial_of(denial));
  }
  std::vector<Phrase> remarks;
  if (!passed_over.empty()) remarks.push_back(wording::passed_over(passed_over));
  for (const auto& mutation : mutations) {
    if (!mutation.listed)
      remarks.push_back(wording::unlisted_gene(mutation, nearest_gene(mutation.gene)));
    else if (may_be_rearranged(mutation))
      remarks.emplace_back(
          wording::mutation_or_rearrangement(mutation, example_of_fusion(mutation.gene)));
  }
  if (!remarks.empty()) findings.remarks["mutation"] = std::move(remarks);
  findings.mutations = std::move(mutations);
}

/// "V617F" of " V617F", "-v617f" and "p.V617F".
std::string variant_key(const std::string& variant) {
  std::string key;
  for (const char c : in_small_letters(variant))
    if (is_letter_or_digit(c)) key += c;
  return key.starts_with("p") && key.size() > 1 && is_letter(key[1]) ? key.substr(1) : key;
}

/// A row "no" of one named variant denies no other, nor one that is not named.
bool denies(const Negative& none, const Mutation& mutation) {
  return !none.is_fusion && none.genes.front() == mutation.gene &&
         (none.variant.empty() || variant_key(none.variant) == variant_key(mutation.variant));
}

/// The rows "no" of each gene; a case may have as many rows as a table.
using NegativesOfGenes = std::map<std::string, std::vector<const Negative*>>;

NegativesOfGenes by_gene(const std::vector<Negative>& negatives) {
  NegativesOfGenes all;
  for (const auto& none : negatives)
    if (!none.is_fusion) all[none.genes.front()].push_back(&none);
  return all;
}

/// The newest row that denies a mutation and is not older.
const Negative* denial_of(const Mutation& mutation, const NegativesOfGenes& negatives) {
  const auto rows = negatives.find(mutation.gene);
  if (rows == negatives.end()) return nullptr;
  const Negative* newest = nullptr;
  for (const auto* none : rows->second)
    if (denies(*none, mutation) && !is_surely_before(none->from, mutation.from) &&
        (newest == nullptr || newest->from.date < none->from.date))
      newest = none;
  return newest;
}

/// What a row `resolved` makes of the two rows that contradict each other.
ContestedGene::Decision decision_on(const Mutation& mutation, const Provenance& denial,
                                    const GatheredRows& gathered) {
  using enum ContestedGene::Decision;
  const auto row = gathered.resolved_genes.find(mutation.gene);
  if (row == gathered.resolved_genes.end()) return none;
  const auto& decision = row->second;
  if (may_be_of_one_day(mutation.from, denial)) return of_one_day;
  if (is_surely_before(decision, denial)) return older;
  const bool wrong =
      says_finding_was_wrong(decision.source) && !tells_of_treatment(decision.source);
  return wrong ? denial_stands : treated;
}

/// Moves what a row of the same gene denies, later, on the same day or on none, to those that are
/// neither found nor excluded, but where a person decided.
void contest_genes(GatheredRows& gathered, Findings& findings) {
  const auto negatives = by_gene(findings.negatives);
  std::erase_if(gathered.mutations, [&](const Mutation& mutation) {
    const auto* none = denial_of(mutation, negatives);
    if (none == nullptr) return false;
    ContestedGene contested{.gene = mutation.gene + mutation.variant,
                            .found = answer_of(mutation),
                            .denial = none->from,
                            .decision = decision_on(mutation, none->from, gathered)};
    if (const auto row = gathered.resolved_genes.find(mutation.gene);
        row != gathered.resolved_genes.end())
      contested.decided = row->second;
    if (contested.decision != ContestedGene::Decision::denial_stands)
      findings.denied_later.push_back(mutation);
    findings.contested_genes.push_back(std::move(contested));
    return true;
  });
}

/// A row `resolved` of a gene of which no row tells.
void check_resolved_genes(const GatheredRows& gathered, FaultList& faults) {
  for (const auto& [gene, from] : gathered.resolved_genes)
    if (std::none_of(gathered.mutations.begin(), gathered.mutations.end(),
                     [&, of = gene](const Mutation& one) { return one.gene == of; }))
      faults.add(
          "row {}: value \"mutation\" of gene \"{}\": expected rows of that gene beside it, of "
          "which the newest then stands",
          from.row, gene);
}

}  // namespace

void take_mutations(GatheredRows& gathered, Findings& findings, FaultList& faults) {
  check_resolved_genes(gathered, faults);
  // What joined two genes is no mutation: a panel without mutations does not deny it.
  const auto fusions = take_fusions(gathered.mutations);
  contest_genes(gathered, findings);
  take_without_fusions(gathered, findings, faults);
  findings.mutations.insert(findings.mutations.end(), fusions.begin(), fusions.end());
}

}  // namespace cytocape::criteria
