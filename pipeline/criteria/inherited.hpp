#pragma once

/// Whether what a row found is said to be no acquired abnormality.

#include <string_view>

#include "io/assessment.hpp"

namespace cytocape::criteria {

/// "germline, confirmed on fibroblasts", "Keimbahn", "constitutionnelle", "VUS", "benign
/// polymorphism", "artefact", "not detected"; not "somatic, not germline", "germline control",
/// "constitutional symptoms". Thread-safe; linear.
[[nodiscard]] bool tells_of_no_acquired(std::string_view source);

/// The same of a mutation's source, or that it takes the mutation back.
[[nodiscard]] bool is_taken_back(const Mutation& mutation);

/// A gene that is known as inherited too, with a VAF from 40 to 60 %.
[[nodiscard]] bool may_be_inherited(const Mutation& mutation);

}  // namespace cytocape::criteria
