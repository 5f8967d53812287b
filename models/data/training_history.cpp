#include "models/data/training_history.hpp"

#include <fmt/format.h>

namespace cytocape::detail {
namespace {

std::string cells_of(const std::optional<ValidationFigures>& figures) {
  if (!figures) return ",,,";
  return fmt::format("{:.6g},{:.6g},{:.6g},{:.6g}", figures->loss, figures->accuracy,
                     figures->accuracy_moved, figures->accuracy_ordinary);
}

}  // namespace

std::string metrics_csv(const std::vector<EpochFigures>& history) {
  std::string lines =
      "epoch,train_loss,validation_loss,accuracy,accuracy_moved,accuracy_ordinary,"
      "learning_rate_factor\n";
  for (const EpochFigures& row : history) {
    lines += fmt::format("{},{:.6g},{},{:.6g}\n", row.epoch, row.train_loss,
                         cells_of(row.validation), row.learning_rate);
  }
  return lines;
}

}  // namespace cytocape::detail
