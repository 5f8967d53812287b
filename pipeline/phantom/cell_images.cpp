#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <opencv2/imgproc.hpp>

#include "io/errors.hpp"
#include "io/image_codec.hpp"
#include "pipeline/phantom/bank.hpp"
#include "pipeline/phantom/phantom.hpp"
#include "pipeline/phantom/random.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

void check(const CellImageOptions& options) {
  const auto refuse = [](const char* key, auto value, const char* right) {
    throw ConfigError(fmt::format("phantom: {} is {}; it must be {}", key, value, right));
  };
  if (options.per_class < 1 || options.per_class > 100000) {
    refuse("cells", options.per_class, "within 1 .. 100000");
  }
  if (options.edge_px < 32 || options.edge_px > 2048) {
    refuse("cell-px", options.edge_px, "within 32 .. 2048");
  }
  if (!(options.mpp >= 0.05 && options.mpp <= 1)) refuse("mpp", options.mpp, "within 0.05 .. 1");
  const auto& known = picture_classes();
  for (const auto& name : options.classes) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      throw ConfigError(fmt::format("phantom: class \"{}\" cannot be drawn; there are {}", name,
                                    fmt::join(known, ", ")));
    }
  }
}

/// A slide around a few cells of one class: pictures of several cells are cut from it, which costs
/// less than a field for each. Its stain and density follow from `look` and are the same for every
/// class, so that a network cannot tell classes by them.
PhantomOptions small_slide(const std::string& class_code, int cells, double mpp,
                           std::uint64_t look) {
  phantom::Random random(look);
  PhantomOptions options;
  // 45 um a cell and side leave room for the field between them.
  const auto edge = static_cast<std::int64_t>((60 + 45 * std::sqrt(cells)) / mpp);
  options.size = {edge, edge};
  options.mpp = mpp;
  options.white_cells = class_code == phantom::kPlatelet ? 0 : cells;
  if (class_code == phantom::kPlatelet) options.platelets = cells;
  options.smudged = class_code == phantom::kSmudge ? 0.5 : 0;
  if (class_code == phantom::kSmudge) options.white_cells = 2 * cells;
  if (class_code != phantom::kPlatelet && class_code != phantom::kSmudge) {
    options.mix = {{class_code, 1}};
  }
  options.red_cells_per_mm2 = random.uniform(3000, 9500);
  options.touching = 0;
  options.blur = 0;
  options.margin = 0.07;
  options.stain = std::clamp(0.3 * random.normal(), -0.8, 0.8);
  options.unevenness = 2;
  return options;
}

void soften(Image& image, double sigma) {
  if (sigma < 0.3) return;
  cv::Mat pixels(image.height(), image.width(), CV_8UC3, image.row(0));
  cv::GaussianBlur(pixels, pixels, cv::Size(), sigma);
}

constexpr int kCellsOfOneSlide = 8;

struct Batch {
  std::string class_code;
  int first = 0;
  int count = 0;
  std::uint64_t seed = 0;
  std::uint64_t look = 0;
};

void write_batch(const Batch& batch, const CellImageOptions& options, const fs::path& folder) {
  auto slide = small_slide(batch.class_code, batch.count, options.mpp, batch.look);
  slide.seed = batch.seed;
  const auto renderer = PhantomRenderer::create(slide);
  phantom::Random random(phantom::seed_of({batch.seed, 1}));
  int number = batch.first;
  for (const auto& cell : renderer.cells()) {
    if (cell.class_code != batch.class_code || number == batch.first + batch.count) continue;
    const double shift = 0.5 / options.mpp;
    const Level0Rect rect{
        std::llround(cell.centre.x + random.uniform(-shift, shift)) - options.edge_px / 2,
        std::llround(cell.centre.y + random.uniform(-shift, shift)) - options.edge_px / 2,
        options.edge_px, options.edge_px};
    Image picture(options.edge_px, options.edge_px);
    renderer.render(rect, picture);
    // Half of them as sharp as drawn, the rest softer: up to 0.2 um.
    soften(picture, std::max(0.0, random.uniform(-0.2, 0.2)) / options.mpp);
    write_png(picture,
              folder / batch.class_code / fmt::format("{}_{:05}.png", batch.class_code, number++));
  }
}

}  // namespace

const std::vector<std::string>& picture_classes() {
  static const std::vector<std::string> classes = [] {
    auto all = drawn_classes();
    all.insert(all.end(), {phantom::kPlatelet, phantom::kSmudge});
    return all;
  }();
  return classes;
}

void write_cell_images(const CellImageOptions& options, const fs::path& folder,
                       const PhantomProgress& progress) {
  check(options);
  std::vector<Batch> batches;
  for (const auto& name : options.classes.empty() ? picture_classes() : options.classes) {
    std::error_code error;
    fs::create_directories(folder / name, error);
    if (error) {
      throw StorageError(fmt::format("cannot create the folder {}: {}", (folder / name).string(),
                                     error.message()));
    }
    for (int first = 0; first < options.per_class; first += kCellsOfOneSlide) {
      const auto look = phantom::seed_of({options.seed, static_cast<std::uint64_t>(first)});
      const auto seed = phantom::seed_of(
          {options.seed, phantom::seed_of(name), static_cast<std::uint64_t>(first)});
      batches.push_back(
          {name, first, std::min(kCellsOfOneSlide, options.per_class - first), seed, look});
    }
  }
  std::mutex guard;
  std::size_t done = 0;
  phantom::for_all(batches.size(), [&](std::size_t i) {
    write_batch(batches[i], options, folder);
    const std::lock_guard lock(guard);
    if (progress) progress(static_cast<double>(++done) / static_cast<double>(batches.size()));
  });
}

}  // namespace cytocape
