#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "pipeline/case/case_report.hpp"
#include "pipeline/commands/command_line.hpp"
#include "pipeline/commands/commands.hpp"
#include "pipeline/commands/manners.hpp"
#include "pipeline/commands/records.hpp"
#include "pipeline/commands/terminal.hpp"
#include "pipeline/program/exit_code.hpp"
#include "pipeline/program/output.hpp"
#include "pipeline/review/reviewed_report.hpp"
#include "pipeline/wording/differences.hpp"
#include "pipeline/wording/review.hpp"
#include "pipeline/wording/sentences.hpp"

namespace cytocape {
namespace {

/// Who answers for the counts, and what was signed before.
void print_reviews(const std::vector<SlideReport>& slides) {
  if (std::none_of(slides.begin(), slides.end(), [](const auto& slide) { return slide.review; }))
    return;
  print_line("  " + wording::review_state(slides));
  for (const auto& slide : slides) {
    if (!slide.review) continue;
    const auto first = fmt::format("  {}: ", slide.slide.id);
    auto words = fmt::format("version {}, {} of {} cells verified", slide.review->version,
                             slide.review->cells_verified, slide.review->cells_total);
    if (const auto steps = wording::review_steps(*slide.review); !steps.empty())
      words += "; " + steps;
    print_wrapped(first, words);
    for (const auto& one : wording::amendments(*slide.review)) print_wrapped(first, one);
    if (const auto changes = wording::changes(slide); !changes.empty())
      print_wrapped(first, changes);
  }
}

void print_for_people(const CaseReportOutcome& outcome) {
  print_line(fmt::format("case {}: {}", outcome.assessment.id, to_string(outcome.status)));
  print_reviews(outcome.slides);
  print_alerts(outcome.assessment);
  print_differences(plain(wording::open_differences(outcome.assessment, outcome.slides)));
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
}

nlohmann::json case_json(const CaseReportOutcome& outcome) {
  auto classifications = nlohmann::json::object();
  if (outcome.any_usable)
    for (const auto& edition : outcome.assessment.editions)
      classifications[edition.edition] = edition.code;
  const auto earlier = outcome.earlier.string();
  return {{"case", outcome.assessment.id},
          {"status", to_string(outcome.status)},
          {"folder", outcome.folder.string()},
          {"earlier", earlier.empty() ? nlohmann::json() : nlohmann::json(earlier)},
          {"classifications", classifications},
          {"alerts", outcome.assessment.alerts},
          {"exit_code", cytocape::exit_code(outcome.status)},
          {"research_use", kResearchUse}};
}

}  // namespace

void add_report_command(CLI::App& app, int& exit_code) {
  struct Arguments {
    CaseReportRequest request;
    bool review = false;
    bool json = false;
    bool quiet = false;
  };
  auto arguments = std::make_shared<Arguments>();
  auto* request = &arguments->request;
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
  command->add_flag("--review", arguments->review,
                    "Count each slide as its reviewers decided (cytocape serve)");
  add_manners(*command, arguments->json, arguments->quiet);
  command->callback([arguments, &exit_code] {
    check_record_folders(arguments->request.records);
    if (arguments->review) arguments->request.revise = revise_by_review;
    const auto outcome = report_case(arguments->request);
    if (arguments->json)
      print_document(case_json(outcome));
    else
      print_for_people(outcome);
    exit_code = cytocape::exit_code(outcome.status);
  });
}

}  // namespace cytocape
