#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "pipeline/criteria/genes.hpp"
#include "pipeline/criteria/inherited.hpp"
#include "pipeline/criteria/unsequenced.hpp"
#include "pipeline/wording/genetics.hpp"
#include "pipeline/wording/remarks.hpp"

namespace cytocape::criteria {
namespace {

/// Those that are no clonality of CMML, or of which that is not known.
std::vector<Mutation> take_undeciding(std::vector<Mutation>& mutations) {
  for (auto& mutation : mutations) {
    mutation.meaning = meaning_of(mutation.gene);
    mutation.unsequenced =
        mutation.meaning != GeneMeaning::fusion && is_seen_without_sequence(mutation);
  }
  const auto supports = [](const Mutation& mutation) {
    return mutation.meaning == GeneMeaning::supports && !is_taken_back(mutation) &&
           !may_be_rearranged(mutation) && !mutation.unsequenced;
  };
  const auto others = std::stable_partition(mutations.begin(), mutations.end(), supports);
  std::vector<Mutation> taken(others, mutations.end());
  mutations.erase(others, mutations.end());
  return taken;
}

bool is_fusion_row(const Mutation& mutation) {
  return meaning_of(mutation.gene) == GeneMeaning::fusion;
}

bool is_unlisted(const Mutation& mutation) {
  return mutation.meaning == GeneMeaning::not_listed;
}

/// Nothing but what may be inherited: the test in other tissue decides.
Reading left_open_as_inherited(const std::vector<Mutation>& mutations, Reading reading) {
  for (const auto& mutation : mutations)
    reading.gaps.emplace_back(Told{wording::may_be_inherited(mutation)});
  return reading;
}

/// The highest VAF, or at least that where one was not measured.
Reading of_mutations(std::vector<Mutation> mutations) {
  std::sort(mutations.begin(), mutations.end(), [](const Mutation& a, const Mutation& b) {
    return std::tie(b.vaf, a.gene, a.variant, a.from.date, a.from.source) <
           std::tie(a.vaf, b.gene, b.variant, b.from.date, b.from.source);
  });
  const auto others = take_undeciding(mutations);
  const bool all_known = std::none_of(others.begin(), others.end(), is_unlisted);
  Reading reading;
  reading.input = "mutation";
  for (const auto& other : others)
    if (!is_unlisted(other)) reading.remarks.emplace_back(wording::undeciding(other));
  if (!others.empty()) reading.gaps = {UndecidingMutations{others}};
  if (mutations.empty()) return reading;
  if (std::all_of(mutations.begin(), mutations.end(), may_be_inherited))
    return left_open_as_inherited(mutations, std::move(reading));
  const double highest = mutations.front().vaf.value_or(0);
  reading.from.what = MutationsFound{mutations};
  reading.basis = Basis::exact;
  reading.value = highest;
  std::vector<std::string> unmeasured;
  for (const auto& mutation : mutations)
    if (!mutation.vaf) unmeasured.push_back(mutation.gene + mutation.variant);
  if (all_known) reading.gaps.clear();
  if (unmeasured.empty() && all_known) return reading;
  constexpr double kFound = 1e-6;  // a mutation without a measured VAF is there
  reading.basis = Basis::lower_bound;
  if (highest == 0) reading.value.reset();
  reading.interval = Interval{std::max(highest, kFound), 100};
  if (!unmeasured.empty()) reading.gaps = {UnmeasuredMutations{unmeasured}};
  return reading;
}

}  // namespace

namespace {

/// What rows that contradict each other leave open: a clone that supports, or a larger one.
void leave_open_by_contested(const Findings& findings, Reading& reading) {
  std::vector<std::string> words;
  for (const auto& one : findings.contested_genes)
    if (one.decision != ContestedGene::Decision::denial_stands &&
        meaning_of(read_gene(one.gene).gene) == GeneMeaning::supports)
      words.push_back(wording::contested_gene(one.gene, one.found, one.denial));
  if (words.empty()) return;
  if (!reading.value || *reading.value <= 0) {
    reading.basis = Basis::unknown;
    reading.value.reset();
    reading.interval.reset();
    reading.from = {};
  } else {
    reading.basis = Basis::lower_bound;
    reading.interval = Interval{*reading.value, 100};
  }
  reading.gaps = {Told{fmt::format("{}", fmt::join(words, "; "))}};
}

}  // namespace

Reading read_mutations(const Findings& findings) {
  Reading reading;
  reading.input = "mutation";
  reading.gaps = {Lack::not_given_by_laboratory};
  if (const auto contested = findings.contested.find("mutation");
      contested != findings.contested.end())
    reading.gaps = {contested->second};
  else if (!findings.mutations.empty())
    reading = of_mutations(findings.mutations);
  // Beside fusions alone a panel without a mutation stays what it is.
  if (findings.no_mutation && !findings.contested.contains("mutation") &&
      std::all_of(findings.mutations.begin(), findings.mutations.end(), is_fusion_row)) {
    reading.basis = Basis::exact;
    reading.value = 0;
    reading.from.what = NoMutationFound{*findings.no_mutation};
    reading.gaps.clear();
  }
  if (!findings.contested.contains("mutation")) leave_open_by_contested(findings, reading);
  if (const auto remarks = findings.remarks.find("mutation"); remarks != findings.remarks.end())
    reading.remarks.insert(reading.remarks.begin(), remarks->second.begin(), remarks->second.end());
  return reading;
}

}  // namespace cytocape::criteria
