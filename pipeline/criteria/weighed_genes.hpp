#pragma once

/// Mutations that are of another disease, and what stands beside them.

#include <string>
#include <vector>

#include "io/assessment.hpp"
#include "pipeline/criteria/findings.hpp"

namespace cytocape::criteria {

constexpr double kOfHaematopoiesis = 2;  // per cent: a clone of less is not even CHIP

[[nodiscard]] inline bool is_yes(const Readings& readings, const std::string& item) {
  return readings.at(item).answer == Choice::yes;
}

/// Sets the readings of mpn_driver, vexas_alone and gene_of_another (weighed.hpp). Pure.
void weigh_genes(const Findings& findings, Readings& readings);

/// What must be said first of mutations that leave it open, as of the disease in words. Reads what
/// weigh_genes() sets.
[[nodiscard]] std::vector<Urgent> gene_alerts(const Findings& findings, const Readings& readings);

}  // namespace cytocape::criteria
