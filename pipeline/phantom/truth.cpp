#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <nlohmann/json.hpp>

#include "io/errors.hpp"
#include "io/image_codec.hpp"
#include "io/report_writer.hpp"
#include "pipeline/phantom/phantom.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

std::string cells_csv(const std::vector<PhantomCell>& cells) {
  std::string text =
      "id,class,x,y,box_x,box_y,box_width,box_height,nucleated,touching,smudged,blurred,border\n";
  for (const auto& c : cells) {
    text += fmt::format("{},{},{:.2f},{:.2f},{},{},{},{},{:d},{:d},{:d},{:d},{:d}\n", c.id,
                        c.class_code, c.centre.x, c.centre.y, c.box.x, c.box.y, c.box.width,
                        c.box.height, c.nucleated, c.touching, c.smudged, c.blurred, c.border);
  }
  return text;
}

nlohmann::json options_json(const PhantomOptions& o) {
  nlohmann::json json{{"width", o.size.width},  {"height", o.size.height},
                      {"mpp", o.mpp},           {"white_cells", o.white_cells},
                      {"mix", o.mix},           {"red_cells_per_mm2", o.red_cells_per_mm2},
                      {"touching", o.touching}, {"smudged", o.smudged},
                      {"blur", o.blur},         {"margin", o.margin},
                      {"stain", o.stain},       {"unevenness", o.unevenness}};
  if (o.white_cells_per_mm2) json["white_cells_per_mm2"] = *o.white_cells_per_mm2;
  if (o.platelets) json["platelets"] = *o.platelets;
  if (o.source) {
    json["source"] = {{"folder", o.source->folder.filename().string()}, {"mpp", o.source->mpp}};
    if (o.source->list) json["source"]["list"] = o.source->list->filename().string();
  }
  return json;
}

std::string truth_json(const PhantomOptions& options, const PhantomTruth& truth) {
  const auto count = [&](bool PhantomCell::*flag) {
    return std::count_if(truth.cells.begin(), truth.cells.end(),
                         [&](const PhantomCell& cell) { return cell.*flag; });
  };
  const nlohmann::json json{{"schema", "cytocape-phantom"},
                            {"schema_version", 1},
                            {"seed", options.seed},
                            {"options", options_json(options)},
                            {"cells", truth.cells.size()},
                            {"nucleated", truth.nucleated},
                            {"counts", truth.counts},
                            {"touching", count(&PhantomCell::touching)},
                            {"smudged", count(&PhantomCell::smudged)},
                            {"blurred", count(&PhantomCell::blurred)},
                            {"border", count(&PhantomCell::border)}};
  return json.dump(2) + "\n";
}

/// write_pyramid asks for pieces in its own order and on its own threads; this counts pixels.
class Meter {
 public:
  Meter(const PhantomProgress& progress, double pixels) : progress_(progress), pixels_(pixels) {}
  void add(std::int64_t pixels) {
    if (!progress_) return;
    const std::lock_guard lock(guard_);
    done_ += static_cast<double>(pixels);
    progress_(std::min(1.0, done_ / pixels_));
  }

 private:
  const PhantomProgress& progress_;
  double pixels_;
  double done_ = 0;
  std::mutex guard_;
};

void write_slide(const PhantomRenderer& renderer, const PhantomOptions& options,
                 const fs::path& path, const PhantomProgress& progress) {
  const PyramidOptions pyramid{.size = options.size, .mpp = {options.mpp, options.mpp}};
  Meter meter(progress,
              static_cast<double>(options.size.width) * static_cast<double>(options.size.height));
  write_pyramid(path, pyramid, [&](const Level0Rect& rect, Image& out) {
    renderer.render(rect, out);
    meter.add(rect.area());
  });
}

}  // namespace

PhantomTruth write_phantom(const PhantomOptions& options, const fs::path& path,
                           const PhantomProgress& progress) {
  const auto renderer = PhantomRenderer::create(options);
  PhantomTruth truth;
  truth.cells = renderer.cells();
  for (const auto& cell : truth.cells) {
    ++truth.counts[cell.class_code];
    truth.nucleated += cell.nucleated ? 1 : 0;
  }
  truth.slide = path;
  truth.cells_csv = fs::path(path).replace_extension(".cells.csv");
  truth.truth_json = fs::path(path).replace_extension(".truth.json");
  try {
    stage_file(truth.cells_csv, cells_csv(truth.cells));
    stage_file(truth.truth_json, truth_json(options, truth));
    write_slide(renderer, options, path, progress);
  } catch (...) {
    // An earlier phantom of this name stays whole.
    discard_file(truth.cells_csv);
    discard_file(truth.truth_json);
    throw;
  }
  commit_file(truth.cells_csv);
  commit_file(truth.truth_json);
  return truth;
}

}  // namespace cytocape
