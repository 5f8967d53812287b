#include "pipeline/commands/usage.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>

#include "io/text.hpp"
#include "pipeline/settings/toml_reader.hpp"

namespace cytocape {
namespace {

using Names = std::vector<std::string>;

std::string nearest(const std::string& word, const Names& known) {
  Names begun;
  for (const auto& name : known)
    if (name.starts_with(word)) begun.push_back(name);
  return begun.size() == 1 ? begun.front() : nearest_name(word, known);
}

std::string suggestion(const std::string& word, const Names& known) {
  const auto near = nearest(word, known);
  return near.empty() ? "" : fmt::format("; did you mean {}?", near);
}

Names commands_of(const CLI::App& app) {
  Names names;
  for (const auto* command : app.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

Names options_of(const CLI::App& app) {
  Names names;
  for (const auto* option : app.get_options())
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

/// The message about a word that no option or command expects.
std::string unknown(const CLI::App& command, const std::string& word, bool is_program) {
  if (word.starts_with("-")) {
    const auto name = word.substr(0, word.find('='));
    return fmt::format("unknown option {}{}", name, suggestion(name, options_of(command)));
  }
  if (!is_program) return fmt::format("{}: not expected here", word);
  const auto names = commands_of(command);
  const auto near = suggestion(word, names);
  return fmt::format("unknown command {}{}", word,
                     near.empty() ? fmt::format("; there are {}", fmt::join(names, ", ")) : near);
}

/// "--model is required" with what the option is.
std::string missing(const CLI::App& command, const CLI::ParseError& error) {
  for (const auto* option : command.get_options())
    if (option->get_required() && option->count() == 0 &&
        error.what() == option->get_name() + " is required")
      return fmt::format("{} is missing: {}", option->get_name(), option->get_description());
  return error.what();
}

}  // namespace

std::string usage_error(const CLI::App& app, const CLI::ParseError& error) {
  const auto used = app.get_subcommands();
  if (used.empty()) {
    const auto rest = app.remaining();
    const auto what = rest.empty() ? fmt::format("no command given; the commands are {}",
                                                 fmt::join(commands_of(app), ", "))
                                   : unknown(app, rest.front(), true);
    return what + "\nRun cytocape --help for what each does.";
  }
  const auto& command = *used.front();
  const auto hint = fmt::format("\nRun cytocape {} --help for its options.", command.get_name());
  // Before what is missing: the option that is missing may be the one that was misspelt.
  if (const auto rest = command.remaining(); !rest.empty())
    return fmt::format("{}: {}{}", command.get_name(), unknown(command, rest.front(), false), hint);
  if (const auto rest = app.remaining(); !rest.empty())
    return unknown(app, rest.front(), true) + hint;
  return fmt::format("{}: {}{}", command.get_name(), missing(command, error), hint);
}

void refuse_non_finite(CLI::App& app) {
  const CLI::Validator finite(
      [](const std::string& text) {
        const auto value = parse_number(text);
        return value ? std::string() : fmt::format("{} is not a finite number", text);
      },
      "");
  for (auto* command : app.get_subcommands({}))
    for (auto* option : command->get_options())
      if (option->get_type_name().starts_with("FLOAT")) option->check(finite);
}

}  // namespace cytocape
