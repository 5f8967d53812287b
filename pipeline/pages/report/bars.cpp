#include "pipeline/pages/report/bars.hpp"

#include <algorithm>
#include <cmath>

namespace cytocape::report_page {
namespace {

data stretch(const Interval& interval, double scale) {
  data item;
  item.set("left", coordinate(100 * interval.low / scale));
  item.set("width", coordinate(100 * std::min(interval.high - interval.low, scale) / scale));
  return item;
}

}  // namespace

double bar_scale(const SlideReport& report) {
  double highest = 0.1;
  for (const auto& row : report.differential) {
    if (!row.in_denominator) continue;
    if (row.wilson95) highest = std::max(highest, row.wilson95->high);
    if (row.reference) highest = std::max(highest, row.reference->high);
    highest = std::max(highest, row.fraction.value_or(0));
  }
  return std::min(1.0, std::ceil(highest * 10 - 1e-9) / 10);
}

void set_bar(data& row, const Bar& bar, double scale) {
  const auto nothing = data(data::type::bool_false);
  row.set("bar", bar.fraction ? data{"width", coordinate(100 * *bar.fraction / scale)} : nothing);
  row.set("whisker", bar.interval ? stretch(*bar.interval, scale) : nothing);
  row.set("usual", bar.usual ? stretch(*bar.usual, scale) : nothing);
}

}  // namespace cytocape::report_page
