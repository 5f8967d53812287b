#include "pipeline/criteria/weighed.hpp"

#include <string>
#include <utility>

#include "pipeline/criteria/told.hpp"
#include "pipeline/wording/genetics.hpp"
#include "pipeline/wording/sources.hpp"

namespace cytocape::criteria {
namespace {

/// A person must weigh it: indeterminate, not unknown.
Reading left_open(const std::string& input, std::string why) {
  auto reading = told_open(input, std::move(why));
  reading.basis = Basis::disputed;
  return reading;
}

Reading child(const Findings& findings) {
  constexpr double kAdult = 18;  // years
  const auto age = findings.numbers.find("age");
  if (age == findings.numbers.end()) return told("child", Choice::no, wording::no_age());
  const auto& number = age->second;
  return told("child", number.value < kAdult ? Choice::yes : Choice::no,
              wording::age(number.value, number.from));
}

/// Clones of fewer cells are met in healthy people.
Reading bystander_clone(const Readings& readings) {
  constexpr double kOfHaematopoiesis = 2;  // per cent: below, not even CHIP
  constexpr double kSmall = 10;            // per cent: what ICC asks for
  const auto& clone = readings.at("mutation");
  const bool reactive = readings.at("reactive_cause").answer == Choice::yes;
  const auto highest = clone.interval ? clone.interval->high : clone.value.value_or(0);
  const char* const input = "bystander_clone";
  if (highest <= 0 || clone.value.value_or(0) >= kSmall || (highest >= kSmall && !reactive))
    return told(input, Choice::no, wording::no_small_clone());
  if (highest >= kSmall) return left_open(input, wording::unmeasured_clone_beside_cause());
  if (highest < kOfHaematopoiesis) return left_open(input, wording::clone_below_chip(*clone.value));
  if (!reactive) return told(input, Choice::no, wording::no_cause_beside_small_clone());
  return left_open(input, wording::small_clone_beside_cause(*clone.value));
}

Reading neoplasm_beside(const Readings& readings) {
  const auto& other = readings.at("other_neoplasm");
  if (other.answer != Choice::yes)
    return told("neoplasm_beside", Choice::no, wording::none_recorded());
  return left_open("neoplasm_beside",
                   wording::neoplasm_to_be_weighed(wording::source_words(other.from)));
}

}  // namespace

void weigh(const Findings& findings, Readings& readings) {
  readings["child"] = child(findings);
  readings["bystander_clone"] = bystander_clone(readings);
  readings["neoplasm_beside"] = neoplasm_beside(readings);
}

}  // namespace cytocape::criteria
