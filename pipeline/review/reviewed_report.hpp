#pragma once

/// A record as its review has it, for `report --review`.

#include <filesystem>

#include "io/report.hpp"

namespace cytocape {

/// Revises `report`, which was read from `record`, by the review beside it. Throws ConfigError
/// where there is none, StorageError where record or review cannot be read or do not belong
/// together.
void revise_by_review(const std::filesystem::path& record, SlideReport& report);

}  // namespace cytocape
