#include "pipeline/run/analyze.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "io/digest.hpp"
#include "io/errors.hpp"
#include "io/process_owner.hpp"
#include "io/report_folder.hpp"
#include "io/text.hpp"
#include "pipeline/case/case_names.hpp"
#include "pipeline/graph/slide_graph.hpp"
#include "pipeline/night/cohort.hpp"
#include "pipeline/program/exit_code.hpp"
#include "pipeline/program/interrupt.hpp"
#include "pipeline/program/library_versions.hpp"
#include "pipeline/program/output.hpp"
#include "pipeline/program/output_folder.hpp"
#include "pipeline/program/provenance.hpp"
#include "pipeline/run/run_keeper.hpp"
#include "pipeline/settings/taxonomy.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

/// "pb (peripheral blood) or bm (marrow)".
std::string specimen_choices() {
  std::string choices;
  for (const auto specimen : values_of<Specimen>())
    choices += (choices.empty() ? "" : " or ") + std::string(labels_of(specimen).choice);
  return choices;
}

/// 0 where they are not there, which the slide's report will say.
std::uint64_t bytes_of(const fs::path& slide) {
  try {
    std::uint64_t bytes = 0;
    for (const auto& file : slide_files(slide)) bytes += fs::file_size(file);
    return bytes;
  } catch (const SlideError&) {
    return 0;
  } catch (const fs::filesystem_error&) {
    return 0;
  }
}

SlideRequest to_request(const GivenSlide& given, std::optional<Specimen> of_run) {
  const auto specimen = given.specimen ? given.specimen : of_run;
  if (!specimen)
    throw ConfigError(fmt::format(
        "{}: --specimen is missing; say {}, or give each slide's in the column specimen of a "
        "--manifest",
        given.path.string(), specimen_choices()));
  const auto id = given.id.empty() ? given.path.stem().string() : given.id;
  SlideRequest slide{.path = given.path,
                     .id = safe_file_name(id, "slide"),
                     .case_id = given.case_id,
                     .specimen = *specimen,
                     .mpp = given.mpp,
                     .identity = given.identity,
                     .bytes = bytes_of(given.path)};
  if (slide.case_id.empty()) slide.case_id = slide.id;
  return slide;
}

std::vector<SlideRequest> name_slides(const AnalyzeRequest& request) {
  std::vector<SlideRequest> slides;
  std::map<std::string, fs::path> taken;
  for (const auto& given : request.slides) {
    auto slide = to_request(given, request.specimen);
    const auto [other, fresh] = taken.emplace(slide.id, slide.path);
    if (!fresh)
      throw ConfigError(
          fmt::format("{} and {} would both be reported as {}; give them different "
                      "ids in a --manifest",
                      other->second.string(), slide.path.string(), slide.id));
    if (const auto refused = refused_report_name(slide.id); !refused.empty())
      throw ConfigError(fmt::format("{}: {} in a --manifest", slide.path.string(), refused));
    slides.push_back(std::move(slide));
  }
  return slides;
}

void check_model(const ModelCard& card, const std::vector<SlideRequest>& slides) {
  for (const auto& description : card.classes) (void)cell_class(description.name);
  const auto& made_for = card.specimens;
  for (const auto& slide : slides)
    if (std::find(made_for.begin(), made_for.end(), slide.specimen) == made_for.end())
      throw ConfigError(
          fmt::format("{}: specimen {}: model {} was made for {}; give a model for "
                      "this specimen",
                      slide.path.string(), to_string(slide.specimen), card.name,
                      fmt::join(codes_of(made_for), ", ")));
}

std::shared_ptr<RunContext> prepare_run(const AnalyzeRequest& request, Labs labs) {
  auto run = std::make_shared<RunContext>();
  run->config = request.config;
  if (run->config.threads == 0)
    run->config.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  run->labs = std::move(labs);
  run->model_path = request.model;
  run->classifier = Classifier::load(request.model, request.config.classifier);
  const auto& classes = run->classifier->card().classes;
  run->config.finder.list_large_platelets =
      std::any_of(classes.begin(), classes.end(),
                  [](const auto& known) { return cell_class(known.name).group == "platelet"; });
  return run;
}

