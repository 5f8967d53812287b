#pragma once

/// What a class of a model is called where the taxonomy need not know it: its code, label and group
/// there, else its own name for all three. For what is measured and explained; what is counted on a
/// slide needs a class of the taxonomy (cell_class). Thread-safe.

#include <string>

namespace cytocape {

[[nodiscard]] std::string code_or_name(const std::string& name);
[[nodiscard]] std::string label_or_name(const std::string& name);
[[nodiscard]] std::string group_or_name(const std::string& name);

}  // namespace cytocape
