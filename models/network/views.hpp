#pragma once

/// A network that sees a crop in several orientations and averages what it sees.
///
/// A cell has no up and no left, but a network trained on some thousand crops calls a turned or
/// mirrored one differently now and then. So the backbone's map of each orientation is turned back
/// and their mean taken. The heads are linear: the mean of the class maps is the class map of that
/// mean, and P stays a CAPE map that sums to 1. It takes as many times the backbone's work.

#include <torch/torch.h>

namespace cytocape::detail {

/// x: [.., H, W], square for view 4 and above. `view` 0 is x as it is; bit 0 mirrors left and
/// right, bit 1 up and down, bit 2 swaps rows and columns first: eight orientations in all, of
/// which the first 2, 4 or 8 are a group. Keeps the memory format; a view of x or a copy.
[[nodiscard]] torch::Tensor seen_as(const torch::Tensor& x, int view);

/// The inverse of seen_as, for a map of the same orientation.
[[nodiscard]] torch::Tensor turned_back(const torch::Tensor& map, int view);

/// Float32 mean over the first `views` orientations of `backbone`'s maps of x, each turned back;
/// for one, what `backbone` gives.
template <typename Backbone>
torch::Tensor mean_over_views(const torch::Tensor& x, int views, const Backbone& backbone) {
  if (views == 1) return backbone(x);
  torch::Tensor sum;
  for (int view = 0; view < views; ++view) {
    const auto map = turned_back(backbone(seen_as(x, view)).to(torch::kFloat32), view);
    sum = sum.defined() ? sum + map : map;
  }
  return sum / views;
}

}  // namespace cytocape::detail
