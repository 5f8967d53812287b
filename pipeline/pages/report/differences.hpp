#pragma once

/// Where a laboratory's number and a slide's count lie further apart than chance puts them.
/// Internal to pipeline/pages. Pure; thread-safe.

#include <span>
#include <string>
#include <vector>

#include "io/report.hpp"

namespace cytocape::report_page {

struct Difference {
  std::string input;      ///< of the criteria: "monocytes"
  bool disputed = false;  ///< the criteria hold both possible; else they use the laboratory's
  std::string text;       ///< "8 % (LIS), blood slide B-1 15.6 % (10.7-22.4)"
};

/// Of each number that a laboratory gave and each slide that shows it, whether or not the slide can
/// be used; none of a slide whose counts are withheld. They differ where Newcombe's interval (95 %)
/// of their difference leaves out 0; by sampling alone, as the differential's intervals are.
[[nodiscard]] std::vector<Difference> differences(const criteria::CaseResult& assessment,
                                                  std::span<const SlideReport> slides);

}  // namespace cytocape::report_page
