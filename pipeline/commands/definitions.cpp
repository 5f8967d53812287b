#include "pipeline/commands/definitions.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "io/report.hpp"
#include "pipeline/program/provenance.hpp"

namespace cytocape {
namespace {

/// Of "TEXT:{none,lab}" what stands in the braces: how CLI11 tells of IsMember.
std::vector<std::string> choices_of(const std::string& type) {
  const auto begin = type.find('{'), end = type.find('}');
  if (begin == std::string::npos || end == std::string::npos) return {};
  return CLI::detail::split(type.substr(begin + 1, end - begin - 1), ',');
}

nlohmann::json definition_of(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const auto& name : option.get_snames()) names.push_back("-" + name);
  for (const auto& name : option.get_lnames()) names.push_back("--" + name);
  const auto type = option.get_type_name();
  return {{"names", names},
          {"name", option.get_name()},
          {"positional", option.get_positional()},
          {"flag", option.get_expected_min() == 0},
          {"many", option.get_expected_max() > 1},
          {"required", option.get_required()},
          {"type", type.substr(0, type.find(':'))},
          {"choices", choices_of(type)},
          {"default", option.get_default_str()},
          {"description", option.get_description()}};
}

}  // namespace

nlohmann::json definitions_of(const CLI::App& app) {
  auto commands = nlohmann::json::array();
  for (const auto* command : app.get_subcommands({})) {
    auto options = nlohmann::json::array();
    for (const auto* option : command->get_options())
      if (option != command->get_help_ptr()) options.push_back(definition_of(*option));
    commands.push_back({{"name", command->get_name()},
                        {"description", command->get_description()},
                        {"options", options}});
  }
  const auto about = app.get_description();
  return {{"version", tool_version()},
          {"description", about.substr(0, about.find('\n'))},
          {"research_use", kResearchUse},
          {"commands", commands}};
}

}  // namespace cytocape
