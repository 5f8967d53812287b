#include "pipeline/exports/exported_slide.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "io/digest.hpp"
#include "io/text.hpp"
#include "pipeline/settings/taxonomy.hpp"

namespace cytocape {
namespace {

struct ClassColour {
  std::string_view code;
  Rgb colour;
};

/// Neighbours on a film are told apart by hue, maturity by lightness.
constexpr std::array kColours{
    ClassColour{"segmented_neutrophil", {31, 119, 180}},
    ClassColour{"band_neutrophil", {107, 174, 214}},
    ClassColour{"hypogranular_neutrophil", {174, 199, 232}},
    ClassColour{"eosinophil", {214, 39, 40}},
    ClassColour{"basophil", {84, 39, 143}},
    ClassColour{"lymphocyte", {44, 160, 44}},
    ClassColour{"atypical_lymphocyte", {152, 223, 138}},
    ClassColour{"monocyte", {255, 127, 14}},
    ClassColour{"immature_monocyte", {255, 187, 120}},
    ClassColour{"promonocyte", {227, 26, 128}},
    ClassColour{"monoblast", {247, 104, 161}},
    ClassColour{"myeloblast", {165, 15, 21}},
    ClassColour{"blast", {103, 0, 13}},
    ClassColour{"promyelocyte", {0, 109, 119}},
    ClassColour{"myelocyte", {23, 190, 207}},
    ClassColour{"metamyelocyte", {158, 218, 229}},
    ClassColour{"plasma_cell", {188, 189, 34}},
    ClassColour{"normoblast", {140, 86, 75}},
    ClassColour{"platelet", {196, 156, 148}},
    ClassColour{"megakaryocyte", {92, 64, 51}},
    ClassColour{"smudge_cell", {127, 127, 127}},
    ClassColour{"artefact", {60, 60, 60}},
    ClassColour{"unidentified", {199, 199, 199}},
};

Rgb colour_of(const std::string& code, std::size_t index) {
  const auto* found =
      std::find_if(kColours.begin(), kColours.end(), [&](const auto& c) { return c.code == code; });
  return found != kColours.end() ? found->colour : kColours[index % kColours.size()].colour;
}

/// `name` on one line, another one than all that are in `taken`.
std::string distinct(const std::string& name, std::set<std::string>& taken) {
  const auto shown = displayable(name);
  const bool blank = trimmed(shown).empty();
  const auto plain = blank ? std::string("class") : one_line(shown);
  auto candidate = plain;
  for (int i = 2; !taken.insert(candidate).second; ++i) candidate = fmt::format("{}_{}", plain, i);
  return candidate;
}

std::vector<ExportedClass> classes_of(const ModelSummary& model) {
  std::vector<ExportedClass> classes;
  std::set<std::string> codes, labels;
  for (const auto& name : model.classes) {
    const auto* known = find_cell_class(name);
    classes.push_back({.code = distinct(name, codes),
                       .label = distinct(known == nullptr ? name : known->label, labels),
                       .colour = colour_of(name, classes.size())});
  }
  return classes;
}

}  // namespace

ExportedSlide ExportedSlide::of(const SlideReport& report) {
  ExportedSlide slide;
  slide.withheld = why_withheld(report);
  slide.report = as_shown(report);
  slide.classes = classes_of(report.model);
  slide.identity = sha256_of(fmt::format("{}\n{}\n{}\n{}", report.slide.id, report.slide_sha256,
                                         report.model.sha256, report.run.config_sha256));
  return slide;
}

std::vector<CellRow> ExportedSlide::shown(std::vector<CellRow> cells) const {
  if (withheld.empty()) return cells;
  for (auto& cell : cells) {
    cell.class_index = -1;
    cell.probability.clear();
  }
  return cells;
}

std::string export_uuid(const ExportedSlide& slide, const std::string& kind, std::uint64_t number) {
  auto hex = sha256_of(fmt::format("{}\n{}\n{}", slide.identity, kind, number));
  hex[12] = '8';                                              // version
  hex[16] = "89ab"[static_cast<unsigned char>(hex[16]) & 3];  // variant
  return fmt::format("{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4),
                     hex.substr(16, 4), hex.substr(20, 12));
}

bool was_seen(const CellRow& cell) {
  return cell.outcome == CellOutcome::classified || cell.exclusion == Exclusion::unidentified;
}

std::string why_not_counted(const CellRow& cell) {
  switch (cell.outcome) {
    case CellOutcome::classified:
      return "";
    case CellOutcome::excluded:
      return std::string("not counted: ") + to_string(cell.exclusion.value());
    case CellOutcome::failed:
      return "not counted: failed";
  }
  return "";
}

std::string status_words(const SlideReport& report) {
  if (report.status == Status::ok) return to_string(report.status);
  if (report.status_reasons.empty()) return to_string(report.status);
  // Folders and files may be called after patients, and leave the laboratory in no export.
  auto reason = report.status_reasons.front();
  const auto path = report.slide.path.string();
  constexpr std::string_view kInstead = "its file";
  for (auto at = path.empty() ? std::string::npos : reason.find(path); at != std::string::npos;
       at = reason.find(path, at + kInstead.size()))
    reason.replace(at, path.size(), kInstead);
  return fmt::format("{}: {}", to_string(report.status), one_line(reason));
}

}  // namespace cytocape
