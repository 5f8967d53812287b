#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "io/errors.hpp"
#include "io/text.hpp"
#include "pipeline/commands/command_line.hpp"
#include "pipeline/commands/commands.hpp"
#include "pipeline/commands/manners.hpp"
#include "pipeline/commands/terminal.hpp"
#include "pipeline/exports/export_slides.hpp"
#include "pipeline/program/exit_code.hpp"
#include "pipeline/program/output.hpp"
#include "pipeline/program/progress_line.hpp"

namespace cytocape {
namespace {

struct ExportArguments {
  std::vector<std::string> given;
  std::string to;
  std::string out;
  bool gzip = false;
  bool overwrite = false;
  bool json = false;
  bool quiet = false;
};

/// "geojson (QuPath); csv (spreadsheets, pandas, R)"
std::string format_words() {
  std::string words;
  for (const auto& format : export_formats())
    words += fmt::format("{}{} ({})", words.empty() ? "" : "; ", format.name, format.read_by);
  return words;
}

/// Empty for a format that there is.
std::string refused_format(const std::string& name) {
  if (find_export_format(name) != nullptr) return "";
  std::vector<std::string> names;
  for (const auto& format : export_formats()) names.emplace_back(format.name);
  return fmt::format("there is no format {}; there are {}", name, fmt::join(names, ", "));
}

void print_export(const SlideExport& slide) {
  if (!slide.status) return print_error(slide.why_none);
  const bool ok = slide.status == Status::ok;
  if (slide.file.empty())
    return print_error(fmt::format("{}: no file: {}{}", slide.id,
                                   ok ? "" : slide.status_words + ": ", slide.why_none));
  print_line(
      fmt::format("{}: {} (of {} located cells)", slide.id, slide.file.string(), slide.cells));
  if (!ok) print_wrapped("  ", slide.status_words);
  if (!slide.withheld.empty()) print_wrapped("  without classes: ", slide.withheld);
}

nlohmann::json export_json(const ExportOutcome& outcome) {
  const auto or_null = [](const std::string& text) {
    return text.empty() ? nlohmann::json() : nlohmann::json(text);
  };
  auto slides = nlohmann::json::array();
  for (const auto& slide : outcome.slides)
    slides.push_back(
        {{"record", slide.record.string()},
         {"id", or_null(slide.id)},
         {"status", slide.status ? nlohmann::json(to_string(*slide.status)) : nlohmann::json()},
         {"file", or_null(slide.file.string())},
         {"why_none", or_null(slide.why_none)},
         {"without_classes", or_null(slide.withheld)},
         {"cells_located", slide.file.empty() ? nlohmann::json() : nlohmann::json(slide.cells)}});
  return {{"slides", slides},
          {"cases", outcome.cases},
          {"exit_code", outcome.exit_code()},
          {"research_use", kResearchUse}};
}

ExportRequest to_request(const ExportArguments& arguments) {
  ExportRequest request;
  request.given.assign(arguments.given.begin(), arguments.given.end());
  request.format = find_export_format(arguments.to);
  request.out = arguments.out.empty() ? "cytocape-exports/" + arguments.to : arguments.out;
  // What PLACE is called is what it is.
  request.compressed = arguments.gzip || request.out.string().ends_with(
                                             std::string(request.format->extension) + ".gz");
  request.overwrite = arguments.overwrite;
  return request;
}

int run_export(const ExportArguments& arguments) {
  auto request = to_request(arguments);
  if (request.compressed && !request.format->is_text)
    throw ConfigError(
        fmt::format("--gzip: a file of {} is no text and is not compressed; leave it away, "
                    "or the .gz of --out",
                    arguments.to));
  if (arguments.gzip && request.out.filename().string().ends_with(request.format->extension))
    throw ConfigError(fmt::format("--out {}: what --gzip compresses ends in .gz; name it {}.gz",
                                  arguments.out, arguments.out));
  StageDisplay display(arguments.quiet ? ProgressForm::none : ProgressForm::text);
  display.show("looking for records");
  request.progress = [&](const std::string& id, std::uint64_t cells) {
    display.show("exporting " + shortened(id, 40), 0, 0, fmt::format("{} cells", cells));
  };
  const auto tell = [&](const SlideExport& slide) {
    if (!arguments.json || slide.file.empty()) display.make_room([&] { print_export(slide); });
  };
  const auto outcome = export_slides(request, tell);
  display.rest();
  if (arguments.json) {
    print_document(export_json(outcome));
    return outcome.exit_code();
  }
  if (outcome.cases > 0)
    print_result("{} report(s) of cases, of which there are no exports\n", outcome.cases);
  print_line(kResearchUse);
  return outcome.exit_code();
}

}  // namespace

void add_export_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<ExportArguments>();
  auto* command = app.add_subcommand("export", description_of("export"));
  command
      ->add_option(
          "records", arguments->given,
          "report.h5 of slides, their folders, or folders of reports: the --out of analyze")
      ->required();
  command->add_option("--to", arguments->to, "Format: " + format_words())
      ->required()
      ->check(CLI::Validator(std::function<std::string(std::string&)>(refused_format), ""));
  command->add_option("--out", arguments->out,
                      "Folder for the files, named by slide; or the file of one slide "
                      "[cytocape-exports/FORMAT]");
  command->add_flag(
      "--gzip", arguments->gzip,
      "Compress, for formats that are text; so does a file of --out that ends in .gz");
  command->add_flag("--overwrite", arguments->overwrite, "Replace files that are there");
  add_manners(*command, arguments->json, arguments->quiet);
  command->callback([arguments, &exit_code] { exit_code = run_export(*arguments); });
}

}  // namespace cytocape
