#pragma once

/// The bar of a share: its length, its interval and the reference interval over it. Internal to
/// pipeline/pages. Pure; thread-safe.

#include <optional>

#include "io/report.hpp"
#include "pipeline/pages/report/text.hpp"

namespace cytocape::report_page {

struct Bar {
  std::optional<double> fraction;
  std::optional<Interval> interval;
  std::optional<Interval> usual;
};

/// Upper end of a slide's bars: the next 10 % above everything shown.
[[nodiscard]] double bar_scale(const SlideReport& report);
/// Sets `bar`, `whisker` and `usual` of a template's row.
void set_bar(data& row, const Bar& bar, double scale);

}  // namespace cytocape::report_page
