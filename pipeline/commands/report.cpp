#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "pipeline/case/case_report.hpp"
#include "pipeline/commands/command_line.hpp"
#include "pipeline/commands/commands.hpp"
#include "pipeline/commands/terminal.hpp"
#include "pipeline/program/exit_code.hpp"
#include "pipeline/program/output.hpp"
#include "pipeline/wording/sentences.hpp"

namespace cytocape {

void add_report_command(CLI::App& app, int& exit_code) {
  auto request = std::make_shared<CaseReportRequest>();
  request->out = "cytocape-cases";
  auto* command = app.add_subcommand("report", description_of("report"));
  command->add_option("records", request->records, "report.h5 of each slide, or their folders")
      ->required();
  command->add_option("--labs", request->labs,
                      "CSV of laboratory values by case [those in the records]");
  command->add_option("--case", request->case_id, "Case of the slides [as recorded]");
  command->add_option("--out", request->out, "Folder for the reports, one folder a case")
      ->capture_default_str();
  command->add_flag("--overwrite", request->overwrite,
                    "Replace an existing report, keeping it in previous/");
  command->callback([request, &exit_code] {
    const auto outcome = report_case(*request);
    print_line(fmt::format("case {}: {}", outcome.assessment.id, to_string(outcome.status)));
    print_alerts(outcome.assessment);
    if (outcome.any_usable) {
      print_editions(outcome.assessment);
      for (const auto& hint : wording::distinct_hints(outcome.assessment.editions))
        print_wrapped("  to consider: ", hint);
    } else {
      print_result("  no classification: no slide is ok\n");
    }
    print_line("  report: " + (outcome.folder / "report.html").string());
    if (!outcome.earlier.empty())
      print_line("  the earlier report is now in " + outcome.earlier.string());
    print_line(kResearchUse);
    exit_code = cytocape::exit_code(outcome.status);
  });
}

}  // namespace cytocape
