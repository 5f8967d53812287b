/// The program `cytocape`: runs the commands that need no network, and becomes `cytocape-engine`
/// for the others, so that only these load LibTorch.

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>
#include <string_view>

#include "pipeline/commands/command_line.hpp"
#include "pipeline/commands/commands.hpp"
#include "pipeline/commands/terminal.hpp"
#include "pipeline/program/exit_code.hpp"

namespace {

using namespace cytocape;

/// The engine stands beside this program. Returns only where it cannot be started.
int become_engine(char** argv) {
  const auto engine =
      std::filesystem::read_symlink("/proc/self/exe").replace_filename("cytocape-engine");
  ::execv(engine.c_str(), argv);
  print_error(
      fmt::format("{}: cannot be started: {}; install cytocape and cytocape-engine in one folder",
                  engine.string(), std::strerror(errno)));
  return kExitFailed;
}

void add_commands(CLI::App& app, int& exit_code) {
  // In the order of the list, which is that of --help.
  const std::map<std::string_view, void (*)(CLI::App&, int&)> own{
      {"report", add_report_command},   {"collect", add_collect_command},
      {"export", add_export_command},   {"propose", add_propose_command},
      {"phantom", add_phantom_command}, {"inspect", add_inspect_command},
      {"serve", add_serve_command},     {"review", add_review_command}};
  for (const auto& command : kCommands) {
    if (command.engine)
      app.add_subcommand(command.name, command.description);
    else
      own.at(command.name)(app, exit_code);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const auto* command = argc > 1 ? find_command(argv[1]) : nullptr;
  if (command != nullptr && command->engine) return become_engine(argv);
  return run_command_line(argc, argv, add_commands);
}
