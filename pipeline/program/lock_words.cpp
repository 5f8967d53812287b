#include "pipeline/program/lock_words.hpp"

#include <fmt/format.h>

#include <ctime>

namespace cytocape {
namespace {

/// "3 min"; empty where `started_utc` is no time, or one that the clock here has not reached.
std::string age_words(const std::string& started_utc) {
  std::tm when{};
  if (::strptime(started_utc.c_str(), "%Y-%m-%dT%H:%M:%SZ", &when) == nullptr) return "";
  const auto seconds = std::time(nullptr) - ::timegm(&when);
  if (seconds < 0) return "";
  if (seconds < 120) return fmt::format("{} s", seconds);
  if (seconds < 2 * 3600) return fmt::format("{} min", seconds / 60);
  if (seconds < 48 * 3600) return fmt::format("{} h", seconds / 3600);
  return fmt::format("{} days", seconds / 86400);
}

}  // namespace

std::string owner_words(const LockHolder& holder) {
  const auto age = age_words(holder.started_utc);
  return fmt::format("process {} on {}, started {}{}", holder.pid, holder.host, holder.started_utc,
                     age.empty() ? "" : fmt::format(" ({} ago)", age));
}

}  // namespace cytocape
