#pragma once

/// How FHIR names what a slide's report counts.

#include <string>

#include "io/specimen.hpp"

namespace cytocape {

/// Codes of this program, which is the code system where LOINC has none.
inline constexpr const char* kTaxonomySystem = "urn:cytocape:taxonomy";
inline constexpr const char* kLoincSystem = "http://loinc.org";

struct LoincCode {
  const char* code = nullptr;
  const char* display = "";  ///< LOINC's long common name
};

/// Of the share of a class (or of the sum "neutrophils") of the leukocytes counted in blood, by no
/// particular method; none where LOINC has no code for just that. Marrow has none: LOINC's terms
/// for its cells are "by Manual count", which this is not.
[[nodiscard]] LoincCode loinc_of(const std::string& code, Specimen specimen);

/// Of the differential of a specimen; none for marrow.
[[nodiscard]] LoincCode loinc_of_report(Specimen specimen);

}  // namespace cytocape
