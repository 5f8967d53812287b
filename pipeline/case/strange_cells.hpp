#pragma once

/// How many of a slide's cells are unlike those that the model was made for.

#include <cmath>
#include <cstdint>
#include <optional>

namespace cytocape {

/// Counts cells that the network saw, unidentified ones included. Not thread-safe; one owner.
class StrangeCells {
 public:
  /// A cell is strange above `limit` (ModelCard::strange_above); 0: the model has no measure of it.
  explicit StrangeCells(double limit) : limit_(limit) {}

  /// NaN: not measured.
  void add(double strangeness) {
    if (limit_ <= 0 || std::isnan(strangeness)) return;
    ++measured_;
    if (strangeness > limit_) ++strange_;
  }
  /// Of those measured; none where there are none.
  [[nodiscard]] std::optional<double> share() const {
    if (measured_ == 0) return std::nullopt;
    return static_cast<double>(strange_) / static_cast<double>(measured_);
  }
  [[nodiscard]] std::uint64_t measured() const { return measured_; }

 private:
  double limit_;
  std::uint64_t measured_ = 0;
  std::uint64_t strange_ = 0;
};

}  // namespace cytocape
