#include "pipeline/phantom/phantom.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <nlohmann/json.hpp>

#include "io/errors.hpp"
#include "io/slide.hpp"
#include "pipeline/commands/command_line.hpp"
#include "pipeline/commands/commands.hpp"
#include "pipeline/commands/manners.hpp"
#include "pipeline/commands/terminal.hpp"
#include "pipeline/program/exit_code.hpp"
#include "pipeline/program/interrupt.hpp"
#include "pipeline/program/output.hpp"
#include "pipeline/program/progress_line.hpp"

namespace cytocape {
namespace {

struct PhantomArguments {
  std::string out;
  std::string size = "20000x15000";
  std::optional<double> mpp;  ///< none: 0.25, or the pictures' own with --cells
  std::string mix;
  double density = 0;
  std::int64_t platelets = 0;
  std::string from;
  double from_mpp = 0.1;
  std::string from_list;
  int cells = 0;
  int cell_px = 260;
  std::vector<std::string> classes;
  PhantomOptions options;
  bool quiet = false;
  bool json = false;
};

template <class Number>
Number parse_number(std::string_view text, const std::string& whole, const char* right) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    throw ConfigError(
        fmt::format("phantom: \"{}\" in \"{}\" is not a number; write {}", text, whole, right));
  }
  return value;
}

Size parse_size(const std::string& text) {
  constexpr const char* kRight = "width x height in pixels, as --size 20000x15000";
  const auto cross = text.find('x');
  if (cross == std::string::npos) {
    throw ConfigError(fmt::format("phantom: size is \"{}\"; write {}", text, kRight));
  }
  const std::string_view view(text);
  return {parse_number<std::int64_t>(view.substr(0, cross), text, kRight),
          parse_number<std::int64_t>(view.substr(cross + 1), text, kRight)};
}

std::map<std::string, double> parse_mix(const std::string& text) {
  constexpr const char* kRight = "classes and weights, as --mix monocyte=0.3,lymphocyte=0.7";
  std::map<std::string, double> mix;
  for (const auto& part : CLI::detail::split(text, ',')) {
    const auto equals = part.find('=');
    if (equals == std::string::npos) {
      throw ConfigError(fmt::format("phantom: mix has \"{}\"; write {}", part, kRight));
    }
    mix[part.substr(0, equals)] =
        parse_number<double>(std::string_view(part).substr(equals + 1), text, kRight);
  }
  return mix;
}

PhantomOptions to_options(const PhantomArguments& arguments, const CLI::App& command) {
  PhantomOptions options = arguments.options;
  options.size = parse_size(arguments.size);
  if (arguments.mpp) options.mpp = *arguments.mpp;
  if (!arguments.mix.empty()) options.mix = parse_mix(arguments.mix);
  if (command.count("--density") > 0) options.white_cells_per_mm2 = arguments.density;
  if (command.count("--platelets") > 0) options.platelets = arguments.platelets;
  if (!arguments.from.empty()) {
    options.source = PhantomSource{arguments.from, arguments.from_mpp, std::nullopt};
    if (!arguments.from_list.empty()) options.source->list = arguments.from_list;
  } else if (!arguments.from_list.empty()) {
    throw ConfigError("phantom: from-list needs --from; name the pictures' folder too");
  }
  return options;
}

struct Interrupted {};

PhantomProgress make_progress(StageDisplay& display, const InterruptGuard& interrupt) {
  return [&](double share) {
    if (interrupt.flag()) throw Interrupted{};
    display.show("drawing", static_cast<std::size_t>(100 * share), 100);
  };
}

void print_json(const PhantomTruth& truth) {
  const nlohmann::json written{{"slide", truth.slide.string()},
                               {"cells", truth.cells_csv.string()},
                               {"truth", truth.truth_json.string()},
                               {"nucleated", truth.nucleated},
                               {"counts", truth.counts}};
  print_document(written);
}

void print_table(const PhantomTruth& truth) {
  print_result("{}\n", truth.slide.string());
  for (const auto& [name, count] : truth.counts) {
    if (name == "platelet") continue;
    print_result("  {:<22}{:>7}{:>8.1f} %\n", name, count,
                 100.0 * static_cast<double>(count) / static_cast<double>(truth.nucleated));
  }
  print_result("  {:<22}{:>7}\n", "nucleated cells", truth.nucleated);
  if (const auto found = truth.counts.find("platelet"); found != truth.counts.end()) {
    print_result("  {:<22}{:>7}   decoys without a nucleus\n", "platelet", found->second);
  }
  print_result("  truth: {}, {}\n", truth.cells_csv.string(), truth.truth_json.string());
}

