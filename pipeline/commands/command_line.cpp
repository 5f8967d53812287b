#include "pipeline/commands/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>

#include "io/errors.hpp"
#include "io/report.hpp"
#include "pipeline/commands/terminal.hpp"
#include "pipeline/commands/usage.hpp"
#include "pipeline/program/exit_code.hpp"
#include "pipeline/program/provenance.hpp"

namespace cytocape {
namespace {

int parse_and_run(int argc, char** argv, const AddCommands& add_commands) {
  CLI::App app("Reads smears, classifies nucleated cells with CAPE networks, reports for CMML.\n" +
               std::string(kResearchUse));
  app.name("cytocape");
  app.set_version_flag("--version", fmt::format("cytocape {} ({})", tool_version(), tool_commit()));
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);

  int exit_code = kExitOk;
  add_commands(app, exit_code);
  refuse_non_finite(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    print_error(usage_error(app, error));
    return kExitUsage;
  }
  return exit_code;
}

}  // namespace

const CommandSummary* find_command(std::string_view name) {
  const auto found = std::find_if(kCommands.begin(), kCommands.end(),
                                  [&](const auto& command) { return command.name == name; });
  return found == kCommands.end() ? nullptr : &*found;
}

const char* description_of(std::string_view name) {
  return find_command(name)->description;
}

int run_command_line(int argc, char** argv, const AddCommands& add_commands) {
  try {
    return parse_and_run(argc, argv, add_commands);
  } catch (const ConfigError& error) {
    print_error(error.what());
    return kExitUsage;
  } catch (const ModelError& error) {
    print_error(error.what());
    return kExitUsage;
  } catch (const std::exception& error) {
    print_error(error.what());
    return kExitFailed;
  }
}

}  // namespace cytocape
