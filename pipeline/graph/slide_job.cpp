#include "pipeline/graph/slide_job.hpp"

#include <algorithm>
#include <cmath>
#include <exception>

#include "pipeline/graph/appearance_pilot.hpp"
#include "pipeline/program/provenance.hpp"

namespace cytocape {
namespace {

Size overview_size(const Size& slide, int longest) {
  const double scale = std::min(
      1.0, static_cast<double>(longest) / static_cast<double>(std::max(slide.width, slide.height)));
  const auto scaled = [scale](std::int64_t edge) {
    return std::max<std::int64_t>(1, std::llround(static_cast<double>(edge) * scale));
  };
  return {scaled(slide.width), scaled(slide.height)};
}

void plan_into(SlideJob& job) {
  if (job.run->before_slide) job.run->before_slide(job.request);
  const auto& config = job.run->config;
  const auto& card = job.run->classifier->card();
  job.state = SlideState::of(job.request.path);
  job.slide = Slide::open(job.request.path, {.mpp = job.request.mpp ? job.request.mpp : config.mpp,
                                             .reader = config.slide_reader,
                                             .plane = config.slide_plane,
                                             .icc = config.slide_icc});
  const auto& info = job.slide->info();
  job.sha256 = std::async(std::launch::async, [state = job.state, path = job.request.path] {
    return state.sha256(path);
  });
  job.scale = choose_locate_scale(info, config.finder.target_um);
  job.stain = measure_stain(*job.slide, job.scale, config.finder);
  job.crop = {.input_px = card.input_px, .mpp = card.mpp};
  job.appearance = measure_appearance(job);
  job.overview = overview_size(info.levels.front().size, config.thumbnail_px);
  job.blocks = plan_blocks(info, job.scale, config.blocks);
  job.run->progress.blocks_planned += job.blocks.size();
}

}  // namespace

std::shared_ptr<const SlideJob> plan_slide(const SlideRequest& request,
                                           std::shared_ptr<const RunContext> run) {
  auto job = std::make_shared<SlideJob>();
  job->request = request;
  job->run = std::move(run);
  job->started_utc = utc_now();
  try {
    plan_into(*job);
  } catch (const std::exception& error) {
    job->blocks.clear();
    job->plan_failure = error.what();
    job->abandoned = true;
  }
  return job;
}

}  // namespace cytocape
