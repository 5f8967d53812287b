#pragma once

/// What is said of mutations, fusions and karyotypes, and of what no single item tells. Pure;
/// thread-safe.

#include <string>
#include <vector>

#include "io/assessment.hpp"

namespace cytocape::wording {

/// A fusion that a karyotype or another text shows.
struct Shown {
  std::string fusion;   ///< "PML::RARA"; one gene where any partner will do
  std::string written;  ///< "t(15;17)(q24;q21)"
  std::string where;    ///< "karyotype, LIS, 2024-03-05"
  bool certain = false;
};
/// "t(15;17)(q24;q21) (karyotype, LIS) means PML::RARA".
[[nodiscard]] std::string shown_fusion(const Shown& shown);
[[nodiscard]] std::string of_the_karyotype(const criteria::Provenance& from);
[[nodiscard]] std::string of_a_row(std::uint64_t row);

/// What an edition's table says of a finding.
struct Family {
  std::string found;    ///< shown_fusion(), or "NPM1 (NGS)"
  std::string disease;  ///< "acute promyelocytic leukaemia"
  std::string edition;
  double blasts = 0;  ///< per cent from which on
  std::string text;   ///< a further sentence; may be empty
};
[[nodiscard]] std::string is_of_family(const Family& family);
[[nodiscard]] std::string would_be_of_family(const Family& family);
[[nodiscard]] std::string fusion_of_no_table(const std::string& found, const std::string& edition);
[[nodiscard]] std::string defines_family(const Family& family);

// Of the karyotype:
[[nodiscard]] std::string contradicts_karyotype(criteria::Choice answer, const std::string& source,
                                                const std::string& shown);
[[nodiscard]] std::string abnormalities(const std::vector<std::string>& written,
                                        const criteria::Provenance& from);
[[nodiscard]] std::string normal_karyotype(const std::string& iscn,
                                           const criteria::Provenance& from);
[[nodiscard]] std::string of_another_disease(const std::vector<std::string>& written);
[[nodiscard]] std::string loss_of_y_alone();
[[nodiscard]] std::string doubtful(const std::vector<std::string>& written);
[[nodiscard]] std::string unread_karyotype(const std::vector<std::string>& parts);
[[nodiscard]] std::string write_as_karyotype(const std::string& shown);

// Of mutations:
/// "MYD88 38 % of row 3 belongs to lymphoid neoplasms".
[[nodiscard]] std::string undeciding(const criteria::Mutation& mutation);

// Of what is not recorded, or follows from several items:
[[nodiscard]] std::string not_recorded();
[[nodiscard]] std::string none_recorded();
[[nodiscard]] std::string too_brief(const criteria::Provenance& from);
[[nodiscard]] std::string no_age();
[[nodiscard]] std::string age(double years, const criteria::Provenance& from);
[[nodiscard]] std::string no_small_clone();
[[nodiscard]] std::string no_cause_beside_small_clone();
/// `vaf` in per cent.
[[nodiscard]] std::string clone_below_chip(double vaf);
[[nodiscard]] std::string small_clone_beside_cause(double vaf);
[[nodiscard]] std::string unmeasured_clone_beside_cause();
[[nodiscard]] std::string neoplasm_to_be_weighed(const std::string& source);

}  // namespace cytocape::wording
