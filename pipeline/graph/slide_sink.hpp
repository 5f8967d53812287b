#pragma once

/// Where the graph ends: takes the batches of one slide after the other, in order, and writes each
/// slide's report; of a slide that failed, one that says so. What goes wrong here ends the slide,
/// never the run.

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "io/report.hpp"
#include "pipeline/graph/progress.hpp"
#include "pipeline/graph/slide_job.hpp"
#include "pipeline/graph/work.hpp"
#include "pipeline/program/output_folder.hpp"

namespace cytocape {

/// How one slide ended.
struct SlideResult {
  SlideRequest request;
  Status status = Status::failed;
  std::vector<std::string> reasons;  ///< why it is not ok
  std::filesystem::path folder;      ///< of its report; empty where none could be written
  std::filesystem::path earlier;     ///< where the report is that was there before; may be empty
  std::uint64_t cells_located = 0;   ///< like all counts here: none where it failed
  std::uint64_t denominator = 0;
  std::vector<DifferentialRow> differential;
  std::string withheld;  ///< why `differential` is not shown; see why_withheld
  criteria::CaseResult assessment;
  std::vector<std::string> differences{};  ///< between laboratory and slide, in words
  std::string slide_sha256;                ///< empty where it is not known
  std::string why;          ///< there was a report that had to be done again; else empty
  bool up_to_date = false;  ///< its report was there already: it has no counts here
  /// Why its files could not be read, where an earlier report stays: it has no counts here. Else
  /// empty.
  std::string away{};
  double seconds = 0;  ///< from its start to its end
};

/// Not thread-safe; one owner.
class SlideSink {
 public:
  /// Told of each slide when its report is in place; may change the result that is kept. Must not
  /// throw.
  using Ended = std::function<void(SlideResult&)>;
  /// `run` is the part of every report that is the same for all slides. `out` outlives the sink
  /// and holds the locks of the slides that come.
  SlideSink(OutputFolder& out, RunSummary run, Ended ended = {});
  ~SlideSink();

  /// Precondition: batches come in order. Never throws.
  void take(Batch& batch) noexcept;

  /// Results of the slides that ended, in order; slides cut off by an interruption have none.
  [[nodiscard]] const std::vector<SlideResult>& results() const { return results_; }

 private:
  struct OpenReport;
  void append(Batch& batch);
  [[nodiscard]] SlideReport begin_report(const SlideJob& job) const;
  void finish();
  void fail(const std::shared_ptr<const SlideJob>& job, const std::string& why);
  void publish_failed(const SlideJob& job, const std::vector<std::string>& reasons);

  OutputFolder& out_;
  RunSummary run_;
  Ended ended_;
  std::unique_ptr<OpenReport> open_;
  std::shared_ptr<const SlideJob> failed_;  ///< its remaining batches are passed over
  std::vector<SlideResult> results_;
};

}  // namespace cytocape
