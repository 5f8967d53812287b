#pragma once

/// Sentences that a result begins with. Pure; thread-safe.

#include <string>
#include <vector>

#include "io/assessment.hpp"

namespace cytocape::wording {

/// An abnormality that defines an acute leukaemia.
struct Defining {
  std::string found;    ///< "PML::RARA"
  std::string disease;  ///< "acute promyelocytic leukaemia"
  std::string edition;  ///< "WHO 2022"
  double blasts = 0;    ///< per cent from which on; 0 whatever the count
  std::string text;     ///< a further sentence; may be empty
};

/// "PML::RARA defines acute promyelocytic leukaemia in WHO 2022 whatever the blast count."
[[nodiscard]] std::string defines(const Defining& defining);
/// "Urgent: haematologist today."; empty where nobody is to be called.
[[nodiscard]] std::string call_words(criteria::Call call);

/// What decides an axis that these inputs leave open: "the blast count in marrow decides", "the
/// leukocyte count decides"; empty without one.
[[nodiscard]] std::string decide_words(const std::vector<std::string>& inputs);

/// A share of blasts beside the count that it is of.
struct CountedShare {
  std::string label;        ///< "blasts and blast equivalents in marrow"
  std::string value;        ///< "4 %"
  std::string cells;        ///< "500"; empty where not given
  std::string interval;     ///< "2.6 to 6.1 %"; empty where there is none
  bool by_a_slide = false;  ///< else reported by a person
};

/// "4 % of 500 cells", "4 %, number of cells not given".
[[nodiscard]] std::string share(const CountedShare& counted);
/// "CMML-1 by the count as reported (4 % of 500 cells); its interval, 2.6 to 6.1 %, reaches
/// CMML-2."
[[nodiscard]] std::string by_the_count(const std::string& title,
                                       const std::vector<CountedShare>& counted,
                                       const std::string& reached);

}  // namespace cytocape::wording
