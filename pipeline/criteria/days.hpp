#pragma once

/// Days of the calendar as laboratory files write them. Pure; thread-safe.

#include <chrono>
#include <string>

namespace cytocape::criteria {

/// A day of the calendar as YYYY-MM-DD, from 1900 on; its order as text is its order in time.
[[nodiscard]] bool is_day(const std::string& text);

/// Precondition: is_day(text).
[[nodiscard]] std::chrono::sys_days day_of(const std::string& text);

/// Whether an answer of one day cannot have weighed what another day found: it is more than 30 days
/// older, so that it is not of the same work-up. Not where one of the days is not told. The limit
/// is judgement.
[[nodiscard]] bool is_before_workup(const std::string& answer, const std::string& found);

[[nodiscard]] std::string day_words(std::chrono::sys_days day);

}  // namespace cytocape::criteria
