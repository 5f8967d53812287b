#include "pipeline/criteria/alternatives.hpp"

#include <algorithm>
#include <set>

namespace cytocape::criteria {
namespace {

/// The ends that a wording of the cells would name.
std::size_t conditions_of(const PossibleFacts& possible_facts,
                          const Assignment::value_type& wanted) {
  const auto& domain = possible_facts.domains()[wanted.first];
  if (!domain.input->choices.empty()) return 1;
  const auto cells = widened(possible_facts, wanted);
  std::size_t ends = 0;
  for (std::size_t i = 1; i < domain.size; ++i)
    if ((cells >> i & 1) != (cells >> (i - 1) & 1)) ++ends;
  return ends;
}

std::size_t conditions_of(const PossibleFacts& possible_facts, const Assignment& way) {
  std::size_t sum = 0;
  for (const auto& wanted : way) sum += conditions_of(possible_facts, wanted);
  return sum;
}

void keep_shortest(const PossibleFacts& possible_facts, std::vector<Assignment>& ways) {
  std::vector<std::size_t> conditions;
  for (const auto& way : ways) conditions.push_back(conditions_of(possible_facts, way));
  const auto fewest = *std::min_element(conditions.begin(), conditions.end());
  std::vector<Assignment> kept;
  for (std::size_t i = 0; i < ways.size(); ++i)
    if (conditions[i] == fewest) kept.push_back(std::move(ways[i]));
  ways = std::move(kept);
}

/// What every way asks of an input at least; taken out of the ways that ask no more of it.
Assignment take_common(std::vector<Assignment>& ways) {
  Assignment common;
  for (const auto& wanted : ways.front()) {
    Cells widest = wanted.second;
    const bool in_all = std::all_of(ways.begin(), ways.end(), [&](const Assignment& way) {
      const auto found = way.find(wanted.first);
      if (found != way.end()) widest |= found->second;
      return found != way.end();
    });
    if (in_all) common[wanted.first] = widest;
  }
  for (auto& way : ways)
    std::erase_if(way, [&](const auto& item) {
      const auto found = common.find(item.first);
      return found != common.end() && found->second == item.second;
    });
  return common;
}

/// Conditions that never stand in one way are alternatives of each other; returns groups of them.
std::vector<std::set<Assignment::value_type>> groups_of(const std::vector<Assignment>& ways) {
  std::set<Assignment::value_type> left;
  for (const auto& way : ways) left.insert(way.begin(), way.end());
  const auto stand_together = [&](const auto& a, const auto& b) {
    return std::any_of(ways.begin(), ways.end(), [&](const Assignment& way) {
      const auto has = [&](const auto& item) {
        const auto found = way.find(item.first);
        return found != way.end() && found->second == item.second;
      };
      return has(a) && has(b);
    });
  };
  std::vector<std::set<Assignment::value_type>> groups;
  while (!left.empty()) {
    std::set<Assignment::value_type> group = {*left.begin()};
    left.erase(left.begin());
    for (bool grown = true; grown;) {
      grown = false;
      for (auto item = left.begin(); item != left.end();) {
        const bool alternative = std::any_of(group.begin(), group.end(), [&](const auto& member) {
          return !stand_together(member, *item);
        });
        if (alternative) group.insert(*item);
        grown = grown || alternative;
        item = alternative ? left.erase(item) : std::next(item);
      }
    }
    groups.push_back(std::move(group));
  }
  return groups;
}

std::vector<Assignment> projected(const std::vector<Assignment>& ways,
                                  const std::set<Assignment::value_type>& group) {
  std::set<Assignment> distinct;
  for (const auto& way : ways) {
    Assignment part;
    for (const auto& item : way)
      if (group.contains(item)) part.insert(item);
    distinct.insert(std::move(part));
  }
  return {distinct.begin(), distinct.end()};
}

}  // namespace

Cells widened(const PossibleFacts& possible_facts, const Assignment::value_type& wanted) {
  const auto& domain = possible_facts.domains()[wanted.first];
  const auto possible = possible_facts.cells(wanted.first);
  auto cells = wanted.second;
  if (!domain.input->choices.empty()) return cells;
  const auto has = [](Cells set, std::size_t i) { return (set >> i & 1) != 0; };
  for (std::size_t i = 1; i < domain.size; ++i)
    if (!has(possible, i) && has(cells, i - 1)) cells |= Cells{1} << i;
  for (std::size_t i = domain.size; i-- > 1;)
    if (!has(possible, i - 1) && has(cells, i)) cells |= Cells{1} << (i - 1);
  return cells;
}

Plan factor(const PossibleFacts& possible_facts, std::vector<Assignment> ways) {
  Plan plan;
  if (ways.empty()) return plan;
  keep_shortest(possible_facts, ways);
  plan.all = take_common(ways);
  if (std::any_of(ways.begin(), ways.end(), [](const Assignment& way) { return way.empty(); }))
    return plan;
  std::size_t product = 1;
  for (const auto& group : groups_of(ways)) {
    plan.one_of.push_back(projected(ways, group));
    product *= plan.one_of.back().size();
  }
  if (product != ways.size()) plan.one_of = {std::move(ways)};
  return plan;
}

}  // namespace cytocape::criteria
