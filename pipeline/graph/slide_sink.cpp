#include "pipeline/graph/slide_sink.hpp"

#include <fmt/format.h>

#include <exception>
#include <optional>

#include "io/durable_file.hpp"
#include "io/errors.hpp"
#include "io/record.hpp"
#include "pipeline/graph/aggregate.hpp"
#include "pipeline/pages/report_writer.hpp"
#include "pipeline/program/provenance.hpp"
#include "pipeline/settings/taxonomy.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

ModelSummary describe_model(const RunContext& run) {
  const auto& classifier = *run.classifier;
  const auto& card = classifier.card();
  ModelSummary summary{.name = card.name,
                       .path = run.model_path.string(),
                       .sha256 = classifier.sha256(),
                       .card_json = to_json(card),
                       .classes = {},
                       .map_height = classifier.map_height(),
                       .map_width = classifier.map_width(),
                       .mpp = card.mpp,
                       .input_px = card.input_px};
  for (const auto& name : class_names(card)) summary.classes.push_back(cell_class(name).code);
  return summary;
}

fs::path make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    throw StorageError(fmt::format("{}: cannot make the report's folder: {}; choose another --out",
                                   folder.string(), error.message()));
  return folder;
}

}  // namespace

/// The slide whose batches are coming in.
struct SlideSink::OpenReport {
  OpenReport(std::shared_ptr<const SlideJob> slide_job, const fs::path& out)
      : job(std::move(slide_job)), aggregate(job), folder(out / job->request.id) {
    if (!job->plan_failure.empty()) return;
    const auto& classifier = *job->run->classifier;
    had_folder = fs::exists(folder);
    writer = RecordWriter::create(make_folder(folder) / "report.h5",
                                  {.classes = classifier.card().classes.size(),
                                   .map_height = classifier.map_height(),
                                   .map_width = classifier.map_width()});
  }
  ~OpenReport() {
    writer.reset();
    if (finished) return;
    for (const auto* name : {"report.json", "report.html"}) discard_file(folder / name);
    std::error_code ignored;
    if (!had_folder && fs::is_empty(folder, ignored)) fs::remove(folder, ignored);
  }
  OpenReport(const OpenReport&) = delete;
  OpenReport& operator=(const OpenReport&) = delete;

  /// Everything is staged before anything is renamed, and the record comes last: who sees a new
  /// record sees new views beside it.
  void publish(const SlideReport& report) {
    writer->finish(report);
    stage_file(folder / "report.json", report_json(report));
    stage_file(folder / "report.html", report_html(report));
    commit_file(folder / "report.json");
    commit_file(folder / "report.html");
    writer->commit();
    finished = true;
  }

  std::shared_ptr<const SlideJob> job;
  SlideAggregate aggregate;
  fs::path folder;
  bool had_folder = false;
  std::optional<RecordWriter> writer;
  bool finished = false;
};

SlideSink::SlideSink(fs::path out, RunSummary run) : out_(std::move(out)), run_(std::move(run)) {}
SlideSink::~SlideSink() = default;

void SlideSink::take(Batch& batch) noexcept {
  const auto job = batch.job;
  if (failed_ != job) {
    try {
      if (!open_) open_ = std::make_unique<OpenReport>(job, out_);
      append(batch);
      if (batch.ends_slide) finish();
    } catch (const std::exception& error) {
      fail(job, error.what());
    } catch (...) {
      fail(job, "an error of unknown kind");
    }
  }
  if (batch.ends_slide) ++job->run->progress.slides_done;
}

void SlideSink::append(Batch& batch) {
  const auto rows = open_->aggregate.add(batch);
  if (!batch.job->plan_failure.empty()) throw SlideError(batch.job->plan_failure);
  if (!open_->aggregate.fatal().empty()) throw Error(open_->aggregate.fatal());
  if (batch.job->abandoned) return;
  open_->writer->append(std::span(rows.blocks));
  open_->writer->append(std::span(rows.cells));
  batch.job->run->progress.cells_done += static_cast<std::uint64_t>(batch.count);
}

void SlideSink::finish() {
  const auto& job = *open_->job;
  SlideReport report;
  report.slide = job.slide->info();
  report.slide.id = job.request.id;
  report.slide_sha256 = job.sha256.get();
  report.specimen = job.request.specimen;
  report.model = describe_model(*job.run);
  report.run = run_;
  report.run.started_utc = job.started_utc;
  report.run.finished_utc = utc_now();
  open_->aggregate.summarise(report);
  assess(report, job.run->labs.of(job.request.case_id));
  open_->publish(report);
  results_.push_back({.request = job.request,
                      .status = report.status,
                      .reasons = report.status_reasons,
                      .folder = open_->folder,
                      .cells_located = report.cells_located,
                      .denominator = report.denominator,
                      .differential = report.differential,
                      .withheld = why_withheld(report),
                      .assessment = report.assessment});
  open_.reset();
}

void SlideSink::fail(const std::shared_ptr<const SlideJob>& job, const std::string& why) {
  job->abandoned = true;
  failed_ = job;
  results_.push_back({.request = job->request, .status = Status::failed, .reasons = {why}});
  open_.reset();
}

}  // namespace cytocape
