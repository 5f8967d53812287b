#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "io/errors.hpp"
#include "io/text.hpp"
#include "pipeline/commands/command_line.hpp"
#include "pipeline/commands/commands.hpp"
#include "pipeline/commands/terminal.hpp"
#include "pipeline/night/cohort.hpp"
#include "pipeline/program/exit_code.hpp"
#include "pipeline/program/output.hpp"

namespace cytocape {

void add_collect_command(CLI::App& app, int& exit_code) {
  auto request = std::make_shared<CollectRequest>();
  auto* command = app.add_subcommand("collect", description_of("collect"));
  command->add_option("folders", request->folders, "Folders of reports: the --out of analyze")
      ->required();
  command->add_option("--into", request->into, "Folder for the tables [the folder of reports]");
  command->add_option(
      "--reference", request->reference,
      "CSV with other counts of the slides, to compare with: slide, id or case, and "
      "reference_monocytes, reference_blast_equivalents .. in %");
  command->callback([request, &exit_code] {
    if (request->into.empty() && request->folders.size() > 1)
      throw ConfigError(
          "collect: --into is missing; name a folder for the tables of several folders");
    if (request->into.empty()) request->into = request->folders.front();
    const auto collected = collect(*request);
    for (const auto& [state, count] : collected.states)
      print_result("{:>6} {}\n", count, labels_of(state).words);
    if (collected.older > 0)
      print_result("{:>6} of them older than the last run or unlike it\n", collected.older);
    if (collected.cases > 0)
      print_result("{:>6} reports of cases, which are not listed\n", collected.cases);
    print_line("  overview: " + (request->into / "overview.html").string());
    print_line("  tables: " + (request->into / "cohort.csv").string() +
               ", cells.csv.gz, summary.json");
    if (collected.compared) {
      const auto [compared, left_out] = *collected.compared;
      print_result("  compared with {}: {} slides, {} left out: {}\n",
                   displayable(request->reference.filename().string()), compared, left_out,
                   displayable((request->into / "comparison.html").string()));
    }
    print_line(kResearchUse);
    exit_code = kExitOk;
  });
}

}  // namespace cytocape
