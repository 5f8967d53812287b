#pragma once

/// Several networks as one: an ensemble that is a CAPE network itself.
///
/// The mean of the members' class maps is one linear head on their features side by side. So the
/// joined network has the features of all, and as heads the members' weights, each divided by their
/// number: its ordinary logits are the mean of theirs. CAPE's heads are brought to one scale first,
/// A being M / exp(t1) of each; t1 of the whole is 0, and t2 and t3 are the means of theirs, taken
/// from t1. Its P is therefore a CAPE map that sums to 1 like any other, in one pass, and
/// everything that reads a network reads it. It takes as many times a member's time and room.

#include <memory>
#include <vector>

#include "models/data/model_card.hpp"
#include "models/network/network.hpp"

namespace cytocape::detail {

/// `members`: two or more networks of `card`'s backbone, output stride and classes, on one device;
/// their weights are copied. The embedding's statistics are not joined.
[[nodiscard]] std::shared_ptr<CapeNet> join_networks(
    const std::vector<std::shared_ptr<CapeNet>>& members, const ModelCard& card);

}  // namespace cytocape::detail
