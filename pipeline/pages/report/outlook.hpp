#pragma once

/// What is missing to decide an edition's classes, and what would change the result. Internal to
/// pipeline/pages. Pure; thread-safe.

#include <string>
#include <vector>

#include "pipeline/pages/report/text.hpp"

namespace cytocape::report_page {

/// What the class of a decision is about.
[[nodiscard]] criteria::Axis axis_of(const criteria::EditionResult& edition,
                                     const criteria::Decision& decision);

/// Sets what pipeline/pages/report/criteria.html needs for its lists of what is missing and what
/// would change. `readings` tell which inputs are known as a lower bound alone.
void set_outlook(data& item, const criteria::EditionResult& edition,
                 const criteria::Readings& readings);

}  // namespace cytocape::report_page
