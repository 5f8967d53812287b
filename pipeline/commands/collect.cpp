#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "io/errors.hpp"
#include "io/text.hpp"
#include "pipeline/commands/command_line.hpp"
#include "pipeline/commands/commands.hpp"
#include "pipeline/commands/manners.hpp"
#include "pipeline/commands/terminal.hpp"
#include "pipeline/night/cohort.hpp"
#include "pipeline/program/exit_code.hpp"
#include "pipeline/program/output.hpp"
#include "pipeline/program/progress_line.hpp"

namespace cytocape {
namespace {

void print_for_people(const CollectRequest& request, const Collected& collected) {
  for (const auto& [state, count] : collected.states)
    print_result("{:>6} {}\n", count, labels_of(state).words);
  if (collected.older > 0)
    print_result("{:>6} of them older than the last run or unlike it\n", collected.older);
  for (const auto& concern : collected.concerns) print_wrapped("  ", concern);
  if (collected.cases > 0)
    print_result("{:>6} reports of cases, which are not listed\n", collected.cases);
  print_line("  overview: " + (request.into / "overview.html").string());
  print_line("  tables: " + (request.into / "cohort.csv").string() +
             ", cells.csv.gz, summary.json");
  if (collected.comparison_removed)
    print_result(
        "  the comparison that was here was of earlier reports and is removed; give --reference "
        "again\n");
  if (collected.compared) {
    const auto [compared, left_out] = *collected.compared;
    print_result("  compared with {}: {} slides, {} left out: {}\n",
                 displayable(request.reference.filename().string()), compared, left_out,
                 displayable((request.into / "comparison.html").string()));
  }
  print_line(kResearchUse);
}

nlohmann::json collected_json(const CollectRequest& request, const Collected& collected) {
  auto states = nlohmann::json::object();
  for (const auto& [state, count] : collected.states) states[labels_of(state).code] = count;
  auto files = nlohmann::json::array();
  for (const auto* name : kCohortTables) files.push_back((request.into / name).string());
  nlohmann::json document{{"slides", collected.slides},
                          {"states", states},
                          {"older", collected.older},
                          {"cases", collected.cases},
                          {"in_several_folders", collected.in_several_folders},
                          {"concerns", collected.concerns},
                          {"research_use", kResearchUse}};
  if (collected.compared) {
    for (const auto* name : kComparisonTables) files.push_back((request.into / name).string());
    document["compared"] = {{"slides", collected.compared->first},
                            {"left_out", collected.compared->second}};
  }
  document["files"] = files;
  return document;
}

}  // namespace

void add_collect_command(CLI::App& app, int& exit_code) {
  struct Arguments {
    CollectRequest request;
    bool json = false;
    bool quiet = false;
  };
  auto arguments = std::make_shared<Arguments>();
  auto* command = app.add_subcommand("collect", description_of("collect"));
  command
      ->add_option("folders", arguments->request.folders,
                   "Folders of reports: the --out of analyze")
      ->required();
  command->add_option("--into", arguments->request.into,
                      "Folder for the tables [the folder of reports]");
  command->add_option(
      "--reference", arguments->request.reference,
      "CSV with other counts of the slides, to compare with: slide, id or case, and "
      "reference_monocytes, reference_blast_equivalents .. in %");
  add_manners(*command, arguments->json, arguments->quiet);
  command->callback([arguments, &exit_code] {
    auto& request = arguments->request;
    if (request.into.empty() && request.folders.size() > 1)
      throw ConfigError(
          "collect: --into is missing; name a folder for the tables of several folders");
    if (request.into.empty()) request.into = request.folders.front();
    StageDisplay display(arguments->quiet ? ProgressForm::none : ProgressForm::text);
    request.progress = [&](std::size_t done, std::size_t of) {
      display.show("reading records", done, of);
    };
    const auto collected = collect(request);
    display.rest();
    if (!collected.in_several_folders.empty())
      print_error(
          fmt::format("{} in more than one folder, a row for each: {}",
                      collected.in_several_folders.size() == 1 ? "a slide is" : "slides are",
                      fmt::join(collected.in_several_folders, ", ")));
    if (arguments->json)
      print_document(collected_json(request, collected));
    else
      print_for_people(request, collected);
    exit_code = kExitOk;
  });
}

}  // namespace cytocape
