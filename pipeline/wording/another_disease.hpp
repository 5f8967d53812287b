#pragma once

/// What is said of mutations that are of another disease than CMML. Pure; thread-safe.

#include <string>
#include <vector>

#include "io/assessment.hpp"

namespace cytocape::wording {

/// "platelets of 650 x 10^9/L", "haemoglobin of 18.6 g/dL".
[[nodiscard]] std::string high_platelets(double value);
[[nodiscard]] std::string high_haemoglobin(double value);
/// Drivers of MPN, with the features of MPN that stand beside them.
[[nodiscard]] std::string driver_of_mpn(const std::vector<criteria::Mutation>& mutations,
                                        const std::vector<std::string>& features);
/// Behind it, where an answer is older than the finding.
[[nodiscard]] std::string answered_before(const criteria::Provenance& answer);
/// `disease` is what the mutations are of, `item` what is to be answered.
[[nodiscard]] std::string gene_of_another(const std::vector<criteria::Mutation>& mutations,
                                          const std::string& disease, const std::string& item);
[[nodiscard]] std::string gene_alert(const std::vector<criteria::Mutation>& mutations,
                                     const std::string& disease);
/// Where dysplasia or another clone supports CMML beside the mutations.
[[nodiscard]] std::string supported_gene_alert(const std::vector<criteria::Mutation>& mutations,
                                               const std::string& disease);
/// `unknown` tells of the row that says that a gene is not known.
[[nodiscard]] std::string unknown_of_another(const std::string& unknown, const std::string& disease,
                                             const std::string& item);
/// Clauses as one.
[[nodiscard]] std::string all_of(const std::vector<std::string>& clauses);

}  // namespace cytocape::wording
