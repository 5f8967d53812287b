#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <thread>

#include "io/errors.hpp"
#include "models/engine/classifier.hpp"
#include "pipeline/commands/command_line.hpp"
#include "pipeline/commands/commands.hpp"
#include "pipeline/commands/manners.hpp"
#include "pipeline/commands/terminal.hpp"
#include "pipeline/program/exit_code.hpp"
#include "pipeline/program/library_versions.hpp"
#include "pipeline/program/model_files.hpp"
#include "pipeline/program/output.hpp"
#include "pipeline/program/provenance.hpp"
#include "pipeline/settings/analyze_config.hpp"
#include "pipeline/settings/site_files.hpp"

namespace cytocape {
namespace {

struct ShippedModel {
  std::string name;
  std::string verdict;  ///< "ok" or what is wrong
  std::string runs_on;  ///< on this processor, with the precision and why; empty where it is not ok
};

std::vector<ShippedModel> check_models() {
  std::vector<ShippedModel> models;
  for (const auto& folder : model_folders()) {
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
      if (entry.path().extension() != ".safetensors") continue;
      ShippedModel model{entry.path().string(), "ok", ""};
      try {
        model.runs_on = Classifier::load(entry.path(), {.device = "cpu"})->device_description();
      } catch (const std::exception& error) {
        model.verdict = error.what();
      }
      models.push_back(std::move(model));
    }
  }
  return models;
}

/// "ok", "absent", or what is wrong with a file of settings.
std::string check_settings(const SiteFile& file) {
  if (!file.there) return "absent";
  try {
    (void)load_analyze_config({file.path.string()}, {});
    return "ok";
  } catch (const Error& error) {
    return error.what();
  }
}

nlohmann::json examine() {
  nlohmann::json result;
  result["version"] = tool_version();
  result["commit"] = tool_commit();
  result["libraries"] = library_versions();
  result["threads"] = std::thread::hardware_concurrency();
  result["devices"] = nlohmann::json::array();
  for (const auto& device : list_devices())
    result["devices"].push_back({{"name", device.name}, {"description", device.description}});
  result["models"] = nlohmann::json::array();
  for (const auto& model : check_models())
    result["models"].push_back(
        {{"path", model.name}, {"check", model.verdict}, {"runs_on", model.runs_on}});
  result["settings"] = nlohmann::json::array();
  for (const auto& file : site_files())
    result["settings"].push_back(
        {{"path", file.path.string()}, {"there", file.there}, {"check", check_settings(file)}});
  return result;
}

void print_for_people(const nlohmann::json& found) {
  print_result("cytocape {} ({})\n\nlibraries\n", found["version"].get<std::string>(),
               found["commit"].get<std::string>());
  for (const auto& [name, version] : found["libraries"].items())
    print_result("  {:<12}{}\n", name, version.get<std::string>());
  print_result("\nprocessors: {}\ndevices (--device auto takes the last of these)\n",
               found["threads"].get<unsigned>());
  for (const auto& device : found["devices"])
    print_result("  {:<12}{}\n", device["name"].get<std::string>(),
                 device["description"].get<std::string>());
  print_result("\nmodels\n");
  if (found["models"].empty()) print_result("  none found; set CYTOCAPE_MODELS to their folder\n");
  for (const auto& model : found["models"])
    print_wrapped("  ", fmt::format("{}: {}{}", model["path"].get<std::string>(),
                                    model["check"].get<std::string>(),
                                    model["runs_on"].get<std::string>().empty()
                                        ? ""
                                        : ", runs on " + model["runs_on"].get<std::string>()));
  print_result("\nsettings (later files win; then --config, then --set)\n");
  for (const auto& file : found["settings"])
    print_wrapped("  ", fmt::format("{}: {}", file["path"].get<std::string>(),
                                    file["check"].get<std::string>()));
}

int run_doctor(bool json) {
  const auto found = examine();
  if (json)
    print_document(found);
  else
    print_for_people(found);
  for (const auto& model : found["models"])
    if (model["check"] != "ok") return kExitFailed;
  for (const auto& file : found["settings"])
    if (file["there"] && file["check"] != "ok") return kExitUsage;
  return kExitOk;
}

}  // namespace

void add_doctor_command(CLI::App& app, int& exit_code) {
  auto json = std::make_shared<bool>(false), quiet = std::make_shared<bool>(false);
  auto* command = app.add_subcommand("doctor", description_of("doctor"));
  add_manners(*command, *json, *quiet);
  command->callback([json, quiet, &exit_code] { exit_code = run_doctor(*json); });
}

}  // namespace cytocape
