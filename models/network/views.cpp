#include "models/network/views.hpp"

#include <vector>

namespace cytocape::detail {
namespace {

constexpr int kMirrored = 1;
constexpr int kUpsideDown = 2;
constexpr int kTransposed = 4;

torch::Tensor flipped(const torch::Tensor& x, int view) {
  std::vector<std::int64_t> axes;
  if ((view & kMirrored) != 0) axes.push_back(-1);
  if ((view & kUpsideDown) != 0) axes.push_back(-2);
  return axes.empty() ? x : x.flip(axes);
}

torch::Tensor transposed(const torch::Tensor& x, int view) {
  if ((view & kTransposed) == 0) return x;
  return x.transpose(-2, -1).contiguous(x.suggest_memory_format());
}

}  // namespace

torch::Tensor seen_as(const torch::Tensor& x, int view) {
  return flipped(transposed(x, view), view);
}

torch::Tensor turned_back(const torch::Tensor& map, int view) {
  return transposed(flipped(map, view), view);
}

}  // namespace cytocape::detail
