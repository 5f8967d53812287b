#pragma once

/// A measured number on a line, against the thresholds that the editions set for it. Internal to
/// io/. Pure; thread-safe.

#include <optional>
#include <string>
#include <vector>

#include "io/interval.hpp"
#include "io/unit.hpp"

namespace cytocape::report_page {

struct EditionThresholds {
  std::string edition;             ///< "WHO 2022"
  std::vector<double> thresholds;  ///< ascending, each once
};

struct ThresholdScale {
  std::string title;  ///< "Monocytes, blood: 24.5 % (19.1-30.9)": for those who cannot see it
  Unit unit = Unit::none;
  std::vector<EditionThresholds> editions;
  std::optional<double> value;
  std::optional<Interval> interval;  ///< 95 %; none of an exact value
  bool open_above = false;           ///< the value is a lower bound
};

/// An <svg>, 380 wide in its own units: the first edition's thresholds above the line, the others'
/// below, the interval as a bar, the value as a diamond. Begins at 0. What lies beyond the right
/// end is shown as an arrow.
[[nodiscard]] std::string threshold_scale(const ThresholdScale& scale);

}  // namespace cytocape::report_page
