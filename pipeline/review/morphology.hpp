#pragma once

/// What a person sees on a slide beside the count, as far as the criteria ask for it. Pure.

#include <optional>
#include <string>
#include <vector>

#include "io/report.hpp"
#include "pipeline/review/review.hpp"

namespace cytocape {

/// Cells of a lineage that a person looked at in a marrow, and how many were dysplastic: "12 of
/// 100". From 10 % on the lineage is dysplastic; of fewer cells than `least` nothing follows
/// (WHO 2022 and ICC 2022: 10 %; 100 cells and 30 megakaryocytes are what a smear gives).
struct CountedLineage {
  const char* item;   ///< of morphology: "dysplastic megakaryocytes"
  const char* input;  ///< of the criteria: "dysplasia_megakaryocytic"
  std::uint64_t least;
};
[[nodiscard]] const std::vector<CountedLineage>& counted_lineages();

/// "seen", "not seen" or nothing.
inline constexpr const char* kAuerRods = "Auer rods";
/// The item of a laboratory file as which a disease that is named is taken.
inline constexpr const char* kNamedDiseaseItem = "other_neoplasm";

/// Throws ConfigError where `text` is not what `item` is counted in.
void require_morphology(const std::string& item, const std::string& text);

/// What follows for the criteria, as rows of laboratory values: of a marrow the dysplasia of its
/// lineages, of any slide Auer rods, which speak of acute myeloid leukaemia and leave the class
/// open. `slide` is the id of the slide.
[[nodiscard]] std::vector<criteria::GivenValue> findings_of(const Review& review, Specimen specimen,
                                                            const std::string& slide);

/// Lineages that were counted on too few cells, a sentence each.
[[nodiscard]] std::vector<std::string> too_few_counted(const Review& review);

}  // namespace cytocape