/// See check_cases: what a user should know before and after the run. Empty without a file.
std::string compare_cases(const std::vector<SlideRequest>& slides, const Labs& labs) {
  if (labs.path().empty()) return "";
  std::set<std::string> cases;
  for (const auto& slide : slides) cases.insert(slide.case_id);
  return check_cases({.of_slides = {cases.begin(), cases.end()}, .of_labs = labs.cases()},
                     labs.path());
}

RunSummary describe_run(const AnalyzeRequest& request, const RunContext& run) {
  return {.tool_version = tool_version(),
          .commit = tool_commit(),
          .command = request.command,
          .config_toml = request.config.toml,
          .config_sha256 = sha256_of(request.config.toml),
          .device = run.classifier->device_description(),
          .started_utc = {},
          .finished_utc = {},
          .libraries = library_versions()};
}

RunInputs inputs_of(const AnalyzeRequest& request, const RunContext& run) {
  return {.model_name = run.classifier->card().name,
          .model_sha256 = run.classifier->sha256(),
          .config_toml = request.config.toml,
          .tool_version = tool_version(),
          .commit = tool_commit()};
}

std::vector<PlannedSlide> with_inputs(const std::vector<SlideRequest>& slides,
                                      const RunContext& run) {
  std::vector<PlannedSlide> planned;
  for (const auto& slide : slides)
    planned.push_back({.request = slide,
                       .inputs = {.path = slide.path,
                                  .specimen = slide.specimen,
                                  .case_id = slide.case_id,
                                  .mpp = slide.mpp ? slide.mpp : run.config.mpp,
                                  .identity = slide.identity,
                                  .given = run.labs.of(slide.case_id).findings.given},
                       .standing = {}});
  return planned;
}

nlohmann::json line_of(const AnalyzeRequest& request, const RunInputs& inputs, std::size_t slides) {
  return {{"owner", own_tag()},
          {"host", host_name()},
          {"command", request.command},
          {"model", inputs.model_name},
          {"model_sha256", inputs.model_sha256},
          {"config_sha256", sha256_of(inputs.config_toml)},
          {"labs", request.labs.string()},
          {"program", inputs.tool_version + " (" + inputs.commit + ")"},
          {"slides", slides}};
}

ProgressForm form_of(const AnalyzeRequest& request) {
  if (request.quiet) return ProgressForm::none;
  return request.json_log ? ProgressForm::json : ProgressForm::text;
}

void say(const AnalyzeRequest& request, const std::string& text) {
  if (request.json_log)
    print_message("{}\n", nlohmann::json{{"event", "message"}, {"text", valid_utf8(text)}}.dump());
  else
    print_message("cytocape: {}\n", displayable(text));
}

void count_work(const std::vector<SlideRequest>& to_do, std::size_t all, RunProgress& progress) {
  progress.slides = all;
  progress.slides_done = all - to_do.size();
  for (const auto& slide : to_do) progress.bytes += slide.bytes;
}

/// The graph, with the keeper around each slide.
void run_slides(const AnalyzeRequest& request, const std::shared_ptr<RunContext>& run,
                OutputFolder& out, const std::vector<SlideRequest>& to_do, RunKeeper& keeper) {
  run->admit = [&](const SlideRequest& slide) { return keeper.admit(slide); };
  run->before_slide = [&](const SlideRequest& slide) { keeper.start(slide); };
  SlideSink sink(out, describe_run(request, *run),
                 [&](SlideResult& result) { keeper.end(result); });
  run_slide_graph(to_do, run, {.threads = run->config.threads, .stop = run->stop}, sink);
}

