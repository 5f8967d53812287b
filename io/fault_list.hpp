#pragma once

/// Collects all that is wrong with an input, so that a user mends it once and not fault by fault.

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "io/errors.hpp"

namespace cytocape {

class FaultList {
 public:
  FaultList() = default;
  template <typename... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    faults_.push_back(fmt::format(format, std::forward<Args>(args)...));
  }
  /// Takes over what others found.
  explicit FaultList(std::vector<std::string> faults) : faults_(std::move(faults)) {}
  void move_to(std::vector<std::string>& other) {
    other.insert(other.end(), faults_.begin(), faults_.end());
    faults_.clear();
  }
  [[nodiscard]] bool empty() const { return faults_.empty(); }

  /// One ConfigError of one line: "`subject`: first; second; .. and 3 more".
  void throw_if_any(const std::string& subject) const {
    if (faults_.empty()) return;
    // A folder of wholly unreadable images would otherwise fill the screen.
    constexpr std::size_t kShown = 20;
    std::string line = subject + ": ";
    for (std::size_t i = 0; i < faults_.size() && i < kShown; ++i) {
      if (i > 0) line += "; ";
      line += faults_[i];
    }
    if (faults_.size() > kShown) line += fmt::format("; and {} more", faults_.size() - kShown);
    throw ConfigError(line);
  }

 private:
  std::vector<std::string> faults_;
};

}  // namespace cytocape
