#pragma once

/// One slide's classified cells, summed class by class.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "io/report.hpp"
#include "models/data/model_card.hpp"
#include "pipeline/settings/analyze_config.hpp"

namespace cytocape {

/// Not thread-safe; one owner.
class ClassSums {
 public:
  explicit ClassSums(std::size_t classes) : called_(classes), expected_(classes) {}

  /// Of a classified cell its class, and CAPE p of all classes.
  void add(std::int16_t called, std::span<const double> probability);

  [[nodiscard]] std::uint64_t cells() const { return cells_; }
  [[nodiscard]] const std::vector<std::uint64_t>& called() const { return called_; }
  /// The mean CAPE p of a class; none of no cells.
  [[nodiscard]] std::optional<double> expected_fraction(std::size_t class_index) const;

 private:
  std::uint64_t cells_ = 0;
  std::vector<std::uint64_t> called_;  ///< [classes]
  std::vector<double> expected_;       ///< [classes], sums
};

/// How a slide's cells are counted.
struct CountingRules {
  Specimen specimen = Specimen::blood;
  ReferenceIntervals references;  ///< of the specimen; may be empty
};

/// The rows of the model's classes, in its order. Precondition: `sums` is of as many.
[[nodiscard]] std::vector<DifferentialRow> differential_of(const ClassSums& sums,
                                                           const ModelCard& card,
                                                           const CountingRules& rules);

/// The cells in the denominator.
[[nodiscard]] std::uint64_t denominator_of(std::span<const DifferentialRow> differential);

}  // namespace cytocape