/// The tables of the folder, which a run that is told to end at once has no time for.
void tell_of_all(const AnalyzeRequest& request, const std::atomic<bool>& stop) {
  if (stop && interrupted_exit_code() == kExitTerminated) return;
  try {
    (void)collect({.folders = {request.out},
                   .into = request.out,
                   .if_changed = true,
                   .reference = request.reference});
  } catch (const Error& error) {
    say(request, fmt::format("the tables of the folder could not be made: {}; the reports are not "
                             "concerned: run cytocape collect {} once that is mended",
                             error.what(), request.out.string()));
  }
}

/// Those set aside for slides that an interruption cut off.
std::map<std::string, fs::path> cut_off(const OutputFolder& out,
                                        const std::vector<SlideResult>& ended) {
  auto earlier = out.earlier();
  for (const auto& slide : ended) earlier.erase(slide.request.id);
  return earlier;
}

}  // namespace

std::optional<Specimen> parse_specimen(const std::string& code) {
  if (code.empty()) return std::nullopt;
  if (const auto specimen = value_named<Specimen>(code)) return specimen;
  throw ConfigError(fmt::format("--specimen {}: expected {}", code, specimen_choices()));
}

int AnalyzeOutcome::exit_code() const {
  if (interrupted) return interrupted_exit_code();
  int worst = kExitOk;
  for (const auto& slide : slides) worst = std::max(worst, cytocape::exit_code(slide.status));
  return worst == kExitOk && !held.empty() ? kExitHeld : worst;
}

AnalyzeOutcome analyze(const AnalyzeRequest& request, const std::atomic<bool>& stop) {
  if (request.slides.empty()) throw ConfigError("analyze: no slide given");
  const auto started_utc = utc_now();
  const auto named = name_slides(request);
  auto labs = request.labs.empty() ? Labs() : Labs(request.labs);
  const auto warning = compare_cases(named, labs);
  const auto run = prepare_run(request, std::move(labs));
  run->stop = &stop;
  check_model(run->classifier->card(), named);
  const auto inputs = inputs_of(request, *run);
  const Leave leave{.overwrite = request.overwrite, .anew = request.anew};
  const auto slides = plan_slides(with_inputs(named, *run), request.out, inputs);
  check_leave(slides, request.out, leave);
  check_output_folder(request.out);
  OutputFolder out(request.out, {.names = {}, .started_utc = started_utc, .overwrite = true});
  Journal journal(request.out);
  journal.write("run", line_of(request, inputs, slides.size()));
  if (!warning.empty()) say(request, warning);

  AnalyzeOutcome outcome;
  outcome.warning = warning;
  {
    ProgressDisplay display(run->progress, form_of(request));
    std::mutex one_at_a_time;
    std::size_t done = 0;
    RunKeeper keeper(slides, out, journal, [&](SlideResult& result) {
      const std::lock_guard lock(one_at_a_time);
      ++done;
      if (!request.told) return;
      display.make_room([&] { request.told(result, done, slides.size()); });
      result.differential.clear();
      result.assessment = {};
    });
    const auto to_do = keeper.begin(leave, inputs);
    count_work(to_do, slides.size(), run->progress);
    if (!to_do.empty()) {
      tell_of_all(request, stop);
      run_slides(request, run, out, to_do, keeper);
    }
    keeper.look_again();
    outcome.slides = keeper.results();
    outcome.held = keeper.held();
  }
  outcome.interrupted = stop && outcome.slides.size() + outcome.held.size() < slides.size();
  outcome.cut_off = cut_off(out, outcome.slides);
  journal.write("end", {{"interrupted", outcome.interrupted}, {"exit_code", outcome.exit_code()}});
  tell_of_all(request, stop);
  if (const auto fault = journal.fault(); !fault.empty())
    say(request, fault + "; the journal of this run is incomplete, the reports are not concerned");
  return outcome;
}

}  // namespace cytocape
