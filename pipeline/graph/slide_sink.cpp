#include "pipeline/graph/slide_sink.hpp"

#include <fmt/format.h>

#include <exception>
#include <optional>

#include "io/durable_file.hpp"
#include "io/errors.hpp"
#include "io/record.hpp"
#include "io/report_folder.hpp"
#include "pipeline/graph/aggregate.hpp"
#include "pipeline/pages/report_writer.hpp"
#include "pipeline/program/provenance.hpp"
#include "pipeline/settings/taxonomy.hpp"
#include "pipeline/wording/differences.hpp"

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

RecordWriter begin_record(const fs::path& folder, const Classifier& classifier) {
  return RecordWriter::create(folder / "report.h5", {.classes = classifier.card().classes.size(),
                                                     .map_height = classifier.map_height(),
                                                     .map_width = classifier.map_width()});
}

/// The three files, and then all of them at once.
std::optional<fs::path> publish(ReportFolder& folder, RecordWriter& writer,
                                const SlideReport& report) {
  writer.finish(report);
  stage_file(folder.making() / "report.json", report_json(report)).commit();
  stage_file(folder.making() / "report.html", report_html(report)).commit();
  writer.commit();
  return folder.publish();
}

/// Empty where it is not known: the slide was not opened, or cannot be read to its end, which is
/// then why it failed or no worse.
std::string sha256_if_known(const SlideJob& job) {
  if (!job.sha256.valid()) return "";
  try {
    return job.sha256.get();
  } catch (const Error&) {
    return "";
  }
}

}  // namespace

/// The slide whose batches are coming in.
struct SlideSink::OpenReport {
  OpenReport(std::shared_ptr<const SlideJob> slide_job, const fs::path& place)
      : job(std::move(slide_job)), aggregate(job) {
    if (!job->plan_failure.empty()) return;
    folder.emplace(place);
    writer = begin_record(folder->making(), *job->run->classifier);
  }

  std::shared_ptr<const SlideJob> job;
  SlideAggregate aggregate;
  std::optional<ReportFolder> folder;
  std::optional<RecordWriter> writer;  ///< behind the folder: it is closed before that is removed
};

SlideSink::SlideSink(OutputFolder& out, RunSummary run, Ended ended)
    : out_(out), run_(std::move(run)), ended_(std::move(ended)) {}
SlideSink::~SlideSink() = default;

void SlideSink::take(Batch& batch) noexcept {
  const auto job = batch.job;
  const auto before = results_.size();
  if (failed_ != job) {
    try {
      if (!open_) open_ = std::make_unique<OpenReport>(job, out_.folder_of(job->request.id));
      append(batch);
      if (batch.ends_slide) finish();
    } catch (const std::exception& error) {
      fail(job, error.what());
    } catch (...) {
      fail(job, "an error of unknown kind");
    }
  }
  if (batch.ends_slide) ++job->run->progress.slides_done;
  if (ended_ && results_.size() > before) ended_(results_.back());
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

SlideReport SlideSink::begin_report(const SlideJob& job) const {
  SlideReport report;
  if (job.slide) report.slide = job.slide->info();
  report.slide.path = job.request.path;
  report.slide.id = job.request.id;
  report.identity = job.request.identity;
  report.specimen = job.request.specimen;
  report.case_id = job.request.case_id;
  report.model = describe_model(*job.run);
  report.run = run_;
  report.run.started_utc = job.started_utc;
  report.run.finished_utc = utc_now();
  return report;
}

void SlideSink::finish() {
  const auto& job = *open_->job;
  auto report = begin_report(job);
  report.slide_sha256 = job.sha256.get();
  job.state.require_same(job.request.path, report.slide_sha256);
  open_->aggregate.summarise(report);
  assess(report, job.run->labs.of(job.request.case_id));
  const auto earlier = publish(*open_->folder, *open_->writer, report);
  if (earlier) out_.add_earlier(job.request.id, *earlier);
  results_.push_back(
      {.request = job.request,
       .status = report.status,
       .reasons = report.status_reasons,
       .folder = out_.folder_of(job.request.id),
       .cells_located = report.cells_located,
       .denominator = report.denominator,
       .differential = report.differential,
       .withheld = why_withheld(report),
       .assessment = report.assessment,
       .differences = plain(wording::open_differences(report.assessment, {&report, 1})),
       .slide_sha256 = report.slide_sha256,
       .why = {}});
  open_.reset();
}

void SlideSink::fail(const std::shared_ptr<const SlideJob>& job, const std::string& why) {
  job->abandoned = true;
  failed_ = job;
  const bool begun = open_ && open_->folder;
  SlideResult result{.request = job->request,
                     .status = Status::failed,
                     .reasons = {begun ? open_->folder->shown(why) : why}};
  open_.reset();  // gives the disk back what the report took
  try {
    publish_failed(*job, result.reasons);
    result.folder = out_.folder_of(job->request.id);
  } catch (const std::exception& error) {
    result.reasons.push_back(
        fmt::format("and no report can be left that says so: {}", error.what()));
  }
  results_.push_back(std::move(result));
}

void SlideSink::publish_failed(const SlideJob& job, const std::vector<std::string>& reasons) {
  auto report = begin_report(job);
  report.slide_sha256 = sha256_if_known(job);
  ReportFolder folder(out_.folder_of(job.request.id));
  auto writer = begin_record(folder.making(), *job.run->classifier);
  const auto earlier = publish(folder, writer, failed_report(report, reasons));
  if (earlier) out_.add_earlier(job.request.id, *earlier);
}

}  // namespace cytocape
