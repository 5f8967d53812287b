#pragma once

/// What both programs' main do: read the command line, run one command, turn errors into a line and
/// an exit code.

#include <array>
#include <functional>
#include <string_view>

namespace CLI {
class App;
}

namespace cytocape {

/// A command as `cytocape --help` lists it.
struct CommandSummary {
  const char* name;
  const char* description;
  bool engine;        ///< runs a network: of the program cytocape-engine
  bool leaves_files;  ///< is for more than what it prints
};
inline constexpr std::array<CommandSummary, 14> kCommands{
    {{"analyze", "Report on one or more slides", true, true},
     {"report", "Report on a case from finished records, such as its blood's and its marrow's",
      false, true},
     {"collect", "List all slides of folders of reports: a table, its cells, a page", false, true},
     {"export", "Write cells and numbers of slides as files that other programs read", false, true},
     {"serve", "Open the review station: see, correct, verify and sign slides in a browser", false,
      true},
     {"review", "Check the reviews of a folder of reports, or name who may review them", false,
      true},
     {"propose", "Cut the cells of slides that a person should name, to teach a model", false,
      true},
     {"train", "Train a CAPE network on folders of labelled cells", true, true},
     {"adapt", "Teach a model a laboratory's own labelled cells", true, true},
     {"explain", "Show which part of a cell's image speaks for which class", true, true},
     {"evaluate", "Measure a model on labelled cells or a slide of known truth", true, true},
     {"phantom", "Draw a slide, or pictures of cells, of known truth", false, true},
     {"inspect", "Describe a slide, model or record", false, false},
     {"doctor", "List libraries, devices and models that would be used", true, false}}};

/// Null where there is no such command.
[[nodiscard]] const CommandSummary* find_command(std::string_view name);
/// Precondition: there is one.
[[nodiscard]] const char* description_of(std::string_view name);

/// Adds the program's commands to `app`; each leaves its exit code in `exit_code` when it ran.
using AddCommands = std::function<void(CLI::App& app, int& exit_code)>;

/// The whole of a main but for what the program alone does first. Never throws.
[[nodiscard]] int run_command_line(int argc, char** argv, const AddCommands& add_commands);

}  // namespace cytocape
