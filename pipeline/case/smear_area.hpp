#pragma once

/// How much of a slide is stained.

#include <optional>

#include "io/report.hpp"

namespace cytocape {

/// Not thread-safe; one owner.
class SmearArea {
 public:
  void add(const BlockRow& block) {
    const auto area = static_cast<double>(block.core.area());
    all_ += area;
    stained_ += area * block.foreground_share;
    if (block.rejection != Rejection::glass) smear_ += area;
  }
  /// Of the whole slide.
  [[nodiscard]] double stained_share() const { return all_ > 0 ? stained_ / all_ : 0; }
  /// Of the blocks that are not bare glass; none where all are.
  [[nodiscard]] std::optional<double> covered_share() const {
    return smear_ > 0 ? std::optional(stained_ / smear_) : std::nullopt;
  }

 private:
  double all_ = 0;  ///< level-0 pixels, as the others
  double stained_ = 0;
  double smear_ = 0;
};

}  // namespace cytocape
