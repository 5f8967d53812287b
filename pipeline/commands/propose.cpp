#include "pipeline/naming/propose.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "io/report.hpp"
#include "pipeline/commands/command_line.hpp"
#include "pipeline/commands/commands.hpp"
#include "pipeline/commands/manners.hpp"
#include "pipeline/commands/records.hpp"
#include "pipeline/commands/terminal.hpp"
#include "pipeline/program/exit_code.hpp"
#include "pipeline/program/output.hpp"

namespace cytocape {
namespace {

void print_for_people(const ProposeRequest& request, const Proposal& proposal) {
  for (const auto& one : proposal.classes)
    print_line(
        fmt::format("{:<24}{:>5} {}", one.name, one.cells, one.cells == 1 ? "cell" : "cells"));
  print_wrapped("",
                "Move each picture into the folder of its class, remove what cannot be "
                "named, then:");
  print_line(fmt::format("  cytocape adapt {} {} --mpp {:.6g} --out NEW", proposal.model,
                         request.out.string(), proposal.mpp));
  print_line(kResearchUse);
}

nlohmann::json proposal_json(const ProposeRequest& request, const Proposal& proposal) {
  auto cells = nlohmann::json::object();
  for (const auto& one : proposal.classes) cells[one.name] = one.cells;
  return {{"folder", request.out.string()},
          {"cells", cells},
          {"model", proposal.model},
          {"mpp_um_px", proposal.mpp},
          {"research_use", kResearchUse}};
}

}  // namespace

void add_propose_command(CLI::App& app, int& exit_code) {
  struct Arguments {
    ProposeRequest request;
    bool json = false;
    bool quiet = false;
  };
  auto arguments = std::make_shared<Arguments>();
  auto* request = &arguments->request;
  auto* command = app.add_subcommand("propose", description_of("propose"));
  command->add_option("records", request->records, "report.h5 of each slide, or their folders")
      ->required();
  command->add_option("--out", request->out, "New folder for the cells' pictures, by class")
      ->required();
  command->add_option("--each", request->each, "Cells of each class, of all slides together")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--slide", request->slide, "Where the slide lies now [as recorded]");
  add_manners(*command, arguments->json, arguments->quiet);
  command->callback([arguments, &exit_code] {
    check_record_folders(arguments->request.records);
    const auto proposal = propose(arguments->request);
    if (arguments->json)
      print_document(proposal_json(arguments->request, proposal));
    else
      print_for_people(arguments->request, proposal);
    exit_code = kExitOk;
  });
}

}  // namespace cytocape
