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
#include "pipeline/program/exit_code.hpp"
#include "pipeline/program/output.hpp"
#include "pipeline/settings/toml_reader.hpp"

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

nlohmann::json inspect_slide(const fs::path& path, std::optional<Mpp> mpp) {
  const auto slide = Slide::open(path, {.mpp = mpp});
  const auto& info = slide->info();
  nlohmann::json levels = nlohmann::json::array();
  for (const auto& level : info.levels)
    levels.push_back({{"width_px", level.size.width},
                      {"height_px", level.size.height},
                      {"downsample_x", level.downsample.x},
                      {"downsample_y", level.downsample.y},
                      {"tile_px", {level.tile.width, level.tile.height}}});
  return {{"kind", "slide"},
          {"path", path.string()},
          {"reader", info.reader},
          {"vendor", info.vendor},
          {"mpp_x_um_px", info.mpp.x},
          {"mpp_y_um_px", info.mpp.y},
          {"mpp_source", to_string(info.mpp_source)},
          {"levels", levels},
          {"associated_images", info.associated}};
}

bool is_record(const fs::path& path) {
  const auto extension = path.extension();
  return extension == ".h5" || extension == ".hdf5";
}

nlohmann::json inspect_file(const fs::path& path, std::optional<Mpp> mpp) {
  if (path.extension() == ".safetensors") return inspect_model(path);
  if (is_record(path)) return record_json(path);
  return inspect_slide(path, mpp);
}

/// "a.b: value" lines: every leaf on its own line, so that grep finds it. Tensors are counted.
void print_leaves(const nlohmann::json& value, const std::string& name) {
  if (name == "tensors") {
    print_result("{}: {}\n", name, value.size());
  } else if (value.is_structured() && !value.empty() &&
             (value.is_object() || value.front().is_structured())) {
    for (const auto& [key, child] : value.items())
      print_leaves(child, name.empty() ? key : name + "." + key);
  } else {
    constexpr auto kReplace = nlohmann::json::error_handler_t::replace;
    print_result("{}: {}\n", displayable(name),
                 displayable(value.is_string() ? value.get<std::string>()
                                               : value.dump(-1, ' ', false, kReplace)));
  }
}

/// A report's folder stands for its record, as `report` takes it.
fs::path report_in(const fs::path& given) {
  const auto record = given / "report.h5";
  return fs::is_directory(given) && fs::exists(record) ? record : given;
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
    bool json = false;
  };
  auto arguments = std::make_shared<Arguments>();
  auto* command = app.add_subcommand("inspect", description_of("inspect"));
  command
      ->add_option("file", arguments->file,
                   "Slide, .safetensors, report.h5 of a slide or case, or its folder")
      ->required();
  command->add_option("--mpp", arguments->mpp, "Pixel size of a slide that has none, um (x [y])")
      ->expected(1, 2);
  command->add_flag("--json", arguments->json, "As JSON on stdout, with all numbers");
  command->callback([arguments, &exit_code] {
    const auto file = report_in(arguments->file);
    if (!fs::exists(file)) throw ConfigError(file.string() + ": no such file; check the path");
    exit_code = kExitOk;
    if (!arguments->json && is_record(file)) return print_record(file);
    const auto found = inspect_file(file, parse_mpp(arguments->mpp));
    if (arguments->json)
      print_result("{}\n", found.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
    else
      print_leaves(found, "");
  });
}

}  // namespace cytocape
