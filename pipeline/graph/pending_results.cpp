#include "pipeline/graph/pending_results.hpp"

#include <stdexcept>
#include <utility>

namespace cytocape {
namespace {

/// The k-th of `count` equal parts.
template <class T>
std::vector<T> part_of(const std::vector<T>& values, std::size_t k, std::size_t count) {
  const auto size = values.size() / count;
  const auto begin = values.begin() + static_cast<std::ptrdiff_t>(k * size);
  return {begin, begin + static_cast<std::ptrdiff_t>(size)};
}

}  // namespace

void PendingResults::take(const Batch& batch) {
  const auto count = static_cast<std::size_t>(batch.count);
  for (std::size_t k = 0; k < count; ++k) {
    CellResult result;
    result.failure = batch.failure;
    if (batch.failure.empty()) {
      result.map = part_of(batch.maps.map, k, count);
      result.probability = part_of(batch.maps.probability, k, count);
      if (!batch.maps.strangeness.empty()) result.strangeness = batch.maps.strangeness[k];
      result.crop = part_of(batch.crops, k, count);
    }
    results_.push_back(std::move(result));
  }
}

CellResult PendingResults::next() {
  if (results_.empty()) throw std::logic_error("a cell came without its classification");
  auto result = std::move(results_.front());
  results_.pop_front();
  return result;
}

}  // namespace cytocape
