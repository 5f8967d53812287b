#pragma once

/// What the words beside values leave open.

#include <vector>

#include "io/assessment.hpp"
#include "pipeline/criteria/findings.hpp"

namespace cytocape::criteria {

/// Takes back answers "no" whose own source says that there is no result, or that it is there, and
/// leaves open what Findings::spoken speaks for: nothing where the item is answered "yes", or was
/// resolved. Sets "disease_named"; "vexas_alone" is left to weigh(). Pure.
void leave_open_by_sources(const Findings& findings, Readings& readings);

/// Whether what a source speaks for is answered "yes" or was weighed by a person.
[[nodiscard]] bool is_settled(const Findings& findings, const Readings& readings,
                              const SpokenOf& spoken);

/// Whether a source speaks for the input.
[[nodiscard]] bool is_spoken_for(const Findings& findings, const std::string& input);

/// What must be acted on. Reads what leave_open_by_sources set.
[[nodiscard]] std::vector<Urgent> spoken_alerts(const Findings& findings, const Readings& readings);

}  // namespace cytocape::criteria
