#pragma once

/// The configuration of a training as its card and its checkpoint keep it: "key = value" a line.

#include <string>
#include <vector>

namespace cytocape::detail {

struct ConfigDifference {
  std::string key;
  std::string before;  ///< empty: the key was not there
  std::string now;     ///< likewise
};

/// The keys whose values differ, in the order of `now`; those that it has not come last.
[[nodiscard]] std::vector<ConfigDifference> config_differences(const std::string& before,
                                                               const std::string& now);

/// "optimiser.epochs was 14, now 15; ...": three at most, and how many more.
[[nodiscard]] std::string words_of(const std::vector<ConfigDifference>& differences);

}  // namespace cytocape::detail
