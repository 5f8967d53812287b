#pragma once

/// What would decide a classification, and why that is open. Pure; thread-safe.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "io/assessment.hpp"

namespace cytocape::wording {

/// What is known of an input now: "now 4.999 %, 40 of 800 cells of blood slide B-1". A number keeps
/// its side of `threshold`.
[[nodiscard]] Phrase known_words(const criteria::Reading& reading, Unit unit, double threshold);

/// What more counted cells would do for an answer.
struct Forecast {
  enum class Kind {
    enough,            ///< so many cells would show it
    too_many,          ///< more would be needed than a smear has
    opposite,          ///< they would show something else
    classifier_error,  ///< they would not decide
  };
  Kind kind = Kind::enough;
  std::uint64_t cells = 0;
  criteria::Asked other;  ///< what they would show
};
[[nodiscard]] Phrase forecast_words(const Forecast& forecast);

/// Another input from which the one in question would follow.
struct FollowsFrom {
  std::string input;
  criteria::Bound bound;
  Unit unit = Unit::none;
};
[[nodiscard]] Phrase follows_words(const FollowsFrom& from);

/// "The shortest way to confirm CMML: ..".
[[nodiscard]] std::string confirm_sentence(const criteria::Decision& decision);
/// The inputs that the open classes of an axis wait for.
[[nodiscard]] std::string axis_sentence(criteria::Axis axis,
                                        const std::vector<criteria::Decision>& decisions);

}  // namespace cytocape::wording
