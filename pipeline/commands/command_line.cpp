#include "pipeline/commands/command_line.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <nlohmann/json.hpp>
#include <sstream>

#include "io/errors.hpp"
#include "io/report.hpp"
#include "io/text.hpp"
#include "pipeline/commands/definitions.hpp"
#include "pipeline/commands/manners.hpp"
#include "pipeline/commands/terminal.hpp"
#include "pipeline/commands/usage.hpp"
#include "pipeline/program/exit_code.hpp"
#include "pipeline/program/output.hpp"
#include "pipeline/program/provenance.hpp"

namespace cytocape {
namespace {

enum class Leaves { nothing, files };  ///< of a command: whether it is for more than what it prints

/// `exit_code` of the work; kExitOutput where the work went well and its results did not arrive. A
/// reader that went away wanted no more (`| head`), which is no failure; where there are files,
/// they are worth a word.
int told(int exit_code, Leaves leaves) {
  const int error = result_error();
  if (error == 0 || (error == EPIPE && leaves == Leaves::nothing)) return exit_code;
  auto sentence = error == EPIPE
                      ? std::string("stdout: its reader closed it before everything was printed")
                      : fmt::format(
                            "stdout: cannot write: {}: the output there is incomplete; send it "
                            "where there is room",
                            std::strerror(error));
  if (leaves == Leaves::files) sentence += "; the files written are complete";
  print_error(sentence);
  return error == EPIPE || exit_code != kExitOk ? exit_code : kExitOutput;
}

constexpr std::size_t kDescriptionColumn = 34;  ///< of an option or command, in the help

/// The help, its long descriptions broken into lines that fit the terminal.
std::string fitted(const std::string& help) {
  const auto width = terminal_width(STDOUT_FILENO);
  std::istringstream lines(help);
  std::string text;
  for (std::string line; std::getline(lines, line);) {
    if (line.size() <= width || line.size() <= kDescriptionColumn)
      text += line + "\n";
    else
      text += wrapped(line.substr(0, kDescriptionColumn), line.substr(kDescriptionColumn), width);
  }
  return text;
}

int parse_and_run(int argc, char** argv, const AddCommands& add_commands) {
  CLI::App app("Reads blood and marrow smears, classifies nucleated cells, reports for CMML.\n" +
               std::string(kResearchUse));
  app.name("cytocape");
  app.set_version_flag("--version", fmt::format("cytocape {} ({})", tool_version(), tool_commit()));
  app.require_subcommand(1);
  app.get_formatter()->column_width(kDescriptionColumn);

  int exit_code = kExitOk;
  add_commands(app, exit_code);
  refuse_non_finite(app);
  if (argc == 2 && std::string_view(argv[1]) == "--definitions") {
    print_document(definitions_of(app));
    return told(kExitOk, Leaves::nothing);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() != 0) {
      print_error(usage_error(app, error));
      return kExitUsage;
    }
    std::ostringstream text;  // of --help or --version
    exit_code = app.exit(error, text, text);
    write_result(fitted(text.str()));
    return told(exit_code, Leaves::nothing);
  }
  const auto* command = app.get_subcommands().front();
  return told(exit_code,
              find_command(command->get_name())->leaves_files ? Leaves::files : Leaves::nothing);
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
  prepare_output();
  try {
    return parse_and_run(argc, argv, add_commands);
  } catch (const ConfigError& error) {
    print_error(error.what());
    return told(kExitUsage, Leaves::nothing);
  } catch (const ModelError& error) {
    print_error(error.what());
    return told(kExitUsage, Leaves::nothing);
  } catch (const std::exception& error) {
    print_error(error.what());
    return told(kExitFailed, Leaves::nothing);
  }
}

}  // namespace cytocape
