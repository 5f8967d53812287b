/// The program `cytocape-engine`: the commands that run a network. Started by `cytocape`.

#include "models/engine/classifier.hpp"
#include "pipeline/commands/command_line.hpp"
#include "pipeline/commands/commands.hpp"

namespace {

void add_commands(CLI::App& app, int& exit_code) {
  cytocape::add_analyze_command(app, exit_code);
  cytocape::add_train_command(app, exit_code);
  cytocape::add_adapt_command(app, exit_code);
  cytocape::add_explain_command(app, exit_code);
  cytocape::add_evaluate_command(app, exit_code);
  cytocape::add_doctor_command(app, exit_code);
}

}  // namespace

int main(int argc, char** argv) {
  cytocape::configure_inference_threads();
  return cytocape::run_command_line(argc, argv, add_commands);
}
