#include "pipeline/serve/station_lock.hpp"

#include <fmt/format.h>

#include "io/durable_file.hpp"
#include "io/errors.hpp"
#include "pipeline/program/lock_words.hpp"
#include "pipeline/program/provenance.hpp"
#include "pipeline/serve/accounts.hpp"

namespace cytocape {

std::optional<LockFile> take_station_lock(const std::filesystem::path& out) {
  if (!why_not_writable(out).empty()) return std::nullopt;
  const auto path = out / fmt::format(".{}.lock", kAccountsFile);
  auto taken = LockFile::take(path, utc_now());
  if (auto* lock = std::get_if<LockFile>(&taken)) return std::move(*lock);
  const auto& holder = std::get<LockHolder>(taken);
  if (holder.host.empty())
    throw ConfigError(fmt::format(
        "{}: does not say whose it is; remove it once you are sure that no station serves this "
        "folder",
        path.string()));
  throw ConfigError(fmt::format(
      "{}: another station serves it: {}; open its address, or end it{} (lock: {})", out.string(),
      owner_words(holder),
      holder.state == OwnerState::unknown
          ? ". Whether it still runs cannot be told from here: once you are sure that it does not, "
            "remove the lock"
          : "",
      path.string()));
}

}  // namespace cytocape
