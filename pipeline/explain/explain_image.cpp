#include "pipeline/explain/explain_image.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

#include "io/digest.hpp"
#include "io/errors.hpp"
#include "io/image_codec.hpp"
#include "io/text.hpp"
#include "models/data/augment.hpp"
#include "pipeline/explain/apportion.hpp"
#include "pipeline/explain/picture.hpp"
#include "pipeline/pages/colour_map.hpp"
#include "tiling/image_checks.hpp"

namespace cytocape {
namespace {

constexpr int kJpegQuality = 88;

CropFacts place_crop(const ImageTask& task, const Image& picture) {
  const ImagePoint middle =
      task.at.value_or(ImagePoint{0.5 * picture.width(), 0.5 * picture.height()});
  if (middle.x < 0 || middle.y < 0 || middle.x >= picture.width() || middle.y >= picture.height())
    throw ConfigError(fmt::format("--at {:g},{:g}: outside the image, which is {} x {} pixels",
                                  middle.x, middle.y, picture.width(), picture.height()));
  CropFacts crop;
  crop.image = {picture.width(), picture.height()};
  crop.edge = task.crop_px;
  // As crop_begin rounds: the same crop as validation and `evaluate` take of an image's middle.
  crop.left = static_cast<std::int64_t>(std::floor(middle.x - 0.5 * crop.edge));
  crop.top = static_cast<std::int64_t>(std::floor(middle.y - 0.5 * crop.edge));
  const auto inside = [&](std::int64_t from, std::int64_t size) {
    return std::min(from + crop.edge, size) - std::max<std::int64_t>(from, 0);
  };
  const double area = static_cast<double>(crop.edge) * crop.edge;
  crop.mirrored = 1 - static_cast<double>(inside(crop.left, picture.width()) *
                                          inside(crop.top, picture.height())) /
                          area;
  crop.enlargement = task.mpp / task.classifier.card().mpp;
  return crop;
}

/// cut_crop counts from where a crop around the image's middle begins.
Image cut(const Image& picture, const CropFacts& crop, int edge_px) {
  const CropOffset moved{.x = crop_begin(picture.width(), crop.edge) - static_cast<int>(crop.left),
                         .y = crop_begin(picture.height(), crop.edge) - static_cast<int>(crop.top)};
  return cut_crop(picture, crop.edge, edge_px, moved);
}

/// As the network is to see it.
Image mapped(const ImageTask& task, Image crop) {
  if (task.map != nullptr) task.map->apply(crop.pixels());
  return crop;
}

/// Draws an image's panels, keeps them for the page and writes them as PNGs still to be committed.
class Panels {
 public:
  Panels(const ImageTask& task, const ExplainedModel& model, ExplainedImage& image)
      : task_(task), model_(model), image_(image) {}

  std::vector<PartialFile> draw(const Image& cell, const CellRegionMap& regions) {
    const auto& explained = image_.cell;
    image_.pictures.cell = keep(outlined(cell, regions), "cell", {.title = "The cell"});
    for (std::size_t k = 0; k < explained.shown.size(); ++k) {
      const int label = explained.shown[k];
      const auto cape = explained.map_of(label);
      image_.pictures.cape.push_back(
          keep(overlay(cell, regions, on_scale(cape, explained.scale_max), share_colour),
               "cape." + code(label), share_caption("CAPE, " + name(label), label)));
      const auto& cam = explained.cam[k];
      const double peak = *std::max_element(cam.begin(), cam.end());
      image_.pictures.cam.push_back(keep(overlay(cell, regions, on_scale(cam, peak), logit_colour),
                                         "cam." + code(label),
                                         {.title = "CAM, " + name(label) + ": own scale",
                                          .colour = logit_colour,
                                          .low = "0",
                                          .high = fmt::format("{:.1f} logits", peak)}));
    }
    draw_difference(cell, regions);
    const auto called = explained.map_of(explained.shown.front());
    image_.pictures.patches.jpeg =
        encode_jpeg(overlay(cell, regions, on_scale(called, explained.scale_max), share_colour,
                            Upsampling::patches),
                    kJpegQuality);
    return std::move(files_);
  }

