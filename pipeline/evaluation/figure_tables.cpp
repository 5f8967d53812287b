#include "pipeline/evaluation/figure_tables.hpp"

#include <fmt/format.h>

#include "io/text.hpp"
#include "pipeline/evaluation/figure_text.hpp"

namespace cytocape {
namespace {

using kainjow::mustache::data;
using List = kainjow::mustache::list;

/// One figure of every column; `range` stands below its `text`.
struct FigureCell {
  std::string text;
  std::string range;
};

/// Figures down and what they are of across: these are few, and so the table is narrow.
class FigureTable {
 public:
  void add_column(const std::string& name) { columns_.push_back(data{"name", valid_utf8(name)}); }

  void add_row(const char* name, const std::vector<FigureCell>& cells) {
    List list;
    for (const auto& cell : cells) {
      data one;
      put(one, "text", cell.text);
      put(one, "range", cell.range);
      list.push_back(one);
    }
    data row;
    put(row, "name", name);
    row.set("cells", list);
    rows_.push_back(row);
  }

  [[nodiscard]] data built() const {
    data table;
    table.set("columns", columns_);
    table.set("rows", rows_);
    return table;
  }

 private:
  List columns_;
  List rows_;
};

}  // namespace

void put(data& row, const char* key, const std::string& text) {
  row.set(key, valid_utf8(text));
}

void add_row(List& list, const std::string& name, const std::string& value,
             const std::string& note) {
  data row;
  put(row, "name", name);
  put(row, "value", value);
  put(row, "note", note);
  list.push_back(row);
}

data heads_table(const std::vector<HeadScore>& heads) {
  FigureTable table;
  const auto add = [&](const char* name, auto&& cell_of) {
    std::vector<FigureCell> cells;
    for (const auto& head : heads) cells.push_back(cell_of(head));
    table.add_row(name, cells);
  };
  const auto number = [](double value) { return fmt::format("{:.3f}", value); };
  const auto span = [](const Interval& i) {
    return fmt::format("({:.3f}\u2013{:.3f})", i.low, i.high);
  };
  for (const auto& head : heads) table.add_column(head.name);
  add("accuracy, %", [](const HeadScore& head) {
    return FigureCell{percent_number(head.accuracy.share), bracketed(head.accuracy.wilson95)};
  });
  add("macro F1", [&](const HeadScore& head) {
    return FigureCell{number(head.figures.macro_f1), span(head.intervals.macro_f1)};
  });
  add("ECE", [&](const HeadScore& head) { return FigureCell{number(head.figures.ece), ""}; });
  add("mean probability", [&](const HeadScore& head) {
    return FigureCell{number(head.mean_confidence), ""};
  });
  add("Brier score", [&](const HeadScore& head) {
    return FigureCell{number(head.figures.brier), span(head.intervals.brier)};
  });
  add("negative log likelihood", [&](const HeadScore& head) {
    return FigureCell{number(head.figures.nll), span(head.intervals.nll)};
  });
  add("area under risk-coverage", [](const HeadScore& head) {
    return FigureCell{fmt::format("{:.4f}", head.area_under_coverage), ""};
  });
  const auto& operating = heads.front().operating;
  if (!operating) return table.built();
  const auto add_share = [&](const std::string& name, Proportion OperatingPoint::*share) {
    add(name.c_str(), [&](const HeadScore& head) {
      if (!head.operating) return FigureCell{kDash, ""};
      const Proportion& p = *head.operating.*share;
      return FigureCell{percent_number(p.share), bracketed(p.wilson95)};
    });
  };
  add_share(fmt::format("called at {:.3f} or more, %", operating->threshold),
            &OperatingPoint::called);
  add_share("wrong among these, %", &OperatingPoint::wrong);
  return table.built();
}

data explanations_table(const ExplanationScore& score, bool calibrated) {
  const auto kinds = distinct_kinds(calibrated);
  const auto& first = score.by_kind.front();
  FigureTable table;
  for (const MapKind kind : kinds) table.add_column(label_of(kind, calibrated));
  const auto add = [&](const char* name, auto&& text_of) {
    std::vector<FigureCell> cells;
    for (const MapKind kind : kinds)
      cells.push_back({text_of(score.by_kind[static_cast<std::size_t>(kind)]), ""});
    table.add_row(name, cells);
  };
  const auto add_share = [&](const char* name, double ExplanationFigures::*share) {
    add(name, [share](const ExplanationFigures& f) { return percent_number(f.*share); });
  };
  const auto add_curve = [&](const char* name, double MapCurves::*share) {
    add(name, [share](const ExplanationFigures& f) { return percent_number((*f.curves).*share); });
  };
  add_share("AD, %", &ExplanationFigures::average_drop);
  add_share("IC, %", &ExplanationFigures::increase_in_confidence);
  add_share("ADD, %", &ExplanationFigures::average_drop_in_deletion);
  add_share("coherency, %", &ExplanationFigures::coherency);
  add_share("complexity, %", &ExplanationFigures::complexity);
  add_share("ADCC of means, %", &ExplanationFigures::adcc);
  add_share("coherency of enlarged maps, %", &ExplanationFigures::coherency_enlarged);
  add_share("ADCC per image, %", &ExplanationFigures::adcc_per_image);
  if (first.curves) {
    add_curve("deletion, %", &MapCurves::deletion);
    add_curve("insertion, %", &MapCurves::insertion);
    add_curve("ROAD, %", &MapCurves::road);
  }
  add("mIoU, %", [](const ExplanationFigures& f) {
    return f.overlaps > 0 ? percent_number(f.miou) : std::string(kDash);
  });
  add("flat maps", [](const ExplanationFigures& f) { return std::to_string(f.flat); });
  auto section = table.built();
  put(section, "crops", std::to_string(first.crops));
  section.set("calibrated", calibrated);
  section.set("curves", first.curves.has_value());
  return section;
}

data moved_table(const MovedScore& moved, bool calibrated) {
  const auto kinds = distinct_kinds(calibrated);
  FigureTable table;
  for (const MapKind kind : kinds) table.add_column(label_of(kind, calibrated));
  const auto add = [&](const char* name, auto&& cell_of) {
    std::vector<FigureCell> cells;
    for (const MapKind kind : kinds)
      cells.push_back(cell_of(moved.by_kind[static_cast<std::size_t>(kind)]));
    table.add_row(name, cells);
  };
  const auto share = [](const EvidenceScore& score, double value) {
    return FigureCell{score.cells > 0 ? percent_number(value) : kDash, ""};
  };
  add("inside the cell, %", [&](const EvidenceScore& s) { return share(s, s.inside); });
  add("inside its reflection, %", [&](const EvidenceScore& s) { return share(s, s.reflected); });
  add("ratio", [](const EvidenceScore& s) { return FigureCell{ratio_text(s), ""}; });
  add("centroid follows the cell, %", [](const EvidenceScore& s) {
    return FigureCell{percent_number(s.follows.share), bracketed(s.follows.wilson95)};
  });
  auto section = table.built();
  put(section, "text", moved_text(moved));
  return section;
}

}  // namespace cytocape
