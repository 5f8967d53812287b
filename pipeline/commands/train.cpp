#include "models/training/train.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "io/errors.hpp"
#include "models/data/train_table.hpp"
#include "pipeline/commands/command_line.hpp"
#include "pipeline/commands/commands.hpp"
#include "pipeline/commands/manners.hpp"
#include "pipeline/commands/terminal.hpp"
#include "pipeline/commands/train_sources.hpp"
#include "pipeline/pages/training_curves.hpp"
#include "pipeline/program/exit_code.hpp"
#include "pipeline/program/interrupt.hpp"
#include "pipeline/program/output.hpp"
#include "pipeline/program/progress_line.hpp"
#include "pipeline/program/provenance.hpp"
#include "pipeline/settings/taxonomy.hpp"
#include "pipeline/settings/toml_reader.hpp"
#include "pipeline/wording/appearance.hpp"

namespace cytocape {
namespace {

struct TrainArguments {
  std::string config;
  std::vector<std::string> data;
  std::string pretrained;
  std::string start;
  std::vector<std::string> finish;
  bool mean = false;
  std::string figures_from;
  std::string never_seen;
  std::vector<std::string> teachers;
  std::string device = "cpu";
  std::string out;
  std::vector<std::string> settings;
  int threads = 0;
  bool quiet = false;
  bool json = false;
};

/// Of the keys that are not in the table of options.
constexpr const char* kOtherDefaults =
    "specimens = []\n"
    "card.source_name = \"\"\ncard.source_citation = \"\"\ncard.source_licence = \"\"\n";

/// Reads one option of the table.
struct OptionReader {
  TomlReader& reader;
  const std::string& key;
  TrainOptions& options;

  void operator()(const NumberOption& kind) const {
    kind.place.in(options) = reader.number(key, {kind.low, kind.high});
  }
  void operator()(const WholeOption& kind) const {
    const NumberRange range{static_cast<double>(kind.low), static_cast<double>(kind.high)};
    kind.place.in(options) = static_cast<int>(reader.integer(key, range));
  }
  void operator()(const SeedOption& kind) const {
    kind.place.in(options) = static_cast<std::uint64_t>(reader.integer(key, {.low = 0}));
  }
  void operator()(const FlagOption& kind) const { kind.place.in(options) = reader.boolean(key); }
  void operator()(const ChoiceOption& kind) const {
    kind.place.in(options) = reader.choice(key, kind.known);
  }
  void operator()(const TextOption& kind) const { kind.place.in(options) = reader.text(key); }
};

/// Folders that name one class of the taxonomy twice, such as erythroblast and normoblast.
std::vector<std::string> alias_faults(const std::vector<std::string>& names) {
  std::vector<std::string> faults;
  std::map<std::string, std::string> seen;
  for (const std::string& name : names) {
    const auto* known = find_cell_class(name);
    if (known == nullptr) continue;
    const auto [at, is_new] = seen.emplace(known->code, name);
    if (is_new) continue;
    faults.push_back(
        fmt::format("folders {} and {} are both class {}: join them", at->second, name, at->first));
  }
  return faults;
}

void notice(const std::string& sentence) {
  if (!is_quiet()) print_error("note: " + sentence);
}

/// A model of classes that no slide's report can name is worth having, and surprises later.
void tell_unknown_classes(const std::vector<std::string>& names) {
  std::vector<std::string> unknown;
  std::copy_if(names.begin(), names.end(), std::back_inserter(unknown),
               [](const auto& name) { return find_cell_class(name) == nullptr; });
  if (unknown.empty()) return;
  notice(
      fmt::format("configs/taxonomy.toml does not know {}: analyze will refuse the model until "
                  "it does",
                  fmt::join(unknown, ", ")));
}

std::vector<Specimen> read_specimens(TomlReader& reader) {
  std::vector<Specimen> specimens;
  for (const auto& code : reader.texts("specimens")) {
    const auto specimen = value_named<Specimen>(code);
    if (!specimen)
      throw ConfigError(fmt::format("specimens holds \"{}\": give \"pb\", \"bm\" or both", code));
    specimens.push_back(*specimen);
  }
  return specimens;
}

TrainOptions read_options(const TrainArguments& arguments) {
  TomlReader reader;
  reader.add(train_defaults_toml() + kOtherDefaults, "defaults of train");
  reader.add_file(arguments.config);
  for (const auto& setting : arguments.settings) reader.add_assignment(setting);
  TrainOptions options;
  for (const TrainOption& option : train_option_table())
    std::visit(OptionReader{reader, option.key, options}, option.kind);
  options.specimens = read_specimens(reader);
  options.sources = {{.name = reader.text("card.source_name"),
                      .citation = reader.text("card.source_citation"),
                      .licence = reader.text("card.source_licence")}};
  options.data_sources = read_sources(reader, arguments.data);
  reader.refuse_unread();
  options.config_toml = reader.in_force();
  if (options.data_sources.empty()) options.data = arguments.data.front();
  const auto names = class_names_of(options);
  options.faults = alias_faults(names);
  if (options.faults.empty()) tell_unknown_classes(names);
  options.notice = notice;
  options.draw_history = curves_html;
  options.pretrained = arguments.pretrained;
  options.start = arguments.start;
  options.finish.assign(arguments.finish.begin(), arguments.finish.end());
  options.mean = arguments.mean;
  options.figures_from = arguments.figures_from;
  if (!arguments.never_seen.empty()) options.never_seen = read_never_seen(arguments.never_seen);
  options.device = arguments.device;
  options.teachers.assign(arguments.teachers.begin(), arguments.teachers.end());
  options.threads = arguments.threads;
  options.tool_version = tool_version();
  return options;
}

std::string time_left(double seconds) {
  const auto whole = static_cast<long>(seconds);
  return whole < 60 ? fmt::format("{} s", whole)
                    : fmt::format("{} min {:02} s", whole / 60, whole % 60);
}

/// A line an epoch, and between them how far it is.
class TrainDisplay {
 public:
  explicit TrainDisplay(bool quiet)
      : quiet_(quiet), display_(quiet ? ProgressForm::none : ProgressForm::text) {
    display_.show("reading the training images");
  }

