#include "pipeline/serve/known_digests.hpp"

#include "pipeline/night/standing.hpp"

namespace cytocape {

std::string KnownDigests::of(const std::filesystem::path& path) {
  auto state = files_state(path);
  {
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(path);
    if (!state.empty() && found != known_.end() && found->second.first == state)
      return found->second.second;
  }
  auto digest = take_(path);
  const std::lock_guard lock(mutex_);
  known_[path] = {std::move(state), digest};
  return digest;
}

}  // namespace cytocape
