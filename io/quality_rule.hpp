#pragma once

/// The rules by which a slide's quality is judged (pipeline/case/quality.hpp).

#include <cstdint>

#include "io/vocabulary.hpp"

namespace cytocape {

/// In the order of reports.
enum class QualityRule : std::uint8_t {
  // Those that decide:
  countable_cells,
  failed_share,
  excluded_share,
  enlargement,
  strange_cells,
  appearance,
  focus,
  nuclear_stain,
  // Those that warn:
  full_count,
  out_of_focus_share,
  white_balance,
  foreground_share,
  covered_share,
  absent_share,
};

struct QualityRuleLabels {
  const char* code = nullptr;
  const char* label = "";  ///< of pages, and of reasons
};

[[nodiscard]] constexpr QualityRuleLabels labels_of(QualityRule rule) {
  switch (rule) {
    case QualityRule::countable_cells:
      return {"countable_cells", "cells counted"};
    case QualityRule::failed_share:
      return {"failed_share", "failed blocks and cells"};
    case QualityRule::excluded_share:
      return {"excluded_share", "cells excluded"};
    case QualityRule::enlargement:
      return {"enlargement", "enlargement of crops"};
    case QualityRule::strange_cells:
      return {"strange_cells", "cells unlike the model's"};
    case QualityRule::appearance:
      return {"appearance", "colours unlike the model's laboratories"};
    case QualityRule::focus:
      return {"focus", "sharpest areas"};
    case QualityRule::nuclear_stain:
      return {"nuclear_stain", "nuclear stain"};
    case QualityRule::full_count:
      return {"full_count", "cells of a full count"};
    case QualityRule::out_of_focus_share:
      return {"out_of_focus_share", "cells out of focus"};
    case QualityRule::white_balance:
      return {"white_balance", "tint of bare glass"};
    case QualityRule::foreground_share:
      return {"foreground_share", "slide covered by the smear"};
    case QualityRule::covered_share:
      return {"covered_share", "thickness: area covered by cells"};
    case QualityRule::absent_share:
      return {"absent_share", "slide without a picture"};
  }
  return {};
}

}  // namespace cytocape
