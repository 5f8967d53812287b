#pragma once

/// Where a laboratory's number and a slide's count lie further apart than chance puts them, and
/// what a person settled: page and terminal say these alike. Pure; thread-safe.

#include <map>
#include <span>
#include <string>
#include <vector>

#include "io/report.hpp"

namespace cytocape::wording {

struct Difference {
  std::string input;      ///< of the criteria: "monocytes"
  bool disputed = false;  ///< the criteria hold both possible; else they use the laboratory's
  Phrase text;            ///< "8 % (LIS), blood slide B-1 15.6 % (10.7 to 22.4)"
};

/// Of each number that a laboratory gave and each slide that shows it, whether or not the slide can
/// be used; none of a slide whose counts are withheld. They differ where Newcombe's interval (95 %)
/// of their difference leaves out 0; by sampling alone, as the differential's intervals are.
[[nodiscard]] std::vector<Difference> differences(const criteria::CaseResult& assessment,
                                                  std::span<const SlideReport> slides);

/// Reason and day of what a person settled, by input of the criteria. A decision that leaves
/// sources in contradiction is no such thing, nor is one on what nothing contradicts: neither the
/// criteria nor `differing`.
[[nodiscard]] std::map<std::string, std::string> settled(const criteria::CaseResult& assessment,
                                                         const std::vector<Difference>& differing);

/// Differences that nobody settled, and of which the criteria use the laboratory's number, each
/// with its input's name.
[[nodiscard]] std::vector<Phrase> open_differences(const criteria::CaseResult& assessment,
                                                   std::span<const SlideReport> slides);

}  // namespace cytocape::wording
