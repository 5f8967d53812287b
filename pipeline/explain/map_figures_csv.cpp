#include "pipeline/explain/map_figures_csv.hpp"

#include <fmt/format.h>

#include "io/csv.hpp"

namespace cytocape {
namespace {

std::string row_of(const MapFigures& own) {
  auto row = fmt::format("{:.6f},{:.6f},{:.6f},{:.6f},{:.6f},{:.6f},{:.6f},{:.6f},{:.6f},{}",
                         own.confidence, own.kept, own.deleted, own.drop(), own.drop_in_deletion(),
                         own.coherency, own.coherency_enlarged, own.complexity, own.adcc(),
                         own.overlap ? fmt::format("{:.6f}", *own.overlap) : "");
  row += own.flat ? ",1" : ",0";
  if (!own.curves) return row + ",,,";
  return row + fmt::format(",{:.6f},{:.6f},{:.6f}", own.curves->deletion, own.curves->insertion,
                           own.curves->road);
}

}  // namespace

std::string map_figures_csv(std::span<const MeasuredImage> images, const MeasuredModel& model) {
  std::string text =
      "image,map,called,p,p_kept,p_deleted,drop,drop_in_deletion,coherency,coherency_enlarged,"
      "complexity,adcc,iou_top_2,flat,deletion,insertion,road,positions\n";
  for (const auto& image : images) {
    for (const MapKind kind : distinct_kinds(model.calibrated)) {
      const auto& own = image.figures[static_cast<std::size_t>(kind)];
      text += fmt::format("{},{},{},{},{}x{}\n", csv_field(image.image),
                          csv_field(label_of(kind, model.calibrated)),
                          csv_field(model.classes[static_cast<std::size_t>(own.called)]),
                          row_of(own), model.map_height, model.map_width);
    }
  }
  return text;
}

}  // namespace cytocape
