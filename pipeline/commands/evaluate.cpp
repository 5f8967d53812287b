#include "pipeline/evaluation/evaluate.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "io/errors.hpp"
#include "pipeline/commands/command_line.hpp"
#include "pipeline/commands/commands.hpp"
#include "pipeline/commands/manners.hpp"
#include "pipeline/commands/terminal.hpp"
#include "pipeline/program/exit_code.hpp"
#include "pipeline/program/interrupt.hpp"
#include "pipeline/program/model_files.hpp"
#include "pipeline/program/output.hpp"
#include "pipeline/program/progress_line.hpp"
#include "pipeline/program/provenance.hpp"
#include "pipeline/run/analyze.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

struct EvaluateArguments {
  std::string model;
  std::string data;
  std::string out = "cytocape-evaluation";
  std::string list;
  std::string against;
  std::string specimen;
  std::string device;
  std::string precision;
  std::string appearance;
  std::vector<std::string> renamed;
  double mpp = 0;
  int batch = 0;
  int threads = -1;
  int explain_images = 0;
  bool no_explanations = false;
  bool curves = false;
  bool overwrite = false;
  bool quiet = false;
  bool json = false;
};

std::map<std::string, std::string> parse_renamed(const std::vector<std::string>& texts) {
  std::map<std::string, std::string> renamed;
  for (const auto& text : texts) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
      throw ConfigError(
          fmt::format("--map {}: expected class of the data=class of the model, e.g. "
                      "atypical_lymphocyte=lymphocyte",
                      text));
    const auto [place, fresh] = renamed.emplace(text.substr(0, equals), text.substr(equals + 1));
    if (!fresh)
      throw ConfigError(
          fmt::format("--map {}: {} is mapped already, to {}", text, place->first, place->second));
  }
  return renamed;
}

EvaluateRequest to_request(const EvaluateArguments& arguments) {
  std::vector<std::string> settings;
  if (!arguments.device.empty()) settings.push_back("run.device=\"" + arguments.device + "\"");
  if (!arguments.precision.empty())
    settings.push_back("run.precision=\"" + arguments.precision + "\"");
  if (!arguments.appearance.empty())
    settings.push_back("appearance.map=\"" + arguments.appearance + "\"");
  if (arguments.batch > 0)
    settings.push_back(fmt::format("classify.batch_cells={}", arguments.batch));
  if (arguments.threads >= 0) settings.push_back(fmt::format("run.threads={}", arguments.threads));
  EvaluateRequest request;
  request.data = arguments.data;
  if (arguments.mpp > 0 && !fs::is_directory(request.data))
    settings.push_back(fmt::format("slide.mpp={}", arguments.mpp));
  request.model = resolve_model(arguments.model, "model");
  request.mpp = arguments.mpp;
  request.list = arguments.list;
  if (!arguments.against.empty()) request.against = resolve_model(arguments.against, "--against");
  request.renamed = parse_renamed(arguments.renamed);
  request.explanations = !arguments.no_explanations;
  if (arguments.explain_images > 0)
    request.explain_images = static_cast<std::size_t>(arguments.explain_images);
  request.curves = arguments.curves;
  request.specimen = parse_specimen(arguments.specimen);
  request.config = load_analyze_config("", settings);
  request.out = arguments.out;
  request.overwrite = arguments.overwrite;
  request.quiet = arguments.quiet;
  request.command = command_line();
  return request;
}

void check_output(const EvaluateRequest& request) {
  const auto earlier = request.out / "evaluation.json";
  if (!request.overwrite && fs::exists(earlier))
    throw ConfigError(
        fmt::format("{}: an evaluation exists already; add --overwrite to replace it or choose "
                    "another --out",
                    earlier.string()));
  std::error_code error;
  fs::create_directories(request.out, error);
  if (error)
    throw ConfigError(
        fmt::format("--out {}: cannot be created: {}", request.out.string(), error.message()));
}

