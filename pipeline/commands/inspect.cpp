#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "io/errors.hpp"
#include "io/slide.hpp"
#include "io/text.hpp"
#include "models/data/model_card.hpp"
#include "models/data/safetensors.hpp"
#include "pipeline/commands/command_line.hpp"
#include "pipeline/commands/commands.hpp"
#include "pipeline/commands/inspect_record.hpp"
#include "pipeline/commands/inspect_screen.hpp"
#include "pipeline/commands/manners.hpp"
#include "pipeline/program/exit_code.hpp"
#include "pipeline/program/model_files.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

nlohmann::json inspect_model(const fs::path& path) {
  const auto file = SafetensorsFile::open(path);
  nlohmann::json result = {{"kind", "model"}, {"path", path.string()}, {"sha256", file.sha256()}};
  const auto card = file.metadata().find("cytocape.card");
  if (card != file.metadata().end()) check_card_text(card->second, path.string());
  result["card"] =
      card == file.metadata().end() ? nlohmann::json() : nlohmann::json::parse(card->second);
  nlohmann::json tensors = nlohmann::json::object();
  for (const auto& [name, tensor] : file.tensors())
    tensors[name] = {{"dtype", to_string(tensor.dtype)}, {"shape", tensor.shape}};
  result["tensors"] = tensors;
  return result;
}

nlohmann::json inspect_slide(const fs::path& path, const SlideOptions& options) {
  const auto slide = Slide::open(path, options);
  const auto& info = slide->info();
  nlohmann::json levels = nlohmann::json::array();
  for (const auto& level : info.levels)
    levels.push_back({{"width_px", level.size.width},
                      {"height_px", level.size.height},
                      {"downsample_x", level.downsample.x},
                      {"downsample_y", level.downsample.y},
                      {"tile_px", {level.tile.width, level.tile.height}},
                      {"absent_tiles_share", level.absent_share}});
  return {{"kind", "slide"},           {"path", path.string()},
          {"reader", info.reader},     {"reader_why", info.reader_why},
          {"vendor", info.vendor},     {"mpp_x_um_px", info.mpp.x},
          {"mpp_y_um_px", info.mpp.y}, {"mpp_source", to_string(info.mpp_source)},
          {"levels", levels},          {"associated_images", info.associated},
          {"plane", info.plane},       {"icc_profile", info.icc},
          {"remarks", info.remarks},   {"notices", info.notices}};
}

bool is_record(const fs::path& path) {
  const auto extension = path.extension();
  return extension == ".h5" || extension == ".hdf5";
}

nlohmann::json inspect_file(const fs::path& path, const SlideOptions& options) {
  if (path.extension() == ".safetensors") return inspect_model(path);
  if (is_record(path)) return record_json(path);
  return inspect_slide(path, options);
}

/// A report's folder stands for its record, as `report` takes it, and a name for a shipped model.
fs::path file_meant(const std::string& given) {
  std::error_code error;
  if (fs::is_directory(given, error)) {
    auto record = fs::path(given) / "report.h5";
    if (fs::exists(record, error)) return record;
    if (slide_path(given) != fs::path(given)) return given;
    throw ConfigError(given +
                      ": is a folder without a report.h5; name a slide, a model, a record "
                      "or a report's folder (cytocape collect lists a folder of reports)");
  }
  if (fs::exists(given, error)) return given;
  if (given.find_first_of("/.") != std::string::npos)
    throw ConfigError(given + ": no such file; check the path");
  return resolve_model(given, "inspect");
}

void print_for_people(const fs::path& path, const SlideOptions& options) {
  if (is_record(path)) return print_record(path);
  if (path.extension() != ".safetensors") return print_slide(Slide::open(path, options)->info());
  const auto file = SafetensorsFile::open(path);
  const auto card = file.metadata().find("cytocape.card");
  if (card == file.metadata().end())
    throw ModelError(path.string() +
                     ": has no card (cytocape.card), so it is no model of cytocape; "
                     "--json lists its tensors");
  print_model(card_from_json(card->second, path.string()), path.string(), file.sha256());
}

std::optional<Mpp> parse_mpp(const std::vector<double>& values) {
  if (values.empty()) return std::nullopt;
  return Mpp{values.front(), values.back()};
}

}  // namespace

void add_inspect_command(CLI::App& app, int& exit_code) {
  struct Arguments {
    std::string file;
    std::vector<double> mpp;
    std::string reader;
    int plane = 1;
    bool json = false;
    bool quiet = false;
  };
  auto arguments = std::make_shared<Arguments>();
  auto* command = app.add_subcommand("inspect", description_of("inspect"));
  command
      ->add_option("file", arguments->file,
                   "Slide, model or a shipped one's name, report.h5 or its folder")
      ->required();
  command->add_option("--mpp", arguments->mpp, "Pixel size of a slide that has none, um (x [y])")
      ->expected(1, 2);
  command
      ->add_option("--reader", arguments->reader,
                   "Who reads a slide; without it the first that can, which is named")
      ->check(CLI::IsMember(slide_reader_names()));
  command
      ->add_option("--plane", arguments->plane,
                   "Which of several pictures of one size in a slide's file, from 1")
      ->check(CLI::Range(1, 4096));
  add_manners(*command, arguments->json, arguments->quiet);
  command->callback([arguments, &exit_code] {
    const auto file = file_meant(arguments->file);
    exit_code = kExitOk;
    const SlideOptions options{
        .mpp = parse_mpp(arguments->mpp), .reader = arguments->reader, .plane = arguments->plane};
    if (arguments->json)
      print_document(inspect_file(file, options));
    else
      print_for_people(file, options);
  });
}

}  // namespace cytocape
