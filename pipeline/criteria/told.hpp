#pragma once

/// Readings that follow from what rows of laboratory files tell, with the words for it.

#include <string>
#include <utility>

#include "io/assessment.hpp"

namespace cytocape::criteria {

/// A known answer; `source` says where it comes from.
[[nodiscard]] inline Reading told(const std::string& input, Choice answer, std::string source) {
  Reading reading;
  reading.input = input;
  reading.basis = Basis::exact;
  reading.answer = answer;
  reading.from.what = Told{std::move(source)};
  return reading;
}

/// No answer; `why` says what is missing, or contested.
[[nodiscard]] inline Reading told_open(const std::string& input, std::string why) {
  Reading reading;
  reading.input = input;
  reading.gaps = {Told{std::move(why)}};
  return reading;
}

/// A person must weigh it: indeterminate, not unknown.
[[nodiscard]] inline Reading left_open(const std::string& input, std::string why) {
  auto reading = told_open(input, std::move(why));
  reading.basis = Basis::disputed;
  return reading;
}

}  // namespace cytocape::criteria
