#include "pipeline/wording/labels.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace cytocape::wording {
namespace {

struct Label {
  std::string_view code;
  const char* label;
  const char* brief;
};

constexpr std::array<Label, 48> kLabels{{
    {"wbc", "leukocytes (WBC)", "leukocytes (WBC)"},
    {"haemoglobin", "haemoglobin", "haemoglobin"},
    {"platelets", "platelets", "platelets"},
    {"amc", "absolute monocyte count (AMC)", "monocytes, absolute (AMC)"},
    {"monocytes", "monocytes, share of leukocytes", "monocytes of leukocytes"},
    {"anc", "absolute neutrophil count (ANC)", "neutrophils, absolute (ANC)"},
    {"pb_blasts", "blasts and blast equivalents in blood", "blasts and equivalents in blood"},
    {"bm_blasts", "blasts and blast equivalents in marrow", "blasts and equivalents in marrow"},
    {"classical_monocytes", "classical monocytes, share of monocytes",
     "classical monocytes of monocytes"},
    {"mutation", "mutation of a myeloid gene", "mutation"},
    {"persistence", "persistence of the monocytosis", "monocytosis persists"},
    {"cytogenetics", "clonal cytogenetic abnormality", "clonal cytogenetic abnormality"},
    {"bcr_abl1", "BCR::ABL1", "BCR::ABL1"},
    {"tk_fusion", "tyrosine-kinase fusion", "tyrosine-kinase fusion"},
    {"mpn_history", "previous myeloproliferative neoplasm", "previous MPN"},
    {"other_neoplasm", "another haematopoietic neoplasm", "another haematopoietic neoplasm"},
    {"reactive_cause", "reactive cause or active inflammatory disease",
     "reactive cause or inflammation"},
    {"dysplasia_erythroid", "erythroid dysplasia", "erythroid dysplasia"},
    {"dysplasia_granulocytic", "granulocytic dysplasia", "granulocytic dysplasia"},
    {"dysplasia_megakaryocytic", "megakaryocytic dysplasia", "megakaryocytic dysplasia"},
    {"marrow_cmml", "marrow morphology consistent with CMML", "marrow consistent with CMML"},
    {"immunophenotype", "immunophenotype consistent with CMML",
     "immunophenotype consistent with CMML"},
    {"sex", "sex", "sex"},
    {"karyotype", "karyotype (ISCN)", "karyotype"},
    {"mpn_now", "myeloproliferative neoplasm found now", "MPN now"},
    {"myeloid_sarcoma", "myeloid sarcoma", "myeloid sarcoma"},
    {"age", "age in years", "age (years)"},
    {"eosinophils", "absolute eosinophil count", "eosinophils, absolute"},
    {"splenomegaly", "enlarged spleen", "enlarged spleen"},
    {"ldh_raised", "raised lactate dehydrogenase (LDH)", "LDH raised"},
    {"fibrosis", "marrow fibrosis", "marrow fibrosis"},
    {"transfusions", "dependence on transfusions", "dependence on transfusions"},
    {"cytotoxic_therapy", "previous cytotoxic therapy or irradiation",
     "previous cytotoxic therapy"},
    {"predisposition", "inherited predisposition to myeloid neoplasms", "inherited predisposition"},
    {"growth_factor", "treatment with a growth factor (G-CSF, GM-CSF)", "growth factor given"},
    {"steroids", "treatment with corticosteroids", "corticosteroids given"},
    {"pregnancy", "pregnancy", "pregnancy"},
    {"aml_at_any_count", "abnormality that defines acute myeloid leukaemia at any count of blasts",
     "AML-defining at any count"},
    {"aml_from_10", "abnormality that defines acute myeloid leukaemia from 10 % of blasts on",
     "AML-defining from 10 % blasts"},
    {"child", "age below 18 years", "age below 18"},
    {"bystander_clone", "a small clone that may be a bystander", "small clone, bystander"},
    {"cause_without_clone", "a reactive cause without a clone of 10 % or more",
     "reactive cause, no clone"},
    {"earlier_leukaemia", "acute leukaemia behind earlier blasts", "acute leukaemia earlier"},
    {"mpn_driver", "MPN with a high burden of JAK2, CALR or MPL", "MPN by JAK2, CALR or MPL"},
    {"vexas_alone", "VEXAS as the only explanation", "VEXAS alone"},
    {"gene_of_another", "another disease by a mutation that is its own",
     "another disease by its gene"},
    {"disease_named", "another disease that a source names", "another disease named"},
    {"neoplasm_beside", "another neoplasm that may explain the monocytosis",
     "another neoplasm beside"},
}};

std::string found(const std::string& code, const char* Label::*which) {
  const auto label = std::find_if(kLabels.begin(), kLabels.end(),
                                  [&](const Label& one) { return one.code == code; });
  return label == kLabels.end() ? code : (*label).*which;
}

}  // namespace

std::string item_label(const std::string& code) {
  return found(code, &Label::label);
}

std::string input_label(const std::string& code) {
  return code == "mutation" ? "highest VAF of a mutation" : item_label(code);
}

std::string short_label(const std::string& code) {
  return found(code, &Label::brief);
}

}  // namespace cytocape::wording
