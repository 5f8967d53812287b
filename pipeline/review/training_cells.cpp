#include "pipeline/review/training_cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "io/csv.hpp"
#include "io/digest.hpp"
#include "io/durable_file.hpp"
#include "io/errors.hpp"
#include "io/image_codec.hpp"
#include "io/record_scan.hpp"
#include "io/reopened_slide.hpp"
#include "io/text.hpp"
#include "pipeline/review/review_file.hpp"
#include "pipeline/settings/taxonomy.hpp"
#include "tiling/crop.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

constexpr double kMargin = 1.25;  ///< of the model's crop: training shifts and turns it

std::vector<fs::path> reviewed_folders(const fs::path& reports) {
  if (fs::exists(reports / kReviewFile)) return {reports};
  std::vector<fs::path> folders;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(reports, error))
    if (fs::exists(entry.path() / kReviewFile)) folders.push_back(entry.path());
  if (error)
    throw ConfigError(fmt::format("{}: cannot be read: {}; give a folder of reports",
                                  reports.string(), error.message()));
  std::sort(folders.begin(), folders.end());
  return folders;
}

/// The file that was analysed: another slide's pixels would be learnt as its cells.
std::unique_ptr<Slide> slide_of(const SlideReport& report, const fs::path& moved) {
  auto path = report.slide.path;
  if (!fs::exists(path) && !moved.empty()) path = moved / path.filename();
  if (slide_sha256(path) != report.slide_sha256)
    throw SlideError(path.string() + ": is not the slide that was analysed");
  return Slide::open(path, options_of(report));
}

/// Writes the cells of one slide after the other.
class Writer {
 public:
  Writer(fs::path folder, TrainingCells& result) : folder_(std::move(folder)), result_(result) {}

  void add(const fs::path& reports, const fs::path& moved) {
    const auto record = reports / "report.h5";
    std::vector<CellRow> cells;
    const auto report =
        scan_record(record, [&](const SlideReport&, const std::vector<CellRow>& some) {
          cells.insert(cells.end(), some.begin(), some.end());
        });
    const auto review = read_review(reports, sha256_of_file(record));
    if (!review) return;
    take_scale(report);
    const auto slide = slide_of(report, moved);
    const CellIndex index(cells, report.model.classes);
    const CropSpec spec{.input_px = static_cast<int>(std::lround(kMargin * report.model.input_px)),
                        .mpp = report.model.mpp};
    for (const auto& [id, cell] : review->cells) {
      if (cell.name.empty()) continue;
      const auto name = cell_class(cell.name).code;
      const auto* located = index.find(id);
      const auto centre = located != nullptr ? located->centre : review->placed.at(id);
      const auto file = fmt::format("{}_{}.png", safe_file_name(report.slide.id, "slide"), id);
      fs::create_directories(folder_ / name);
      write_png(read_crop(*slide, spec, centre), folder_ / name / file);
      table_ += fmt::format("{},{},{},{},{:.1f},{:.1f},{},{}\n", csv_field(file),
                            csv_field(report.case_id.empty() ? report.slide.id : report.case_id),
                            csv_field(report.slide.id), id, centre.x, centre.y,
                            csv_field(located != nullptr ? index.called(*located) : "not located"),
                            csv_field(cell.by));
      ++result_.cells[name];
    }
  }
  [[nodiscard]] const std::string& table() const { return table_; }

 private:
  void take_scale(const SlideReport& report) {
    if (result_.mpp != 0 && result_.mpp != report.model.mpp)
      throw ConfigError(fmt::format(
          "{}: was analysed at {} um/px, slides before it at {}; give slides of one model",
          report.slide.id, report.model.mpp, result_.mpp));
    result_.mpp = report.model.mpp;
  }

  fs::path folder_;
  TrainingCells& result_;
  std::string table_ = "file,group,slide,cell,x,y,called,reviewer\n";
};

}  // namespace

TrainingCells write_training_cells(const TrainingCellsRequest& request) {
  std::error_code error;
  if (fs::exists(request.out, error))
    throw ConfigError(
        fmt::format("--out {}: is there already; name a new folder", request.out.string()));
  TrainingCells result;
  PartialFile folder(request.out);
  fs::create_directories(folder.partial());
  Writer writer(folder.partial(), result);
  for (const auto& reports : reviewed_folders(request.reports)) {
    try {
      writer.add(reports, request.slides);
    } catch (const SlideError& why) {
      result.left_out.push_back(fmt::format("{}: {}", reports.filename().string(), why.what()));
    }
  }
  if (result.cells.empty())
    throw ConfigError(fmt::format("{}: no cell was verified{}", request.reports.string(),
                                  result.left_out.empty() ? "; review slides with cytocape serve"
                                                          : ", or " + result.left_out.front()));
  stage_file(folder.partial() / "groups.csv", writer.table()).commit();
  folder.commit();
  return result;
}

}  // namespace cytocape
