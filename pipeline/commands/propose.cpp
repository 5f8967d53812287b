#include "pipeline/naming/propose.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "io/report.hpp"
#include "pipeline/commands/command_line.hpp"
#include "pipeline/commands/commands.hpp"
#include "pipeline/commands/terminal.hpp"
#include "pipeline/program/exit_code.hpp"
#include "pipeline/program/output.hpp"

namespace cytocape {

void add_propose_command(CLI::App& app, int& exit_code) {
  auto request = std::make_shared<ProposeRequest>();
  auto* command = app.add_subcommand("propose", description_of("propose"));
  command->add_option("records", request->records, "report.h5 of each slide, or their folders")
      ->required();
  command->add_option("--out", request->out, "New folder for the cells' pictures, by class")
      ->required();
  command->add_option("--each", request->each, "Cells of each class, of all slides together")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--slide", request->slide, "Where the slide lies now [as recorded]");
  command->callback([request, &exit_code] {
    const auto proposal = propose(*request);
    for (const auto& one : proposal.classes)
      print_line(
          fmt::format("{:<24}{:>5} {}", one.name, one.cells, one.cells == 1 ? "cell" : "cells"));
    print_wrapped("",
                  "Move each picture into the folder of its class, remove what cannot be "
                  "named, then:");
    print_line(fmt::format("  cytocape adapt {} {} --mpp {:.6g} --out NEW", proposal.model,
                           request->out.string(), proposal.mpp));
    print_line(kResearchUse);
    exit_code = kExitOk;
  });
}

}  // namespace cytocape
