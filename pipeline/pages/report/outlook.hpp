#pragma once

/// What is missing to decide an edition's classes, and what would change the result. Internal to
/// pipeline/pages. Pure; thread-safe.

#include "pipeline/pages/report/text.hpp"

namespace cytocape::report_page {

/// One line: what would confirm the first open disease, then what the subtype and grade wait for.
/// Empty where nothing is open.
[[nodiscard]] std::string missing_words(const criteria::EditionResult& edition,
                                        const criteria::Readings& readings);

/// Sets what pipeline/pages/report/criteria.html needs for its lists of what is missing and what
/// would change. `readings` tell which inputs are known as a lower bound alone.
void set_outlook(data& item, const criteria::EditionResult& edition,
                 const criteria::Readings& readings);

}  // namespace cytocape::report_page
