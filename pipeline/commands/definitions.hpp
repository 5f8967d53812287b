#pragma once

/// What commands there are and what each takes, for man pages and completion (script/make-manual).

#include <nlohmann/json_fwd.hpp>

namespace CLI {
class App;
}

namespace cytocape {

[[nodiscard]] nlohmann::json definitions_of(const CLI::App& app);

}  // namespace cytocape
