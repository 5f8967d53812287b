#pragma once

/// What is known of each input of the criteria: a value or an interval, where it comes from, and
/// what is missing.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "io/assessment.hpp"
#include "pipeline/criteria/counts.hpp"
#include "pipeline/criteria/findings.hpp"
#include "pipeline/criteria/rules.hpp"

namespace cytocape::criteria {

/// An input that follows from another one: `factor` times it, or `factor` over it. AMC is WBC times
/// the share of monocytes.
struct Derived {
  std::string input;
  std::string from;
  Interval factor;
  bool inverse = false;
};

/// What a case tells beside its readings.
struct CaseReadings {
  Readings readings;
  std::map<std::string, std::set<std::string>> days;  ///< by input, of the values taken
  std::vector<Derived> derived;
  /// On slides that are not used, and to be looked at again; and in words beside values.
  std::vector<Urgent> seen;
  std::set<std::string> idle;     ///< inputs whose row `resolved` settles nothing
  std::vector<Phrase> set_aside;  ///< blasts on slides that a person decided against
};

/// Pure; does not depend on the order of slides or mutations. The newest is taken; of one day, or
/// where one has none, the first of these:
/// amc: the laboratory's; WBC x the laboratory's share of monocytes; WBC x the slide's;
/// monocytes: the laboratory's; its AMC / WBC; the slide's;
/// anc: the laboratory's; WBC x the slide's share of neutrophils;
/// pb_blasts, bm_blasts: the laboratory's (as counted by a person); the slides'.
/// What is older is named. Where one of the others says something else than the one taken, the
/// reading is disputed: everything that the sources say is held possible. A person's blasts are
/// disputed by slides that are ok alone, and where the two intervals do not meet. Each slide is
/// held against the laboratory's value by itself. Products and quotients of the laboratory's values
/// are as wide as the digits written allow.
[[nodiscard]] CaseReadings read_whole_case(const Case& facts);

/// The readings alone.
[[nodiscard]] Readings read_case(const Case& facts);

}  // namespace cytocape::criteria