  void show(const EpochReport& report) {
    if (quiet_) return;
    const auto step = static_cast<std::size_t>(report.step);
    const auto steps = static_cast<std::size_t>(report.steps);
    if (report.ended) {
      display_.make_room([&] {
        print_progress("{}\n", epoch_line(report));
        tell_waited(report);
      });
      display_.show(report.epoch == report.epochs ? "finishing the model" : "reading images");
    } else if (report.counts_images) {
      display_.show("reading the training images", step, steps);
    } else if (step == steps) {
      display_.show("validating");
    } else {
      display_.show(
          fmt::format("epoch {}/{}  step", report.epoch, report.epochs), step, steps,
          fmt::format("loss {:.4f}  {} left", report.loss, time_left(report.seconds_left)));
    }
  }
  void rest() { display_.rest(); }

 private:
  static std::string epoch_line(const EpochReport& report) {
    std::string line =
        fmt::format("epoch {}/{}  loss {:.3f}", report.epoch, report.epochs, report.loss);
    if (const auto& figures = report.validation) {
      line += fmt::format("  validation {:.3f}: {:.1f} %, moved {:.1f} %", figures->loss,
                          100 * figures->accuracy, 100 * figures->accuracy_moved);
    }
    if (report.seconds_left > 0) line += fmt::format("  {} left", time_left(report.seconds_left));
    return line;
  }

  static void tell_waited(const EpochReport& report) {
    constexpr double kMuch = 0.1;
    if (report.waited < kMuch) return;
    print_progress("  the network waited {:.0f} % of this epoch for images: give more --threads\n",
                   100 * report.waited);
  }

