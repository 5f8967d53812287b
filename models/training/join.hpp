#pragma once

/// Several networks as one, which is a CAPE network itself: joined side by side, or their mean.
///
/// Joined: the mean of the members' class maps is one linear head on their features side by side.
/// So the joined network has the features of all, and as heads the members' weights, each divided
/// by their number: its ordinary logits are the mean of theirs. CAPE's heads are brought to one
/// scale first, A being M / exp(t1) of each; t1 of the whole is 0, and t2 and t3 are the means of
/// theirs, taken from t1. Its P is therefore a CAPE map that sums to 1 like any other, in one pass,
/// and everything that reads a network reads it. It takes as many times a member's time and room.

#include <memory>
#include <vector>

#include "models/data/model_card.hpp"
#include "models/network/network.hpp"

namespace cytocape::detail {

/// `members`: two or more networks of `card`'s backbone, output stride and classes, on one device;
/// their weights are copied. The embedding's statistics are not joined.
[[nodiscard]] std::shared_ptr<CapeNet> join_networks(
    const std::vector<std::shared_ptr<CapeNet>>& members, const ModelCard& card);

/// The network whose every weight is the mean of theirs: as quick as one, and right more often than
/// the last on laboratories never seen (Wortsman et al., ICML 2022, arXiv 2203.05482; Cha et al.,
/// NeurIPS 2021, arXiv 2102.08604). `networks` are of one lineage, one trained on from another or
/// all from one start: between others a mean is no network. The running statistics of batch norms
/// are averaged, too, as the running mean of training does. One given twice has twice the weight.
[[nodiscard]] std::shared_ptr<CapeNet> mean_network(
    const std::vector<std::shared_ptr<CapeNet>>& networks, const ModelCard& card);

/// The cosine between the convolutions of two networks of one kind: above 0.99 for the rounds of a
/// training and for what was fine-tuned from one start, near 0 for networks of different starts.
[[nodiscard]] double likeness(CapeNet& a, CapeNet& b);

}  // namespace cytocape::detail