 private:
  void draw_difference(const Image& cell, const CellRegionMap& regions) {
    const auto& explained = image_.cell;
    const auto [first, second] = explained.compared;
    const auto limit = fmt::format("{} per patch", percent(explained.difference_max));
    image_.pictures.difference =
        keep(overlay(cell, regions, on_scale(explained.difference, explained.difference_max),
                     difference_colour),
             "difference." + code(first) + "-" + code(second),
             {.title = "CAPE, " + name(first) + " minus " + name(second),
              .colour = difference_colour,
              .diverging = true,
              .low = "-" + limit,
              .high = "+" + limit});
  }

  [[nodiscard]] static std::string percent(double share) {
    return fmt::format("{:.2g} %", 100 * share);
  }
  [[nodiscard]] MapOnScale on_scale(const std::vector<double>& map, double limit) const {
    return {.value = map, .height = image_.cell.height, .width = image_.cell.width, .limit = limit};
  }
  [[nodiscard]] std::string code(int label) const {
    return safe_file_name(model_.codes[static_cast<std::size_t>(label)], "class");
  }
  [[nodiscard]] const std::string& name(int label) const {
    return model_.labels[static_cast<std::size_t>(label)];
  }
  [[nodiscard]] Caption share_caption(const std::string& title, int label) const {
    const auto units = apportion(image_.cell.probability, kWhole)[static_cast<std::size_t>(label)];
    return {.title = title + ": " + tenths(units) + " %",
            .colour = share_colour,
            .low = "0",
            .high = percent(image_.cell.scale_max) + " per patch"};
  }

  PagePicture keep(const Image& panel, const std::string& method, const Caption& caption) {
    // Classes whose names differ in letters that file systems dislike must not share a file.
    auto name = fmt::format("{}.{}.png", image_.name, method);
    for (int copy = 2; !taken_.insert(name).second; ++copy)
      name = fmt::format("{}.{}-{}.png", image_.name, method, copy);
    PartialFile file(task_.out / name);
    write_png(with_caption(panel, caption), file.partial());
    file.sync();
    files_.push_back(std::move(file));
    return {.jpeg = encode_jpeg(panel, kJpegQuality), .png = name};
  }

  const ImageTask& task_;
  const ExplainedModel& model_;
  ExplainedImage& image_;
  std::set<std::string> taken_;
  std::vector<PartialFile> files_;
};

}  // namespace

LabSums crop_sums(const ImageTask& task, const std::filesystem::path& image) {
  LabSums sums;
  try {
    const Image picture = read_image(image);
    if (too_small_for_crop(image, picture, task.crop_px).empty())
      sums.add(cut(picture, place_crop(task, picture), task.classifier.card().input_px).pixels());
  } catch (const SlideError&) {
    return {};  // explain_image says so
  }
  return sums;
}

std::vector<PartialFile> explain_image(const ImageTask& task, const ExplainedModel& model,
                                       ExplainedImage& image) {
  Image cell;
  CellRegionMap regions;
  try {
    const Image picture = read_image(image.path);
    image.sha256 = sha256_of_file(image.path);
    if (const auto fault = too_small_for_crop(image.path, picture, task.crop_px); !fault.empty())
      throw SlideError(fault);
    image.crop = place_crop(task, picture);
    const auto& card = task.classifier.card();
    const Image crop = cut(picture, image.crop, card.input_px);
    const Image seen = mapped(task, crop);
    const auto maps = task.classifier.classify(seen.pixels(), 1);
    const auto logits = task.classifier.logits(seen.pixels(), 1);
    if (!maps.strangeness.empty()) image.strangeness = maps.strangeness.front();
    regions =
        find_cell_regions(crop, middle_of(crop, card.mpp), stain_of_picture(picture, task.mpp));
    image.nucleus_found = regions.has(CellRegion::nucleus);
    image.cell_found = image.nucleus_found || regions.has(CellRegion::cytoplasm);
    image.cell = explain_cell(maps, logits, regions, task.choice);
    cell = cut(picture, image.crop, kPanelPx);
  } catch (const SlideError& error) {
    image.failure = error.what();
    return {};
  } catch (const ModelError& error) {
    image.failure = image.path.string() + ": " + error.what();
    return {};
  }
  return Panels(task, model, image).draw(cell, regions);
}

}  // namespace cytocape