  bool quiet_;
  StageDisplay display_;
};

void print_summary(const ModelCard& card, const TrainArguments& arguments) {
  print_result(
      "{}/model.safetensors{}\n", arguments.out,
      card.kept_epoch > 0 ? fmt::format(": the weights of epoch {}", card.kept_epoch) : "");
  if (!card.figures_of.empty())
    print_result("the figures below are those of {}\n", card.figures_of);
  print_result("validation, CAPE: accuracy {:.2f} %, cells moved {:.2f} %, macro F1 {:.3f}\n",
               100 * card.validation_accuracy, 100 * card.validation_accuracy_moved,
               card.validation_macro_f1);
  print_result("calibration: ECE {:.3f} (before {:.3f}), negative log likelihood {:.3f} ({:.3f})\n",
               card.validation_ece, card.validation_ece_uncalibrated, card.validation_nll,
               card.validation_nll_uncalibrated);
  for (const auto& one : card.never_seen)
    print_result("laboratory {}, never seen: {:.1f} % right over groups, {} images; ECE {:.3f}\n",
                 one.name, 100 * one.group_accuracy, one.images, one.ece);
  print_result("unidentified below {:.3f}\n", card.unidentified_below);
  if (card.strange_above > 0) {
    print_result(
        "strange above {:.2f}; a slide with over {:.0f} % strange cells is not for this model\n",
        card.strange_above, 100 * card.strange_share_limit);
  }
  if (card.appearance)
    print_result("training cells, mean (deviation): {}\n",
                 wording::lab_figures(card.appearance->lab));
  print_result("validation, ordinary head: accuracy {:.2f} %\n",
               100 * card.validation_accuracy_ordinary);
  for (const auto& figures : card.classes) {
    print_result("  {:<22} recall {:.3f}  precision {:.3f}  ({} training, {} validation images)\n",
                 figures.name, figures.recall, figures.precision, figures.train_images,
                 figures.validation_images);
  }
}

int run_train(const TrainArguments& arguments) {
  const TrainOptions options = read_options(arguments);
  const InterruptGuard interrupt;
  TrainDisplay display(arguments.quiet);
  const ModelCard card = train_model(
      options, arguments.out, [&](const EpochReport& report) { display.show(report); },
      [&] { return interrupt.flag().load(); });
  display.rest();
  if (card.name.empty()) {
    const auto checkpoint = std::filesystem::path(arguments.out) / "checkpoint.safetensors";
    const bool kept = std::filesystem::exists(checkpoint);
    print_error(
        fmt::format("interrupted; {}: run the same command again to {}",
                    kept ? "the state is in " + checkpoint.string() : "no model was written",
                    kept ? "go on" : "start over"));
    return interrupted_exit_code();
  }
  if (arguments.json)
    print_document({{"model", arguments.out + "/model.safetensors"},
                    {"card", nlohmann::json::parse(to_json(card))}});
  else
    print_summary(card, arguments);
  return kExitOk;
}

}  // namespace

void add_train_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<TrainArguments>();
  auto* command = app.add_subcommand("train", description_of("train"));
  command->add_option("--config", arguments->config, "TOML, e.g. configs/train-pb.toml")
      ->required();
  command
      ->add_option("--data", arguments->data,
                   "Folder with a folder of images for each class; of several laboratories "
                   "NAME=FOLDER:mpp each, or the folder in which the configuration's sources lie")
      ->required()
      ->allow_extra_args(false);
  command->add_option("--pretrained", arguments->pretrained,
                      "Backbone weights (.safetensors) to start from");
  command->add_option("--start", arguments->start,
                      "Model to which scheme \"pf\" gives a CAPE head");
  command
      ->add_option("--finish", arguments->finish,
                   "Measure this model anew without training; repeat to join several")
      ->allow_extra_args(false);
  command->add_flag("--mean", arguments->mean,
                    "Of several --finish, such as the rounds of a training, keep the mean of the "
                    "weights in place of joining them");
  command
      ->add_option("--teacher", arguments->teachers,
                   "Model to learn from as well; repeat for several")
      ->allow_extra_args(false);
  command->add_option("--figures-from", arguments->figures_from,
                      "Model trained on a split, for data.validation_share=0");
  command->add_option(
      "--never-seen", arguments->never_seen,
      "table.json of script/leave-one-laboratory-out: its figures go into the card, "
      "its calibration in place of the split's");
  command->add_option("--device", arguments->device, "cpu, cuda or cuda:N");
  command->add_option("--out", arguments->out, "Folder for the model and its figures")->required();
  command->add_option("--set", arguments->settings, "key=value, e.g. optimiser.epochs=30")
      ->allow_extra_args(false);
  command->add_option("--threads", arguments->threads, "Worker threads; 0 uses all cores")
      ->check(CLI::Range(0, 1024));
  add_manners(*command, arguments->json, arguments->quiet);
  command->callback([arguments, &exit_code] { exit_code = run_train(*arguments); });
}

}  // namespace cytocape
