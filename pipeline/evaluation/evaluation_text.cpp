#include <fmt/format.h>

#include "io/text.hpp"
#include "pipeline/evaluation/evaluate.hpp"
#include "pipeline/evaluation/figure_text.hpp"
#include "pipeline/evaluation/warnings.hpp"
#include "pipeline/wording/appearance.hpp"

namespace cytocape {
namespace {

constexpr std::size_t kColumns = 80;

std::string proportion_line(const char* name, const Proportion& p) {
  return fmt::format("{:<28}{:>8}  {:<14} {} of {}\n", name, percent(p.share),
                     bracketed(p.wilson95), p.count, p.total);
}

std::string number_line(const char* name, double value, const std::string& note = "") {
  return fmt::format("{:<28}{:>8.3f}  {}\n", name, value, note);
}

std::string operating_text(const HeadScore& head) {
  if (!head.operating) return "";
  return proportion_line(fmt::format("called (p >= {:.3f})", head.operating->threshold).c_str(),
                         head.operating->called) +
         proportion_line("wrong among these", head.operating->wrong);
}

std::string head_text(const HeadScore& head) {
  const auto& f = head.figures;
  const auto span = [](const Interval& i) {
    return fmt::format("({:.3f}\u2013{:.3f})", i.low, i.high);
  };
  return proportion_line("accuracy", head.accuracy) +
         proportion_line("accuracy over groups", head.group_accuracy) +
         number_line("macro F1", f.macro_f1, span(head.intervals.macro_f1)) +
         number_line("calibration error (ECE)", f.ece,
                     fmt::format("mean probability {:.3f}", head.mean_confidence)) +
         number_line("Brier score", f.brier, span(head.intervals.brier)) +
         number_line("neg. log likelihood", f.nll, span(head.intervals.nll)) +
         number_line("area under risk-coverage", head.area_under_coverage) + operating_text(head);
}

std::string class_table(const HeadScore& head) {
  auto text = fmt::format("{:<22}{:>6}  {:>20}  {:>20}  {:>4}\n", "class", "cells", "recall, %",
                          "precision, %", "F1");
  for (const auto& one : head.classes)
    text +=
        fmt::format("{:<22}{:>6}  {:>20}  {:>20}  {:>4}\n", one.label, one.recall.total,
                    percent_number(one.recall.share) + " " + bracketed(one.recall.wilson95),
                    percent_number(one.precision.share) + " " + bracketed(one.precision.wilson95),
                    one.f1 ? fmt::format("{:.2f}", *one.f1) : kDash);
  return text;
}

std::string faithfulness_text(const ExplanationScore& score, bool calibrated) {
  auto text = fmt::format("{:<20}{:>6}{:>6}{:>6}{:>10}{:>11}{:>6}{:>6}  (%)\n", "map", "AD", "IC",
                          "ADD", "coherency", "complexity", "ADCC", "mIoU");
  for (const MapKind kind : distinct_kinds(calibrated)) {
    const auto& f = score.by_kind[static_cast<std::size_t>(kind)];
    text += fmt::format("{:<20}{:>6}{:>6}{:>6}{:>10}{:>11}{:>6}{:>6}\n", label_of(kind, calibrated),
                        percent_number(f.average_drop), percent_number(f.increase_in_confidence),
                        percent_number(f.average_drop_in_deletion), percent_number(f.coherency),
                        percent_number(f.complexity), percent_number(f.adcc),
                        f.overlaps > 0 ? percent_number(f.miou) : kDash);
  }
  const bool curves = score.by_kind.front().curves.has_value();
  text +=
      fmt::format("\n{:<20}{:>12}{:>12}{}\n", "per image, enlarged", "coherency", "ADCC",
                  curves ? fmt::format("{:>11}{:>11}{:>11}", "deletion", "insertion", "ROAD") : "");
  for (const MapKind kind : distinct_kinds(calibrated)) {
    const auto& f = score.by_kind[static_cast<std::size_t>(kind)];
    text += fmt::format("{:<20}{:>12}{:>12}", label_of(kind, calibrated),
                        percent_number(f.coherency_enlarged), percent_number(f.adcc_per_image));
    if (f.curves)
      text += fmt::format("{:>11}{:>11}{:>11}", percent_number(f.curves->deletion),
                          percent_number(f.curves->insertion), percent_number(f.curves->road));
    text += "\n";
  }
  if (calibrated)
    text +=
        wrapped("",
                "Counts and probabilities are made of the calibrated maps; the learned ones are "
                "those of the published method.",
                kColumns);
  return text + "\n";
}

std::string maps_text(const Evaluation& evaluation) {
  const bool calibrated = evaluation.model_warnings.calibrated;
  std::string text;
  if (evaluation.explanations) text += faithfulness_text(*evaluation.explanations, calibrated);
  if (!evaluation.moved) return text;
  text += fmt::format("{:<20}{:>12}{:>14}{:>8}{:>20}\n", "map", "inside, %", "reflected, %",
                      "ratio", "centroid follows");
  for (const MapKind kind : distinct_kinds(calibrated)) {
    const auto& score = evaluation.moved->by_kind[static_cast<std::size_t>(kind)];
    text += fmt::format("{:<20}{:>12}{:>14}{:>8}{:>20}\n", label_of(kind, calibrated),
                        percent_number(score.inside), percent_number(score.reflected),
                        ratio_text(score), percent(score.follows.share));
  }
  const auto& moved = *evaluation.moved;
  text +=
      fmt::format("{} cells moved within the crop, {:.1f} % of its area; accuracy on them {}.\n",
                  moved.accuracy.total, 100 * moved.cell_share, percent(moved.accuracy.share));
  if (moved.no_room + moved.unstained > 0)
    text +=
        fmt::format("Left out: {} too small for the cell to be moved, {} without a stained cell.\n",
                    moved.no_room, moved.unstained);
  if (moved.mirrored > 0)
    text += fmt::format("{} have a strip of mirrored surroundings.\n", moved.mirrored);
  return text + "\n";
}

std::string slide_text(const SlideScore& slide) {
  auto text = fmt::format("analysis: {}\n", to_string(slide.status));
  for (const auto& reason : slide.reasons) text += wrapped("  because ", reason, kColumns);
  text += proportion_line("cells found (recall)", slide.recall) +
          proportion_line("objects that are cells", slide.precision) + "\n";
  text += fmt::format("{:<22}{:>7}{:>12}{:>10}{:>8}{:>11}\n", "true cells", "number", "classified",
                      "excluded", "merged", "not found");
  for (const auto& kind : slide.kinds)
    text += fmt::format("{:<22}{:>7}{:>12}{:>10}{:>8}{:>11}\n", kind.name, kind.cells,
                        kind.classified, kind.excluded, kind.merged, kind.missed);
  for (const auto& [reason, count] : slide.excluded)
    text += fmt::format("  excluded as {}: {}\n", reason, count);
  for (const auto& [what, count] : slide.false_found)
    text += fmt::format("  classified, but {}: {}\n", what, count);
  text += fmt::format("\n{:<22}{:>6}{:>7}{:>9}{:>9}{:>15}\n", "class", "true", "found", "true %",
                      "found %", "error, points");
  for (const auto& row : slide.differential)
    text +=
        fmt::format("{:<22}{:>6}{:>7}{:>9.1f}{:>9.1f}{:>15}\n", row.label, row.true_count,
                    row.found_count, 100 * row.true_share, 100 * row.found_share, points_text(row));
  return text + fmt::format("mean error of the differential: {:.2f} points\n\n",
                            slide.mean_absolute_points);
}

}  // namespace

std::string evaluation_text(const Evaluation& evaluation) {
  const auto& head = evaluation.heads.front();
  auto text = fmt::format("{} on {}\n", evaluation.model.name, evaluation.data.path.string());
  for (const auto& warning : warnings_of(evaluation)) text += wrapped("  ", warning, kColumns);
  if (evaluation.appearance.outcome == AppearanceOutcome::applied)
    text += wrapped("  ", wording::appearance_sentence(evaluation.appearance), kColumns);
  text += "\n";
  if (evaluation.slide) text += slide_text(*evaluation.slide);
  if (head.accuracy.total == 0) {
    text += "The data hold no cell of a class that this model knows.\n\n";
  } else {
    text += head_text(head) + "\n" + class_table(head) + "\n";
    for (std::size_t i = 1; i < evaluation.heads.size(); ++i)
      text +=
          fmt::format("{}: accuracy {}, ECE {:.3f}\n", evaluation.heads[i].name,
                      percent(evaluation.heads[i].accuracy.share), evaluation.heads[i].figures.ece);
    text += "\n";
  }
  for (const auto& folder : evaluation.apart)
    text += fmt::format("not a class of this model: {} ({} images), called {}\n", folder.name,
                        folder.images, called_text(folder, evaluation.model.classes));
  if (!evaluation.apart.empty()) text += "\n";
  text += maps_text(evaluation);
  if (evaluation.comparison) text += comparison_text(*evaluation.comparison);
  if (evaluation.throughput)
    text += fmt::format("{:.1f} images/s, the network alone {:.1f} ({})\n",
                        evaluation.throughput->images_per_second,
                        evaluation.throughput->network_images_per_second, evaluation.run.device);
  return text + std::string(kResearchUse) + "\n";
}

}  // namespace cytocape
