#include <fmt/format.h>

#include "pipeline/adaptation/adapt.hpp"
#include "pipeline/evaluation/figure_text.hpp"

namespace cytocape {
namespace {

std::string change(const char* name, const Proportion& before, const Proportion& after) {
  return fmt::format("{:<34} {:>7} -> {:>7} {}\n", name, percent(before.share),
                     percent(after.share), bracketed(after.wilson95));
}

std::string strange(const char* name, const StrangeCount& before, const StrangeCount& after) {
  if (after.cells == 0) return "";
  return fmt::format("{:<34} {:>7} -> {:>7} of {}\n", name, before.strange, after.strange,
                     after.cells);
}

}  // namespace

std::string adapt_text(const AdaptReport& report) {
  auto text = fmt::format(
      "{} taught by {}: {} cells in {} groups ({})\nEach cell held back from the fit that calls "
      "it, "
      "{} folds:\n",
      report.model, report.request.site, report.cells, report.groups, report.groups_from,
      report.folds);
  text += change("right over groups", report.groups_before, report.groups_after);
  text += fmt::format("  by chance, were both models equal: p = {:.3g}\n", report.better_p);
  text += change("right over classes", report.classes_before, report.classes_after);
  for (const auto& one : report.classes)
    if (one.after.total > 0)
      text += change(
          fmt::format("  {}{} ({} cells)", one.label, one.fresh ? ", new" : "", one.after.total)
              .c_str(),
          one.before, one.after);
  text += fmt::format("{:<34} {:>7.3f} -> {:>7.3f}\n", "calibration error", report.ece_before,
                      report.ece_after);
  text += change("known before, over groups", report.home_before, report.home_after);
  text += strange("strange cells of the site", report.site_before, report.site_after);
  text += strange("strange cells of another specimen", report.other_before, report.other_after);
  for (const auto& warning : report.warnings) text += "note: " + warning + "\n";
  return text;
}

}  // namespace cytocape
