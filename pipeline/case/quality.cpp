#include "pipeline/case/quality.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cytocape {
namespace {

using Verdict = QualityCheck::Verdict;

/// Crops enlarged by more than this show the network less than it was trained on.
constexpr double kMaxEnlargement = 1.5;

std::optional<double> share(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

/// A share as per cent.
std::optional<double> percent(std::optional<double> value) {
  return value ? std::optional(100 * *value) : std::nullopt;
}

// Those that decide.

QualityCheck countable(const QualityFacts& facts, const QualityLimits& limits) {
  QualityCheck check{.rule = QualityRule::countable_cells,
                     .decides = true,
                     .unit = "",
                     .at_least = static_cast<double>(limits.min_leukocytes(facts.specimen)),
                     .remedy = "Scan a larger area, or count a second smear of the case."};
  switch (facts.specimen) {
    case Specimen::blood:
      check.key = "counting.min_leukocytes_pb";
      check.meaning = "Leukocytes in the denominator.";
      break;
    case Specimen::marrow:
      check.key = "counting.min_leukocytes_bm";
      check.meaning = "Nucleated cells in the denominator.";
      break;
  }
  if (facts.cells) {
    check.value = static_cast<double>(facts.counted);
  } else {
    check.meaning = "Regions of a grid were classified, not cells: there is no differential.";
    check.remedy = "Use regions.kind = \"cells\" and a model of cells.";
  }
  return judged(std::move(check));
}

QualityCheck failed_parts(const QualityFacts& facts) {
  return judged({.rule = QualityRule::failed_share,
                 .decides = true,
                 .value = percent(share(facts.failed, facts.parts)),
                 .unit = "%",
                 .at_most = 0,
                 .key = "fixed",
                 .meaning = "Parts of the slide that could not be read or classified.",
                 .remedy = "Copy or scan the slide again: the missing parts may hold any cell."});
}

QualityCheck excluded(const QualityFacts& facts, const QualityLimits& limits) {
  return judged({.rule = QualityRule::excluded_share,
                 .decides = true,
                 .value = percent(share(facts.excluded, facts.located)),
                 .unit = "%",
                 .at_most = 100 * limits.max_excluded_share,
                 .key = "quality.max_excluded_share",
                 .meaning = "Located cells that were not classified: at the border, in clumps, out "
                            "of focus or unidentified, either for want of confidence or by the "
                            "model's own class for such cells.",
                 .remedy = "See the reasons among the counts; choose a thinner or sharper area."});
}

QualityCheck enlargement(const QualityFacts& facts) {
  return judged({.rule = QualityRule::enlargement,
                 .decides = true,
                 .value = facts.enlargement,
                 .unit = "times",
                 .at_most = kMaxEnlargement,
                 .key = "fixed",
                 .meaning = "The slide's um/px over the model's: a coarser slide shows the network "
                            "less than it was trained on.",
                 .remedy = "Scan at a higher magnification, or give the right pixel size."});
}

QualityCheck strange_cells(const QualityFacts& facts) {
  return judged(
      {.rule = QualityRule::strange_cells,
       .decides = true,
       .value = facts.strange_limit ? percent(facts.strange_share) : std::nullopt,
       .unit = "%",
       .at_most = percent(facts.strange_limit),
       .key = "the model's card",
       .meaning = "Cells seen by the network, unidentified ones included, whose features lie "
                  "farther from the model's training cells than its validation cells do: another "
                  "stain, scanner or specimen.",
       .remedy = facts.strange_limit
                     ? "Check stain, specimen and model; use a model made for them."
                     : "The model has no measure of this: assess stain and specimen by eye."});
}

QualityCheck appearance(const QualityFacts& facts) {
  return judged({.rule = QualityRule::appearance,
                 .decides = true,
                 .value = facts.colour_reach ? facts.colour_distance : std::nullopt,
                 .unit = "",
                 .at_most = facts.colour_reach,
                 .key = "the model's card",
                 .meaning = "Distance of the slide's colours (mean and deviation of L*, a* and b* "
                            "of its cells) from the nearest laboratory that the model learnt from; "
                            "the limit is the largest distance of one of these from its nearest "
                            "other.",
                 .remedy = "Check stain and scanner; how often the model is right on such colours "
                           "was never measured. Teach it this laboratory (cytocape adapt)."});
}

QualityCheck focus(const QualityFacts& facts, const QualityLimits& limits) {
  return judged({.rule = QualityRule::focus,
                 .decides = true,
                 .value = facts.focus,
                 .unit = "",
                 .at_least = limits.min_focus,
                 .key = "quality.min_focus",
                 .meaning = "Squared Laplacian over variance at 1 um/px where the slide is "
                            "sharpest.",
                 .remedy = "Scan again, in focus."});
}

QualityCheck stain(const QualityFacts& facts, const QualityLimits& limits) {
  return judged({.rule = QualityRule::nuclear_stain,
                 .decides = true,
                 .value = facts.nuclear_stain,
                 .unit = "OD",
                 .at_least = limits.min_nuclear_stain,
                 .key = "quality.min_nuclear_stain",
                 .meaning = "Optical density of nuclei in the purple channel (red + green - blue).",
                 .remedy = "Stain again: the finder misses pale nuclei."});
}

// Those that warn.

QualityCheck full_count(const QualityFacts& facts, const QualityLimits& limits) {
  const bool blood = facts.specimen == Specimen::blood;
  QualityCheck check{
      .rule = QualityRule::full_count,
      .unit = "",
      .at_least = static_cast<double>(limits.full_leukocytes(facts.specimen)),
      .key = blood ? "counting.full_leukocytes_pb" : "counting.full_leukocytes_bm",
      .meaning = "Cells in the denominator, against what grading CMML customarily asks for.",
      .remedy = "The count is preliminary: count a larger area or a second smear."};
  if (facts.cells) check.value = static_cast<double>(facts.counted);
  return judged(std::move(check));
}

QualityCheck out_of_focus(const QualityFacts& facts, const QualityLimits& limits) {
  return judged(
      {.rule = QualityRule::out_of_focus_share,
       .value = percent(share(facts.out_of_focus, facts.located)),
       .unit = "%",
       .at_most = 100 * limits.max_out_of_focus_share,
       .key = "quality.max_out_of_focus_share",
       .meaning = "Located cells in areas that are blurred compared with the slide's sharpest.",
       .remedy = "Scan again with more focus points: a blurred cell may be of any class."});
}

QualityCheck white_balance(const QualityFacts& facts, const QualityLimits& limits) {
  const auto [least, most] = std::minmax_element(facts.glass.begin(), facts.glass.end());
  return judged({.rule = QualityRule::white_balance,
                 .value = *least > 0 ? std::optional(*most / *least) : std::nullopt,
                 .unit = "times",
                 .at_most = limits.max_glass_tint,
                 .key = "quality.max_glass_tint",
                 .meaning = "Largest over smallest of the red, green and blue of bare glass.",
                 .remedy = "Set the scanner's white balance and scan again."});
}

QualityCheck foreground(const QualityFacts& facts, const QualityLimits& limits) {
  return judged({.rule = QualityRule::foreground_share,
                 .value = percent(facts.foreground_share),
                 .unit = "%",
                 .at_least = 100 * limits.min_foreground_share,
                 .key = "quality.min_foreground_share",
                 .meaning = "Stained pixels of the whole scan.",
                 .remedy = "Check that the scan holds the smear."});
}

QualityCheck thickness(const QualityFacts& facts, const QualityLimits& limits) {
  return judged({.rule = QualityRule::covered_share,
                 .value = percent(facts.covered_share),
                 .unit = "%",
                 .at_most = 100 * limits.max_covered_share,
                 .key = "quality.max_covered_share",
                 .meaning = "Stained pixels within the smear, leaving out the glass between cells; "
                            "it nears 100 % where cells overlap everywhere.",
                 .remedy = "Scan nearer to the feathered edge: in thick areas cells overlap, "
                           "shrink and are hard to tell apart."});
}

QualityCheck without_picture(const QualityFacts& facts, const QualityLimits& limits) {
  return judged({.rule = QualityRule::absent_share,
                 .value = percent(facts.absent_share),
                 .unit = "%",
                 .at_most = 100 * limits.max_absent_share,
                 .key = "quality.max_absent_share",
                 .meaning =
                     "Tiles that the file leaves out. Scanners leave out bare glass, and the "
                     "area is read as such; a copy that lost tiles looks the same.",
                 .remedy = "Look at the overview for missing squares within the smear; export the "
                           "slide again where there are any."});
}

std::string number(double value, const std::string& unit) {
  if (unit.empty() && value == std::floor(value)) return fmt::format("{:.0f}", value);
  const auto text = unit == "%" ? fmt::format("{:.1f}", value) : fmt::format("{:.3g}", value);
  return unit.empty() ? text : text + " " + unit;
}

}  // namespace

QualityCheck judged(QualityCheck check) {
  if (!check.value || !std::isfinite(*check.value)) {
    check.value.reset();
    check.verdict = Verdict::not_measured;
    return check;
  }
  const bool low = check.at_least && *check.value < *check.at_least;
  const bool high = check.at_most && *check.value > *check.at_most;
  check.verdict = low || high ? Verdict::failed : Verdict::passed;
  return check;
}

std::vector<QualityCheck> check_quality(const QualityFacts& facts, const QualityLimits& limits) {
  return {countable(facts, limits),    failed_parts(facts),           excluded(facts, limits),
          enlargement(facts),          strange_cells(facts),          appearance(facts),
          focus(facts, limits),        stain(facts, limits),          full_count(facts, limits),
          out_of_focus(facts, limits), white_balance(facts, limits),  foreground(facts, limits),
          thickness(facts, limits),    without_picture(facts, limits)};
}

std::string describe(const QualityCheck& check) {
  const auto threshold =
      check.at_least
          ? fmt::format("at least {} needed", number(*check.at_least, check.unit))
          : fmt::format("at most {} allowed", number(check.at_most.value_or(0), check.unit));
  return fmt::format("{}: {}; {} ({})", check.label, number(check.value.value_or(0), check.unit),
                     threshold, check.key);
}

}  // namespace cytocape
