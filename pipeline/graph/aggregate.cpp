#include "pipeline/graph/aggregate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "io/image_codec.hpp"
#include "pipeline/case/grading.hpp"
#include "pipeline/settings/taxonomy.hpp"
#include "pipeline/statistics/statistics.hpp"

namespace cytocape {
namespace {

constexpr std::size_t kListedFailures = 20;
/// In the taxonomy a class of its own, beside the exclusion.
constexpr const char* kUnidentifiedClass = "unidentified";
constexpr int kOverviewQuality = 80;
constexpr int kCropQuality = 85;

int class_count(const SlideJob& job) {
  return static_cast<int>(job.run->classifier->card().classes.size());
}

const SlideInfo& info_of(const SlideJob& job) {
  static const SlideInfo none{.levels = {SlideLevel{.size = {1, 1}}}, .mpp = {1, 1}};
  return job.slide ? job.slide->info() : none;
}

}  // namespace

EvidenceSums::EvidenceSums(const SlideInfo& slide, const CropSpec& crop, int classes,
                           int max_squares)
    : patch_x_(crop.input_px * crop.mpp / slide.mpp.x),
      patch_y_(crop.input_px * crop.mpp / slide.mpp.y),
      classes_(classes) {
  const auto& size = slide.levels.front().size;
  const auto longest = std::max(size.width, size.height);
  sums_.edge = std::max<std::int64_t>(1, (longest + max_squares - 1) / max_squares);
  sums_.width = static_cast<int>((size.width + sums_.edge - 1) / sums_.edge);
  sums_.height = static_cast<int>((size.height + sums_.edge - 1) / sums_.edge);
  sums_.value.assign(static_cast<std::size_t>(classes) * static_cast<std::size_t>(sums_.width) *
                         static_cast<std::size_t>(sums_.height),
                     0.0);
}

std::size_t EvidenceSums::square(double x, double y) const {
  const auto index = [this](double position, int count) {
    const auto at =
        static_cast<std::int64_t>(std::floor(position / static_cast<double>(sums_.edge)));
    return static_cast<std::size_t>(std::clamp<std::int64_t>(at, 0, count - 1));
  };
  return index(y, sums_.height) * static_cast<std::size_t>(sums_.width) + index(x, sums_.width);
}

void EvidenceSums::add(Level0Point centre, std::span<const double> map, int height, int width) {
  const auto squares =
      static_cast<std::size_t>(sums_.width) * static_cast<std::size_t>(sums_.height);
  const auto positions = static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
  for (int row = 0; row < height; ++row) {
    const double y = centre.y + ((row + 0.5) / height - 0.5) * patch_y_;
    for (int column = 0; column < width; ++column) {
      const double x = centre.x + ((column + 0.5) / width - 0.5) * patch_x_;
      const auto target = square(x, y);
      const auto position = static_cast<std::size_t>(row) * static_cast<std::size_t>(width) +
                            static_cast<std::size_t>(column);
      for (std::size_t c = 0; c < static_cast<std::size_t>(classes_); ++c)
        sums_.value[c * squares + target] += map[c * positions + position];
    }
  }
}

EvidenceGrid EvidenceSums::mean(std::uint64_t cells) const {
  auto grid = sums_;
  if (cells == 0) return grid;
  for (auto& value : grid.value) value /= static_cast<double>(cells);
  return grid;
}

SlideAggregate::SlideAggregate(std::shared_ptr<const SlideJob> job)
    : job_(std::move(job)),
      map_height_(job_->run->classifier->map_height()),
      map_width_(job_->run->classifier->map_width()),
      called_(static_cast<std::size_t>(class_count(*job_))),
      expected_(static_cast<std::size_t>(class_count(*job_))),
      evidence_(info_of(*job_), job_->crop, class_count(*job_),
                job_->run->config.evidence_max_squares),
      overview_(static_cast<int>(job_->overview.width), static_cast<int>(job_->overview.height),
                info_of(*job_).background),
      gallery_(static_cast<std::size_t>(class_count(*job_)) + 1) {}

void SlideAggregate::take_results(const Batch& batch) {
  if (batch.count == 0) return;
  const auto classes = called_.size();
  const auto map_size = classes * static_cast<std::size_t>(map_height_ * map_width_);
  const auto crop_size = batch.crops.size() / static_cast<std::size_t>(batch.count);
  const auto slice = [](const auto& values, std::size_t index, std::size_t size) {
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(index * size);
    return std::vector(begin, begin + static_cast<std::ptrdiff_t>(size));
  };
  for (std::size_t k = 0; k < static_cast<std::size_t>(batch.count); ++k) {
    Pending result;
    result.failure = batch.failure;
    if (batch.failure.empty()) {
      result.map = slice(batch.maps.map, k, map_size);
      result.probability = slice(batch.maps.probability, k, classes);
      if (!batch.maps.strangeness.empty()) result.strangeness = batch.maps.strangeness[k];
      result.crop = slice(batch.crops, k, crop_size);
    }
    pending_.push_back(std::move(result));
  }
}

void SlideAggregate::note_failure(const std::string& what) {
  ++failed_;
  if (failures_.size() < kListedFailures) failures_.push_back(what);
}

/// Of each class, and of the unidentified, the least certain.
void SlideAggregate::consider_for_gallery(const CellRow& cell, const Pending& result) {
  const bool called = cell.class_index >= 0;
  auto& shown = gallery_[called ? static_cast<std::size_t>(cell.class_index) : called_.size()];
  const auto limit = static_cast<std::size_t>(job_->run->config.gallery_cells);
  const auto certainty = [](const std::vector<float>& probability) {
    return *std::max_element(probability.begin(), probability.end());
  };
  const auto place = std::find_if(shown.begin(), shown.end(), [&](const Portrait& other) {
    return certainty(cell.probability) < certainty(other.cell.probability);
  });
  if (place == shown.end() && shown.size() >= limit) return;
  Portrait portrait{.cell = {.id = cell.id,
                             .class_index = cell.class_index,
                             .centre = cell.centre,
                             .probability = cell.probability,
                             .map = {},
                             .jpeg = {}},
                    .crop = result.crop};
  if (called) {
    const auto positions = cell.map.size() / called_.size();
    const auto begin =
        cell.map.begin() +
        static_cast<std::ptrdiff_t>(static_cast<std::size_t>(cell.class_index) * positions);
    portrait.cell.map.assign(begin, begin + static_cast<std::ptrdiff_t>(positions));
  }
  shown.insert(place, std::move(portrait));
  if (shown.size() > limit) shown.pop_back();
}

void SlideAggregate::count_strange(const CellRow& cell) {
  const double limit = job_->run->classifier->card().strange_above;
  if (limit <= 0 || std::isnan(cell.strangeness)) return;
  ++measured_;
  if (cell.strangeness > limit) ++strange_;
}

void SlideAggregate::settle_classified(CellRow& cell, const Pending& result) {
  const auto best = std::max_element(result.probability.begin(), result.probability.end());
  cell.probability.assign(result.probability.begin(), result.probability.end());
  cell.strangeness = result.strangeness;
  count_strange(cell);
  const auto& run = *job_->run;
  if (*best < run.config.unidentified_below.value_or(run.classifier->card().unidentified_below)) {
    cell.outcome = CellOutcome::excluded;
    cell.exclusion = Exclusion::unidentified;
    consider_for_gallery(cell, result);
    return;
  }
  cell.class_index = static_cast<std::int16_t>(best - result.probability.begin());
  cell.map.assign(result.map.begin(), result.map.end());
  ++classified_;
  ++called_[static_cast<std::size_t>(cell.class_index)];
  for (std::size_t c = 0; c < expected_.size(); ++c) expected_[c] += result.probability[c];
  evidence_.add(cell.centre, result.map, map_height_, map_width_);
  places_.push_back({.x = static_cast<float>(cell.centre.x),
                     .y = static_cast<float>(cell.centre.y),
                     .class_index = cell.class_index});
  consider_for_gallery(cell, result);
}

void SlideAggregate::settle(CellRow& cell) {
  cell.id = next_id_++;
  if (to_classify(cell)) {
    if (pending_.empty()) throw std::logic_error("a cell came without its classification");
    const auto result = std::move(pending_.front());
    pending_.pop_front();
    if (result.failure.empty()) {
      settle_classified(cell, result);
    } else {
      cell.outcome = CellOutcome::failed;
      cell.failure = "not classified: " + result.failure;
    }
  }
  if (cell.outcome == CellOutcome::failed)
    note_failure(fmt::format("cell {} at ({:.0f}, {:.0f}): {}", cell.id, cell.centre.x,
                             cell.centre.y, cell.failure));
  if (cell.outcome == CellOutcome::excluded) {
    ++excluded_;
    if (cell.exclusion == Exclusion::out_of_focus) ++out_of_focus_;
  }
  ++cell_outcomes_[fate_of(cell)];
}

void SlideAggregate::paste_overview(const BlockWork& work) {
  const auto& piece = work.overview;
  for (int row = 0; row < piece.height(); ++row)
    std::copy_n(
        piece.row(row), piece.stride(),
        overview_.row(static_cast<int>(work.overview_target.y) + row) + 3 * work.overview_target.x);
}

FinishedRows SlideAggregate::add(Batch& batch) {
  take_results(batch);
  FinishedRows rows;
  for (auto& work : batch.completed) {
    if (!work->fatal.empty() && fatal_.empty()) fatal_ = work->fatal;
    if (!fatal_.empty() || job_->abandoned) continue;
    for (auto& cell : work->cells) settle(cell);
    ++blocks_;
    if (work->row.outcome == BlockOutcome::failed)
      note_failure(fmt::format("block {}: {}", work->row.index, work->row.failure));
    ++block_outcomes_[fate_of(work->row)];
    const auto area = static_cast<double>(work->row.core.area());
    area_ += area;
    foreground_area_ += area * work->row.foreground_share;
    if (work->row.rejection != Rejection::glass) smear_area_ += area;
    paste_overview(*work);
    rows.blocks.push_back(work->row);
    std::move(work->cells.begin(), work->cells.end(), std::back_inserter(rows.cells));
  }
  return rows;
}

std::optional<Interval> SlideAggregate::reference_of(const std::string& code) const {
  const auto& references = job_->run->config.references;
  const auto of_specimen = references.find(job_->request.specimen);
  if (of_specimen == references.end()) return std::nullopt;
  const auto found = of_specimen->second.interval.find(code);
  return found == of_specimen->second.interval.end() ? std::nullopt : std::optional(found->second);
}

std::vector<DifferentialRow> SlideAggregate::differential() const {
  const auto& card = job_->run->classifier->card();
  std::uint64_t denominator = 0;
  std::vector<DifferentialRow> rows;
  for (std::size_t c = 0; c < called_.size(); ++c) {
    const auto& description = cell_class(card.classes[c].name);
    rows.push_back({.name = description.code,
                    .label = description.label,
                    .in_denominator = description.counted_in(job_->request.specimen),
                    .count = called_[c]});
    if (rows.back().in_denominator) denominator += called_[c];
  }
  const auto corrected = corrected_fractions(called_, card.confusion);
  double corrected_counted = 0;
  for (std::size_t c = 0; c < corrected.size(); ++c)
    if (rows[c].in_denominator) corrected_counted += corrected[c];
  for (std::size_t c = 0; c < rows.size(); ++c) {
    auto& row = rows[c];
    if (classified_ > 0) row.expected_fraction = expected_[c] / static_cast<double>(classified_);
    if (!row.in_denominator || denominator == 0) continue;
    row.fraction = static_cast<double>(row.count) / static_cast<double>(denominator);
    row.wilson95 = wilson95(row.count, denominator);
    row.reference = reference_of(row.name);
    if (corrected_counted > 0) row.corrected_fraction = corrected[c] / corrected_counted;
  }
  return rows;
}

void SlideAggregate::summarise(SlideReport& report) const {
  report.blocks_planned = job_->blocks.size();
  report.blocks_by_outcome = block_outcomes_;
  report.cells_located = next_id_;
  report.cells_by_outcome = cell_outcomes_;
  report.failures = failures_;
  report.differential = differential();
  report.denominator = 0;
  for (const auto& row : report.differential)
    if (row.in_denominator) report.denominator += row.count;
  report.denominator_rule = denominator_rule(job_->request.specimen);
  report.evidence = evidence_.mean(classified_);
  const auto references = job_->run->config.references.find(job_->request.specimen);
  if (references != job_->run->config.references.end())
    report.reference_source = references->second.source;
  report.places = places_;
  if (blocks_ > 0) report.overview_jpeg = encode_jpeg(overview_, kOverviewQuality);
  show_gallery(report);
  report.quality = check_quality(quality_facts(report), job_->run->config.quality);
  grade(report, {.failed = failed_, .blocks_done = blocks_, .regions = job_->run->config.regions});
}

QualityFacts SlideAggregate::quality_facts(const SlideReport& report) const {
  const auto& mpp = info_of(*job_).mpp;
  QualityFacts facts{.specimen = job_->request.specimen,
                     .cells = job_->run->config.regions == RegionKind::cells,
                     .focus = {},
                     .nuclear_stain = job_->stain.nuclear_level,
                     .glass = job_->stain.background,
                     .foreground_share = area_ > 0 ? foreground_area_ / area_ : 0,
                     .covered_share = {},
                     .counted = report.denominator,
                     .located = next_id_,
                     .excluded = excluded_,
                     .out_of_focus = out_of_focus_,
                     .failed = failed_,
                     .parts = blocks_ + next_id_,
                     .enlargement = std::max(mpp.x, mpp.y) / job_->crop.mpp};
  // A model may have a class for what it cannot name.
  for (const auto& row : report.differential)
    if (row.name == kUnidentifiedClass) facts.excluded += row.count;
  if (job_->stain.focus_reference > 0) facts.focus = job_->stain.focus_reference;
  if (smear_area_ > 0) facts.covered_share = foreground_area_ / smear_area_;
  if (measured_ > 0)
    facts.strange_share = static_cast<double>(strange_) / static_cast<double>(measured_);
  const auto limit = job_->run->classifier->card().strange_share_limit;
  if (limit > 0) facts.strange_limit = limit;
  return facts;
}

void SlideAggregate::show_gallery(SlideReport& report) const {
  const auto edge = job_->crop.input_px;
  for (const auto& group : gallery_) {
    for (const auto& portrait : group) {
      report.gallery.push_back(portrait.cell);
      Image crop(edge, edge);
      std::copy(portrait.crop.begin(), portrait.crop.end(), crop.pixels().begin());
      report.gallery.back().jpeg = encode_jpeg(crop, kCropQuality);
    }
  }
}

}  // namespace cytocape
