#include "pipeline/run/analyze.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "io/errors.hpp"
#include "io/text.hpp"
#include "pipeline/commands/command_line.hpp"
#include "pipeline/commands/commands.hpp"
#include "pipeline/commands/manners.hpp"
#include "pipeline/commands/terminal.hpp"
#include "pipeline/night/comparison.hpp"
#include "pipeline/night/slide_names.hpp"
#include "pipeline/program/exit_code.hpp"
#include "pipeline/program/interrupt.hpp"
#include "pipeline/program/model_files.hpp"
#include "pipeline/program/output.hpp"
#include "pipeline/program/output_folder.hpp"
#include "pipeline/program/progress_line.hpp"
#include "pipeline/program/provenance.hpp"
#include "pipeline/run/run_keeper.hpp"
#include "pipeline/run/watch.hpp"
#include "pipeline/settings/clinical_order.hpp"
#include "pipeline/settings/site_files.hpp"
#include "pipeline/wording/sentences.hpp"

namespace cytocape {
namespace {

struct AnalyzeArguments {
  std::vector<std::string> slides;
  std::string manifest;
  std::string watch;
  std::string shard;
  std::string model;
  std::string specimen;
  std::string labs;
  std::string config;
  std::vector<std::string> settings;
  std::string out = "cytocape-out";
  std::string device;
  std::string appearance;
  int threads = -1;
  std::string log_format = "text";
  bool overwrite = false;
  bool anew = false;
  bool quiet = false;
  bool json = false;
};

void say(const AnalyzeArguments& arguments, const std::string& text) {
  if (arguments.log_format == "json")
    print_message("{}\n", nlohmann::json{{"event", "message"}, {"text", valid_utf8(text)}}.dump());
  else
    print_error(text);
}

/// Slides of the manifest first, each with a name of its own.
std::vector<GivenSlide> slides_of(const AnalyzeArguments& arguments, const AnalyzeConfig& config) {
  SlideList list;
  if (!arguments.manifest.empty()) list.slides = read_manifest(arguments.manifest);
  auto found = find_slides({arguments.slides.begin(), arguments.slides.end()},
                           {.out = arguments.out, .pictures = config.mpp.has_value()});
  for (auto& slide : found.slides) list.slides.push_back(std::move(slide));
  list.notes = std::move(found.notes);
  StageDisplay display(arguments.quiet                  ? ProgressForm::none
                       : arguments.log_format == "json" ? ProgressForm::json
                                                        : ProgressForm::text);
  display.show("reading what earlier runs did");
  auto earlier = earlier_names(arguments.out);
  earlier.reading = [&](const std::filesystem::path& slide) {
    display.show("reading " + shortened(slide.filename().string(), 40) +
                 ", which may have been moved here");
  };
  settle_names(list, earlier);
  add_gone(list, {arguments.slides.begin(), arguments.slides.end()}, earlier, arguments.out);
  display.rest();
  for (const auto& note : list.notes)
    if (!arguments.quiet) say(arguments, note);
  return std::move(list.slides);
}

void keep_shard(const Shard& shard, AnalyzeRequest& request) {
  const auto others =
      std::stable_partition(request.slides.begin(), request.slides.end(),
                            [&](const GivenSlide& slide) { return is_in(shard, slide); });
  request.of_other_shards.assign(std::make_move_iterator(others),
                                 std::make_move_iterator(request.slides.end()));
  request.slides.erase(others, request.slides.end());
}

/// Where a shard has none: nothing is wrong with it.
AnalyzeOutcome analyze_or_nothing(const AnalyzeRequest& request, const std::atomic<bool>& stop) {
  if (!request.slides.empty() || request.of_other_shards.empty()) return analyze(request, stop);
  check_output_folder(request.out);
  return {};
}

AnalyzeRequest to_request(const AnalyzeArguments& arguments) {
  auto settings = arguments.settings;
  if (!arguments.device.empty()) settings.push_back("run.device=\"" + arguments.device + "\"");
  if (!arguments.appearance.empty())
    settings.push_back("appearance.map=\"" + arguments.appearance + "\"");
  if (arguments.threads >= 0) settings.push_back(fmt::format("run.threads={}", arguments.threads));
  AnalyzeRequest request;
  request.model = resolve_model(arguments.model);
  request.specimen = parse_specimen(arguments.specimen);
  request.labs = arguments.labs;
  if (!arguments.manifest.empty() && has_reference_counts(arguments.manifest))
    request.reference = arguments.manifest;
  std::vector<std::string> files;
  for (const auto& site : site_files())
    if (site.there) files.push_back(site.path.string());
  const auto of_site = files;
  files.push_back(arguments.config);
  request.config = load_analyze_config(files, settings);
  if (arguments.watch.empty()) request.slides = slides_of(arguments, request.config);
  if (!arguments.shard.empty()) keep_shard(parse_shard(arguments.shard), request);
  request.out = arguments.out;
  request.overwrite = arguments.overwrite;
  request.anew = arguments.anew;
  request.json_log = arguments.log_format == "json";
  request.quiet = arguments.quiet;
  request.command = command_line();
  // As a comment, so that the command can be typed as it stands.
  if (!of_site.empty())
    request.command += fmt::format("  # with settings of {}", fmt::join(of_site, ", "));
  return request;
}

void print_differential(const SlideResult& slide) {
  if (!slide.withheld.empty()) {
    print_wrapped("  counts by class withheld: ", slide.withheld);
    return;
  }
  for (const auto* listed : in_clinical_order(slide.differential)) {
    const auto& row = *listed;
    if (row.fraction && row.wilson95)
      print_result("  {:<22}{:>6}{:>8.1f} %   (95 % {:.1f} to {:.1f})\n", row.label, row.count,
                   100 * *row.fraction, 100 * row.wilson95->low, 100 * row.wilson95->high);
    else if (!row.in_denominator && row.count > 0)
      print_result("  {:<22}{:>6}   outside the count\n", row.label, row.count);
  }
}

void print_places(const SlideResult& slide) {
  if (!slide.folder.empty()) print_line("  report: " + (slide.folder / "report.html").string());
  if (!slide.earlier.empty())
    print_line("  the earlier report is now in " + slide.earlier.string());
}

void print_slide(const SlideResult& slide) {
  if (!slide.away.empty()) {
    print_line(fmt::format("{}: not analyzed", slide.request.path.string()));
    print_wrapped("  because ", slide.away);
    return print_places(slide);
  }
  if (slide.up_to_date)
    return print_line(fmt::format("{}: {}, up to date in {}", slide.request.path.string(),
                                  to_string(slide.status), slide.folder.string()));
  print_line(fmt::format("{}: {}", slide.request.path.string(), to_string(slide.status)));
  if (!slide.why.empty()) print_wrapped("  done again: ", slide.why);
  const auto* first = slide.status == Status::ok ? "  note: " : "  because ";
  for (const auto& reason : slide.reasons) print_wrapped(first, reason);
  if (slide.status == Status::failed) {
    print_alerts(slide.assessment);
    return print_places(slide);
  }
  print_result("  {} cells located, {} counted\n", slide.cells_located, slide.denominator);
  print_differential(slide);
  print_alerts(slide.assessment);
  print_differences(slide.differences);
  if (slide.status == Status::ok) {
    print_editions(slide.assessment);
    for (const auto& hint : wording::distinct_hints(slide.assessment.editions))
      print_wrapped("  to consider: ", hint);
  } else {
    print_result("  no classification: the slide is {}\n", to_string(slide.status));
  }
  print_places(slide);
}

/// A log gets every line; a terminal that takes none (Ctrl-S) holds nothing up.
void write_log(std::string_view line) {
  if (::isatty(STDERR_FILENO) == 1)
    print_progress("{}\n", line);
  else
    print_message("{}\n", line);
}

/// For a log: one line on stderr.
void log_slide(const AnalyzeArguments& arguments, const SlideResult& slide, std::size_t done,
               std::size_t of) {
  const auto reason = !slide.away.empty()     ? slide.away
                      : slide.reasons.empty() ? std::string()
                                              : one_line(slide.reasons.front());
  if (arguments.log_format == "json") {
    nlohmann::json line = {{"event", !slide.away.empty() ? "away"
                                     : slide.up_to_date  ? "up to date"
                                                         : "slide"},
                           {"done", done},
                           {"of", of},
                           {"id", slide.request.id},
                           {"slide", slide.request.path.string()},
                           {"status", to_string(slide.status)},
                           {"reason", reason},
                           {"again", slide.why},
                           {"cells_counted", slide.denominator},
                           {"seconds", slide.seconds}};
    // What an earlier run counted stands in its report.
    if (slide.up_to_date) line.erase("cells_counted");
    return write_log(line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  }
  if (!slide.away.empty())
    return write_log(displayable(fmt::format("{}/{} {}: not analyzed, {}", done, of,
                                             one_line(slide.request.path.string()), slide.away)));
  const auto end = slide.up_to_date ? std::string("up to date")
                                    : fmt::format("{} cells counted, {:.0f} s", slide.denominator,
                                                  slide.seconds);
  write_log(
      displayable(fmt::format("{}/{} {}: {}, {}{}", done, of, one_line(slide.request.path.string()),
                              to_string(slide.status), end, reason.empty() ? "" : "; " + reason)));
}

/// Of a slide that was up to date its record tells the rest.
SlideResult with_numbers(const SlideResult& slide) {
  try {
    return slide.up_to_date || !slide.away.empty() ? read_result(slide) : slide;
  } catch (const StorageError& error) {
    auto damaged = slide;
    damaged.reasons = {error.what()};
    return damaged;
  }
}

nlohmann::json to_json(const SlideResult& slide) {
  nlohmann::json classifications = nlohmann::json::object();
  for (const auto& edition : slide.assessment.editions)
    classifications[edition.edition] = edition.code;
  nlohmann::json cells;  // null where withheld
  if (slide.withheld.empty()) {
    cells = nlohmann::json::object();
    for (const auto& row : slide.differential) cells[row.name] = row.count;
  }
  const bool counts = slide.status != Status::failed;
  const auto place = [](const std::filesystem::path& path) {
    return path.empty() ? nlohmann::json() : nlohmann::json(path.string());
  };
  return {{"slide", slide.request.path.string()},
          {"id", slide.request.id},
          {"case", slide.request.case_id},
          {"status", to_string(slide.status)},
          {"reasons", slide.reasons},
          {"up_to_date", slide.up_to_date},
          {"away", slide.away},
          {"again", slide.why},
          {"folder", place(slide.folder)},
          {"earlier", place(slide.earlier)},
          {"cells_located", counts ? nlohmann::json(slide.cells_located) : nlohmann::json()},
          {"counted", counts ? nlohmann::json(slide.denominator) : nlohmann::json()},
          {"counts", cells},
          {"counts_withheld",
           slide.withheld.empty() ? nlohmann::json() : nlohmann::json(slide.withheld)},
          {"classifications", classifications}};
}

void print_json(const AnalyzeOutcome& outcome, const std::map<std::string, nlohmann::json>& told) {
  nlohmann::json slides = nlohmann::json::array();
  for (const auto& slide : outcome.slides) slides.push_back(told.at(slide.request.id));
  nlohmann::json cut_off = nlohmann::json::object();
  for (const auto& [id, place] : outcome.cut_off) cut_off[id] = place.string();
  const nlohmann::json summary = {{"slides", slides},
                                  {"left_to_other_runs", outcome.held},
                                  {"earlier_of_cut_off", cut_off},
                                  {"interrupted", outcome.interrupted},
                                  {"exit_code", outcome.exit_code()},
                                  {"warning", outcome.warning},
                                  {"tables_fault", outcome.tables_fault},
                                  {"research_use", kResearchUse}};
  print_document(summary);
}

/// "12 slides: 9 ok, 2 insufficient, 1 failed; 4 of them were up to date"
std::string night_in_a_line(const AnalyzeOutcome& outcome) {
  std::map<Status, std::size_t> by_status;
  std::size_t up_to_date = 0, away = 0;
  for (const auto& slide : outcome.slides) {
    if (!slide.away.empty())
      ++away;
    else
      ++by_status[slide.status];
    if (slide.up_to_date) ++up_to_date;
  }
  std::vector<std::string> parts;
  for (const auto& [status, count] : by_status)
    parts.push_back(fmt::format("{} {}", count, to_string(status)));
  if (away > 0) parts.push_back(fmt::format("{} not analyzed, their files cannot be read", away));
  return fmt::format(
      "{} slides: {}{}", outcome.slides.size(), fmt::join(parts, ", "),
      up_to_date == 0 ? "" : fmt::format("; {} of them were up to date", up_to_date));
}

/// What is left to be done, by whom and how.
void say_rest(const AnalyzeArguments& arguments, const AnalyzeOutcome& outcome, std::size_t of) {
  if (!outcome.warning.empty() && !arguments.quiet) say(arguments, outcome.warning);
  for (const auto& [id, holder] : outcome.held)
    say(arguments, fmt::format("{}: left to another run: {}", id, holder));
  if (outcome.interrupted)
    say(arguments, fmt::format("interrupted after {} of {} slide(s); their reports are complete, "
                               "the others have none: run the same command again to go on",
                               outcome.slides.size(), of));
  for (const auto& [id, place] : outcome.cut_off)
    say(arguments,
        fmt::format("{}: not finished; its earlier report is in {}", id, place.string()));
}

void check_watch(const AnalyzeArguments& arguments) {
  const auto refuse = [](const char* what, const char* remedy) {
    throw ConfigError(fmt::format("--watch: {} cannot be given with it; {}", what, remedy));
  };
  if (!arguments.slides.empty()) refuse("slides", "they are those that come into the folder");
  if (!arguments.manifest.empty()) refuse("--manifest", "slides are named after their files");
  if (!arguments.shard.empty()) refuse("--shard", "start one watch");
  if (arguments.json) refuse("--json", "--log-format json gives an object a line");
  if (arguments.anew) refuse("--anew", "start analyze on the folder without --watch for that");
}

/// One line a slide and message, for a journal.
int run_watch(const AnalyzeArguments& arguments) {
  check_watch(arguments);
  auto request = to_request(arguments);
  request.told = [&](const SlideResult& slide, std::size_t done, std::size_t of) {
    const bool said = !arguments.quiet || slide.status == Status::failed;
    if (!slide.up_to_date && said) log_slide(arguments, slide, done, of);
  };
  const InterruptGuard interrupt;
  if (!arguments.quiet)
    say(arguments, fmt::format("watching {}, a look each {} s, reports in {}", arguments.watch,
                               request.config.watch_interval_s, arguments.out));
  const auto outcome = watch({.analyze = request, .folder = arguments.watch}, interrupt.flag());
  const auto left = outcome.left.size();
  const auto but = left == 0
                       ? std::string()
                       : fmt::format(", but {} {} of something else than is there now ({}: {}{})",
                                     left, left == 1 ? "is" : "are", outcome.left.begin()->first,
                                     outcome.left.begin()->second, left == 1 ? "" : "; ..");
  if (outcome.cut_off || left > 0 || !arguments.quiet)
    say(arguments,
        (outcome.cut_off ? "ended while a slide was being analyzed; it is done at the next "
                           "start, and all reports are complete"
                         : "ended; all reports are complete") +
            but);
  return outcome.cut_off ? interrupted_exit_code() : kExitOk;
}

int run_analyze(const AnalyzeArguments& arguments) {
  auto request = to_request(arguments);
  const bool on_terminal = !arguments.json && ::isatty(STDOUT_FILENO) == 1;
  const bool logs = !arguments.quiet && (arguments.log_format == "json" || !on_terminal);
  std::map<std::string, nlohmann::json> told;
  request.told = [&](const SlideResult& slide, std::size_t done, std::size_t of) {
    if (arguments.json)
      told[slide.request.id] = to_json(with_numbers(slide));
    else
      print_slide(slide);
    if (logs || slide.status == Status::failed) log_slide(arguments, slide, done, of);
  };
  const InterruptGuard interrupt;
  const auto outcome = analyze_or_nothing(request, interrupt.flag());
  if (request.slides.empty() && !arguments.quiet)
    say(arguments, fmt::format("--shard {}: none of the {} slides falls into it", arguments.shard,
                               request.of_other_shards.size()));
  if (arguments.json)
    print_json(outcome, told);
  else if (outcome.slides.size() > 1)
    print_line(night_in_a_line(outcome));
  if (!arguments.json) print_result("{}\n", kResearchUse);
  say_rest(arguments, outcome, request.slides.size());
  return outcome.exit_code();
}

}  // namespace

void add_analyze_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<AnalyzeArguments>();
  auto* command = app.add_subcommand("analyze", description_of("analyze"));
  command->add_option("slides", arguments->slides,
                      "Slides or plain images, or folders that are searched for slides");
  command->add_option("--manifest", arguments->manifest,
                      "CSV with slide and, if needed, id, case, specimen, mpp");
  command->add_option("--watch", arguments->watch,
                      "Folder that slides come into: each is analyzed once it is whole, until "
                      "Ctrl-C or SIGTERM");
  command->add_option("--shard", arguments->shard,
                      "I/N: the I-th of N parts of the slides, for a cluster's jobs");
  command->add_option("--model", arguments->model, "Model file, or a shipped model's name")
      ->required();
  command->add_option("--specimen", arguments->specimen,
                      "pb (blood) or bm (marrow) [the model's, where it has one]");
  command->add_option("--labs", arguments->labs, "CSV of laboratory values by case");
  command->add_option("--config", arguments->config,
                      "TOML with settings that differ from the defaults");
  command->add_option("--set", arguments->settings, "key=value, e.g. slide.mpp=0.25")
      ->allow_extra_args(false);
  command->add_option("--out", arguments->out, "Folder for the reports")->capture_default_str();
  command->add_option("--device", arguments->device, "auto, cpu, cuda or cuda:N");
  command
      ->add_option("--appearance", arguments->appearance,
                   "none or lab: map of colours ahead of the network [lab]")
      ->check(CLI::IsMember(all_codes<AppearanceMap>()));
  command->add_option("--threads", arguments->threads, "Worker threads; 0 uses all cores")
      ->check(CLI::Range(0, 1024));
  command->add_flag("--overwrite", arguments->overwrite,
                    "Replace reports that were made of something else (model, settings, laboratory "
                    "values ..), keeping them in previous/");
  command->add_flag(
      "--anew", arguments->anew,
      "Replace all reports, even those that are up to date, keeping them in previous/");
  command
      ->add_option("--log-format", arguments->log_format,
                   "text, or json: an object a line on stderr for each slide and message [text]")
      ->check(CLI::IsMember({"text", "json"}));
  add_manners(*command, arguments->json, arguments->quiet);
  command->callback([arguments, &exit_code] {
    exit_code = arguments->watch.empty() ? run_analyze(*arguments) : run_watch(*arguments);
  });
}

}  // namespace cytocape
