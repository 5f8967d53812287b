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

/// The share of a square from `left`, `top` that lies outside the picture.
double share_outside(const Image& picture, double left, double top, int edge) {
  const auto inside = [&](double from, int size) {
    return std::max(0.0, std::min(from + edge, static_cast<double>(size)) - std::max(from, 0.0));
  };
  return 1 - inside(left, picture.width()) * inside(top, picture.height()) /
                 (static_cast<double>(edge) * edge);
}

/// By how much the network's views of the crop are moved, image pixels, in the order of
/// `interleave`.
std::vector<ImagePoint> shifts_of(const ImageTask& task, const CropFacts& crop) {
  const double patch_x = static_cast<double>(crop.edge) / task.classifier.map_width();
  const double patch_y = static_cast<double>(crop.edge) / task.classifier.map_height();
  std::vector<ImagePoint> shifts;
  for (int row = 0; row < task.shifts; ++row)
    for (int column = 0; column < task.shifts; ++column)
      shifts.push_back(
          {patch_x * shift_of(column, task.shifts), patch_y * shift_of(row, task.shifts)});
  return shifts;
}

/// Of all views that the network has of the crop.
double mirrored_share(const ImageTask& task, const Image& picture, const CropFacts& crop) {
  const auto shifts = shifts_of(task, crop);
  double sum = 0;
  for (const auto& [x, y] : shifts)
    sum += share_outside(picture, static_cast<double>(crop.left) + x,
                         static_cast<double>(crop.top) + y, crop.edge);
  return sum / static_cast<double>(shifts.size());
}

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
  crop.mirrored = mirrored_share(task, picture, crop);
  crop.enlargement = task.mpp / task.classifier.card().mpp;
  return crop;
}

/// cut_crop counts from where a crop around the image's middle begins. `shift_x`, `shift_y`: of the
/// whole crop, image pixels.
Image cut(const Image& picture, const CropFacts& crop, int edge_px, double shift_x = 0,
          double shift_y = 0) {
  const CropOffset moved{
      .x = static_cast<double>(crop_begin(picture.width(), crop.edge) - crop.left) - shift_x,
      .y = static_cast<double>(crop_begin(picture.height(), crop.edge) - crop.top) - shift_y};
  return cut_crop(picture, crop.edge, edge_px, moved);
}

/// As the network is to see it.
Image mapped(const ImageTask& task, Image crop) {
  if (task.map != nullptr) task.map->apply(crop.pixels());
  return crop;
}

CellMaps look_shifted(const ImageTask& task, const Image& picture, const CropFacts& crop) {
  const auto& network = task.classifier;
  std::vector<CellMaps> views;
  for (const auto& [x, y] : shifts_of(task, crop)) {
    const Image view = cut(picture, crop, network.card().input_px, x, y);
    views.push_back(look_at(network, mapped(task, view).pixels()));
  }
  return interleave(views, task.shifts);
}

/// What is drawn.
struct Looked {
  Image cell;  ///< kPanelPx square
  CellRegionMap regions;
};

/// Reads, crops and classifies; fills all of `image` but its pictures and figures.
Looked look(const ImageTask& task, ExplainedImage& image, std::vector<std::uint8_t>* seen_crop) {
  const Image picture = read_image(image.path);
  image.sha256 = sha256_of_file(image.path);
  if (const auto fault = too_small_for_crop(image.path, picture, task.crop_px); !fault.empty())
    throw SlideError(fault);
  image.crop = place_crop(task, picture);
  const auto& card = task.classifier.card();
  const Image crop = cut(picture, image.crop, card.input_px);
  const Image seen = mapped(task, crop);
  auto maps = look_at(task.classifier, seen.pixels());
  if (!maps.maps.strangeness.empty()) image.strangeness = maps.maps.strangeness.front();
  if (task.shifts > 1) {
    image.unshifted = maps.maps.probability;
    maps = look_shifted(task, picture, image.crop);
  }
  Looked looked;
  looked.regions =
      find_cell_regions(crop, middle_of(crop, card.mpp), stain_of_picture(picture, task.mpp));
  image.nucleus_found = looked.regions.has(CellRegion::nucleus);
  image.cell_found = image.nucleus_found || looked.regions.has(CellRegion::cytoplasm);
  image.cell = explain_cell(maps, looked.regions, task.choice);
  looked.cell = cut(picture, image.crop, kPanelPx);
  if (seen_crop != nullptr) *seen_crop = {seen.pixels().begin(), seen.pixels().end()};
  return looked;
}

