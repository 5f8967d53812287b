#pragma once

/// What items of laboratory values and inputs of criteria are called. Pure; thread-safe.

#include <string>

namespace cytocape::wording {

/// In a sentence: "absolute monocyte count (AMC)"; an unknown code stays.
[[nodiscard]] std::string item_label(const std::string& code);
/// The same where a criterion asks about it: "highest VAF of a mutation".
[[nodiscard]] std::string input_label(const std::string& code);
/// In a table or before an answer, where there is less room: "monocytes, absolute (AMC)".
[[nodiscard]] std::string short_label(const std::string& code);

}  // namespace cytocape::wording
