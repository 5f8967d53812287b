#pragma once

/// What people saw on the other slides of a case. A disease of the patient is one of every slide.

#include <filesystem>
#include <vector>

#include "io/report.hpp"

namespace cytocape {

/// Of the reviews in the folders beside `folder`, whose report is `report`, that are of the same
/// case: what names another disease (Auer rods), as rows for the criteria. None where the report is
/// of no case. Reads every review beside it, and the records of those that speak of
/// morphology. Throws StorageError for one that cannot be read: what it names is not passed over.
[[nodiscard]] std::vector<criteria::GivenValue> diseases_seen_beside(
    const std::filesystem::path& folder, const SlideReport& report);

/// Adds them to what `report`'s own review found. Precondition: report.review.
void add_diseases_seen_beside(const std::filesystem::path& folder, SlideReport& report);

}  // namespace cytocape
