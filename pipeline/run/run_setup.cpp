#include "pipeline/run/run_setup.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "io/digest.hpp"
#include "io/errors.hpp"
#include "io/process_owner.hpp"
#include "io/report_folder.hpp"
#include "io/text.hpp"
#include "pipeline/graph/slide_graph.hpp"
#include "pipeline/night/cohort.hpp"
#include "pipeline/program/exit_code.hpp"
#include "pipeline/program/library_versions.hpp"
#include "pipeline/program/output.hpp"
#include "pipeline/program/provenance.hpp"
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
        "{}: --specimen is missing, and the model was made for more than one; say {}, or give each "
        "slide's in the column specimen of a --manifest",
        given.path.string(), specimen_choices()));
  const auto id = given.id.empty() ? given.path.stem().string() : given.id;
  SlideRequest slide{.path = given.path,
                     .id = safe_file_name(id, "slide"),
                     .case_id = given.case_id,
                     .specimen = *specimen,
                     .mpp = given.mpp,
                     .identity = given.identity,
                     .bytes = bytes_of(given.path),
                     .sha256 = given.sha256};
  if (slide.case_id.empty()) slide.case_id = slide.id;
  return slide;
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

/// Those set aside for slides that an interruption cut off.
std::map<std::string, fs::path> cut_off(const OutputFolder& out,
                                        const std::vector<SlideResult>& ended) {
  auto earlier = out.earlier();
  for (const auto& slide : ended) earlier.erase(slide.request.id);
  return earlier;
}

}  // namespace

ProgressForm form_of(const AnalyzeRequest& request) {
  if (request.quiet) return ProgressForm::none;
  return request.json_log ? ProgressForm::json : ProgressForm::text;
}

std::vector<SlideRequest> name_slides(const std::vector<GivenSlide>& given,
                                      std::optional<Specimen> of_run) {
  std::vector<SlideRequest> slides;
  std::map<std::string, fs::path> taken;
  for (const auto& one : given) {
    auto slide = to_request(one, of_run);
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
  StageDisplay display(form_of(request));
  display.show("loading the model");
  run->classifier = Classifier::load(request.model, request.config.classifier);
  const auto& classes = run->classifier->card().classes;
  run->config.finder.list_large_platelets =
      std::any_of(classes.begin(), classes.end(),
                  [](const auto& known) { return cell_class(known.name).group == "platelet"; });
  return run;
}

std::optional<Specimen> specimen_of(const AnalyzeRequest& request, const ModelCard& card) {
  if (request.specimen || card.specimens.size() != 1) return request.specimen;
  return card.specimens.front();
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

void say(const AnalyzeRequest& request, const std::string& text) {
  if (request.json_log)
    print_message("{}\n", nlohmann::json{{"event", "message"}, {"text", valid_utf8(text)}}.dump());
  else
    print_message("cytocape: {}\n", displayable(text));
}

std::string tell_of_all(const AnalyzeRequest& request) {
  try {
    StageDisplay display(form_of(request));
    const auto collected = collect({.folders = {request.out},
                                    .into = request.out,
                                    .if_changed = true,
                                    .reference = request.reference,
                                    .progress = [&](std::size_t done, std::size_t of) {
                                      display.show("making the tables", done, of);
                                    }});
    display.rest();
    for (const auto& concern : collected.concerns) say(request, concern);
    return "";
  } catch (const Error& error) {
    auto fault = fmt::format(
        "not all tables of the folder could be made: {}; the reports are not concerned: run "
        "cytocape collect {} once that is mended",
        error.what(), request.out.string());
    say(request, fault);
    return fault;
  }
}

AnalyzeOutcome go_over(const Round& round, const std::vector<PlannedSlide>& slides) {
  const auto& request = round.request;
  OutputFolder out(request.out, {.names = {}, .started_utc = utc_now(), .overwrite = true});
  AnalyzeOutcome outcome;
  ProgressDisplay display(round.run->progress, form_of(request));
  std::mutex one_at_a_time;
  std::size_t done = 0;
  RunKeeper keeper(slides, out, round.journal, [&](SlideResult& result) {
    const std::lock_guard lock(one_at_a_time);
    ++done;
    if (!request.told) return;
    display.make_room([&] { request.told(result, done, slides.size()); });
    result.differential.clear();
    result.assessment = {};
  });
  const auto to_do =
      keeper.begin({.overwrite = request.overwrite, .anew = request.anew}, round.inputs);
  count_work(to_do, slides.size(), round.run->progress);
  if (!to_do.empty()) {
    if (round.tables_first) (void)tell_of_all(request);
    run_slides(request, round.run, out, to_do, keeper);
  }
  keeper.look_again();
  outcome.slides = keeper.results();
  outcome.held = keeper.held();
  outcome.refused = keeper.refused();
  outcome.interrupted =
      *round.run->stop &&
      outcome.slides.size() + outcome.held.size() + outcome.refused.size() < slides.size();
  outcome.cut_off = cut_off(out, outcome.slides);
  return outcome;
}

std::optional<Specimen> parse_specimen(const std::string& code) {
  if (code.empty()) return std::nullopt;
  if (const auto specimen = value_named<Specimen>(code)) return specimen;
  throw ConfigError(fmt::format("--specimen {}: expected {}", code, specimen_choices()));
}

}  // namespace cytocape
