#include "pipeline/run/analyze.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "io/errors.hpp"
#include "pipeline/case/case_names.hpp"
#include "pipeline/night/comparison.hpp"
#include "pipeline/program/exit_code.hpp"
#include "pipeline/program/interrupt.hpp"
#include "pipeline/run/run_setup.hpp"

namespace cytocape {
namespace {

/// See check_cases: what a user should know before and after the run. Empty without a file.
std::string compare_cases(const std::vector<SlideRequest>& slides,
                          const std::vector<GivenSlide>& others, const Labs& labs) {
  if (labs.path().empty()) return "";
  std::set<std::string> cases;
  for (const auto& slide : slides) cases.insert(slide.case_id);
  for (const auto& slide : others) cases.insert(slide.case_id.empty() ? slide.id : slide.case_id);
  return check_cases({.of_slides = {cases.begin(), cases.end()}, .of_labs = labs.cases()},
                     labs.path());
}

/// What is misspelt in a column of the manifest is said before the night, not after it.
void check_reference(const AnalyzeRequest& request, const ModelCard& card) {
  if (request.reference.empty()) return;
  std::set<std::string> known;
  for (const auto* sum : {"monocytes", "blast_equivalents", "neutrophils"}) known.insert(sum);
  for (const auto& one : card.classes) known.insert(one.name);
  check_counted(read_reference_counts(request.reference), known);
}

}  // namespace

int AnalyzeOutcome::exit_code() const {
  if (interrupted) return interrupted_exit_code();
  int worst = kExitOk;
  for (const auto& slide : slides)
    worst = std::max(worst, slide.away.empty() ? cytocape::exit_code(slide.status) : kExitFailed);
  if (worst != kExitOk) return worst;
  return !held.empty() ? kExitHeld : tables_fault.empty() ? kExitOk : kExitOutput;
}

AnalyzeOutcome analyze(const AnalyzeRequest& request, const std::atomic<bool>& stop) {
  if (request.slides.empty()) throw ConfigError("analyze: no slide given");
  const auto run = prepare_run(request, request.labs.empty() ? Labs() : Labs(request.labs));
  run->stop = &stop;
  const auto& card = run->classifier->card();
  const auto named = name_slides(request.slides, specimen_of(request, card));
  const auto warning = compare_cases(named, request.of_other_shards, run->labs);
  check_model(card, named);
  check_reference(request, card);
  const auto inputs = inputs_of(request, *run);
  const auto slides = [&] {
    StageDisplay display(form_of(request));
    return plan_slides(with_inputs(named, *run), request.out, inputs, Failures::again,
                       [&](std::size_t done, std::size_t of) {
                         display.show("comparing slides with their reports", done, of);
                       });
  }();
  check_leave(slides, request.out, {.overwrite = request.overwrite, .anew = request.anew});
  check_output_folder(request.out);
  Journal journal(request.out);
  journal.write("run", line_of(request, inputs, slides.size()));
  if (!warning.empty() && !request.quiet) say(request, warning);

  auto outcome =
      go_over({.request = request, .run = run, .inputs = inputs, .journal = journal}, slides);
  outcome.warning = warning;
  journal.write("end", {{"interrupted", outcome.interrupted}, {"exit_code", outcome.exit_code()}});
  outcome.tables_fault = tell_of_all(request);
  if (const auto fault = journal.fault(); !fault.empty())
    say(request, fault + "; the journal of this run is incomplete, the reports are not concerned");
  return outcome;
}

}  // namespace cytocape
