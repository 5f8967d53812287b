#include "pipeline/graph/appearance_pilot.hpp"

#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>

#include "io/errors.hpp"
#include "io/image_codec.hpp"
#include "pipeline/graph/stages.hpp"
#include "tiling/pilot_blocks.hpp"
#include "tiling/salvage.hpp"

namespace cytocape {
namespace {

/// Blocks looked at before the cells are counted: enough for all threads of a workstation. It must
/// not depend on them.
constexpr std::size_t kBlocksAtOnce = 16;
constexpr int kStripQuality = 85;

bool stopped(const SlideJob& job) {
  return job.run->stop != nullptr && *job.run->stop;
}

/// Calls body(0) .. body(count - 1). A thread that waits here takes no other task of the graph.
template <class Body>
void in_parallel(std::size_t count, const Body& body) {
  namespace tbb = oneapi::tbb;
  tbb::this_task_arena::isolate([&] { tbb::parallel_for(std::size_t{0}, count, body); });
}

/// Of the cells that the analysis will want to classify.
std::vector<Level0Point> centres_in(const SlideJob& job, const Block& block) {
  if (is_left_out(*job.slide, job.scale, block.window)) return {};
  const auto window = read_locate_salvaging(*job.slide, job.scale, block.window);
  const auto lost = [&](const LocatedCell& cell) {
    return std::any_of(window.unreadable.begin(), window.unreadable.end(),
                       [&](const auto& tile) { return cell.box.overlaps(tile.area); });
  };
  std::vector<Level0Point> centres;
  for (const auto& cell : find_regions(job, block, window.pixels).cells)
    if (!cell.exclusion && !lost(cell)) centres.push_back(cell.centre);
  return centres;
}

/// By y, then x.
std::vector<Level0Point> pilot_centres(const SlideJob& job) {
  const auto blocks = pilot_blocks(job.slide->info(), job.scale);
  std::vector<Level0Point> centres;
  for (std::size_t first = 0; first < blocks.size() && !stopped(job); first += kBlocksAtOnce) {
    std::vector<std::vector<Level0Point>> found(std::min(kBlocksAtOnce, blocks.size() - first));
    in_parallel(found.size(),
                [&](std::size_t i) { found[i] = centres_in(job, blocks[first + i]); });
    for (const auto& some : found) centres.insert(centres.end(), some.begin(), some.end());
    if (centres.size() >= kMostAppearanceCells) break;
  }
  std::sort(centres.begin(), centres.end(), [](const Level0Point& a, const Level0Point& b) {
    return std::pair(a.y, a.x) < std::pair(b.y, b.x);
  });
  return centres;
}

/// Empty where the analysis will not classify it either.
Image readable_crop(const SlideJob& job, Level0Point centre) {
  try {
    auto crop = read_crop(*job.slide, job.crop, centre);
    return crop_focus(crop) < job.run->config.min_crop_focus ? Image() : std::move(crop);
  } catch (const SlideError&) {
    return {};
  }
}

MappedCell pictured(const LabMap& map, Image crop) {
  MappedCell cell{.before = encode_jpeg(crop, kStripQuality), .after = {}};
  map.apply(crop.pixels());
  cell.after = encode_jpeg(crop, kStripQuality);
  return cell;
}

}  // namespace

Appearance measure_appearance(const SlideJob& job) {
  auto appearance =
      unmeasured_appearance(job.run->config.appearance, training_lab(job.run->classifier->card()));
  if (appearance.use.outcome != AppearanceOutcome::too_few_cells) return appearance;
  const auto centres = pilot_centres(job);
  const auto chosen = spread_evenly(centres.size(), kMostAppearanceCells);
  std::vector<LabSums> sums(chosen.size());
  in_parallel(chosen.size(),
              [&](std::size_t i) { sums[i].add(readable_crop(job, centres[chosen[i]]).pixels()); });
  fit_appearance(appearance, sums);
  if (!appearance.map) return appearance;
  std::vector<std::size_t> measured;
  for (std::size_t i = 0; i < sums.size(); ++i)
    if (sums[i].pixels() > 0) measured.push_back(chosen[i]);
  for (const auto i : spread_evenly(measured.size(), kAppearanceStrip)) {
    auto crop = readable_crop(job, centres[measured[i]]);
    if (!crop.empty()) appearance.use.strip.push_back(pictured(*appearance.map, std::move(crop)));
  }
  return appearance;
}

}  // namespace cytocape
