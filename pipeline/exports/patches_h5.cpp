#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "io/errors.hpp"
#include "io/hdf5.hpp"
#include "pipeline/exports/export_format.hpp"

namespace cytocape {
namespace {

constexpr const char* kCoords = "/coords";
constexpr const char* kFeatures = "/features";

/// The edge of the model's crop in level-0 pixels. Both readers know squares alone: where x and y
/// differ it covers the crop's area.
std::int64_t crop_edge(const SlideReport& report, const std::filesystem::path& file) {
  const auto& mpp = report.slide.mpp;
  const auto edge =
      std::llround(report.model.input_px * report.model.mpp / std::sqrt(mpp.x * mpp.y));
  if (edge < 1)
    throw StorageError(fmt::format(
        "{}: the record's crops of {} px at {} um/px are no patches; analyze the slide again",
        file.string(), report.model.input_px, report.model.mpp));
  return edge;
}

/// A microscope's, as readers without um/px tell resolutions: 40 at 0.25 um/px.
std::int64_t magnification(double mpp) {
  return std::llround(10 / mpp);
}

/// A patch around each cell that the network saw, for CLAM and TRIDENT: both find the attributes
/// that they know on one dataset. The features of a patch are the shares of its classes.
class PatchesH5 : public SlideWriter {
 public:
  PatchesH5(const ExportedSlide& slide, const ExportTarget& target)
      : slide_(slide),
        edge_(crop_edge(slide.report, target.file)),
        has_features_(slide.withheld.empty() && !slide.classes.empty()),
        file_(h5::File::create(target.file)) {
    file_.make_table(kCoords, {.type = h5::Type::i64, .row = {2}});
    file_.make_table("/cell_id", {.type = h5::Type::i64, .row = {}});
    if (has_features_)
      file_.make_table(kFeatures, {.type = h5::Type::f32, .row = {slide.classes.size()}});
    describe_for_clam();
    describe_for_trident();
    describe_slide();
  }

  void add(const std::vector<CellRow>& cells) override {
    std::vector<std::int64_t> coords, ids;
    std::vector<float> features;
    for (const auto& cell : cells) {
      if (!was_seen(cell)) continue;
      const double half = static_cast<double>(edge_) / 2;
      coords.push_back(std::llround(cell.centre.x - half));
      coords.push_back(std::llround(cell.centre.y - half));
      ids.push_back(static_cast<std::int64_t>(cell.id));
      features.insert(features.end(), cell.probability.begin(), cell.probability.end());
      if (cell.probability.empty())
        features.insert(features.end(), slide_.classes.size(),
                        std::numeric_limits<float>::quiet_NaN());
    }
    file_.append(kCoords, std::span<const std::int64_t>(coords));
    file_.append("/cell_id", std::span<const std::int64_t>(ids));
    if (has_features_) file_.append(kFeatures, std::span<const float>(features));
  }

  void finish() override { file_.close(); }

 private:
  void describe_for_clam() {
    const auto& levels = slide_.report.slide.levels;
    const auto size = levels.empty() ? Size{} : levels.front().size;
    const std::vector<std::int64_t> size_list{size.width, size.height};
    file_.set(kCoords, "patch_size", edge_);
    file_.set(kCoords, "patch_level", std::int64_t{0});
    file_.set(kCoords, "downsample", std::vector<double>{1, 1});
    file_.set(kCoords, "level_dim", size_list);
    file_.set(kCoords, "downsampled_level_dim", size_list);
    file_.set(kCoords, "name", slide_.report.slide.id);
    file_.set(kCoords, "save_path", std::string("."));
  }
  /// With what CLAM's leave: the patch is read at the slide's own resolution, so that both cut the
  /// same square.
  void describe_for_trident() {
    const auto& mpp = slide_.report.slide.mpp;
    const auto own = magnification(std::sqrt(mpp.x * mpp.y));
    const auto& levels = slide_.report.slide.levels;
    const auto size = levels.empty() ? Size{} : levels.front().size;
    file_.set(kCoords, "patch_size_level0", edge_);
    file_.set(kCoords, "level0_magnification", own);
    file_.set(kCoords, "target_magnification", own);
    file_.set(kCoords, "overlap", std::int64_t{0});
    file_.set(kCoords, "savetodir", std::string("."));
    file_.set(kCoords, "level0_width", size.width);
    file_.set(kCoords, "level0_height", size.height);
  }
  void describe_slide() {
    const auto& report = slide_.report;
    file_.set("/", "research_use", std::string(kResearchUse));
    file_.set("/", "status", status_words(report));
    file_.set("/", "withheld", slide_.withheld);
    file_.set("/", "slide_sha256", report.slide_sha256);
    file_.set("/", "model", report.model.name);
    file_.set("/", "model_sha256", report.model.sha256);
    file_.set("/", "program",
              fmt::format("cytocape {} ({})", report.run.tool_version, report.run.commit));
    if (!has_features_) return;
    std::vector<std::string> codes;
    for (const auto& one : slide_.classes) codes.push_back(one.code);
    file_.set(kFeatures, "classes", codes);
  }

  const ExportedSlide& slide_;
  std::int64_t edge_;
  bool has_features_;
  h5::File file_;
};

}  // namespace

std::unique_ptr<SlideWriter> start_patches_h5(const ExportedSlide& slide,
                                              const ExportTarget& target) {
  return std::make_unique<PatchesH5>(slide, target);
}

}  // namespace cytocape
