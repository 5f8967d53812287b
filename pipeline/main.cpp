#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <exception>

#include "io/errors.hpp"
#include "io/report.hpp"
#include "models/classifier.hpp"
#include "pipeline/commands/commands.hpp"
#include "pipeline/commands/terminal.hpp"
#include "pipeline/commands/usage.hpp"
#include "pipeline/exit_code.hpp"
#include "pipeline/provenance.hpp"

namespace {

int run(int argc, char** argv) {
  using namespace cytocape;
  CLI::App app("Reads smears, classifies nucleated cells with CAPE networks, reports for CMML.\n" +
               std::string(kResearchUse));
  app.name("cytocape");
  app.set_version_flag("--version", fmt::format("cytocape {} ({})", tool_version(), tool_commit()));
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);

  int exit_code = kExitOk;
  add_analyze_command(app, exit_code);
  add_report_command(app, exit_code);
  add_train_command(app, exit_code);
  add_explain_command(app, exit_code);
  add_evaluate_command(app, exit_code);
  add_phantom_command(app, exit_code);
  add_inspect_command(app, exit_code);
  add_doctor_command(app, exit_code);
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

int main(int argc, char** argv) {
  cytocape::configure_inference_threads();
  try {
    return run(argc, argv);
  } catch (const cytocape::ConfigError& error) {
    cytocape::print_error(error.what());
    return cytocape::kExitUsage;
  } catch (const cytocape::ModelError& error) {
    cytocape::print_error(error.what());
    return cytocape::kExitUsage;
  } catch (const std::exception& error) {
    cytocape::print_error(error.what());
    return cytocape::kExitFailed;
  }
}
