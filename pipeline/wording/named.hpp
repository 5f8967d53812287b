#pragma once

/// What is said of diseases that the sources of rows name. Pure; thread-safe.

#include <string>
#include <vector>

#include "io/assessment.hpp"

namespace cytocape::wording {

/// Where a text names a disease.
struct Spoken {
  std::uint64_t row = 0;
  std::string item;
  std::string say;            ///< "acute leukaemia"
  std::string written;        ///< "AML"
  std::string reviewed = {};  ///< "the review of slide S1 by ann"; empty of a laboratory file's row
};

/// "the source of row 9 (marrow_cmml) speaks of acute leukaemia ("AML")"; "the
/// review of slide S1 by ann names Auer rods, which speak of acute leukaemia".
[[nodiscard]] std::string speaks_of(const Spoken& spoken);
/// The same with what is to be done.
[[nodiscard]] std::string left_open_by(const Spoken& spoken);
/// An answer "yes" that says the same; `written` is not read.
[[nodiscard]] std::string answered_yes(const Spoken& spoken);
/// Persistence that is answered "yes" against an earlier count.
[[nodiscard]] std::string not_there_before(const criteria::Provenance& answer,
                                           const std::string& item, const std::string& count,
                                           const criteria::Provenance& from);
[[nodiscard]] std::string speaking_alert(const Spoken& spoken);
/// An answer "no" whose own source says that it was not tested, or that it is there.
[[nodiscard]] std::string untested_answer(const criteria::Provenance& from);
/// One whose source is not read as a denial, for this part of it.
[[nodiscard]] std::string unread_answer(const std::string& part, const criteria::Provenance& from);
/// One whose source says that it is not excluded.
[[nodiscard]] std::string not_excluded_by(const criteria::Provenance& from);
/// An answer "yes" whose source says that there is no result, or that it is not there.
[[nodiscard]] std::string yes_without_result(const criteria::Provenance& from);
/// The same of a part: "p210 negative; p190 not tested".
[[nodiscard]] std::string partly_untested_answer(const criteria::Provenance& from);
/// Persistence that is answered "yes", of less than three months.
[[nodiscard]] std::string brief_persistence(const criteria::Provenance& from);
/// Cases of the file whose names differ in letter case alone.
[[nodiscard]] std::string cases_alike(const std::vector<std::string>& others);
/// Where a share comes from that a row's own source tells: "its own source: blasts 12 %".
[[nodiscard]] std::string told_by_source(const std::string& written);
/// The rows may be of two people.
[[nodiscard]] std::string both_sexes(const criteria::ContradictoryAnswers& answers);
[[nodiscard]] std::string answer_against_its_source(const criteria::Provenance& from);

}  // namespace cytocape::wording
