#pragma once

/// The logic of the criteria. Each input's range is cut into cells at the edition's thresholds, and
/// what is known of it is the set of cells it may lie in:
///
///     thresholds of amc         0.5           1
///     cells                0     1      2     3     4
///                        < 0.5   =   between  =    > 1
///     AMC 0.5 .. 1.2 may lie in cells {1, 2, 3, 4}
///
/// A leaf is met when every possible cell meets it, not met when none does, and else open:
/// indeterminate where counting more cells or a person's count could decide, not assessable where
/// something is missing.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "pipeline/criteria/readings.hpp"
#include "pipeline/criteria/rules.hpp"

namespace cytocape::criteria {

/// A set of an input's cells, or of an answer's choices; bit i is cell i.
using Cells = std::uint64_t;

struct Domain {
  const Input* input = nullptr;
  std::vector<double> thresholds;  ///< ascending; none of an answer
  std::size_t size = 0;            ///< number of cells

  [[nodiscard]] Cells all() const { return (Cells{1} << size) - 1; }
  [[nodiscard]] Cells of_value(double value) const;
  [[nodiscard]] Cells of_interval(double low, double high) const;
  /// The least interval that holds them; of the topmost cell the high end is infinite. Of a
  /// quantity, and of one cell at least.
  [[nodiscard]] Interval span(Cells cells) const;
  /// Those that satisfy a leaf on this input.
  [[nodiscard]] Cells satisfying(const Criterion& leaf) const;
  /// To lie in one of them: at least 5 and below 20 %.
  [[nodiscard]] Asked asked(Cells cells) const;

 private:
  [[nodiscard]] std::size_t cell(double value) const;
  /// The ends of the range from cell `first` to cell `last`.
  [[nodiscard]] std::vector<Bound> ends(std::size_t first, std::size_t last) const;
};

/// What is the same for every case that an edition sees.
struct Frame {
  std::vector<Domain> domains;
  std::map<std::string, std::size_t> by_input;  ///< into `domains`
  std::vector<std::size_t> domain_of;           ///< by criterion; of leaves alone
  std::vector<Cells> satisfying;                ///< by criterion; of leaves alone
  std::vector<std::size_t> order;               ///< criteria, members before gates
};
[[nodiscard]] std::shared_ptr<const Frame> make_frame(const std::vector<Criterion>& criteria);

/// Inputs that must lie in certain cells, by domain.
using Assignment = std::map<std::size_t, Cells>;

/// All combinations of facts that what is known of one case leaves possible, seen by one edition.
/// Pure; refers to `rules` (of read_rules) and `readings`, which must outlive it. Thread-safe.
class PossibleFacts {
 public:
  PossibleFacts(const Rules& rules, const Readings& readings, std::vector<Derived> derived = {});

  [[nodiscard]] const std::vector<Domain>& domains() const { return frame_.domains; }
  [[nodiscard]] const Reading& reading(std::size_t domain) const;
  [[nodiscard]] const std::vector<Derived>& derived() const { return derived_; }
  [[nodiscard]] Cells cells(std::size_t domain) const { return cells_[domain]; }
  [[nodiscard]] std::size_t domain_of(const Criterion& leaf) const;

  /// States of all criteria, in the order of Rules::criteria.
  [[nodiscard]] std::vector<State> states() const;
  /// The same if these inputs were known to lie in their cells. What follows from them is worked
  /// out anew: with another WBC there is another AMC.
  [[nodiscard]] std::vector<State> states_if(const Assignment& supposed) const;

  /// The least that would have to be learned for a criterion to be met (or, with `met` false, not
  /// met): alternatives, none of which contains another, those with the fewest inputs first. One
  /// empty assignment where nothing is missing; none where it cannot come out so any more.
  [[nodiscard]] std::vector<Assignment> ways(std::size_t criterion, bool met) const;

 private:
  [[nodiscard]] std::vector<State> evaluate(const std::vector<Cells>& cells) const;
  [[nodiscard]] State leaf_state(std::size_t leaf, Cells cells) const;
  void suppose_derived(const Assignment& supposed, std::vector<Cells>& cells) const;
  [[nodiscard]] std::vector<Assignment> leaf_ways(const Criterion& leaf, bool met) const;

  const Rules& rules_;
  const Frame& frame_;
  std::vector<const Reading*> readings_;  ///< by domain
  std::vector<Cells> cells_;              ///< by domain, that its input may lie in
  std::vector<Derived> derived_;
};

/// How many of `needed` members decide: met when that many are met; not met when too few are left;
/// else not assessable where a member is, indeterminate otherwise.
[[nodiscard]] State gate(const std::vector<State>& members, std::size_t needed);

}  // namespace cytocape::criteria
