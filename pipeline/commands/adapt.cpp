#include "pipeline/adaptation/adapt.hpp"

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

namespace cytocape {
namespace {

struct AdaptArguments {
  std::string model;
  std::string data;
  std::string out;
  std::string groups;
  std::string bank;
  std::string other;
  std::string site;
  std::string reviewer;
  std::string appearance = "lab";
  std::vector<std::string> classes;
  double mpp = 0;
  double other_mpp = 0;
  double penalty = AdaptRequest{}.penalty;
  int folds = AdaptRequest{}.folds;
  int threads = 0;
  bool force = false;
  bool quiet = false;
  bool json = false;
};

AdaptRequest to_adapt_request(const AdaptArguments& arguments) {
  AdaptRequest request;
  request.model = resolve_model(arguments.model, "model");
  request.data = arguments.data;
  request.mpp = arguments.mpp;
  request.classes = arguments.classes;
  request.groups = arguments.groups;
  if (!arguments.bank.empty()) request.bank = resolve_model(arguments.bank, "--bank");
  request.other = arguments.other;
  request.other_mpp = arguments.other_mpp > 0 ? arguments.other_mpp : arguments.mpp;
  request.site = arguments.site;
  request.reviewer = arguments.reviewer;
  request.appearance = *value_named<AppearanceMap>(arguments.appearance);
  request.penalty = arguments.penalty;
  request.folds = arguments.folds;
  request.threads = arguments.threads;
  request.force = arguments.force;
  request.out = arguments.out;
  request.command = command_line();
  return request;
}

int run_adapt(const AdaptArguments& arguments) {
  const auto request = to_adapt_request(arguments);
  const InterruptGuard interrupt;
  StageDisplay display(arguments.quiet ? ProgressForm::none : ProgressForm::text);
  display.show("reading the model and the list of cells");
  const auto report = adapt_site(
      request,
      [&](const char* stage, std::size_t done, std::size_t total) {
        display.show(stage, done, total);
      },
      interrupt.flag());
  display.rest();
  if (!report) {
    print_error("interrupted; nothing was written");
    return interrupted_exit_code();
  }
  if (arguments.json)
    write_document(adapt_json(*report));
  else
    write_result(adapt_text(*report));
  if (!is_quiet()) print_message("{}\n", (request.out / "adapt.html").string());
  return kExitOk;
}

}  // namespace

void add_adapt_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<AdaptArguments>();
  auto* command = app.add_subcommand("adapt", description_of("adapt"));
  command->add_option("model", arguments->model, "Model file, or a shipped model's name")
      ->required();
  command->add_option("data", arguments->data, "Folder with a folder of cells for each class")
      ->required();
  command->add_option("--mpp", arguments->mpp, "Pixel size of the cells' images, um")
      ->required()
      ->check(CLI::Range(0.001, 100.0));
  command->add_option("--out", arguments->out, "New folder for the model and its page")->required();
  command->add_option("--site", arguments->site, "The laboratory's name, for the model's card")
      ->required();
  command->add_option("--reviewer", arguments->reviewer, "Who labelled the cells");
  command
      ->add_option("--class", arguments->classes,
                   "folder=class: what a folder means whose name is no class; several with commas "
                   "between where the folder does not tell them apart, none to leave it out")
      ->allow_extra_args(false);
  command->add_option("--groups", arguments->groups,
                      "CSV with columns file (class/name) and group (slide or case) "
                      "[groups.csv in the folder, else by the images' names]");
  command->add_option("--bank", arguments->bank,
                      "Model of the same network whose remembered cells are used [the model]");
  command->add_option("--other", arguments->other,
                      "Class folders of another specimen, which must stay strange");
  command->add_option("--other-mpp", arguments->other_mpp, "Their pixel size, um [--mpp]")
      ->check(CLI::Range(0.001, 100.0));
  command
      ->add_option("--appearance", arguments->appearance,
                   "none or lab: map of colours ahead of the network [lab]")
      ->check(CLI::IsMember(all_codes<AppearanceMap>()));
  command
      ->add_option("--penalty", arguments->penalty,
                   "How strongly the model is held near what it was [0.5]")
      ->check(CLI::Range(1e-4, 1e4));
  command->add_option("--folds", arguments->folds, "Of the cross-validation [5]")
      ->check(CLI::Range(2, 50));
  command->add_option("--threads", arguments->threads, "Worker threads; 0 uses all cores")
      ->check(CLI::Range(0, 1024));
  command->add_flag("--force", arguments->force,
                    "Write the model although it lost something that it knew");
  add_manners(*command, arguments->json, arguments->quiet);
  command->callback([arguments, &exit_code] { exit_code = run_adapt(*arguments); });
}

}  // namespace cytocape
