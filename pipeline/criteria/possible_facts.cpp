#include "pipeline/criteria/possible_facts.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

namespace cytocape::criteria {
namespace {

/// Thresholds are met exactly although 100 * 30 / 150 is not 20 in floating point.
bool same(double value, double threshold) {
  return std::abs(value - threshold) <= 1e-9 * std::max(1.0, std::abs(threshold));
}

Cells from_cell(std::size_t first, Cells all) {
  return all & ~((Cells{1} << first) - 1);
}

std::size_t index_of(const std::vector<double>& thresholds, double threshold) {
  return static_cast<std::size_t>(std::find(thresholds.begin(), thresholds.end(), threshold) -
                                  thresholds.begin());
}

State turned(State state) {
  if (state == State::met) return State::not_met;
  return state == State::not_met ? State::met : state;
}

/// Keeps what no other contains: a way that asks for less makes one that asks for more pointless.
/// Cut off beyond kMost, longest last; the shortest are what is printed.
std::vector<Assignment> least(std::vector<Assignment> ways) {
  constexpr std::size_t kMost = 400;
  const auto asks_no_more = [](const Assignment& a, const Assignment& b) {
    return std::all_of(a.begin(), a.end(), [&](const auto& item) {
      const auto found = b.find(item.first);
      return found != b.end() && (found->second & ~item.second) == 0;
    });
  };
  std::sort(ways.begin(), ways.end(), [](const Assignment& a, const Assignment& b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  });
  // The wider of two ways over the same inputs must come first to be kept.
  std::vector<Assignment> kept;
  for (auto& way : ways) {
    if (std::any_of(kept.begin(), kept.end(),
                    [&](const Assignment& other) { return asks_no_more(other, way); }))
      continue;
    std::erase_if(kept, [&](const Assignment& other) { return asks_no_more(way, other); });
    if (kept.size() < kMost) kept.push_back(std::move(way));
  }
  return kept;
}

/// Every way of `a` together with every way of `b`, where they do not contradict each other.
std::vector<Assignment> both(const std::vector<Assignment>& a, const std::vector<Assignment>& b) {
  std::vector<Assignment> result;
  for (const auto& first : a)
    for (const auto& second : b) {
      auto together = first;
      bool possible = true;
      for (const auto& [domain, cells] : second) {
        const auto place = together.try_emplace(domain, cells).first;
        place->second &= cells;
        possible = possible && place->second != 0;
      }
      if (possible) result.push_back(std::move(together));
    }
  return least(std::move(result));
}

/// At least `needed` of the members.
std::vector<Assignment> enough(const std::vector<std::vector<Assignment>>& members,
                               std::size_t needed) {
  // [k]: ways for k of the members seen so far
  std::vector<std::vector<Assignment>> ways(needed + 1);
  ways[0] = {Assignment{}};
  for (const auto& member : members)
    for (std::size_t k = needed; k > 0; --k) {
      auto more = both(ways[k - 1], member);
      more.insert(more.end(), ways[k].begin(), ways[k].end());
      ways[k] = least(std::move(more));
    }
  return ways[needed];
}

void append_members_first(const std::vector<Criterion>& criteria, std::size_t i,
                          std::vector<char>& done, std::vector<std::size_t>& order) {
  if (done[i] != 0) return;
  done[i] = 1;
  for (const auto member : criteria[i].members) append_members_first(criteria, member, done, order);
  order.push_back(i);
}

std::vector<Domain> make_domains(const std::vector<Criterion>& criteria) {
  std::map<std::string, std::set<double>> thresholds;
  for (const auto& criterion : criteria)
    if (criterion.is_leaf()) {
      auto& own = thresholds[criterion.input];
      if (!criterion.choice) own.insert(criterion.bound.threshold);
    }
  std::vector<Domain> domains;
  for (const auto& input : inputs()) {  // in the order in which items are listed
    const auto found = thresholds.find(input.code);
    if (found == thresholds.end()) continue;
    Domain domain{.input = &input, .thresholds = {}, .size = input.choices.size()};
    domain.thresholds.assign(found->second.begin(), found->second.end());
    if (input.choices.empty()) domain.size = 2 * domain.thresholds.size() + 1;
    domains.push_back(std::move(domain));
  }
  return domains;
}

Cells possible_cells(const Domain& domain, const Reading& reading) {
  if (reading.basis == Basis::unknown) return domain.all();
  if (!domain.input->choices.empty()) {
    if (!reading.answer) return domain.all();
    const auto& choices = domain.input->choices;
    const auto at = std::find(choices.begin(), choices.end(), *reading.answer) - choices.begin();
    return Cells{1} << at;
  }
  if (reading.interval) return domain.of_interval(reading.interval->low, reading.interval->high);
  return domain.of_value(*reading.value);
}

/// By more cells, a person's count, or more digits.
bool could_be_decided(const Criterion& leaf, const Reading& reading) {
  if (reading.basis == Basis::unknown) return false;
  if (reading.basis != Basis::lower_bound) return true;
  // Nothing is counted of a VAF that was not measured.
  if (reading.total == 0) return false;
  return reach_of_count(reading.count, reading.total, reading.scale, reading.classifier95) >=
         leaf.bound.threshold;
}

/// Where an input lies that follows from one in `from`.
Interval followed(const Derived& derived, const Interval& from) {
  const auto times = [](double a, double b) { return a == 0 || b == 0 ? 0.0 : a * b; };
  const auto over = [](double a, double b) {
    return a == 0 ? 0.0 : b == 0 ? std::numeric_limits<double>::infinity() : a / b;
  };
  const auto& factor = derived.factor;
  return derived.inverse ? Interval{over(factor.low, from.high), over(factor.high, from.low)}
                         : Interval{times(factor.low, from.low), times(factor.high, from.high)};
}

}  // namespace

std::size_t Domain::cell(double value) const {
  for (std::size_t i = 0; i < thresholds.size(); ++i) {
    if (same(value, thresholds[i])) return 2 * i + 1;
    if (value < thresholds[i]) return 2 * i;
  }
  return 2 * thresholds.size();
}

Cells Domain::of_value(double value) const {
  return Cells{1} << cell(value);
}

Cells Domain::of_interval(double low, double high) const {
  return from_cell(cell(low), all()) & ~from_cell(cell(high) + 1, all());
}

Cells Domain::satisfying(const Criterion& leaf) const {
  if (leaf.choice) {
    const auto& choices = input->choices;
    return Cells{1} << (std::find(choices.begin(), choices.end(), *leaf.choice) - choices.begin());
  }
  const auto at = index_of(thresholds, leaf.bound.threshold);
  switch (leaf.bound.comparison) {
    case Comparison::at_least:
      return from_cell(2 * at + 1, all());
    case Comparison::above:
      return from_cell(2 * at + 2, all());
    case Comparison::below:
      return all() & ~from_cell(2 * at + 1, all());
    case Comparison::at_most:
      return all() & ~from_cell(2 * at + 2, all());
    case Comparison::exactly:
      break;
  }
  return Cells{1} << (2 * at + 1);
}

Interval Domain::span(Cells cells) const {
  const auto first = static_cast<std::size_t>(std::countr_zero(cells));
  const auto last = static_cast<std::size_t>(std::bit_width(cells)) - 1;
  return {first == 0 ? 0 : thresholds[(first - 1) / 2],
          last + 1 == size ? std::numeric_limits<double>::infinity() : thresholds[last / 2]};
}

std::vector<Bound> Domain::ends(std::size_t first, std::size_t last) const {
  using enum Comparison;
  const auto is_threshold = [](std::size_t i) { return i % 2 == 1; };
  if (first == last && is_threshold(first)) return {{exactly, thresholds[first / 2]}};
  std::vector<Bound> bounds;
  if (first > 0)
    bounds.push_back({is_threshold(first) ? at_least : above, thresholds[(first - 1) / 2]});
  if (last + 1 < size)
    bounds.push_back({is_threshold(last) ? at_most : below, thresholds[last / 2]});
  return bounds;
}

Asked Domain::asked(Cells cells) const {
  Asked result;
  result.unit = input->unit;
  const auto has = [&](std::size_t i) { return i < size && (cells >> i & 1) != 0; };
  for (std::size_t first = 0; first < size; ++first) {
    if (!has(first)) continue;
    if (!input->choices.empty()) {
      result.choices.push_back(input->choices[first]);
      continue;
    }
    auto last = first;
    while (has(last + 1)) ++last;
    result.ranges.push_back(ends(first, last));
    first = last;
  }
  return result;
}

State gate(const std::vector<State>& members, std::size_t needed) {
  const auto count = [&](State state) {
    return static_cast<std::size_t>(std::count(members.begin(), members.end(), state));
  };
  if (count(State::met) >= needed) return State::met;
  if (members.size() - count(State::not_met) < needed) return State::not_met;
  return count(State::not_assessable) > 0 ? State::not_assessable : State::indeterminate;
}

std::shared_ptr<const Frame> make_frame(const std::vector<Criterion>& criteria) {
  auto frame = std::make_shared<Frame>();
  frame->domains = make_domains(criteria);
  for (std::size_t i = 0; i < frame->domains.size(); ++i)
    frame->by_input[frame->domains[i].input->code] = i;
  frame->domain_of.resize(criteria.size());
  frame->satisfying.resize(criteria.size());
  std::vector<char> done(criteria.size(), 0);
  for (std::size_t i = 0; i < criteria.size(); ++i) {
    append_members_first(criteria, i, done, frame->order);
    if (!criteria[i].is_leaf()) continue;
    const auto at = frame->by_input.at(criteria[i].input);
    frame->domain_of[i] = at;
    frame->satisfying[i] = frame->domains[at].satisfying(criteria[i]);
  }
  return frame;
}

PossibleFacts::PossibleFacts(const Rules& rules, const Readings& readings,
                             std::vector<Derived> derived)
    : rules_(rules), frame_(*rules.frame), derived_(std::move(derived)) {
  for (const auto& domain : frame_.domains) {
    readings_.push_back(&readings.at(domain.input->code));
    cells_.push_back(possible_cells(domain, *readings_.back()));
  }
}

const Reading& PossibleFacts::reading(std::size_t domain) const {
  return *readings_[domain];
}

std::size_t PossibleFacts::domain_of(const Criterion& leaf) const {
  return frame_.by_input.at(leaf.input);
}

State PossibleFacts::leaf_state(std::size_t leaf, Cells cells) const {
  const auto met = frame_.satisfying[leaf];
  if ((cells & ~met) == 0) return State::met;
  if ((cells & met) == 0) return State::not_met;
  return could_be_decided(rules_.criteria[leaf], *readings_[frame_.domain_of[leaf]])
             ? State::indeterminate
             : State::not_assessable;
}

std::vector<State> PossibleFacts::evaluate(const std::vector<Cells>& cells) const {
  std::vector<State> states(rules_.criteria.size(), State::not_assessable);
  std::vector<State> members;
  for (const auto i : frame_.order) {
    const auto& criterion = rules_.criteria[i];
    if (criterion.is_leaf()) {
      states[i] = leaf_state(i, cells[frame_.domain_of[i]]);
      continue;
    }
    members.clear();
    for (const auto member : criterion.members) members.push_back(states[member]);
    const auto result = gate(members, criterion.needed);
    states[i] = criterion.negated ? turned(result) : result;
  }
  return states;
}

std::vector<State> PossibleFacts::states() const {
  return evaluate(cells_);
}

std::vector<State> PossibleFacts::states_if(const Assignment& supposed) const {
  auto cells = cells_;
  for (const auto& [domain, wanted] : supposed) cells[domain] = wanted;
  suppose_derived(supposed, cells);
  return evaluate(cells);
}

void PossibleFacts::suppose_derived(const Assignment& supposed, std::vector<Cells>& cells) const {
  for (const auto& derived : derived_) {
    const auto from = frame_.by_input.find(derived.from);
    const auto input = frame_.by_input.find(derived.input);
    if (from == frame_.by_input.end() || input == frame_.by_input.end()) continue;
    const auto known = supposed.find(from->second);
    if (known == supposed.end() || supposed.contains(input->second)) continue;
    const auto at = input->second;
    const auto span = followed(derived, frame_.domains[from->second].span(known->second));
    const auto image = frame_.domains[at].of_interval(span.low, span.high);
    // What is possible stays so; what is supposed against the facts takes their place.
    const bool within = (known->second & ~cells_[from->second]) == 0;
    const auto narrowed = image & cells[at];
    cells[at] = within && narrowed != 0 ? narrowed : image;
  }
}

std::vector<Assignment> PossibleFacts::leaf_ways(const Criterion& leaf, bool met) const {
  const auto at = domain_of(leaf);
  const auto satisfying = frame_.domains[at].satisfying(leaf);
  const auto wanted = cells_[at] & (met ? satisfying : ~satisfying);
  if (wanted == 0) return {};
  if (wanted == cells_[at]) return {Assignment{}};
  return {Assignment{{at, wanted}}};
}

std::vector<Assignment> PossibleFacts::ways(std::size_t criterion, bool met) const {
  const auto& asked = rules_.criteria[criterion];
  if (asked.is_leaf()) return leaf_ways(asked, met);
  const bool members_met = asked.negated ? !met : met;
  std::vector<std::vector<Assignment>> members;
  for (const auto member : asked.members) members.push_back(ways(member, members_met));
  const auto needed = members_met ? asked.needed : asked.members.size() - asked.needed + 1;
  return enough(members, needed);
}

}  // namespace cytocape::criteria
