#include "pipeline/graph/aggregate.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "pipeline/case/grading.hpp"
#include "pipeline/case/laboratory.hpp"
#include "pipeline/case/quality_facts.hpp"

namespace cytocape {
namespace {

const ModelCard& card_of(const SlideJob& job) {
  return job.run->classifier->card();
}

/// A slide that could not be opened has nothing to sum.
const SlideInfo& info_of(const SlideJob& job) {
  static const SlideInfo none{.levels = {SlideLevel{.size = {1, 1}}}, .mpp = {1, 1}};
  return job.slide ? job.slide->info() : none;
}

double unidentified_below(const SlideJob& job) {
  return job.run->config.unidentified_below.value_or(card_of(job).unidentified_below);
}

CountingRules counting_rules(const SlideJob& job) {
  const auto specimen = job.request.specimen;
  const auto& references = job.run->config.references;
  const auto found = references.find(specimen);
  return {.specimen = specimen,
          .references = found == references.end() ? ReferenceIntervals{} : found->second};
}

}  // namespace

SlideAggregate::SlideAggregate(std::shared_ptr<const SlideJob> job)
    : job_(std::move(job)),
      sums_(card_of(*job_).classes.size()),
      strange_(card_of(*job_).strange_above),
      evidence_(info_of(*job_), job_->crop, static_cast<int>(card_of(*job_).classes.size()),
                job_->run->config.evidence_max_squares),
      overview_(job_->overview, info_of(*job_).background),
      gallery_(card_of(*job_).classes.size(),
               static_cast<std::size_t>(job_->run->config.gallery_cells), job_->crop.input_px) {}

FinishedRows SlideAggregate::add(Batch& batch) {
  pending_.take(batch);
  FinishedRows rows;
  for (auto& work : batch.completed) {
    if (!work->fatal.empty() && fatal_.empty()) fatal_ = work->fatal;
    if (!fatal_.empty() || job_->abandoned) continue;
    finish(*work);
    rows.blocks.push_back(work->row);
    std::move(work->cells.begin(), work->cells.end(), std::back_inserter(rows.cells));
  }
  return rows;
}

void SlideAggregate::finish(BlockWork& work) {
  for (auto& cell : work.cells) {
    cell.id = tally_.located();
    if (to_classify(cell)) classify(cell);
    tally_.add(cell);
  }
  tally_.add(work.row);
  area_.add(work.row);
  overview_.paste(work.overview);
}

void SlideAggregate::classify(CellRow& cell) {
  const auto result = pending_.next();
  settle(cell, result, unidentified_below(*job_));
  if (cell.outcome == CellOutcome::failed) return;
  strange_.add(cell.strangeness);
  gallery_.consider(cell, result.crop);
  if (cell.outcome != CellOutcome::classified) return;
  sums_.add(cell.class_index, result.probability);
  const auto& classifier = *job_->run->classifier;
  evidence_.add(cell.centre, result.map, classifier.map_height(), classifier.map_width());
  places_.push_back({.x = static_cast<float>(cell.centre.x),
                     .y = static_cast<float>(cell.centre.y),
                     .class_index = cell.class_index});
}

void SlideAggregate::summarise(SlideReport& report) const {
  const auto& config = job_->run->config;
  const auto rules = counting_rules(*job_);
  report.blocks_planned = job_->blocks.size();
  report.blocks_by_outcome = tally_.blocks();
  report.cells_located = tally_.located();
  report.cells_by_outcome = tally_.cells();
  report.failures = tally_.failures();
  report.differential = differential_of(sums_, card_of(*job_), rules);
  report.denominator = denominator_of(report.differential);
  report.appearance = job_->appearance.use;
  report.denominator_rule = denominator_rule(rules.specimen);
  report.reference_source = rules.references.source;
  report.evidence = evidence_.mean(sums_.cells());
  report.places = places_;
  if (tally_.blocks_done() > 0) report.overview_jpeg = overview_.jpeg();
  report.gallery = gallery_.pictured();
  const auto& mpp = info_of(*job_).mpp;
  const auto laboratories = laboratories_of(card_of(*job_), report.appearance);
  const auto facts = quality_facts({.tally = tally_,
                                    .area = area_,
                                    .strange = strange_,
                                    .stain = job_->stain,
                                    .differential = report.differential,
                                    .specimen = rules.specimen,
                                    .regions = config.regions,
                                    .enlargement = std::max(mpp.x, mpp.y) / job_->crop.mpp,
                                    .absent_share = info_of(*job_).levels.front().absent_share,
                                    .strange_limit = card_of(*job_).strange_share_limit,
                                    .laboratories = laboratories});
  report.quality = check_quality(facts, config.quality);
  grade(report, {.failed = tally_.failed(),
                 .blocks_done = tally_.blocks_done(),
                 .regions = config.regions,
                 .expectation = expectation(card_of(*job_), laboratories)});
}

}  // namespace cytocape
