#include "models/detail/run_report.hpp"

#include <fmt/format.h>

namespace cytocape::detail {

std::string metrics_csv(const std::vector<EpochFigures>& history) {
  std::string lines =
      "epoch,train_loss,validation_loss,accuracy_ordinary,accuracy_cape,accuracy_moved,"
      "learning_rate_factor\n";
  for (const EpochFigures& row : history) {
    lines += fmt::format("{},{:.6g},{:.6g},{:.6g},{:.6g},{:.6g},{:.6g}\n", row.epoch,
                         row.train_loss, row.validation_loss, row.accuracy_ordinary,
                         row.accuracy_cape, row.accuracy_moved, row.learning_rate);
  }
  return lines;
}

}  // namespace cytocape::detail
