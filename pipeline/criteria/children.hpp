#pragma once

/// Whether a text tells of a child (configs/criteria/children.toml).

#include <string>
#include <string_view>

namespace cytocape::criteria {

/// What a text says of a child, as written: "8 years old", "Kind", "enfant"; empty where it tells
/// of none. An age is a number below 18 beside words for one: "since 3 years" is none. Thread-safe;
/// linear.
[[nodiscard]] std::string child_told_of(std::string_view text);

}  // namespace cytocape::criteria
