#include "pipeline/commands/manners.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "pipeline/program/output.hpp"

namespace cytocape {

void add_manners(CLI::App& command, bool& json, bool& quiet) {
  command.add_flag("--json", json, "Results as one JSON document on stdout");
  command.add_flag("--quiet", quiet, "Print errors alone, and what --json asks for");
  command.parse_complete_callback([&quiet] {
    if (quiet) set_quiet();
  });
}

void print_document(const nlohmann::json& document) {
  write_document(document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

}  // namespace cytocape
