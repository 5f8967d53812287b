#pragma once

/// Days of the calendar as laboratory files write them. Pure; thread-safe.

#include <chrono>
#include <string>

namespace cytocape::criteria {

/// A day of the calendar as YYYY-MM-DD, from 1900 on; its order as text is its order in time.
[[nodiscard]] bool is_day(const std::string& text);

/// Precondition: is_day(text).
[[nodiscard]] std::chrono::sys_days day_of(const std::string& text);

[[nodiscard]] std::string day_words(std::chrono::sys_days day);

}  // namespace cytocape::criteria
