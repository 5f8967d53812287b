#pragma once

namespace cytocape {

struct Interval {
  double low = 0;
  double high = 0;
};

}  // namespace cytocape
