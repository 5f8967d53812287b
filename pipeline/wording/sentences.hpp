#pragma once

/// The sentences that explain the criteria's results. Pure; thread-safe.

#include <string>
#include <vector>

#include "io/assessment.hpp"

namespace cytocape::wording {

/// Why a criterion that asks about one input is as it is. `reading` is of that input.
[[nodiscard]] Phrase leaf_sentence(const criteria::CriterionResult& row,
                                   const criteria::Reading& reading);

/// The same of a criterion made of others; `members` are their rows, in order.
[[nodiscard]] Phrase gate_sentence(const criteria::CriterionResult& row,
                                   const std::vector<const criteria::CriterionResult*>& members);

/// Sets CriterionResult::sentence of every row. Each row's members are among the rows, each leaf's
/// input among the readings.
void word_rows(std::vector<criteria::CriterionResult>& rows, const criteria::Readings& readings);

/// One axis of a classification, by the titles of its classes.
struct AxisTitles {
  criteria::State state = criteria::State::not_assessable;
  std::string chosen;                 ///< where it is met
  std::vector<std::string> possible;  ///< where it is open
  std::string decided_by;             ///< where it is open: "the blast count in marrow decides"
};
struct ClassificationTitles {
  AxisTitles disease;
  AxisTitles subtype;                 ///< not met where there is none
  AxisTitles grade;                   ///< the same
  std::vector<std::string> diseases;  ///< all that the edition knows
};
/// "CMML, subtype MD-CMML, grade CMML-1 or CMML-2: the blast count in marrow decides"; where it is
/// open "CMML possible, not confirmed; if CMML, subtype MD-CMML, grade CMML-1".
[[nodiscard]] std::string classification_words(const ClassificationTitles& titles);
[[nodiscard]] std::string classification_sentence(const std::string& edition,
                                                  const ClassificationTitles& titles);

/// What must be acted on before anything else is read, each once, the most urgent first.
/// `seen` is said behind what the editions find.
[[nodiscard]] std::vector<std::string> alerts_of(
    const std::vector<criteria::EditionResult>& editions,
    const std::vector<criteria::Urgent>& seen = {});

/// Those of all editions, each once.
[[nodiscard]] std::vector<Phrase> distinct_hints(
    const std::vector<criteria::EditionResult>& editions);

/// Whether a hint names the components of scores, and nothing to be done.
[[nodiscard]] bool is_of_scores(const Phrase& hint);

/// Empty of one edition alone.
[[nodiscard]] std::string agreement_sentence(const std::vector<criteria::EditionResult>& editions);

}  // namespace cytocape::wording
