#include <fmt/format.h>

#include <cmath>

#include "io/csv.hpp"
#include "pipeline/exports/export_format.hpp"
#include "pipeline/exports/text_file.hpp"

namespace cytocape {
namespace {

/// A row for each cell that the network saw: its box in level-0 pixels and the shares of its
/// classes, which is all that the format holds.
class WsinferCsv : public SlideWriter {
 public:
  WsinferCsv(const ExportedSlide& slide, const ExportTarget& target) : file_(target) {
    std::string header = "minx,miny,width,height";
    for (const auto& one : slide.classes) header += "," + csv_field("prob_" + one.code);
    file_.write(header + "\n");
  }
  void add(const std::vector<CellRow>& cells) override {
    for (const auto& cell : cells) {
      if (cell.probability.empty()) continue;
      const auto& box = cell.box;
      auto row = box.empty() ? fmt::format("{},{},1,1", std::floor(cell.centre.x),
                                           std::floor(cell.centre.y))
                             : fmt::format("{},{},{},{}", box.x, box.y, box.width, box.height);
      for (const float share : cell.probability) row += fmt::format(",{:.6g}", share);
      file_.write(row + "\n");
    }
  }
  void finish() override { file_.close(); }

 private:
  TextFile file_;
};

}  // namespace

std::unique_ptr<SlideWriter> start_wsinfer_csv(const ExportedSlide& slide,
                                               const ExportTarget& target) {
  return std::make_unique<WsinferCsv>(slide, target);
}

}  // namespace cytocape
