#pragma once

/// What every command has: --json and --quiet (docs/json-output.md).

#include <nlohmann/json_fwd.hpp>

namespace CLI {
class App;
}

namespace cytocape {

/// `json`: the results as one document on stdout, in place of what people read. `quiet`: nothing is
/// printed but errors, and that document where it was asked for. Both outlive the command.
void add_manners(CLI::App& command, bool& json, bool& quiet);

/// The document on stdout; text that is not UTF-8 is replaced.
void print_document(const nlohmann::json& document);

}  // namespace cytocape
