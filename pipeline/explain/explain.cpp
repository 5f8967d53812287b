#include "pipeline/explain/explain.hpp"

#include <fmt/format.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "io/durable_file.hpp"
#include "io/errors.hpp"
#include "io/text.hpp"
#include "pipeline/explain/explain_image.hpp"
#include "pipeline/explain/map_figures_csv.hpp"
#include "pipeline/program/exit_code.hpp"
#include "pipeline/program/interrupt.hpp"
#include "pipeline/program/provenance.hpp"
#include "pipeline/settings/class_names.hpp"
#include "pipeline/settings/toml_reader.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

/// Below it nothing of a cell is left, above it no image of a cell is.
constexpr double kLeastCropPx = 8;
constexpr double kMostCropPx = 16384;

constexpr std::size_t kLongestStem = 100;

int crop_edge(const ModelCard& card, double mpp) {
  const double field_um = card.mpp * card.input_px;
  const double edge = field_um / mpp;
  if (!(mpp > 0) || !std::isfinite(mpp))
    throw ConfigError(fmt::format(
        "--mpp {}: expected the um that one pixel of the images spans, {:.4g} to {:.4g} (e.g. 0.1)",
        mpp, field_um / kMostCropPx, field_um / kLeastCropPx));
  if (edge < kLeastCropPx || edge > kMostCropPx)
    throw ConfigError(fmt::format(
        "--mpp {}: the {:.4g} um that model {} sees would be {:.4g} image pixels; expected "
        "the um that one pixel of the images spans, {:.4g} to {:.4g} (e.g. 0.1)",
        mpp, field_um, card.name, edge, field_um / kMostCropPx, field_um / kLeastCropPx));
  return static_cast<int>(std::lround(edge));
}

std::string nearest(const std::string& name, const std::vector<std::string>& known) {
  const auto found = nearest_name(name, known);
  return found.empty() ? "" : "; did you mean " + found + "?";
}

void check_output(const ExplainRequest& request) {
  std::error_code error;
  fs::create_directories(request.out, error);
  if (error)
    throw ConfigError(
        fmt::format("--out {}: cannot be created: {}", request.out.string(), error.message()));
  const auto page = request.out / "explanation.html";
  if (!request.overwrite && fs::exists(page))
    throw ConfigError(
        fmt::format("{}: an explanation exists already; add --overwrite to replace it or choose "
                    "another --out",
                    page.string()));
  try {
    (void)stage_file(page, "");
  } catch (const StorageError& failure) {
    throw ConfigError(
        fmt::format("--out {}: cannot be written: {}", request.out.string(), failure.what()));
  }
  remove_leftovers(request.out);
}

/// The pictures of an earlier run, which would pass for this run's; none without an earlier run.
std::optional<std::set<fs::path>> earlier_pictures(const fs::path& out) {
  const auto path = out / "explanation.json";
  std::ifstream file(path);
  if (!file) return std::nullopt;
  std::set<fs::path> pictures;
  try {
    const auto earlier = nlohmann::json::parse(file);
    if (earlier.at("schema") != kExplanationSchema)
      throw ConfigError(path.string() + ": not written by cytocape; choose another --out");
    for (const auto& image : earlier.at("images"))
      for (const fs::path name : image.value("pictures", std::vector<std::string>()))
        if (!name.has_parent_path() && name.extension() == ".png") pictures.insert(out / name);
  } catch (const nlohmann::json::exception&) {
    throw ConfigError(path.string() +
                      ": damaged, so its pictures cannot be identified; remove the folder or "
                      "choose another --out");
  }
  return pictures;
}

ExplainedModel describe(const Classifier& classifier, const fs::path& path) {
  ExplainedModel model{.path = path.string(),
                       .sha256 = classifier.sha256(),
                       .device = classifier.device_description(),
                       .card = classifier.card(),
                       .map_height = classifier.map_height(),
                       .map_width = classifier.map_width(),
                       .scales = map_scales(classifier),
                       .codes = {},
                       .labels = {}};
  for (const auto& known : model.card.classes) {
    model.codes.push_back(code_or_name(known.name));
    model.labels.push_back(label_or_name(known.name));
  }
  return model;
}

/// The images as one slide.
Appearance measure_appearance(const ImageTask& task, const ExplainRequest& request) {
  auto appearance = unmeasured_appearance(request.appearance, training_lab(task.classifier.card()));
  if (appearance.use.outcome != AppearanceOutcome::too_few_cells) return appearance;
  const auto chosen = spread_evenly(request.images.size(), kMostAppearanceCells);
  std::vector<LabSums> sums(chosen.size());
  tbb::parallel_for(std::size_t{0}, chosen.size(),
                    [&](std::size_t i) { sums[i] = crop_sums(task, request.images[chosen[i]]); });
  fit_appearance(appearance, sums);
  return appearance;
}

/// What several images' maps of CAPE have to share, and their difference maps.
MapLimits common_scale(const ImageTask& task, const ExplainRequest& request,
                       const std::atomic<bool>& stop) {
  std::vector<MapLimits> scales(request.images.size());
  tbb::parallel_for(std::size_t{0}, scales.size(), [&](std::size_t i) {
    if (!stop) scales[i] = scale_of(task, request.images[i]);
  });
  MapLimits common;
  for (const auto& own : scales)
    common = {.cape = std::max(common.cape, own.cape),
              .difference = std::max(common.difference, own.difference)};
  return common;
}

void check_views(const ExplainRequest& request, const Classifier& classifier) {
  const int side = request.shifts * std::max(classifier.map_height(), classifier.map_width());
  if (request.numbers && side > kMostNumbers)
    throw ConfigError(
        fmt::format("--numbers: {0} x {0} patches are too many to print on a picture (at most {1} "
                    "a side): leave "
                    "it out{2}; explanation.json has all numbers",
                    side, kMostNumbers, request.shifts > 1 ? ", or take fewer --shifts" : ""));
}

