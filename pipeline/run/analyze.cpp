#include "pipeline/run/analyze.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <thread>

#include "io/digest.hpp"
#include "io/durable_file.hpp"
#include "io/errors.hpp"
#include "io/report_folder.hpp"
#include "io/text.hpp"
#include "pipeline/case/case_names.hpp"
#include "pipeline/graph/slide_graph.hpp"
#include "pipeline/program/exit_code.hpp"
#include "pipeline/program/interrupt.hpp"
#include "pipeline/program/library_versions.hpp"
#include "pipeline/program/output.hpp"
#include "pipeline/program/output_folder.hpp"
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

void refuse_taken_name(const SlideRequest& slide, const AnalyzeRequest& request) {
  const auto refused = refused_report_name(slide.id);
  if (!refused.empty())
    throw ConfigError(fmt::format("{}: {} in a --manifest", slide.path.string(), refused));
  check_replaceable(request.out / slide.id, request.overwrite);
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
                     .identity = given.identity};
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
    refuse_taken_name(slide, request);
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
  run->progress.slides = request.slides.size();
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

std::vector<std::string> names_of(const std::vector<SlideRequest>& slides) {
  std::vector<std::string> names;
  for (const auto& slide : slides) names.push_back(slide.id);
  return names;
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
  return worst;
}

AnalyzeOutcome analyze(const AnalyzeRequest& request, const std::atomic<bool>& stop) {
  if (request.slides.empty()) throw ConfigError("analyze: no slide given");
  const auto started_utc = utc_now();
  const auto slides = name_slides(request);
  auto labs = request.labs.empty() ? Labs() : Labs(request.labs);
  const auto warning = compare_cases(slides, labs);
  const auto run = prepare_run(request, std::move(labs));
  run->stop = &stop;
  check_model(run->classifier->card(), slides);
  check_output_folder(request.out);
  OutputFolder out(
      request.out,
      {.names = names_of(slides), .started_utc = started_utc, .overwrite = request.overwrite});
  run->before_slide = [&out](const SlideRequest& slide) { out.set_aside(slide.id); };
  if (!warning.empty()) print_message("cytocape: {}\n", displayable(warning));

  SlideSink sink(out, describe_run(request, *run));
  {
    const ProgressDisplay display(run->progress, request.quiet);
    run_slide_graph(slides, run, {.threads = run->config.threads, .stop = &stop}, sink);
  }
  AnalyzeOutcome outcome{.slides = sink.results(),
                         .interrupted = stop && sink.results().size() < slides.size(),
                         .warning = warning,
                         .cut_off = {}};
  auto earlier = out.earlier();
  for (auto& slide : outcome.slides)
    if (auto place = earlier.extract(slide.request.id)) slide.earlier = std::move(place.mapped());
  outcome.cut_off = std::move(earlier);
  return outcome;
}

}  // namespace cytocape
