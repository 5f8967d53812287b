#pragma once

/// The order in which a film is read (`order` of configs/taxonomy.toml), on pages and terminals.

#include <span>
#include <string>
#include <vector>

#include "io/report.hpp"

namespace cytocape {

/// A class's place in reports; a class that the taxonomy does not know stands last. Thread-safe.
[[nodiscard]] int clinical_place(const std::string& code);

/// Refers to `rows`.
[[nodiscard]] std::vector<const DifferentialRow*> in_clinical_order(
    std::span<const DifferentialRow> rows);

}  // namespace cytocape
