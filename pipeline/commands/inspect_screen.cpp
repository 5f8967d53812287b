#include "pipeline/commands/inspect_screen.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "io/report.hpp"
#include "io/text.hpp"
#include "pipeline/commands/terminal.hpp"
#include "pipeline/program/output.hpp"

namespace cytocape {
namespace {

constexpr std::size_t kLongestText = 300;  ///< of a sentence that a card may hold without end

void field(const char* name, const std::string& text) {
  print_wrapped(fmt::format("{:<11}", name), one_line(shortened(text, kLongestText)));
}

std::string per_cent(double share) {
  return fmt::format("{:.1f} %", 100 * share);
}

/// Half of them beside the other half, so that 40 classes fit a screen.
void print_classes(const std::vector<ClassFigures>& classes) {
  const auto cell = [&](std::size_t i) {
    const auto& one = classes[i];
    return fmt::format("{:<22.22}{:>5}{:>9}", one.name, fmt::format("{:.0f}", 100 * one.recall),
                       one.train_images);
  };
  const auto rows = (classes.size() + 1) / 2;
  print_result("  {0:<22}{1:>5}{2:>9}    {0:<22}{1:>5}{2:>9}\n", "class", "found", "images");
  for (std::size_t i = 0; i < rows; ++i)
    print_line("  " + cell(i) + (i + rows < classes.size() ? "    " + cell(i + rows) : ""));
  print_result("  found: per cent of the class's validation cells that are called so\n");
}

void print_sources(const ModelCard& card) {
  for (const auto& source : card.training_data)
    print_wrapped("  ", one_line(shortened(fmt::format("{}: {} images, {}", source.name,
                                                       source.images, source.licence),
                                           kLongestText)));
}

void print_figures(const ModelCard& card) {
  field("accuracy", fmt::format("{} of its validation cells; macro F1 {:.3f}; ECE {}",
                                per_cent(card.validation_accuracy), card.validation_macro_f1,
                                per_cent(card.validation_ece)));
  if (!card.figures_of.empty()) print_wrapped("           ", "of " + one_line(card.figures_of));
  for (const auto& one : card.never_seen)
    print_wrapped("           ",
                  fmt::format("{} of {}, a laboratory that it had not seen",
                              per_cent(one.group_accuracy), one_line(shortened(one.name))));
}

}  // namespace

void print_model(const ModelCard& card, const std::string& path, const std::string& sha256) {
  field("model", card.name);
  print_wrapped(fmt::format("{:<11}", "file"), path);
  field("sha256", sha256);
  field("specimen", fmt::format("{}", fmt::join(codes_of(card.specimens), ", ")));
  field("stain", card.stain);
  field("network", fmt::format("{}, {} orientation(s), crops of {} px at {:.4g} um/px",
                               card.backbone, card.views, card.input_px, card.mpp));
  if (card.adapted)
    field("adapted",
          fmt::format("to {} by {} cells of {} slides or cases, from {}", card.adapted->site,
                      card.adapted->cells, card.adapted->groups, card.adapted->parent));
  field("training", fmt::format("{} source(s)", card.training_data.size()));
  print_sources(card);
  print_figures(card);
  print_classes(card.classes);
  field("limits", card.limits);
  field("made by", "cytocape " + card.tool_version);
  print_result("more: --json\n{}\n", kResearchUse);
}

void print_slide(const SlideInfo& info) {
  print_wrapped(fmt::format("{:<11}", "slide"), info.path.string());
  field("read by", fmt::format("{} ({})", info.reader, info.vendor));
  if (!info.reader_why.empty()) field("", info.reader_why);
  const auto& whole = info.levels.front().size;
  field("size", fmt::format("{} x {} px, {:.2f} x {:.2f} mm", whole.width, whole.height,
                            static_cast<double>(whole.width) * info.mpp.x / 1000,
                            static_cast<double>(whole.height) * info.mpp.y / 1000));
  const bool square = info.mpp.x == info.mpp.y;
  field("pixel size", fmt::format("{} um ({})",
                                  square ? fmt::format("{:.6g}", info.mpp.x)
                                         : fmt::format("{:.6g} x {:.6g}", info.mpp.x, info.mpp.y),
                                  to_string(info.mpp_source)));
  field("levels", std::to_string(info.levels.size()));
  for (const auto& level : info.levels)
    print_result("  {:>9} x {:<9} px  1 : {:<8.4g} {}\n", level.size.width, level.size.height,
                 level.downsample.x,
                 level.tile.width == 0
                     ? "not tiled"
                     : fmt::format("tiles of {} x {} px", level.tile.width, level.tile.height));
  field("also holds", info.associated.empty()
                          ? "no label, macro or thumbnail picture"
                          : fmt::format("{}", fmt::join(info.associated, ", ")));
  if (!info.icc.empty()) field("ICC", info.icc);
  for (const auto& notice : info.notices) field("note", notice);
  constexpr std::size_t kRemarks = 5;
  for (std::size_t i = 0; i < std::min(kRemarks, info.remarks.size()); ++i)
    field(i == 0 ? "remarks" : "", info.remarks[i]);
  if (info.remarks.size() > kRemarks)
    field("", fmt::format("and {} more, which --json lists", info.remarks.size() - kRemarks));
  print_result("more: --json\n");
}

}  // namespace cytocape