/// An option that would have no effect is a misunderstanding.
void check_kind(const EvaluateArguments& arguments) {
  if (!fs::exists(arguments.data))
    throw ConfigError(fmt::format("{}: no such folder or slide", arguments.data));
  if (arguments.curves && arguments.no_explanations)
    throw ConfigError("--curves measures maps, and --no-explanations leaves them out: give one");
  if (fs::is_directory(arguments.data)) {
    if (!arguments.specimen.empty())
      throw ConfigError("--specimen is for slides, and " + arguments.data + " is a folder");
    return;
  }
  if (!arguments.list.empty() || !arguments.against.empty() || arguments.no_explanations ||
      arguments.curves || arguments.explain_images > 0)
    throw ConfigError(
        "--list, --against, --no-explanations, --curves and --explain-images are for folders of "
        "images, and " +
        arguments.data + " is a file");
}

int run_evaluate(const EvaluateArguments& arguments) {
  check_kind(arguments);
  const auto request = to_request(arguments);
  check_output(request);
  const InterruptGuard interrupt;
  StageDisplay display(request.quiet ? ProgressForm::none : ProgressForm::text);
  display.show("loading the model");
  const auto evaluation = fs::is_directory(request.data)
                              ? evaluate_folder(
                                    request,
                                    [&](const char* stage, std::size_t done, std::size_t total) {
                                      display.show(stage, done, total);
                                    },
                                    interrupt.flag())
                              : evaluate_slide(request, interrupt.flag());
  display.rest();
  if (!evaluation) {
    print_error("interrupted; nothing was written");
    return interrupted_exit_code();
  }
  write_evaluation(*evaluation, request.out);
  if (arguments.json)
    write_document(evaluation_json(*evaluation));
  else
    write_result(evaluation_text(*evaluation));
  if (!is_quiet()) print_message("{}\n", (request.out / "evaluation.html").string());
  const bool failed = evaluation->slide && evaluation->slide->status == Status::failed;
  return failed ? kExitFailed : kExitOk;
}

}  // namespace

void add_evaluate_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<EvaluateArguments>();
  auto* command = app.add_subcommand("evaluate", description_of("evaluate"));
  command->add_option("model", arguments->model, "Model file, or a shipped model's name")
      ->required();
  command->add_option("data", arguments->data, "Folder of class folders, or slide with truth")
      ->required();
  command->add_option("--mpp", arguments->mpp, "Pixel size of a folder's images, um")
      ->check(CLI::Range(0.001, 100.0));
  command->add_option("--list", arguments->list, "File of images to use, class/name per line");
  command->add_option("--against", arguments->against,
                      "A second model on the same images: who is right more often");
  command->add_option("--map", arguments->renamed, "from=to: a class of the data as the model's")
      ->allow_extra_args(false);
  command->add_option("--out", arguments->out, "Folder for the results")->capture_default_str();
  command->add_flag("--no-explanations", arguments->no_explanations,
                    "Do not measure the maps; much faster");
  command->add_flag("--curves", arguments->curves,
                    "Insertion, deletion and ROAD of the maps, too; ten times slower");
  command
      ->add_option("--explain-images", arguments->explain_images,
                   "Measure the maps on so many images [all]")
      ->check(CLI::Range(1, 100000000));
  command->add_option("--specimen", arguments->specimen,
                      "Slide's specimen: pb or bm [the model's]");
  command->add_option("--device", arguments->device, "auto, cpu, cuda or cuda:N");
  command->add_option("--precision", arguments->precision, "auto, float32, bfloat16 or half")
      ->check(CLI::IsMember({"auto", "float32", "bfloat16", "half"}));
  command
      ->add_option("--appearance", arguments->appearance,
                   "none or lab: map of colours ahead of the network [lab]")
      ->check(CLI::IsMember(all_codes<AppearanceMap>()));
  command->add_option("--batch", arguments->batch, "Crops per call of the network [32]")
      ->check(CLI::Range(1, 4096));
  command->add_option("--threads", arguments->threads, "Worker threads; 0 uses all cores")
      ->check(CLI::Range(0, 1024));
  command->add_flag("--overwrite", arguments->overwrite, "Replace an existing evaluation");
  add_manners(*command, arguments->json, arguments->quiet);
  command->callback([arguments, &exit_code] { exit_code = run_evaluate(*arguments); });
}

}  // namespace cytocape
