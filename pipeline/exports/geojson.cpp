#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "pipeline/exports/export_format.hpp"
#include "pipeline/exports/text_file.hpp"

namespace cytocape {
namespace {

constexpr Rgb kNotCounted{160, 160, 160};

/// QuPath parts names of classes at colons, as those of derived classes ("not counted: border").
std::string without_colons(std::string label) {
  std::replace(label.begin(), label.end(), ':', ' ');
  return label;
}

std::string classification(const std::string& name, Rgb colour) {
  return fmt::format(R"("classification":{{"name":{},"color":[{},{},{}]}},)", json_string(name),
                     colour.r, colour.g, colour.b);
}

/// A rectangle, x to the right first; a point where the record has no area for the cell. RFC 7946
/// wants an outline counter-clockwise by its signed area, y taken as it is.
std::string geometry(const CellRow& cell) {
  const auto& box = cell.box;
  if (box.empty())
    return fmt::format(R"({{"type":"Point","coordinates":[{},{}]}})", cell.centre.x, cell.centre.y);
  return fmt::format(
      R"({{"type":"Polygon","coordinates":[[[{0},{1}],[{2},{1}],[{2},{3}],[{0},{3}],[{0},{1}]]]}})",
      box.x, box.y, box.right(), box.bottom());
}

/// For QuPath: a detection for each located cell.
class Geojson : public SlideWriter {
 public:
  Geojson(const ExportedSlide& slide, const ExportTarget& target) : slide_(slide), file_(target) {
    for (const auto& one : slide.classes) {
      measurements_.push_back(json_string("probability " + one.label));
      classes_.push_back(classification(without_colons(one.label), one.colour));
    }
    // QuPath reads the features alone.
    file_.write(R"({"type":"FeatureCollection","cytocape":)" + about_json(slide) +
                ",\"features\":[");
  }

  void add(const std::vector<CellRow>& cells) override {
    for (const auto& cell : cells) {
      file_.write(first_ ? "\n" : ",\n");
      file_.write(feature(cell));
      first_ = false;
    }
  }

  void finish() override {
    file_.write("\n]}\n");
    file_.close();
  }

 private:
  [[nodiscard]] std::string class_of(const CellRow& cell) const {
    if (cell.class_index >= 0) return classes_[static_cast<std::size_t>(cell.class_index)];
    const auto why = why_not_counted(cell);
    return why.empty() ? "" : classification(why, kNotCounted);
  }

  [[nodiscard]] std::string measurements(const CellRow& cell) const {
    auto text = fmt::format(R"("nucleus area um^2":{:.6g})", cell.nucleus_um2);
    const auto add = [&](const std::string& name, double value) {
      if (std::isfinite(value)) text += fmt::format(",{}:{:.6g}", name, value);
    };
    add("\"strangeness\"", cell.strangeness);
    add("\"focus\"", cell.focus);
    for (std::size_t c = 0; c < cell.probability.size(); ++c)
      add(measurements_[c], static_cast<double>(cell.probability[c]));
    return text;
  }

  [[nodiscard]] std::string feature(const CellRow& cell) const {
    return fmt::format(
        R"({{"type":"Feature","id":"{}","geometry":{},"properties":{{"objectType":"detection",)"
        R"("name":"{}",{}"isLocked":false,"measurements":{{{}}}}}}})",
        export_uuid(slide_, "cell", cell.id), geometry(cell), cell.id, class_of(cell),
        measurements(cell));
  }

  const ExportedSlide& slide_;
  TextFile file_;
  std::vector<std::string> measurements_;  ///< names, quoted
  std::vector<std::string> classes_;
  bool first_ = true;
};

}  // namespace

std::unique_ptr<SlideWriter> start_geojson(const ExportedSlide& slide, const ExportTarget& target) {
  return std::make_unique<Geojson>(slide, target);
}

}  // namespace cytocape
