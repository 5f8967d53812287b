#include "pipeline/evaluation/match.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace cytocape {
namespace {

/// True cells by the x of their centre, so that only neighbours are compared.
class TruthIndex {
 public:
  explicit TruthIndex(const std::vector<PhantomCell>& truth) : truth_(truth) {
    order_.resize(truth.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::sort(order_.begin(), order_.end(),
              [&](std::size_t a, std::size_t b) { return truth[a].centre.x < truth[b].centre.x; });
    // A centre may lie anywhere in its box.
    for (const auto& cell : truth) widest_ = std::max(widest_, static_cast<double>(cell.box.width));
  }

  /// Calls use(index) for each true cell whose centre is at most `reach` from `x` along x.
  template <class Use>
  void near(double x, double reach, const Use& use) const {
    auto at = std::lower_bound(
        order_.begin(), order_.end(), x - reach,
        [&](std::size_t index, double value) { return truth_[index].centre.x < value; });
    for (; at != order_.end() && truth_[*at].centre.x <= x + reach; ++at) use(*at);
  }
  [[nodiscard]] double widest() const { return widest_; }

 private:
  const std::vector<PhantomCell>& truth_;
  std::vector<std::size_t> order_;
  double widest_ = 0;
};

struct Pair {
  double distance;
  std::size_t truth;
  std::size_t found;
};

/// All that may match, the nearest first; equal distances in the order of the cells.
std::vector<Pair> possible_pairs(const std::vector<PhantomCell>& truth,
                                 const std::vector<CellRow>& found, const TruthIndex& index) {
  std::vector<Pair> pairs;
  for (std::size_t f = 0; f < found.size(); ++f) {
    const auto& at = found[f].centre;
    index.near(at.x, index.widest(), [&](std::size_t t) {
      const auto& cell = truth[t];
      if (cell.box.contains(at.x, at.y))
        pairs.push_back({std::hypot(cell.centre.x - at.x, cell.centre.y - at.y), t, f});
    });
  }
  std::sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) {
    return std::tie(a.distance, a.truth, a.found) < std::tie(b.distance, b.truth, b.found);
  });
  return pairs;
}

}  // namespace

CellMatches match_cells(const std::vector<PhantomCell>& truth, const std::vector<CellRow>& found) {
  const TruthIndex index(truth);
  const auto pairs = possible_pairs(truth, found, index);
  CellMatches matches;
  matches.found_of.resize(truth.size());
  matches.truth_of.resize(found.size());
  matches.merged.resize(truth.size());
  matches.lies_on.resize(found.size());
  for (const auto& pair : pairs) {
    if (matches.found_of[pair.truth] || matches.truth_of[pair.found]) continue;
    matches.found_of[pair.truth] = pair.found;
    matches.truth_of[pair.found] = pair.truth;
  }
  for (const auto& pair : pairs)
    if (!matches.truth_of[pair.found] && !matches.lies_on[pair.found])
      matches.lies_on[pair.found] = pair.truth;
  for (std::size_t f = 0; f < found.size(); ++f) {
    if (!matches.truth_of[f]) continue;
    const auto& box = found[f].box;
    index.near(found[f].centre.x, static_cast<double>(box.width), [&](std::size_t t) {
      const auto& centre = truth[t].centre;
      if (!matches.found_of[t] && box.contains(centre.x, centre.y)) matches.merged[t] = true;
    });
  }
  return matches;
}

}  // namespace cytocape
