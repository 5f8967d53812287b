#pragma once

/// Collects all that is wrong with an input, so that a user mends it once and not fault by fault.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
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

  /// Orders faults that begin with "row <number>" by that number; others stay in front.
  void sort_by_row() {
    const auto row = [](const std::string& fault) {
      unsigned long number = 0;
      if (fault.starts_with("row "))
        std::from_chars(fault.data() + 4, fault.data() + fault.size(), number);
      return number;
    };
    std::stable_sort(faults_.begin(), faults_.end(),
                     [&](const auto& a, const auto& b) { return row(a) < row(b); });
  }

  /// One ConfigError: "`subject`: fault", or of several each on a line of its own below `subject`.
  void throw_if_any(const std::string& subject) const {
    if (faults_.empty()) return;
    if (faults_.size() == 1) throw ConfigError(subject + ": " + faults_.front());
    // A folder of wholly unreadable images would otherwise fill the screen.
    constexpr std::size_t kShown = 20;
    auto text = fmt::format("{}: {} faults", subject, faults_.size());
    for (std::size_t i = 0; i < faults_.size() && i < kShown; ++i) text += "\n  " + faults_[i];
    if (faults_.size() > kShown) text += fmt::format("\n  and {} more", faults_.size() - kShown);
    throw ConfigError(text);
  }

 private:
  std::vector<std::string> faults_;
};

}  // namespace cytocape
