#pragma once

/// Variants of mutated genes as laboratories write them. Pure; thread-safe.

#include <string>

#include "io/assessment.hpp"

namespace cytocape::criteria {

/// Whether a mutation is of a gene, and of a variant where one is asked for: "KIT D816V" is "KIT
/// p.D816V" and "KIT p.(Asp816Val)", whatever the letter case.
[[nodiscard]] bool has_variant(const Mutation& mutation, const std::string& asked);

}  // namespace cytocape::criteria
