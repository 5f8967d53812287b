#include "pipeline/evaluation/images.hpp"

#include <fmt/format.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>
#include <chrono>
#include <mutex>

#include "io/errors.hpp"
#include "io/fault_list.hpp"
#include "io/image_codec.hpp"
#include "models/cape/evidence_place.hpp"
#include "models/cape/explanation.hpp"
#include "models/data/dataset.hpp"
#include "models/engine/explanation_figures.hpp"
#include "tiling/cell_mask.hpp"
#include "tiling/cell_regions.hpp"
#include "tiling/image_checks.hpp"

namespace cytocape {
namespace {

/// Another seed would move every cell elsewhere; the figures hardly change.
constexpr std::uint64_t kMoveSeed = 1;

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void append(std::vector<std::uint8_t>& crops, const Image& crop) {
  crops.insert(crops.end(), crop.pixels().begin(), crop.pixels().end());
}

Image centred_crop(const ImageRun& run, const LabelledFile& file) {
  return cut_crop(read_image(file.path), run.scale.crop_px, run.scale.input_px);
}

/// As the network is to see them.
std::vector<std::uint8_t> centred_crops(const ImageRun& run, std::span<const LabelledFile> files) {
  std::vector<std::uint8_t> crops;
  for (const auto& file : files) append(crops, centred_crop(run, file));
  if (run.map != nullptr) run.map->apply(crops);
  return crops;
}

/// The first call of a network is slower than all others.
void warm_up(const ImageRun& run) {
  const auto px = static_cast<std::size_t>(run.scale.input_px);
  const std::vector<std::uint8_t> blank(px * px * 3, 255);
  (void)run.classifier.classify(blank, 1);
}

/// What is measured on one moved cell; `there` is false where it could not be moved or found.
struct MovedFigures {
  bool no_room = false;
  bool unstained = false;
  bool mirrored = false;
  bool right = false;
  double cell_share = 0;
  std::array<std::optional<EvidencePlace>, kMapKinds.size()> places;
};

/// Moved cells of a batch whose stain was found, and which of the files they are.
struct MovedBatch {
  std::vector<std::uint8_t> crops;
  std::vector<CellMask> masks;
  std::vector<std::size_t> files;
};

MovedBatch move_batch(const ImageRun& run, std::span<const LabelledFile> files,
                      std::span<MovedFigures> figures) {
  MovedBatch batch;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const Image image = read_image(files[i].path);
    const auto moved = move_cell(image, run.scale, seed_for(kMoveSeed, files[i].name));
    figures[i].no_room = !moved;
    if (!moved) continue;
    auto mask = cell_mask_of(
        find_cell_regions(moved->crop, moved->place, stain_of_picture(image, run.scale.image_mpp)));
    figures[i].unstained = !mask;
    if (!mask) continue;
    figures[i].mirrored = moved->mirrored;
    figures[i].cell_share = mask->share;
    append(batch.crops, moved->crop);
    batch.masks.push_back(std::move(*mask));
    batch.files.push_back(i);
  }
  if (run.map != nullptr) run.map->apply(batch.crops);
  return batch;
}

void place_batch(const ImageRun& run, std::span<const LabelledFile> files,
                 std::span<MovedFigures> figures) {
  const auto batch = move_batch(run, files, figures);
  const auto count = static_cast<std::int64_t>(batch.files.size());
  if (count == 0) return;
  const auto scales = map_scales(run.classifier);
  const auto logits = run.classifier.logits(batch.crops, count);
  for (std::int64_t k = 0; k < count; ++k) {
    const auto at = static_cast<std::size_t>(k);
    auto& own = figures[batch.files[at]];
    for (const MapKind kind : kMapKinds) {
      const auto prediction = prediction_of(kind, logits, k, scales);
      const auto called = static_cast<int>(called_class(prediction));
      const auto map = class_map_of(kind, logits, k, called, scales);
      own.places[static_cast<std::size_t>(kind)] =
          place_evidence(map, logits.height, logits.width, batch.masks[at]);
      if (kind == MapKind::cape) own.right = called == files[batch.files[at]].label;
    }
  }
}

EvidenceScore score_kind(const std::vector<MovedFigures>& figures, MapKind kind) {
  EvidenceScore score;
  std::uint64_t follows = 0;
  for (const auto& one : figures) {
    const auto& place = one.places[static_cast<std::size_t>(kind)];
    if (!place) continue;
    ++score.cells;
    score.inside += place->inside;
    score.reflected += place->reflected;
    follows += place->follows ? 1U : 0U;
  }
  score.follows = proportion(follows, score.cells);
  if (score.cells == 0) return score;
  score.inside /= static_cast<double>(score.cells);
  score.reflected /= static_cast<double>(score.cells);
  return score;
}

MovedScore score_moved(const std::vector<MovedFigures>& figures) {
  MovedScore score;
  std::uint64_t right = 0;
  std::uint64_t measured = 0;
  score.images = figures.size();
  for (const auto& one : figures) {
    score.no_room += one.no_room ? 1U : 0U;
    score.unstained += one.unstained ? 1U : 0U;
    if (one.no_room || one.unstained) continue;
    ++measured;
    score.mirrored += one.mirrored ? 1U : 0U;
    score.cell_share += one.cell_share;
    right += one.right ? 1U : 0U;
  }
  score.accuracy = proportion(right, measured);
  if (measured > 0) score.cell_share /= static_cast<double>(measured);
  for (const MapKind kind : kMapKinds)
    score.by_kind[static_cast<std::size_t>(kind)] = score_kind(figures, kind);
  return score;
}

}  // namespace

