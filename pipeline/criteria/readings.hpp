#pragma once

/// What is known of each input of the criteria: a value or an interval, where it comes from, and
/// what is missing.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/criteria/counts.hpp"
#include "pipeline/criteria/findings.hpp"

namespace cytocape::criteria {

enum class Basis {
  unknown,      ///< nothing is known of it
  exact,        ///< given as one value or answer
  counted,      ///< counted on a slide: a value with its interval
  lower_bound,  ///< part of it is unknown: at least interval.low
};

struct Reading {
  std::string input;  ///< rules.hpp: inputs()
  Basis basis = Basis::unknown;
  std::optional<double> value;       ///< in the input's unit; of a lower bound the known part
  std::optional<Interval> interval;  ///< 95 %, sampling alone; none of an exact value
  std::string answer;                ///< "yes", "no", "male", "female"; empty for a quantity
  std::string source;                ///< where it comes from, as a phrase
  std::string gap;                   ///< why it is unknown or a lower bound
  std::vector<std::string> remarks;  ///< such as a contradiction between laboratory and slide

  // Where it was counted:
  std::uint64_t count = 0;
  std::uint64_t total = 0;
  double scale = 0;  ///< value = scale * count / total
  std::vector<CountedClass> classes;
};

/// Every input, by code.
using Readings = std::map<std::string, Reading>;

/// Pure; does not depend on the order of slides or mutations. Precedence:
/// amc: the laboratory's, else WBC x share of monocytes (laboratory's, else the slide's);
/// monocytes: the laboratory's, else its AMC / WBC of one day, else the slide's;
/// anc: the laboratory's, else WBC x the slide's share of neutrophils;
/// pb_blasts, bm_blasts: the slides'.
[[nodiscard]] Readings read_case(const Case& facts);

/// "given by LIS on 2024-03-01".
[[nodiscard]] std::string describe(const Provenance& from);

}  // namespace cytocape::criteria
