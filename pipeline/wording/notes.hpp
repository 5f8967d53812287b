#pragma once

/// What stands first under what is to be considered. Pure; thread-safe.

#include <cstdint>
#include <string>
#include <vector>

#include "io/assessment.hpp"

namespace cytocape::wording {

/// A row that says that something is not known.
struct Unknown {
  std::string said;  ///< an item's code, or "mutation GENE"
  criteria::Provenance from;
};
/// "Said to be unknown, and left open until it is told: age in years (row 4, 2024-03-01)."
[[nodiscard]] Phrase left_open_as_unknown(const std::vector<Unknown>& unknown);

/// A remark on earlier counts, and these: "25 % blasts in marrow (LIS, 2023-05-01)".
[[nodiscard]] Phrase with_earlier_counts(const Phrase& text,
                                         const std::vector<std::string>& counts);

// Of a row that says unknown; `what` is an item's code or a gene:

/// "unknown, by its source "PCR positive"".
[[nodiscard]] std::string unknown_but(const std::string& source);
[[nodiscard]] std::string unknown_against_its_source(const std::string& what,
                                                     const criteria::Provenance& from);
/// "Row 9, 2024-03-05 ("FISH pending") gives no answer on BCR::ABL1; the older no (row 3,
/// 2020-03-05) is used."
[[nodiscard]] Phrase no_answer(const std::string& what, const criteria::Provenance& from,
                               const criteria::RowAnswer& used);

/// Of a row "no" whose source is not read as a denial, for `part` of it.
[[nodiscard]] Phrase unread_no(const std::string& what, const std::string& part,
                               const criteria::Provenance& from);

/// The same of one that is older than a "no" which is used.
[[nodiscard]] Phrase passed_over_unread(const std::string& what, const std::string& part,
                                        const criteria::Provenance& from);

/// Of a row that a conclusion rests on, with words of its source that are not understood.
[[nodiscard]] Phrase rests_on_unread(const std::string& what, const std::vector<std::string>& words,
                                     const criteria::Provenance& from);

/// Of a mutation and a row "no" of its gene that is not older; `idle` says why a row `resolved`
/// does not settle it, and is empty where there is none.
[[nodiscard]] Phrase contested_rows(const std::string& contradiction, const std::string& idle);
/// The same where a person decided for the row "no".
[[nodiscard]] Phrase denial_stands(const std::string& contradiction,
                                   const criteria::Provenance& decision);
[[nodiscard]] std::string older_than_denial(const criteria::Provenance& decision);
[[nodiscard]] std::string of_treated_clone(const criteria::Provenance& decision);
[[nodiscard]] std::string of_one_day(const criteria::Provenance& decision);

// Of a row `resolved` that changes nothing:

/// "Row 9 (resolved, bcr_abl1) does not settle this: ..".
[[nodiscard]] Phrase settles_nothing(const std::string& code, const criteria::Provenance& from,
                                     const Phrase& why);
/// `count` is of `row`.
[[nodiscard]] Phrase earlier_count_stays(const std::string& count, std::uint64_t row);
/// `gap` says why the item is open.
[[nodiscard]] Phrase contradiction_stays(const Phrase& gap);
[[nodiscard]] Phrase nothing_to_settle(const std::string& code);
/// `row` is newer than the decision.
[[nodiscard]] Phrase decided_before(const criteria::Provenance& row);
[[nodiscard]] Phrase decided_of_treated();
/// `row` told of the myeloid sarcoma.
[[nodiscard]] Phrase sarcoma_stays(const criteria::Provenance& row);

// Of one that does:

/// `stands` says against what, and by whose decision (answer_stands).
[[nodiscard]] Phrase answer_set_aside(const std::string& code, const Phrase& stands);
/// `aside` is what would be said without the row.
[[nodiscard]] Phrase decided_by_a_person(const std::string& code, const criteria::Provenance& from,
                                         const Phrase& aside);

/// What is not undone by a later "no".
[[nodiscard]] Phrase kept_against(const std::string& code, const criteria::RowAnswer& kept,
                                  const criteria::RowAnswer& denial);

/// Answers that exclude other diseases, by their items' codes, far older than the newest count.
[[nodiscard]] Phrase old_exclusions(const std::vector<criteria::RowAnswer>& exclusions,
                                    const std::string& newest_count);

// Of an answer "no" that stands:

/// That it is of some transcripts of BCR::ABL1 alone.
[[nodiscard]] Phrase transcripts_untold(const criteria::Provenance& from);
/// That it rests on the karyotype. `code` is bcr_abl1 or tk_fusion.
[[nodiscard]] Phrase karyotype_alone(const std::string& code, const criteria::Provenance& from);

/// The same of what supports CMML.
[[nodiscard]] Phrase old_supports(const std::vector<criteria::RowAnswer>& supports,
                                  const std::string& newest_count);

/// `oldest` and `newest` are items' codes with their days.
[[nodiscard]] Phrase counts_far_apart(std::int64_t days, const criteria::RowAnswer& oldest,
                                      const criteria::RowAnswer& newest);

}  // namespace cytocape::wording