void for_each_batch(const ImageRun& run, const char* stage, std::size_t count,
                    const std::function<void(std::size_t, std::size_t)>& body) {
  const auto size = static_cast<std::size_t>(run.batch);
  std::mutex guard;
  std::size_t done = 0;
  const auto do_batch = [&](std::size_t index) {
    if (run.stop) return;
    const auto first = index * size;
    const auto last = std::min(first + size, count);
    body(first, last);
    const std::lock_guard lock(guard);
    done += last - first;
    if (run.progress) run.progress(stage, done, count);
  };
  namespace tbb = oneapi::tbb;
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(run.threads));
  tbb::task_arena arena(run.threads);
  arena.execute([&] { tbb::parallel_for(std::size_t{0}, (count + size - 1) / size, do_batch); });
}

void check_images(const ImageRun& run, const std::vector<LabelledFile>& files) {
  std::vector<std::string> problems(files.size());
  for_each_batch(run, "checking images", files.size(), [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) {
      try {
        const Image image = read_image(files[i].path);
        problems[i] = too_small_for_crop(files[i].path, image, run.scale.crop_px);
      } catch (const SlideError& error) {
        problems[i] = error.what();
      }
    }
  });
  std::erase_if(problems, [](const std::string& problem) { return problem.empty(); });
  const auto subject = fmt::format("{} of {} images cannot be used", problems.size(), files.size());
  FaultList(std::move(problems)).throw_if_any(subject);
}

Appearance measure_appearance(const ImageRun& run, const std::vector<LabelledFile>& files,
                              AppearanceMap asked) {
  auto appearance = unmeasured_appearance(asked, training_lab(run.classifier.card()));
  if (appearance.use.outcome != AppearanceOutcome::too_few_cells) return appearance;
  const auto chosen = spread_evenly(files.size(), kMostAppearanceCells);
  std::vector<LabSums> sums(chosen.size());
  for_each_batch(run, "measuring colours", chosen.size(), [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i)
      sums[i].add(centred_crop(run, files[chosen[i]]).pixels());
  });
  fit_appearance(appearance, sums);
  return appearance;
}

Predictions classify_images(const ImageRun& run, const std::vector<LabelledFile>& files) {
  const auto classes = run.classifier.card().classes.size();
  Predictions predictions;
  predictions.cape.resize(files.size() * classes);
  predictions.uncalibrated.resize(files.size() * classes);
  predictions.ordinary.resize(files.size() * classes);
  const MapScales scales = map_scales(run.classifier);
  warm_up(run);
  std::mutex guard;
  double network_seconds = 0;
  const auto start = Clock::now();
  for_each_batch(run, "classifying", files.size(), [&](std::size_t first, std::size_t last) {
    const auto crops = centred_crops(run, std::span(files).subspan(first, last - first));
    const auto called = Clock::now();
    const auto logits = run.classifier.logits(crops, static_cast<std::int64_t>(last - first));
    const auto keep = [&](std::vector<double>& all, std::size_t file, std::vector<double> row) {
      std::copy(row.begin(), row.end(), all.begin() + static_cast<std::ptrdiff_t>(file * classes));
    };
    for (std::size_t file = first; file < last; ++file) {
      const auto crop = static_cast<std::int64_t>(file - first);
      keep(predictions.cape, file, cape_probability_of(logits, crop, scales.used));
      keep(predictions.ordinary, file, ordinary_of(logits, crop));
    }
    const double seconds = seconds_since(called);
    for (std::size_t file = first; file < last; ++file) {
      const auto crop = static_cast<std::int64_t>(file - first);
      keep(predictions.uncalibrated, file, cape_probability_of(logits, crop, scales.learned));
    }
    const std::lock_guard lock(guard);
    network_seconds += seconds;
  });
  const auto images = static_cast<double>(files.size());
  predictions.throughput.images_per_second = images / seconds_since(start);
  predictions.throughput.network_images_per_second = images * run.threads / network_seconds;
  return predictions;
}

ExplanationScore explain_images(const ImageRun& run, const std::vector<LabelledFile>& files,
                                bool curves) {
  std::vector<CropFigures> figures(files.size());
  for_each_batch(run, "explaining", files.size(), [&](std::size_t first, std::size_t last) {
    const auto crops = centred_crops(run, std::span(files).subspan(first, last - first));
    const auto batch =
        measure_maps(run.classifier, crops, static_cast<std::int64_t>(last - first), curves);
    std::copy(batch.begin(), batch.end(), figures.begin() + static_cast<std::ptrdiff_t>(first));
  });
  ExplanationScore score;
  for (const MapKind kind : kMapKinds)
    score.by_kind[static_cast<std::size_t>(kind)] = summarise(figures, kind);
  for (std::size_t i = 0; i < files.size(); ++i)
    score.images.push_back({.image = files[i].name, .figures = figures[i]});
  return score;
}

MovedScore move_images(const ImageRun& run, const std::vector<LabelledFile>& files) {
  std::vector<MovedFigures> figures(files.size());
  for_each_batch(run, "moving cells", files.size(), [&](std::size_t first, std::size_t last) {
    place_batch(run, std::span(files).subspan(first, last - first),
                std::span(figures).subspan(first, last - first));
  });
  return score_moved(figures);
}

}  // namespace cytocape