std::string figures_csv(const ExplainOutcome& outcome) {
  std::vector<MeasuredImage> images;
  for (const auto& image : outcome.images)
    if (image.failure.empty())
      images.push_back({.image = image.path.string(), .figures = image.figures});
  const auto& model = outcome.model;
  return map_figures_csv(images, {.classes = model.codes,
                                  .calibrated = model.scales.calibrated(),
                                  .map_height = model.map_height,
                                  .map_width = model.map_width});
}

/// Everything lies on the disk under other names by now: what remains is renaming.
void replace_earlier(std::vector<PartialFile> files, std::set<fs::path> earlier) {
  for (auto& file : files) {
    file.commit();
    earlier.erase(file.path());
  }
  std::error_code ignored;
  for (const auto& picture : earlier) fs::remove(picture, ignored);
}

}  // namespace

std::size_t ExplainOutcome::failed() const {
  return static_cast<std::size_t>(std::count_if(
      images.begin(), images.end(), [](const auto& image) { return !image.failure.empty(); }));
}

int ExplainOutcome::exit_code() const {
  if (interrupted) return interrupted_exit_code();
  return failed() == 0 ? kExitOk : kExitFailed;
}

std::vector<std::string> picture_names(const std::vector<fs::path>& images) {
  std::vector<std::string> names;
  std::set<std::string> taken;
  for (const auto& image : images) {
    // File systems take 255 bytes; method and class come behind.
    const auto plain = safe_file_name(image.stem().string(), "image").substr(0, kLongestStem);
    auto name = plain;
    for (int copy = 2; !taken.insert(name).second; ++copy) name = fmt::format("{}-{}", plain, copy);
    names.push_back(name);
  }
  return names;
}

std::vector<int> compared_classes(const std::vector<std::string>& names, const ModelCard& card) {
  if (names.empty()) return {};
  if (names.size() != 2 || names[0] == names[1])
    throw ConfigError("--compare: expected two different classes as A,B");
  std::vector<std::string> codes;
  std::string listed;
  for (const auto& known : card.classes) {
    codes.push_back(code_or_name(known.name));
    listed += (listed.empty() ? "" : ", ") + codes.back();
  }
  std::vector<int> indices;
  for (const auto& name : names) {
    const auto found = std::find_if(codes.begin(), codes.end(), [&](const std::string& code) {
      return code == code_or_name(name) || label_or_name(code) == name;
    });
    if (found == codes.end())
      throw ConfigError(fmt::format("--compare {}: model {} has no such class{} (it has {})", name,
                                    card.name, nearest(name, codes), listed));
    indices.push_back(static_cast<int>(found - codes.begin()));
  }
  if (indices[0] == indices[1])
    throw ConfigError("--compare: expected two different classes as A,B");
  return indices;
}

ExplainOutcome explain(const ExplainRequest& request, const std::atomic<bool>& stop) {
  if (request.images.empty()) throw ConfigError("explain: no image given");
  if (request.at && request.images.size() > 1)
    throw ConfigError("--at: applies to one image, but several are given");
  auto options = request.classifier;
  options.batch = 1;
  const auto classifier = Classifier::load(request.model, options);
  ImageTask task{.classifier = *classifier,
                 .crop_px = crop_edge(classifier->card(), request.mpp),
                 .mpp = request.mpp,
                 .at = request.at,
                 .choice = {.top = request.top,
                            .compared = compared_classes(request.compare, classifier->card())},
                 .shifts = request.shifts,
                 .numbers = request.numbers,
                 .curves = request.curves,
                 .out = request.out};
  check_views(request, *classifier);
  check_output(request);
  const auto earlier = earlier_pictures(request.out);

  ExplainOutcome outcome;
  outcome.model = describe(*classifier, request.model);
  outcome.mpp = request.mpp;
  outcome.shifts = request.shifts;
  outcome.one_scale = request.one_scale;
  outcome.command = request.command;
  outcome.images.resize(request.images.size());
  const auto names = picture_names(request.images);
  std::vector<std::vector<PartialFile>> pictures(request.images.size());
  const auto one = [&](std::size_t i) {
    auto& image = outcome.images[i];
    image.path = request.images[i];
    image.name = names[i];
    if (stop)
      image.failure = "not explained: interrupted";
    else
      pictures[i] = explain_image(task, outcome.model, image);
  };
  const int threads = request.threads > 0
                          ? request.threads
                          : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(threads));
  tbb::task_arena arena(threads);
  Appearance appearance;
  arena.execute([&] {
    appearance = measure_appearance(task, request);
    if (appearance.map) task.map = &*appearance.map;
    if (request.one_scale) task.limits = common_scale(task, request, stop);
    tbb::parallel_for(std::size_t{0}, outcome.images.size(), one);
  });
  outcome.appearance = appearance.use;

  outcome.interrupted = stop;
  outcome.finished_utc = utc_now();
  if (earlier && outcome.failed() == outcome.images.size()) return outcome;
  outcome.page = request.out / "explanation.html";
  outcome.json = request.out / "explanation.json";
  std::vector<PartialFile> files;
  for (auto& of_image : pictures)
    std::move(of_image.begin(), of_image.end(), std::back_inserter(files));
  files.push_back(stage_file(request.out / "maps.csv", figures_csv(outcome)));
  files.push_back(stage_file(outcome.json, explanation_json(outcome)));
  files.push_back(stage_file(outcome.page, explanation_html(outcome)));
  replace_earlier(std::move(files), earlier.value_or(std::set<fs::path>()));
  return outcome;
}

}  // namespace cytocape
