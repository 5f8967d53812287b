#include "pipeline/evaluation/figure_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/data/moved_cell.hpp"

namespace cytocape {

std::string percent_number(std::optional<double> share) {
  return share && std::isfinite(*share) ? fmt::format("{:.1f}", 100 * *share) : kDash;
}

std::string percent(std::optional<double> share) {
  return share && std::isfinite(*share) ? percent_number(share) + " %" : kDash;
}

std::string bracketed(const std::optional<Interval>& interval) {
  return interval ? fmt::format("({:.1f}\u2013{:.1f})", 100 * interval->low, 100 * interval->high)
                  : "";
}

std::string ratio_text(const EvidenceScore& score) {
  return score.reflected > 0 ? fmt::format("{:.2f}", score.inside / score.reflected) : kDash;
}

std::string points_text(const DifferentialError& error) {
  return std::abs(error.points()) < 0.05 ? "0.0" : fmt::format("{:+.1f}", error.points());
}

std::string called_text(const ApartFolder& folder, const std::vector<std::string>& classes) {
  std::vector<std::size_t> order;
  for (std::size_t c = 0; c < folder.called.size(); ++c)
    if (folder.called[c] > 0) order.push_back(c);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return folder.called[a] > folder.called[b];
  });
  std::string text;
  for (const auto c : order)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", classes[c], folder.called[c]);
  return text;
}

std::string comparison_text(const ModelComparison& other) {
  const auto line = [](const char* over, const PairedCounts& counts) {
    return fmt::format(
        "  over {}: both right {}, this one alone {}, the other alone {}, neither {}; p = {:.2g}\n",
        over, counts.both, counts.only_first, counts.only_second, counts.neither, counts.p);
  };
  return fmt::format("against {}, on {} images of classes that both know (McNemar's exact test):\n",
                     other.model, other.images) +
         line("groups", other.groups) + line("classes", other.classes);
}

std::string moved_text(const MovedScore& moved) {
  auto text = fmt::format(
      "{} images, each cell moved by {:.0f} to {:.0f} % of the crop's edge on both axes; the cell, "
      "found by its stain, covers {:.1f} % of the crop. Reflection is through the crop's centre: a "
      "map that is blind to the cell, or always looks at the middle, has a ratio of 1 and follows "
      "in "
      "50 %. Accuracy on the moved cells: {}.",
      moved.accuracy.total, 100 * kLeastMove, 100 * kMostMove, 100 * moved.cell_share,
      percent(moved.accuracy.share));
  if (moved.mirrored > 0)
    text += fmt::format(" {} images are too small for real surroundings: a strip is mirrored.",
                        moved.mirrored);
  if (moved.no_room > 0)
    text += fmt::format(" {} were left out, since the mirrored strip would show the cell again.",
                        moved.no_room);
  if (moved.unstained > 0)
    text += fmt::format(" In {} no cell was found by stain.", moved.unstained);
  return text;
}

}  // namespace cytocape