/// Draws an image's panels, keeps them for the page and writes them as PNGs still to be committed.
class Panels {
 public:
  Panels(const ImageTask& task, const ExplainedModel& model, ExplainedImage& image)
      : task_(task), model_(model), image_(image) {}

  std::vector<PartialFile> draw(const Image& cell, const CellRegionMap& regions) {
    const auto& explained = image_.cell;
    image_.pictures.cell = keep(outlined(cell, regions), "cell", {.title = "The cell"});
    for (const int label : explained.shown) {
      draw_cape(label, cell, regions);
      image_.pictures.cam.push_back(draw_own_scale(
          {"CAM", "cam.", explained.cam[static_cast<std::size_t>(label)]}, label, cell, regions));
      image_.pictures.mu_cape.push_back(draw_own_scale(
          {"mu-CAPE", "mu-cape.", explained.mu_cape[static_cast<std::size_t>(label)]}, label, cell,
          regions));
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
  /// Maps in logits, which have no common scale.
  struct OwnScale {
    const char* name;
    const char* key;
    const std::vector<double>& map;
  };

  void draw_cape(int label, const Image& cell, const CellRegionMap& regions) {
    const auto cape = image_.cell.map_of(label);
    Image panel = overlay(cell, regions, on_scale(cape, image_.cell.scale_max), share_colour);
    if (task_.numbers) {
      const auto units = apportion(cape, share_units(label));
      write_numbers(panel, {image_.cell.height, image_.cell.width}, texts_of(units));
    }
    image_.pictures.cape.push_back(
        keep(panel, "cape." + code(label), share_caption("CAPE, " + name(label), label)));
  }

  PagePicture draw_own_scale(const OwnScale& kind, int label, const Image& cell,
                             const CellRegionMap& regions) {
    const double peak = *std::max_element(kind.map.begin(), kind.map.end());
    Image panel = overlay(cell, regions, on_scale(kind.map, peak), logit_colour);
    if (task_.numbers) {
      std::vector<std::string> texts;
      for (const double value : kind.map)
        texts.push_back(value < 0.05 ? "" : fmt::format("{:.1f}", value));
      write_numbers(panel, {image_.cell.height, image_.cell.width}, texts);
    }
    return keep(panel, kind.key + code(label),
                {.title = std::string(kind.name) + ", " + name(label) + ": own scale",
                 .colour = logit_colour,
                 .low = "0",
                 .high = fmt::format("{:.1f} logits", peak)});
  }

  /// Tenths of a percent; nothing where they round to 0.
  static std::vector<std::string> texts_of(const std::vector<std::int64_t>& units) {
    std::vector<std::string> texts;
    for (const auto value : units) texts.push_back(value == 0 ? "" : tenths(value));
    return texts;
  }

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
  [[nodiscard]] std::int64_t share_units(int label) const {
    return apportion(image_.cell.probability, kWhole)[static_cast<std::size_t>(label)];
  }
  [[nodiscard]] Caption share_caption(const std::string& title, int label) const {
    return {.title = title + ": " + tenths(share_units(label)) + " %",
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

MapLimits scale_of(const ImageTask& task, const std::filesystem::path& path) {
  ExplainedImage image;
  image.path = path;
  try {
    (void)look(task, image, nullptr);
  } catch (const SlideError&) {
    return {};
  } catch (const ModelError&) {
    return {};
  }
  return {.cape = image.cell.scale_max, .difference = image.cell.difference_max};
}

std::vector<PartialFile> explain_image(const ImageTask& task, const ExplainedModel& model,
                                       ExplainedImage& image) {
  Looked looked;
  try {
    std::vector<std::uint8_t> seen;
    looked = look(task, image, &seen);
    image.figures = measure_maps(task.classifier, seen, 1, task.curves).front();
  } catch (const SlideError& error) {
    image.failure = error.what();
    return {};
  } catch (const ModelError& error) {
    image.failure = image.path.string() + ": " + error.what();
    return {};
  }
  if (task.limits.cape > 0) image.cell.scale_max = task.limits.cape;
  if (task.limits.difference > 0) image.cell.difference_max = task.limits.difference;
  return Panels(task, model, image).draw(looked.cell, looked.regions);
}

}  // namespace cytocape
