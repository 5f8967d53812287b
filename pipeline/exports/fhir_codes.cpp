#include "pipeline/exports/fhir_codes.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace cytocape {
namespace {

struct ClassCode {
  std::string_view code;
  LoincCode loinc;
};

/// Members of LOINC's panel 24318-8 (Manual Differential panel - Blood, LOINC 2.78) that name no
/// method. Left out: atypical lymphocytes, which LOINC parts into reactive ("variant", 13046-8) and
/// abnormal ones (30413-9), as the classes here do not; smudge cells, which are outside the count;
/// normoblasts, which are per 100 leukocytes and not of them.
constexpr std::array kBloodCodes{
    ClassCode{"segmented_neutrophil", {"26505-8", "Segmented neutrophils/100 leukocytes in Blood"}},
    ClassCode{"band_neutrophil", {"26508-2", "Band form neutrophils/100 leukocytes in Blood"}},
    ClassCode{"neutrophils", {"26511-6", "Neutrophils/100 leukocytes in Blood"}},
    ClassCode{"eosinophil", {"26450-7", "Eosinophils/100 leukocytes in Blood"}},
    ClassCode{"basophil", {"30180-4", "Basophils/100 leukocytes in Blood"}},
    ClassCode{"lymphocyte", {"26478-8", "Lymphocytes/100 leukocytes in Blood"}},
    ClassCode{"monocyte", {"26485-3", "Monocytes/100 leukocytes in Blood"}},
    ClassCode{"immature_monocyte", {"34925-8", "Immature monocytes/100 leukocytes in Blood"}},
    ClassCode{"promonocyte", {"30466-7", "Promonocytes/100 leukocytes in Blood"}},
    ClassCode{"monoblast", {"34923-3", "Monoblasts/100 leukocytes in Blood"}},
    ClassCode{"myeloblast", {"30445-1", "Myeloblasts/100 leukocytes in Blood"}},
    ClassCode{"blast", {"26446-5", "Blasts/100 leukocytes in Blood"}},
    ClassCode{"promyelocyte", {"26524-9", "Promyelocytes/100 leukocytes in Blood"}},
    ClassCode{"myelocyte", {"26498-6", "Myelocytes/100 leukocytes in Blood"}},
    ClassCode{"metamyelocyte", {"28541-1", "Metamyelocytes/100 leukocytes in Blood"}},
    ClassCode{"plasma_cell", {"13047-6", "Plasma cells/100 leukocytes in Blood"}},
};

}  // namespace

LoincCode loinc_of(const std::string& code, Specimen specimen) {
  if (specimen != Specimen::blood) return {};
  const auto* found = std::find_if(kBloodCodes.begin(), kBloodCodes.end(),
                                   [&](const auto& one) { return one.code == code; });
  return found == kBloodCodes.end() ? LoincCode{} : found->loinc;
}

LoincCode loinc_of_report(Specimen specimen) {
  return specimen == Specimen::blood
             ? LoincCode{"69738-3", "Differential panel, method unspecified - Blood"}
             : LoincCode{};
}

}  // namespace cytocape