void run_cells(const PhantomArguments& arguments, const InterruptGuard& interrupt) {
  CellImageOptions options;
  options.per_class = arguments.cells;
  options.edge_px = arguments.cell_px;
  options.seed = arguments.options.seed;
  options.classes = arguments.classes;
  if (arguments.mpp) options.mpp = *arguments.mpp;
  {
    StageDisplay display(arguments.quiet ? ProgressForm::none : ProgressForm::text);
    write_cell_images(options, arguments.out, make_progress(display, interrupt));
  }
  const auto classes = options.classes.empty() ? picture_classes() : options.classes;
  if (arguments.json) {
    print_document(
        {{"folder", arguments.out}, {"classes", classes}, {"per_class", options.per_class}});
    return;
  }
  print_result("{}: {} pictures of each of {} classes: {}\n", arguments.out, options.per_class,
               classes.size(), fmt::join(classes, ", "));
}

void run_slide(const PhantomArguments& arguments, const CLI::App& command,
               const InterruptGuard& interrupt) {
  StageDisplay display(arguments.quiet ? ProgressForm::none : ProgressForm::text);
  display.show(arguments.from.empty() ? "laying out the cells" : "reading the pictures");
  const auto truth = write_phantom(to_options(arguments, command), arguments.out,
                                   make_progress(display, interrupt));
  display.rest();
  arguments.json ? print_json(truth) : print_table(truth);
}

void check_mpp(const std::optional<double>& mpp) {
  if (mpp && !(*mpp >= kMinMpp && *mpp <= kMaxMpp))
    throw ConfigError(fmt::format("phantom: --mpp {}: expected um per pixel from {} to {}", *mpp,
                                  kMinMpp, kMaxMpp));
}

int run_phantom(const PhantomArguments& arguments, const CLI::App& command) {
  check_mpp(arguments.mpp);
  const InterruptGuard interrupt;
  try {
    if (command.count("--cells") > 0) {
      run_cells(arguments, interrupt);
    } else {
      run_slide(arguments, command, interrupt);
    }
  } catch (const Interrupted&) {
    print_error(fmt::format("interrupted; {} is not written", arguments.out));
    return interrupted_exit_code();
  }
  return kExitOk;
}

void add_cell_options(CLI::App& command, PhantomArguments& arguments) {
  auto& options = arguments.options;
  auto* count = command.add_option("--white-cells", options.white_cells, "Nucleated cells");
  count->capture_default_str();
  command.add_option("--density", arguments.density, "Nucleated cells per mm2, in their place")
      ->excludes(count);
  command.add_option("--mix", arguments.mix, "class=weight,.. of the nucleated cells");
  command.add_option("--platelets", arguments.platelets, "Decoys without a nucleus");
  command.add_option("--red-cells", options.red_cells_per_mm2, "Red cells per mm2")
      ->capture_default_str();
  command.add_option("--touching", options.touching, "Share of white cells that touch another")
      ->capture_default_str();
  command.add_option("--smudged", options.smudged, "Share of white cells that are smudges")
      ->capture_default_str();
  command.add_option("--from", arguments.from,
                     "Folder of labelled pictures to paste, <class>/*.jpg");
  command.add_option("--from-mpp", arguments.from_mpp, "Size of a pixel of those pictures, um")
      ->capture_default_str();
  command.add_option("--from-list", arguments.from_list,
                     "File naming the pictures to use, one a line");
}

void add_slide_options(CLI::App& command, PhantomArguments& arguments) {
  auto& options = arguments.options;
  command.add_option("--size", arguments.size, "Pixels, width x height")->capture_default_str();
  command.add_option("--mpp", arguments.mpp, "um/px [0.25; with --cells 0.1]");
  command.add_option("--seed", options.seed, "Another seed draws another slide")
      ->capture_default_str();
  command.add_option("--blur", options.blur, "Share of the area out of focus")
      ->capture_default_str();
  command.add_option("--margin", options.margin, "Glass border over the shorter side")
      ->capture_default_str();
  command.add_option("--stain", options.stain, "-1 pale and reddish .. 1 heavy and bluish")
      ->capture_default_str();
  command
      .add_option("--unevenness", options.unevenness, "Variation of stain and light over the slide")
      ->capture_default_str();
}

}  // namespace

void add_phantom_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<PhantomArguments>();
  auto* command = app.add_subcommand("phantom", description_of("phantom"));
  command->add_option("--out", arguments->out, "The slide (*.tiff); with --cells the folder")
      ->required();
  add_slide_options(*command, *arguments);
  add_cell_options(*command, *arguments);
  auto* cells = command->add_option("--cells", arguments->cells,
                                    "Draw this many pictures of each class instead");
  command->add_option("--cell-px", arguments->cell_px, "Edge of those pictures, pixels")
      ->capture_default_str()
      ->needs(cells);
  command
      ->add_option("--classes", arguments->classes,
                   "Classes of those pictures [all that can be drawn]")
      ->delimiter(',')
      ->needs(cells);
  add_manners(*command, arguments->json, arguments->quiet);
  command->callback(
      [arguments, command, &exit_code] { exit_code = run_phantom(*arguments, *command); });
}

}  // namespace cytocape
