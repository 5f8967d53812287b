#pragma once

/// Which class follows from the states of the criteria.

#include <optional>
#include <string>
#include <vector>

#include "pipeline/criteria/rules.hpp"
#include "pipeline/wording/sentences.hpp"

namespace cytocape::criteria {

/// One axis of the classification.
struct Verdict {
  State state = State::not_assessable;  ///< met: `chosen`; not met: none of its classes
  std::optional<std::size_t> chosen;    ///< into Rules::classes
  std::vector<std::size_t> possible;    ///< not excluded, in order of precedence
};

struct Classification {
  Verdict disease;
  /// The subtype and the grade of the disease that follows or, while it is open, of the first
  /// possible one that has subtypes.
  std::optional<Verdict> subtype;
  std::optional<Verdict> grade;

  [[nodiscard]] std::string code(const Rules& rules) const;
  [[nodiscard]] wording::ClassificationTitles titles(const Rules& rules) const;
};

/// `states` in the order of Rules::criteria. A class follows when its criterion is met and those of
/// higher precedence are excluded.
[[nodiscard]] Classification classify(const Rules& rules, const std::vector<State>& states);

}  // namespace cytocape::criteria
