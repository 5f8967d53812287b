#pragma once

/// Tests that see chromosomes and copies of genes, and nothing of their sequence.

#include "io/assessment.hpp"

namespace cytocape::criteria {

/// Whether the row of a mutation tells of such tests alone ("FISH, 60 % of nuclei", "karyotype",
/// "OGM"; "KMT2A 11q23"), which show a rearrangement or a lost copy and no mutation. A panel is of
/// sequences, but "FISH panel"; a laboratory for cytogenetics tests sequences too. Words are of
/// configs/criteria/sources_of_yes.toml. Thread-safe; linear.
[[nodiscard]] bool is_seen_without_sequence(const Mutation& mutation);

}  // namespace cytocape::criteria
