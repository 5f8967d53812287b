#pragma once

/// Readings of what a laboratory gave, and how one source is weighed against another. Internal to
/// the readings.

#include <optional>
#include <string>
#include <vector>

#include "io/assessment.hpp"
#include "pipeline/criteria/findings.hpp"

namespace cytocape::criteria {

/// None where the item has no number.
[[nodiscard]] const Number* given_number(const Findings& findings, const std::string& code);
[[nodiscard]] Reading unknown_reading(const std::string& input, Gap gap);
[[nodiscard]] Reading exact_reading(const std::string& input, double value, Source source);
/// A row may say that nothing is known.
void say_unknown(const Findings& findings, Reading& reading);
[[nodiscard]] Interval scaled_interval(const Interval& interval, double factor);

/// A person's share of enough cells, or of a number that is not given.
[[nodiscard]] const Number* share_of(const Case& facts, const std::string& input);
/// A share of how many cells has the interval of a count.
[[nodiscard]] Reading of_laboratory(const Case& facts, const std::string& input);

/// A reading in words, with its unit.
[[nodiscard]] Phrase said_with_unit(const Reading& reading);
/// Where `other` says something else than `given`, what both say is held possible.
void weigh_against(Reading& given, const Reading& other);
/// What a person decided for the number that is given of an item; none where the decision is older
/// than the number, which it cannot have weighed.
[[nodiscard]] const Provenance* decision_for(const Findings& findings, const std::string& input);
/// Weighs, unless a person decided that `given` stands; it says so then.
void weigh_unresolved(const Findings& findings, Reading& given, const Reading& other,
                      void (*weigh)(Reading&, const Reading&));
/// The same of what every slide says by itself: what slides that differ say together would meet
/// anything. Does not depend on their order.
void weigh_each(const Findings& findings, Reading& given, const std::vector<Reading>& each,
                void (*weigh)(Reading&, const Reading&));
/// A person's share that is not used, beside the slides' count or why there is none either.
void add_unused(const std::vector<Gap>& gaps, Reading& slides);

}  // namespace cytocape::criteria
