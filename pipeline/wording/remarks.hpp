#pragma once

/// What is said beside a value: contradictions, what was passed over, what its interval allows for.
/// Pure; thread-safe.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "io/assessment.hpp"

namespace cytocape::wording {

// Beside what a laboratory gave:

[[nodiscard]] Phrase cells_not_given();
[[nodiscard]] Phrase passed_over(const std::vector<criteria::RowAnswer>& older);
/// `gene` is empty where all are meant.
[[nodiscard]] Phrase says_unknown(const criteria::Provenance& from, const std::string& gene);
[[nodiscard]] Phrase was_higher(double percent, const criteria::Provenance& from);
/// `nearest` is the gene of the list that may be meant; empty where none is near.
[[nodiscard]] Phrase unlisted_gene(const criteria::Mutation& mutation, const std::string& nearest);

// Beside sources that are held against each other; said() (sources.hpp) words them:

[[nodiscard]] Phrase contradiction(const Phrase& taken, const Phrase& other);
/// `reason` is what a person wrote who decided between them.
[[nodiscard]] Phrase stands(const Phrase& taken, const Phrase& other,
                            const criteria::Provenance& reason);
[[nodiscard]] Phrase answer_stands(const std::vector<criteria::RowAnswer>& others,
                                   const criteria::Provenance& reason);
/// A later "no" does not undo it.
[[nodiscard]] Phrase yes_is_kept(const criteria::RowAnswer& denial);
[[nodiscard]] Phrase own_count_beside(const Phrase& own);
[[nodiscard]] Phrase older_not_used(const Phrase& older);
[[nodiscard]] Phrase not_used(const std::vector<criteria::Gap>& gaps);
[[nodiscard]] Phrase far_apart(std::int64_t days, const criteria::RowAnswer& oldest,
                               const criteria::RowAnswer& newest);

// Beside counts on slides:

/// A slide that is not ok beside a person's count.
struct UnusedSlide {
  std::string slide;
  std::string status;
  std::optional<std::uint64_t> count;  ///< of what it shows by itself, where it shows anything
  std::uint64_t total = 0;
  bool shows_more = false;  ///< clearly more than was given
};
/// Of neutrophils that the slides show, beside a person's answer on dysplasia or its absence.
[[nodiscard]] Phrase hypogranular(std::uint64_t count, std::uint64_t neutrophils);
[[nodiscard]] Phrase unused_slide(const UnusedSlide& unused);
/// The same as an alert, of a slide that shows clearly more.
[[nodiscard]] std::string look_again(const UnusedSlide& unused, Specimen specimen);
/// An alert, where nobody counted and such a slide shows enough for acute leukaemia.
[[nodiscard]] std::string many_blasts_unused(const UnusedSlide& unused, Specimen specimen);
[[nodiscard]] std::string many_blasts_of_few_cells(const criteria::TooFewCells& few,
                                                   Specimen specimen);
/// What a slide that is ok shows by itself, in per cent.
struct SlideBlasts {
  std::string slide;
  Specimen specimen = Specimen::blood;
  double share = 0;
  Interval interval;  ///< open above where it reaches 100
  std::uint64_t cells = 0;
};
/// "the file says 3 % (row 10, 2024-03-01)".
[[nodiscard]] std::string file_says(double percent, const criteria::Provenance& from);
/// "the slides together show 18.9 % of 354 cells".
[[nodiscard]] std::string slides_together(double percent, std::uint64_t cells);
/// An alert: "marrow slide M2 shows 39.6 % of blasts (35.4 to 43.9) of 497 cells, .."; `beside` is
/// the lower number that is used.
[[nodiscard]] std::string slide_shows_more(const SlideBlasts& slide, const std::string& beside,
                                           bool leukaemia);
/// The same where a person decided for the lower number.
[[nodiscard]] Phrase set_aside(const SlideBlasts& slide, const std::string& beside,
                               const criteria::Provenance& decision);
/// Beside slides that show less; `span` is of the few cells, in per cent.
[[nodiscard]] Phrase few_cells_show_more(const criteria::TooFewCells& few, const Interval& span,
                                         bool leave_open);
[[nodiscard]] Phrase not_counted(const Phrase& left_out);
[[nodiscard]] Phrase error_not_known(const std::vector<std::string>& slides);
/// A slide that contradicts the sum. `share` is a fraction, as is its interval.
[[nodiscard]] Phrase slide_alone(const std::string& slide, double share, const Interval& interval);
/// Classes that the model may have counted in a sum without knowing them; what was taken off for
/// them, if anything.
[[nodiscard]] Phrase lookalikes(const std::vector<std::string>& classes,
                                const std::optional<criteria::BlastsTakenOff>& off);
/// "the lower end allows for the blasts of 8 % (LIS)".
[[nodiscard]] std::string allowance_words(const criteria::BlastsTakenOff& off);

}  // namespace cytocape::wording
