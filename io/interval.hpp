#pragma once

namespace cytocape {

struct Interval {
  double low = 0;
  double high = 0;
};

/// The smallest interval that holds both.
[[nodiscard]] inline Interval hull(const Interval& a, const Interval& b) {
  return {a.low < b.low ? a.low : b.low, a.high > b.high ? a.high : b.high};
}

}  // namespace cytocape
