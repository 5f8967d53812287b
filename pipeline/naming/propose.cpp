#include "pipeline/naming/propose.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "io/csv.hpp"
#include "io/durable_file.hpp"
#include "io/errors.hpp"
#include "io/image_codec.hpp"
#include "io/record.hpp"
#include "io/reopened_slide.hpp"
#include "pipeline/naming/cells_to_name.hpp"
#include "tiling/crop.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

constexpr double kMargin = 1.25;  ///< of the model's crop: neighbours help a person
constexpr const char* kUnidentified = "unidentified";

/// One slide, with what tells its cells from those of others.
struct ReadSlide {
  Record record;
  std::unique_ptr<Slide> slide;
};

void check_out(const fs::path& out) {
  std::error_code error;
  if (fs::exists(out, error) && !(fs::is_directory(out, error) && fs::is_empty(out, error)))
    throw ConfigError(fmt::format("--out {}: is there already; name a new folder", out.string()));
}

/// The file that was analysed, unchanged: another slide's pixels would be named as its cells.
std::unique_ptr<Slide> slide_of(const SlideReport& report, const fs::path& moved) {
  const auto& path = moved.empty() ? report.slide.path : moved;
  if (!fs::exists(path))
    throw SlideError(fmt::format("{}: the slide of the record is not there; name it with --slide",
                                 path.string()));
  if (slide_sha256(path) != report.slide_sha256)
    throw SlideError(
        fmt::format("{}: is not the slide that was analysed, or was changed since; "
                    "analyze it again, or name the right one with --slide",
                    path.string()));
  return Slide::open(path, options_of(report));
}

std::vector<ReadSlide> read_slides(const ProposeRequest& request) {
  std::vector<ReadSlide> slides;
  for (const auto& given : request.records) {
    const auto file = fs::is_directory(given) ? given / "report.h5" : given;
    auto record = read_record(file);
    const auto& first = slides.empty() ? record : slides.front().record;
    if (record.report.model.sha256 != first.report.model.sha256)
      throw ConfigError(
          fmt::format("{}: was analysed with model {}, {} with {}; give records of "
                      "one model",
                      file.string(), record.report.model.name, request.records.front().string(),
                      first.report.model.name));
    auto slide = slide_of(record.report, request.slide);
    slides.push_back({std::move(record), std::move(slide)});
  }
  return slides;
}

/// All slides' cells in one list, so that the choice is among them all.
struct Pool {
  std::vector<CellRow> cells;
  std::vector<const ReadSlide*> of;
};

Pool pooled(const std::vector<ReadSlide>& slides) {
  Pool pool;
  for (const auto& slide : slides)
    for (const auto& cell : slide.record.cells) {
      pool.cells.push_back(cell);
      pool.of.push_back(&slide);
    }
  return pool;
}

std::string file_of(const ReadSlide& slide, const CellRow& cell) {
  return fmt::format("{}_{}.png", slide.record.report.slide.id, cell.id);
}

std::string row_of(const std::string& file, const ReadSlide& slide, const CellRow& cell,
                   const std::string& called) {
  const auto& report = slide.record.report;
  const auto& group = report.case_id.empty() ? report.slide.id : report.case_id;
  return fmt::format("{},{},{},{},{:.1f},{:.1f},{},{:.4f}\n", csv_field(file), csv_field(group),
                     csv_field(report.slide.id), cell.id, cell.centre.x, cell.centre.y, called,
                     *std::max_element(cell.probability.begin(), cell.probability.end()));
}

}  // namespace

Proposal propose(const ProposeRequest& request) {
  if (!request.slide.empty() && request.records.size() != 1)
    throw ConfigError("--slide: is for one record; give one, or move the slides back");
  check_out(request.out);
  const auto slides = read_slides(request);
  const auto& model = slides.front().record.report.model;
  const auto pool = pooled(slides);
  const auto chosen = cells_to_name(pool.cells, model.classes.size(), request.each);
  const CropSpec spec{.input_px = static_cast<int>(std::lround(kMargin * model.input_px)),
                      .mpp = model.mpp};
  PartialFile folder(request.out);
  Proposal proposal{.classes = {}, .mpp = model.mpp, .model = model.path};
  std::string table = "file,group,slide,cell,x,y,called,probability\n";
  for (std::size_t c = 0; c < chosen.size(); ++c) {
    if (chosen[c].empty()) continue;
    const auto name = c < model.classes.size() ? model.classes[c] : std::string(kUnidentified);
    fs::create_directories(folder.partial() / name);
    for (const auto i : chosen[c]) {
      const auto& slide = *pool.of[i];
      const auto file = file_of(slide, pool.cells[i]);
      write_png(read_crop(*slide.slide, spec, pool.cells[i].centre),
                folder.partial() / name / file);
      table += row_of(file, slide, pool.cells[i], name);
    }
    proposal.classes.push_back({name, chosen[c].size()});
  }
  if (proposal.classes.empty())
    throw ConfigError(fmt::format("{}: no cell was classified, so none can be named",
                                  request.records.front().string()));
  stage_file(folder.partial() / "groups.csv", table).commit();
  std::error_code absent;
  fs::remove(request.out, absent);  // an empty folder
  folder.commit();
  return proposal;
}

}  // namespace cytocape
