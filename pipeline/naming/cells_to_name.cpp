#include "pipeline/naming/cells_to_name.hpp"

#include <algorithm>
#include <limits>

namespace cytocape {
namespace {

double uncertainty(const CellRow& cell) {
  return 1 - *std::max_element(cell.probability.begin(), cell.probability.end());
}

double squared_distance(const CellRow& a, const CellRow& b) {
  double sum = 0;
  for (std::size_t c = 0; c < a.probability.size(); ++c) {
    const double apart = static_cast<double>(a.probability[c]) - b.probability[c];
    sum += apart * apart;
  }
  return sum;
}

/// Greedy: each choice is the best beside those before it. Of equals the first by row.
std::vector<std::size_t> chosen(std::span<const CellRow> cells,
                                const std::vector<std::size_t>& candidates, std::size_t each) {
  std::vector<std::size_t> result;
  // How little each candidate is like those chosen; before any is, all are alike in this.
  std::vector<double> novelty(candidates.size(), 1);
  while (result.size() < std::min(each, candidates.size())) {
    std::size_t best = candidates.size();
    double most = -1;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const double worth = novelty[i] * uncertainty(cells[candidates[i]]);
      if (novelty[i] < 0 || worth <= most) continue;
      best = i;
      most = worth;
    }
    const auto& next = cells[candidates[best]];
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const double apart = squared_distance(cells[candidates[i]], next);
      novelty[i] = result.empty() ? apart : std::min(novelty[i], apart);
    }
    novelty[best] = -1;
    result.push_back(candidates[best]);
  }
  return result;
}

}  // namespace

std::vector<std::vector<std::size_t>> cells_to_name(std::span<const CellRow> cells,
                                                    std::size_t classes, std::size_t each) {
  std::vector<std::vector<std::size_t>> candidates(classes + 1);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const auto& cell = cells[i];
    if (cell.probability.size() != classes || classes == 0) continue;
    if (cell.outcome == CellOutcome::classified && cell.class_index >= 0 &&
        static_cast<std::size_t>(cell.class_index) < classes)
      candidates[static_cast<std::size_t>(cell.class_index)].push_back(i);
    else if (cell.exclusion == Exclusion::unidentified)
      candidates[classes].push_back(i);
  }
  std::vector<std::vector<std::size_t>> all;
  for (const auto& of_class : candidates) all.push_back(chosen(cells, of_class, each));
  return all;
}

}  // namespace cytocape
