#pragma once

/// What a run over given slides (analyze.hpp) and one over slides that come (watch.hpp) have in
/// common.

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/run/analyze.hpp"
#include "pipeline/run/run_keeper.hpp"

namespace cytocape {

/// Loads the model. Throws ModelError and ConfigError.
[[nodiscard]] std::shared_ptr<RunContext> prepare_run(const AnalyzeRequest& request, Labs labs);

/// The one that was asked for, else the only one that the model was made for.
[[nodiscard]] std::optional<Specimen> specimen_of(const AnalyzeRequest& request,
                                                  const ModelCard& card);

/// `of_run` is the specimen of slides that do not say theirs. Throws ConfigError.
[[nodiscard]] std::vector<SlideRequest> name_slides(const std::vector<GivenSlide>& given,
                                                    std::optional<Specimen> of_run);

/// Throws ConfigError where the model was not made for a slide's specimen.
void check_model(const ModelCard& card, const std::vector<SlideRequest>& slides);

[[nodiscard]] RunInputs inputs_of(const AnalyzeRequest& request, const RunContext& run);
[[nodiscard]] std::vector<PlannedSlide> with_inputs(const std::vector<SlideRequest>& slides,
                                                    const RunContext& run);

/// The journal's line of the run.
[[nodiscard]] nlohmann::json line_of(const AnalyzeRequest& request, const RunInputs& inputs,
                                     std::size_t slides);

/// In which progress is shown.
[[nodiscard]] ProgressForm form_of(const AnalyzeRequest& request);

/// On stderr, in the form of the run's log.
void say(const AnalyzeRequest& request, const std::string& text);

/// The tables of the folder; why they could not be made, which is said on stderr, or "". Each is
/// whole or of before: a run that is told to end at once may be cut off here.
std::string tell_of_all(const AnalyzeRequest& request);

/// One go over planned slides. All outlive it.
struct Round {
  const AnalyzeRequest& request;
  const std::shared_ptr<RunContext>& run;
  const RunInputs& inputs;
  Journal& journal;
  bool tables_first = true;  ///< the folder's tables say at once what waits
};

/// Does those that are to be done, each under its lock. Throws StorageError where the folder takes
/// no lock at all.
[[nodiscard]] AnalyzeOutcome go_over(const Round& round, const std::vector<PlannedSlide>& slides);

}  // namespace cytocape
