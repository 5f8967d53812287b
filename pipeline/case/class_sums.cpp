#include "pipeline/case/class_sums.hpp"

#include "pipeline/settings/taxonomy.hpp"
#include "pipeline/statistics/statistics.hpp"

namespace cytocape {
namespace {

std::optional<Interval> reference_of(const std::string& code, const ReferenceIntervals& all) {
  const auto found = all.interval.find(code);
  return found == all.interval.end() ? std::nullopt : std::optional(found->second);
}

/// Of the classes in the denominator alone; none where nothing can be corrected.
std::optional<double> counted_sum(const std::vector<double>& corrected,
                                  const std::vector<DifferentialRow>& rows) {
  double sum = 0;
  for (std::size_t c = 0; c < corrected.size(); ++c)
    if (rows[c].in_denominator) sum += corrected[c];
  return sum > 0 ? std::optional(sum) : std::nullopt;
}

}  // namespace

void ClassSums::add(std::int16_t called, std::span<const double> probability) {
  ++cells_;
  ++called_.at(static_cast<std::size_t>(called));
  for (std::size_t c = 0; c < expected_.size(); ++c) expected_[c] += probability[c];
}

std::optional<double> ClassSums::expected_fraction(std::size_t class_index) const {
  if (cells_ == 0) return std::nullopt;
  return expected_.at(class_index) / static_cast<double>(cells_);
}

std::vector<DifferentialRow> differential_of(const ClassSums& sums, const ModelCard& card,
                                             const CountingRules& rules) {
  std::vector<DifferentialRow> rows;
  for (std::size_t c = 0; c < sums.called().size(); ++c) {
    const auto& description = cell_class(card.classes[c].name);
    rows.push_back({.name = description.code,
                    .label = description.label,
                    .in_denominator = description.counted_in(rules.specimen),
                    .count = sums.called()[c]});
  }
  const auto denominator = denominator_of(rows);
  const auto corrected = corrected_fractions(sums.called(), card.confusion);
  const auto corrected_counted = counted_sum(corrected, rows);
  for (std::size_t c = 0; c < rows.size(); ++c) {
    auto& row = rows[c];
    row.expected_fraction = sums.expected_fraction(c);
    if (!row.in_denominator || denominator == 0) continue;
    row.fraction = static_cast<double>(row.count) / static_cast<double>(denominator);
    row.wilson95 = wilson95(row.count, denominator);
    row.reference = reference_of(row.name, rules.references);
    if (corrected_counted) row.corrected_fraction = corrected[c] / *corrected_counted;
  }
  return rows;
}

std::uint64_t denominator_of(std::span<const DifferentialRow> differential) {
  std::uint64_t sum = 0;
  for (const auto& row : differential)
    if (row.in_denominator) sum += row.count;
  return sum;
}

}  // namespace cytocape
