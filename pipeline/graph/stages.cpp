#include "pipeline/graph/stages.hpp"

#include <fmt/format.h>

#include <exception>
#include <limits>

#include "io/errors.hpp"
#include "io/slide_state.hpp"
#include "pipeline/graph/fault_injection.hpp"
#include "tiling/grid_regions.hpp"
#include "tiling/salvage.hpp"

namespace cytocape {
namespace {

/// Runs `body`; what escapes from it ends the slide.
template <class Body>
void guarded(BlockWork& work, const char* stage, const Body& body) {
  if (work.block == nullptr || !work.fatal.empty() || work.job->abandoned) return;
  try {
    body();
  } catch (const SlideChanged& error) {
    work.fatal = error.what();  // of the file, not of the block that met it
  } catch (const std::exception& error) {
    work.fatal = fmt::format("{} block {}: {}", stage, work.block->index, error.what());
  } catch (...) {
    work.fatal = fmt::format("{} block {}: an error of unknown kind", stage, work.block->index);
  }
  if (!work.fatal.empty()) work.job->abandoned = true;
}

void exclude(CellRow& cell, Exclusion why) {
  cell.outcome = CellOutcome::excluded;
  cell.exclusion = why;
}

CellRow to_row(const LocatedCell& cell, const BlockWork& work) {
  CellRow row;
  row.block = work.row.index;
  row.centre = cell.centre;
  row.box = cell.box;
  row.nucleus_um2 = cell.nucleus_um2;
  row.focus = std::numeric_limits<double>::quiet_NaN();
  if (cell.exclusion) exclude(row, *cell.exclusion);
  return row;
}

void fail(CellRow& cell, std::string why) {
  cell.outcome = CellOutcome::failed;
  cell.failure = std::move(why);
}

/// The block fails when its own core lost a tile; a cell fails when its box touches one.
void account_for_lost_tiles(BlockWork& work, const std::vector<UnreadableTile>& lost) {
  // Of a file that was cut, hundreds.
  constexpr std::size_t kMostNamed = 3;
  std::size_t in_core = 0;
  for (const auto& tile : lost) {
    if (work.row.core.overlaps(tile.area)) {
      work.row.outcome = BlockOutcome::failed;
      work.row.rejection.reset();
      if (++in_core <= kMostNamed) {
        if (!work.row.failure.empty()) work.row.failure += "; ";
        work.row.failure += describe(tile);
      }
    }
    for (auto& cell : work.cells)
      if (to_classify(cell) && cell.box.overlaps(tile.area)) fail(cell, describe(tile));
  }
  if (in_core > kMostNamed)
    work.row.failure += fmt::format("; and {} more tiles of this block", in_core - kMostNamed);
}

std::string crop_failure(const BlockWork& work, const CellRow& cell, const std::string& cause) {
  const auto& slide = *work.job->slide;
  const auto extent = crop_extent(slide.info(), work.job->crop, cell.centre);
  const auto lost =
      find_unreadable_tiles(slide, 0, {extent.x, extent.y, extent.width, extent.height});
  return lost.empty() ? cause : describe(lost.front());
}

/// The crops as the network is to see them.
std::vector<std::uint8_t> mapped_crops(const LabMap& map, const Batch& batch) {
  auto crops = batch.crops;
  map.apply(crops);
  return crops;
}

}  // namespace

LocateResult find_regions(const SlideJob& job, const Block& block, const Image& pixels) {
  const auto& config = job.run->config;
  if (config.regions == RegionKind::grid)
    return grid_regions(pixels, block, {job.scale, job.stain, job.crop, job.slide->info()});
  return locate_cells(pixels, block, job.scale, job.stain, config.finder);
}

void locate_block(BlockWork& work) {
  guarded(work, "locate", [&] {
    const auto& job = *work.job;
    work.row.index = work.block->index;
    work.row.core = work.block->core_level0;
    inject_fault(job.request.id, work.block->index);

    // A file that declares ten centimetres and holds a cell must not take as long as ten
    // centimetres.
    if (is_left_out(*job.slide, job.scale, work.block->window)) {
      work.row.outcome = BlockOutcome::rejected;
      work.row.rejection = Rejection::glass;
      work.row.focus = std::numeric_limits<double>::quiet_NaN();
      work.overview =
          empty_overview_piece(*work.block, job.scale, job.overview, job.slide->info().background);
      return;
    }
    const auto window = read_locate_salvaging(*job.slide, job.scale, work.block->window);
    const auto found = find_regions(job, *work.block, window.pixels);
    work.row.outcome = found.rejection ? BlockOutcome::rejected : BlockOutcome::analysed;
    work.row.rejection = found.rejection;
    work.row.foreground_share = found.foreground_share;
    work.row.focus = found.focus;
    for (const auto& cell : found.cells) work.cells.push_back(to_row(cell, work));
    work.row.cells = static_cast<std::uint32_t>(work.cells.size());
    job.run->progress.cells_found += work.cells.size();
    account_for_lost_tiles(work, window.unreadable);

    work.overview = overview_piece(window.pixels, *work.block, job.scale, job.overview);
  });
}

void crop_block(BlockWork& work) {
  guarded(work, "crop", [&] {
    const auto& job = *work.job;
    for (auto& cell : work.cells) {
      if (!to_classify(cell)) continue;
      try {
        const auto crop = read_crop(*job.slide, job.crop, cell.centre);
        cell.focus = crop_focus(crop);
        if (cell.focus < job.run->config.min_crop_focus) {
          exclude(cell, Exclusion::out_of_focus);
          continue;
        }
        work.crops.insert(work.crops.end(), crop.pixels().begin(), crop.pixels().end());
      } catch (const SlideError& error) {
        fail(cell, crop_failure(work, cell, error.what()));
      }
    }
    ++job.run->progress.blocks_done;
  });
}

void classify_batch(Batch& batch) {
  if (batch.count == 0) return;
  if (batch.job->abandoned) {
    batch.failure = "its slide had failed before";
    return;
  }
  try {
    const auto& classifier = *batch.job->run->classifier;
    const auto& map = batch.job->appearance.map;
    batch.maps = classifier.classify(map ? mapped_crops(*map, batch) : batch.crops, batch.count);
  } catch (const std::exception& error) {
    batch.failure = error.what();
  }
}

}  // namespace cytocape
