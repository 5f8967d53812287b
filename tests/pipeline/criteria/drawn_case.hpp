#pragma once

/// Cases drawn at random, for what must hold of every case.

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "pipeline/criteria/findings.hpp"

namespace cytocape::criteria::testing {

/// Random numbers of one seed, the same on every machine.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : random_(seed) {}
  std::size_t below(std::size_t n) { return random_() % n; }
  bool chance(double share) { return static_cast<double>(random_() >> 11U) * 0x1p-53 < share; }
  template <class Value>
  Value one_of(std::initializer_list<Value> values) {
    return values.begin()[below(values.size())];
  }
  template <class Value>
  Value one_of(const std::vector<Value>& values) {
    return values[below(values.size())];
  }
  std::mt19937_64& generator() { return random_; }

 private:
  std::mt19937_64 random_;
};

/// What drawn findings come from.
[[nodiscard]] Provenance drawn_from();

/// A mutation as a laboratory writes its gene, or a fusion.
[[nodiscard]] Mutation drawn_mutation(const std::string& gene, std::optional<double> vaf);

[[nodiscard]] SlideCounts draw_slide(Draw& draw, Specimen specimen);

/// Values on and beside the thresholds, slides that cannot be used, rows that say unknown, blasts
/// of an earlier day. Favours what CMML asks for: a case that is excluded twice tells nothing.
[[nodiscard]] Case draw_case(Draw& draw);

}  // namespace cytocape::criteria::testing
