#pragma once

/// Blasts and their equivalents in blood or marrow. Internal to the readings.

#include "io/assessment.hpp"
#include "pipeline/criteria/findings.hpp"
#include "pipeline/criteria/readings.hpp"

namespace cytocape::criteria {

/// Per cent of blasts from which alerts and notes speak of acute leukaemia; what decides are the
/// thresholds of an edition's rules.
constexpr double kAcuteLeukaemia = 20;

/// What a person counted, else the slides' count. Appends to `noted` what must be looked at again,
/// and what a person set aside.
[[nodiscard]] Reading read_blasts(const Case& facts, Specimen specimen, CaseReadings& noted);

}  // namespace cytocape::criteria
