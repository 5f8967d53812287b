#pragma once

/// What a run does around each slide: whether it is to be done, its lock, the journal, its result.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "pipeline/graph/slide_sink.hpp"
#include "pipeline/night/journal.hpp"
#include "pipeline/night/standing.hpp"
#include "pipeline/program/output_folder.hpp"

namespace cytocape {

/// A slide of the run, and what there is of it already.
struct PlannedSlide {
  SlideRequest request;
  SlideInputs inputs;
  Standing standing;
  std::string files;    ///< files_state before its digest was taken; empty where none was
  std::string content;  ///< that digest
  /// files_state when it was last analysed, by the journals; empty where none says.
  std::string files_before;
};

/// What may happen to reports that are there.
struct Leave {
  bool overwrite = false;  ///< those made of something else are done again
  bool anew = false;       ///< all are
};

enum class Failures : std::uint8_t {
  again,  ///< a slide that failed is done again
  stay,   ///< unless its files are as they were, and the run's inputs too: it would fail again
};

/// How many of the slides are compared with their reports.
using PlanProgress = std::function<void(std::size_t done, std::size_t of)>;

/// The slides with what there is of each in `out`. Reads slides whose content no journal knows.
[[nodiscard]] std::vector<PlannedSlide> plan_slides(std::vector<PlannedSlide> slides,
                                                    const std::filesystem::path& out,
                                                    const RunInputs& run,
                                                    Failures failures = Failures::again,
                                                    const PlanProgress& progress = {});

/// Throws one ConfigError that lists the reports which may not be replaced.
void check_leave(const std::vector<PlannedSlide>& slides, const std::filesystem::path& out,
                 const Leave& leave);

/// Thread-safe where two threads may meet: the graph asks for slides while others end.
class RunKeeper {
 public:
  using Told = std::function<void(SlideResult&)>;
  /// All outlive it. `told` hears of every slide that ended or was up to date, in that order.
  RunKeeper(const std::vector<PlannedSlide>& slides, OutputFolder& out, Journal& journal,
            Told told);

  /// What is planned goes into the journal, and `told` hears of what is done already. Returns the
  /// slides to be done, without those whose reports may not be replaced.
  [[nodiscard]] std::vector<SlideRequest> begin(const Leave& leave, const RunInputs& run);
  /// For RunContext::admit: false where another run has the slide, or has done it meanwhile.
  [[nodiscard]] bool admit(const SlideRequest& slide);
  /// For RunContext::before_slide: an earlier report goes out of the way. Throws StorageError.
  void start(const SlideRequest& slide);
  /// For SlideSink.
  void end(SlideResult& result);
  /// Slides that another run had: looks once more whether they are done by now.
  void look_again();

  /// In the order of the slides.
  [[nodiscard]] std::vector<SlideResult> results() const;
  /// Id -> who has it, of slides that were left to other runs.
  [[nodiscard]] const std::map<std::string, std::string>& held() const { return held_; }
  /// Id -> what it was made of, of reports that may not be replaced.
  [[nodiscard]] const std::map<std::string, std::string>& refused() const { return refused_; }

 private:
  struct Begun {
    std::chrono::steady_clock::time_point at;
    std::string files;    ///< files_state
    std::string failure;  ///< why it cannot be begun
  };
  struct Content {
    std::string files;  ///< files_state
    std::string sha256;
  };
  void note_origin(nlohmann::json& line, const SlideInputs& inputs, const std::string& id,
                   const Content& content) const;
  [[nodiscard]] Standing standing_now(const PlannedSlide& slide) const;
  [[nodiscard]] bool stays(const Standing& standing) const;
  void keep_done(const PlannedSlide& slide, const Standing& standing);
  void leave_to(const std::string& id, const std::string& holder);

  const std::vector<PlannedSlide>& slides_;
  std::map<std::string, const PlannedSlide*> by_id_;
  OutputFolder& out_;
  Journal& journal_;
  Told told_;
  Leave leave_;
  RunInputs run_;
  mutable std::mutex mutex_;
  std::map<std::string, Begun> begun_;
  std::map<std::string, SlideResult> results_;
  std::map<std::string, std::string> held_;
  std::map<std::string, std::string> refused_;
};

/// The result that the record in `folder` tells of, as when it was made. Throws StorageError.
[[nodiscard]] SlideResult read_result(const SlideResult& known);

}  // namespace cytocape
