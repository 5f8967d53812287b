#include "pipeline/explain/explain.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <optional>

#include "io/errors.hpp"
#include "io/report.hpp"
#include "io/text.hpp"
#include "pipeline/commands/command_line.hpp"
#include "pipeline/commands/commands.hpp"
#include "pipeline/commands/manners.hpp"
#include "pipeline/commands/terminal.hpp"
#include "pipeline/explain/printed_shares.hpp"
#include "pipeline/explain/warnings.hpp"
#include "pipeline/program/interrupt.hpp"
#include "pipeline/program/model_files.hpp"
#include "pipeline/program/output.hpp"
#include "pipeline/program/provenance.hpp"
#include "pipeline/run/analyze.hpp"
#include "pipeline/wording/appearance.hpp"

namespace cytocape {
namespace {

struct ExplainArguments {
  std::string model;
  std::vector<std::string> images;
  std::optional<double> mpp;
  std::string at;
  int top = 3;
  std::string compare;
  int shifts = 1;
  bool numbers = false;
  bool one_scale = false;
  bool curves = false;
  std::string out = "cytocape-explanation";
  std::string device = "auto";
  std::string precision = "auto";
  std::string appearance = to_string(AppearanceMap::lab);
  int threads = 0;
  bool overwrite = false;
  bool json = false;
  bool quiet = false;
};

/// "a,b" as its two parts; none without exactly one comma.
std::optional<std::pair<std::string, std::string>> two_parts(const std::string& text) {
  const auto comma = text.find(',');
  if (comma == std::string::npos || text.find(',', comma + 1) != std::string::npos) return {};
  return std::pair(text.substr(0, comma), text.substr(comma + 1));
}

std::optional<ImagePoint> parse_at(const std::string& text) {
  if (text.empty()) return std::nullopt;
  if (const auto parts = two_parts(text)) {
    const auto x = parse_number(parts->first);
    const auto y = parse_number(parts->second);
    if (x && y) return ImagePoint{*x, *y};
  }
  throw ConfigError(fmt::format(
      "--at {}: expected the cell's middle in image pixels as X,Y (e.g. 180,175.5)", text));
}

std::vector<std::string> parse_compare(const std::string& text) {
  if (text.empty()) return {};
  if (const auto parts = two_parts(text)) return {parts->first, parts->second};
  throw ConfigError(
      fmt::format("--compare {}: expected two classes as A,B (e.g. monocyte,lymphocyte)", text));
}

Precision parse_precision(const std::string& name) {
  if (name == "float32") return Precision::float32;
  if (name == "bfloat16") return Precision::bfloat16;
  if (name == "half") return Precision::half;
  return Precision::automatic;
}

ExplainRequest to_request(const ExplainArguments& arguments) {
  if (!arguments.mpp)
    throw ConfigError(
        "--mpp: give the um that a pixel of the images spans (e.g. 0.1); images do not state it, "
        "and it is never guessed");
  ExplainRequest request;
  request.model = resolve_model(arguments.model, "model");
  request.images.assign(arguments.images.begin(), arguments.images.end());
  request.mpp = *arguments.mpp;
  request.at = parse_at(arguments.at);
  request.top = arguments.top;
  request.compare = parse_compare(arguments.compare);
  request.shifts = arguments.shifts;
  request.numbers = arguments.numbers;
  request.one_scale = arguments.one_scale;
  request.curves = arguments.curves;
  request.classifier.device = arguments.device;
  request.classifier.precision = parse_precision(arguments.precision);
  request.appearance = *value_named<AppearanceMap>(arguments.appearance);
  request.threads = arguments.threads;
  request.out = arguments.out;
  request.overwrite = arguments.overwrite;
  request.command = command_line();
  return request;
}

void print_image(const ExplainedModel& model, const ExplainedImage& image) {
  const auto printed = print_shares(image.cell);
  const bool calibrated = model.scales.calibrated();
  print_line(image.path.string());
  print_result("  {:<20}{:>7}{}{:>8}{:>10}{:>8}{:>15}\n", "in %", "CAPE p",
               calibrated ? "  learned" : "", "nucleus", "cytoplasm", "outside", "ordinary head");
  for (const int label : image.cell.shown) {
    const auto i = static_cast<std::size_t>(label);
    const auto& region = printed.region[i];
    print_result(
        "  {:<20}{:>7}{}{:>8}{:>10}{:>8}{:>15}\n", model.labels[i], tenths(printed.p(label)),
        calibrated ? fmt::format("{:>9.1f}", 100 * image.cell.learned_probability[i]) : "",
        tenths(region[0]), tenths(region[1]), tenths(region[2]), tenths(printed.ordinary[i]));
  }
  for (const auto& warning : warnings_of(model, image)) print_wrapped("  ! ", warning);
}

void print_for_people(const ExplainOutcome& outcome) {
  for (const auto& image : outcome.images)
    if (image.failure.empty()) print_image(outcome.model, image);
  if (outcome.model.scales.calibrated())
    print_wrapped("",
                  "CAPE p and the maps are calibrated, as counts are; \"learned\" is p before "
                  "calibration, as the published method has it.");
  if (outcome.appearance.asked != AppearanceMap::none)
    print_wrapped("", wording::appearance_sentence(outcome.appearance));
  if (!outcome.page.empty()) print_line("page: " + outcome.page.string());
  print_result("{}\n", kResearchUse);
}

int run_explain(const ExplainArguments& arguments) {
  const auto request = to_request(arguments);
  const InterruptGuard interrupt;
  const auto outcome = explain(request, interrupt.flag());
  for (const auto& image : outcome.images)
    if (!image.failure.empty()) print_error(image.failure);
  if (outcome.page.empty())
    print_error(fmt::format("no image could be explained; the earlier explanation in {} was kept",
                            request.out.string()));
  if (arguments.json)
    write_document(explanation_summary_json(outcome));
  else
    print_for_people(outcome);
  return outcome.exit_code();
}

}  // namespace

void add_explain_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<ExplainArguments>();
  auto* command = app.add_subcommand("explain", description_of("explain"));
  command->add_option("model", arguments->model, "Model file, or a shipped model's name")
      ->required();
  command->add_option("images", arguments->images, "Images of one cell each (PNG, JPEG, TIFF)")
      ->required();
  command->add_option("--mpp", arguments->mpp, "Size of an image pixel, um; required");
  command->add_option("--at", arguments->at, "X,Y: the cell's middle, px [the image's]");
  command->add_option("--top", arguments->top, "Number of classes shown")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  command->add_option("--compare", arguments->compare,
                      "A,B: the difference map's [the two likeliest]");
  command
      ->add_option("--shifts", arguments->shifts,
                   "N: a map N times finer each way, of N x N shifted views")
      ->check(CLI::Range(1, kMostShifts))
      ->capture_default_str();
  command->add_flag("--numbers", arguments->numbers, "Print each patch's number on the pictures");
  command->add_flag("--one-scale", arguments->one_scale,
                    "One scale for CAPE's maps of all images, one for differences");
  command->add_flag("--curves", arguments->curves,
                    "Insertion, deletion and ROAD of each map; slower");
  command->add_option("--out", arguments->out, "Folder for page, pictures and JSON")
      ->capture_default_str();
  command->add_option("--device", arguments->device, "auto, cpu, cuda or cuda:N")
      ->capture_default_str();
  command->add_option("--precision", arguments->precision, "auto, float32, bfloat16 or half")
      ->check(CLI::IsMember({"auto", "float32", "bfloat16", "half"}))
      ->capture_default_str();
  command
      ->add_option("--appearance", arguments->appearance,
                   "none or lab: map of the images' colours ahead of the network [lab]")
      ->check(CLI::IsMember(all_codes<AppearanceMap>()))
      ->capture_default_str();
  command->add_option("--threads", arguments->threads, "Images at once; 0 uses all cores")
      ->check(CLI::Range(0, 1024));
  command->add_flag("--overwrite", arguments->overwrite, "Replace an existing explanation");
  add_manners(*command, arguments->json, arguments->quiet);
  command->callback([arguments, &exit_code] { exit_code = run_explain(*arguments); });
}

}  // namespace cytocape
