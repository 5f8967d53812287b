#include "pipeline/run/analyze.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "pipeline/commands/command_line.hpp"
#include "pipeline/commands/commands.hpp"
#include "pipeline/commands/terminal.hpp"
#include "pipeline/program/interrupt.hpp"
#include "pipeline/program/model_files.hpp"
#include "pipeline/program/output.hpp"
#include "pipeline/program/provenance.hpp"
#include "pipeline/night/manifest.hpp"
#include "pipeline/settings/clinical_order.hpp"
#include "pipeline/wording/sentences.hpp"

namespace cytocape {
namespace {

struct AnalyzeArguments {
  std::vector<std::string> slides;
  std::string manifest;
  std::string model;
  std::string specimen;
  std::string labs;
  std::string config;
  std::vector<std::string> settings;
  std::string out = "cytocape-out";
  std::string device;
  std::string appearance;
  int threads = -1;
  bool overwrite = false;
  bool quiet = false;
  bool json = false;
};

AnalyzeRequest to_request(const AnalyzeArguments& arguments) {
  auto settings = arguments.settings;
  if (!arguments.device.empty()) settings.push_back("run.device=\"" + arguments.device + "\"");
  if (!arguments.appearance.empty())
    settings.push_back("appearance.map=\"" + arguments.appearance + "\"");
  if (arguments.threads >= 0) settings.push_back(fmt::format("run.threads={}", arguments.threads));
  AnalyzeRequest request;
  if (!arguments.manifest.empty()) request.slides = read_manifest(arguments.manifest);
  for (const auto& slide : arguments.slides) request.slides.push_back({.path = slide});
  request.model = resolve_model(arguments.model);
  request.specimen = parse_specimen(arguments.specimen);
  request.labs = arguments.labs;
  request.config = load_analyze_config(arguments.config, settings);
  request.out = arguments.out;
  request.overwrite = arguments.overwrite;
  request.quiet = arguments.quiet;
  request.command = command_line();
  return request;
}

void print_differential(const SlideResult& slide) {
  if (!slide.withheld.empty()) {
    print_wrapped("  counts by class withheld: ", slide.withheld);
    return;
  }
  for (const auto* listed : in_clinical_order(slide.differential)) {
    const auto& row = *listed;
    if (row.fraction && row.wilson95)
      print_result("  {:<22}{:>6}{:>8.1f} %   (95 % {:.1f} to {:.1f})\n", row.label, row.count,
                   100 * *row.fraction, 100 * row.wilson95->low, 100 * row.wilson95->high);
    else if (!row.in_denominator && row.count > 0)
      print_result("  {:<22}{:>6}   outside the count\n", row.label, row.count);
  }
}

void print_places(const SlideResult& slide) {
  if (!slide.folder.empty()) print_line("  report: " + (slide.folder / "report.html").string());
  if (!slide.earlier.empty())
    print_line("  the earlier report is now in " + slide.earlier.string());
}

void print_table(const AnalyzeOutcome& outcome) {
  for (const auto& slide : outcome.slides) {
    print_line(fmt::format("{}: {}", slide.request.path.string(), to_string(slide.status)));
    const auto* first = slide.status == Status::ok ? "  note: " : "  because ";
    for (const auto& reason : slide.reasons) print_wrapped(first, reason);
    if (slide.status == Status::failed) {
      print_alerts(slide.assessment);
      print_places(slide);
      continue;
    }
    print_result("  {} cells located, {} counted\n", slide.cells_located, slide.denominator);
    print_differential(slide);
    print_alerts(slide.assessment);
    if (slide.status == Status::ok) {
      print_editions(slide.assessment);
      for (const auto& hint : wording::distinct_hints(slide.assessment.editions))
        print_wrapped("  to consider: ", hint);
    } else {
      print_result("  no classification: the slide is {}\n", to_string(slide.status));
    }
    print_places(slide);
  }
  print_result("{}\n", kResearchUse);
}

nlohmann::json to_json(const SlideResult& slide) {
  nlohmann::json classifications = nlohmann::json::object();
  for (const auto& edition : slide.assessment.editions)
    classifications[edition.edition] = edition.code;
  nlohmann::json cells;  // null where withheld
  if (slide.withheld.empty()) {
    cells = nlohmann::json::object();
    for (const auto& row : slide.differential) cells[row.name] = row.count;
  }
  const bool counts = slide.status != Status::failed;
  const auto place = [](const std::filesystem::path& path) {
    return path.empty() ? nlohmann::json() : nlohmann::json(path.string());
  };
  return {{"slide", slide.request.path.string()},
          {"id", slide.request.id},
          {"case", slide.request.case_id},
          {"status", to_string(slide.status)},
          {"reasons", slide.reasons},
          {"folder", place(slide.folder)},
          {"earlier", place(slide.earlier)},
          {"cells_located", counts ? nlohmann::json(slide.cells_located) : nlohmann::json()},
          {"counted", counts ? nlohmann::json(slide.denominator) : nlohmann::json()},
          {"counts", cells},
          {"counts_withheld",
           slide.withheld.empty() ? nlohmann::json() : nlohmann::json(slide.withheld)},
          {"classifications", classifications}};
}

void print_json(const AnalyzeOutcome& outcome) {
  nlohmann::json slides = nlohmann::json::array();
  for (const auto& slide : outcome.slides) slides.push_back(to_json(slide));
  nlohmann::json cut_off = nlohmann::json::object();
  for (const auto& [id, place] : outcome.cut_off) cut_off[id] = place.string();
  const nlohmann::json summary = {{"slides", slides},
                                  {"earlier_of_cut_off", cut_off},
                                  {"interrupted", outcome.interrupted},
                                  {"exit_code", outcome.exit_code()},
                                  {"warning", outcome.warning},
                                  {"research_use", kResearchUse}};
  print_result("{}\n", summary.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
}

int run_analyze(const AnalyzeArguments& arguments) {
  const auto request = to_request(arguments);
  const InterruptGuard interrupt;
  const auto outcome = analyze(request, interrupt.flag());
  if (arguments.json)
    print_json(outcome);
  else
    print_table(outcome);
  if (!outcome.warning.empty()) print_error(outcome.warning);
  if (outcome.interrupted)
    print_error(
        fmt::format("interrupted after {} of {} slide(s); their reports are complete, the others "
                    "have none: give those again to go on",
                    outcome.slides.size(), request.slides.size()));
  for (const auto& [id, place] : outcome.cut_off)
    print_error(fmt::format("{}: not finished; its earlier report is in {}", id, place.string()));
  return outcome.exit_code();
}

}  // namespace

void add_analyze_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<AnalyzeArguments>();
  auto* command = app.add_subcommand("analyze", description_of("analyze"));
  command->add_option("slides", arguments->slides, "Slides or plain images");
  command->add_option("--manifest", arguments->manifest,
                      "CSV with slide and, if needed, id, case, specimen, mpp");
  command->add_option("--model", arguments->model, "Model file, or a shipped model's name")
      ->required();
  command->add_option("--specimen", arguments->specimen, "pb (blood) or bm (marrow)");
  command->add_option("--labs", arguments->labs, "CSV of laboratory values by case");
  command->add_option("--config", arguments->config,
                      "TOML with settings that differ from the defaults");
  command->add_option("--set", arguments->settings, "key=value, e.g. slide.mpp=0.25")
      ->allow_extra_args(false);
  command->add_option("--out", arguments->out, "Folder for the reports")->capture_default_str();
  command->add_option("--device", arguments->device, "auto, cpu, cuda or cuda:N");
  command
      ->add_option("--appearance", arguments->appearance,
                   "none or lab: map of colours ahead of the network [lab]")
      ->check(CLI::IsMember(all_codes<AppearanceMap>()));
  command->add_option("--threads", arguments->threads, "Worker threads; 0 uses all cores")
      ->check(CLI::Range(0, 1024));
  command->add_flag("--overwrite", arguments->overwrite,
                    "Replace existing reports, keeping them in previous/");
  command->add_flag("--quiet", arguments->quiet, "No progress on stderr");
  command->add_flag("--json", arguments->json, "Summary as JSON on stdout");
  command->callback([arguments, &exit_code] { exit_code = run_analyze(*arguments); });
}

}  // namespace cytocape
