#pragma once

/// What is said of mutations, fusions and karyotypes, and of what no single item tells. Pure;
/// thread-safe.

#include <string>
#include <vector>

#include "io/assessment.hpp"

namespace cytocape::wording {

/// A fusion that a karyotype or another text shows.
struct Shown {
  std::string fusion;   ///< "PML::RARA"; one gene where any partner will do; may be empty
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
  double blasts = 0;     ///< per cent from which on
  std::string text;      ///< a further sentence; may be empty
  std::string excluded;  ///< what a row "no" is to name: "PML::RARA", "KMT2A-r"
  bool of_a_fusion = true;
};
[[nodiscard]] std::string is_of_family(const Family& family);
[[nodiscard]] std::string would_be_of_family(const Family& family);
[[nodiscard]] std::string unread_rearrangement(const std::string& found);
[[nodiscard]] std::string fusion_of_no_table(const std::string& found, const std::string& edition);
/// Of a gene that may be rearranged with any partner; `excluded` is as in Family.
[[nodiscard]] std::string rearrangement_of_no_table(const std::string& found,
                                                    const std::string& edition,
                                                    const std::string& excluded);
[[nodiscard]] std::string defines_family(const Family& family);

// Of the karyotype:
[[nodiscard]] std::string contradicts_karyotype(criteria::Choice answer, const std::string& source,
                                                const std::string& shown);
[[nodiscard]] std::string abnormalities(const std::vector<std::string>& written,
                                        const criteria::Provenance& from);
[[nodiscard]] std::string not_acquired(const std::vector<std::string>& written,
                                       const criteria::Provenance& from);
[[nodiscard]] std::string normal_karyotype(const std::string& iscn,
                                           const criteria::Provenance& from);
[[nodiscard]] std::string of_another_disease(const std::vector<std::string>& written);
[[nodiscard]] std::string may_be_of_another_disease(const std::vector<std::string>& written);
/// "no metaphases", "culture failure".
[[nodiscard]] std::string no_result(const criteria::Provenance& from);
/// An answer against what another row, or the source of its own, names.
[[nodiscard]] std::string contradicts_text(criteria::Choice answer, const std::string& source,
                                           const std::string& shown);
/// "the source of row 7 names t(15;17) (PML::RARA)".
[[nodiscard]] std::string source_names(std::uint64_t row, const std::string& written,
                                       const std::string& fusion);
[[nodiscard]] std::string loss_of_y_alone();
[[nodiscard]] std::string doubtful(const std::vector<std::string>& written);
[[nodiscard]] std::string unread_karyotype(const std::vector<std::string>& parts);
/// "//" in a karyotype.
[[nodiscard]] std::string cells_of_a_donor(const criteria::Provenance& from);
/// A karyotype of a man or a woman where another row tells otherwise.
[[nodiscard]] std::string of_another_sex(criteria::Choice sex, const criteria::Provenance& from,
                                         const criteria::Provenance& other);
/// Results of FISH or arrays.
[[nodiscard]] std::string molecular(const std::vector<std::string>& results);
[[nodiscard]] std::string write_as_karyotype(const std::string& shown);

// Of mutations:
/// "MYD88 38 % of row 3 belongs to lymphoid neoplasms".
[[nodiscard]] std::string undeciding(const criteria::Mutation& mutation);
/// Of a gene that is known as inherited too, near half of the copies.
[[nodiscard]] std::string may_be_inherited(const criteria::Mutation& mutation);

/// Of a gene alone that is known for its rearrangements; `example` is such a fusion, or empty.
[[nodiscard]] std::string mutation_or_rearrangement(const criteria::Mutation& mutation,
                                                    const std::string& example);

// Of what is not recorded, or follows from several items:
[[nodiscard]] std::string not_recorded();
[[nodiscard]] std::string none_recorded();
[[nodiscard]] std::string too_brief(const criteria::Provenance& from);
/// Of a haemoglobin in g/dL.
[[nodiscard]] std::string transfused(double value);
/// "said to be unknown (row 4, 2024-03-01)".
[[nodiscard]] std::string said_unknown(const criteria::Provenance& from);
/// Behind what was found, of an older row "no".
[[nodiscard]] std::string denied_before(const criteria::Provenance& from);
/// Where one of both has no date.
[[nodiscard]] std::string denied_on_no_day(const criteria::Provenance& from);
/// Of abnormalities that no cell lacks.
[[nodiscard]] std::string may_be_constitutional(const std::vector<std::string>& written);
/// Behind what was found: ", denied later".
[[nodiscard]] std::string denied_later();
/// "TET2 38 % (row 4, 2024-03-05) and no (row 9, 2025-03-05) contradict each other".
[[nodiscard]] std::string contested_gene(const std::string& gene, const criteria::RowAnswer& found,
                                         const criteria::Provenance& denial);
/// By a row of its gene.
[[nodiscard]] std::string denied_by_a_row();
/// "row 4 says unknown of NPM1".
[[nodiscard]] std::string unknown_genetics(const std::string& what,
                                           const criteria::Provenance& from);
/// `code` is "karyotype" or "cytogenetics".
[[nodiscard]] std::string unknown_karyotype(const std::string& code,
                                            const criteria::Provenance& from);
[[nodiscard]] std::string karyotype_without_result(const criteria::Provenance& from);
/// Of mutations in general.
[[nodiscard]] std::string unknown_mutations(const criteria::Provenance& from);
[[nodiscard]] std::string no_age();
[[nodiscard]] std::string unknown_age(const criteria::Provenance& from);
/// Of a child that the source of a row tells of, where no age is given.
[[nodiscard]] std::string child_in_source(const std::string& written, std::uint64_t row);
[[nodiscard]] std::string age(double years, const criteria::Provenance& from);
/// `at_least` is the age carried on to that day.
[[nodiscard]] std::string age_at_newest_count(double at_least, double years,
                                              const criteria::Provenance& from);
[[nodiscard]] std::string no_small_clone();
[[nodiscard]] std::string no_cause_beside_small_clone();
/// `why` says what is known of the cause.
[[nodiscard]] std::string open_cause_beside_small_clone(const std::string& why);
[[nodiscard]] std::string open_cause_without_clone(const std::string& why);
[[nodiscard]] std::string no_cause_without_clone();
[[nodiscard]] std::string cause_without_clone(const std::string& source);
/// `vaf` in per cent.
[[nodiscard]] std::string clone_below_chip(double vaf);
[[nodiscard]] std::string small_clone_beside_cause(double vaf);
[[nodiscard]] std::string unmeasured_clone_beside_cause();
[[nodiscard]] std::string neoplasm_to_be_weighed(const std::string& source);
/// "25 % blasts in marrow (row 4, 2023-05-01)".
[[nodiscard]] std::string earlier_blasts(const std::string& where, double percent,
                                         const criteria::Provenance& from);
[[nodiscard]] std::string earlier_leukaemia(const std::vector<std::string>& counts);
[[nodiscard]] std::string no_driver_of_mpn();
[[nodiscard]] std::string driver_with_answer();
/// `rows` say of genes that they are not known.
[[nodiscard]] std::string unknown_driver_of_mpn(const std::vector<std::string>& rows);
[[nodiscard]] std::string unknown_vexas(const std::vector<std::string>& rows);
[[nodiscard]] std::string no_vexas();
[[nodiscard]] std::string vexas_supported();
[[nodiscard]] std::string vexas_alone();

}  // namespace cytocape::wording
