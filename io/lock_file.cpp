#include "io/lock_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>
#include <utility>

#include "io/durable_file.hpp"
#include "io/errors.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

[[noreturn]] void fail(const fs::path& path, const char* action, int error) {
  throw StorageError(path.string() + ": cannot " + action + ": " + std::strerror(error));
}

/// Each text is another one: whoever finds it again knows that nobody has had the lock meanwhile.
std::string lock_text(const std::string& started_utc) {
  static std::atomic<unsigned> count{0};
  const Json json{{"owner", own_tag()},
                  {"host", host_name()},
                  {"pid", static_cast<std::int64_t>(::getpid())},
                  {"started_utc", started_utc},
                  {"number", count++}};
  return json.dump() + "\n";
}

/// None where there is no such file. A foreign file may be of any length; locks are short.
std::optional<std::string> text_of(const fs::path& path) {
  const Descriptor file(path, O_RDONLY);
  if (file.get() < 0 && errno == ENOENT) return std::nullopt;
  if (file.get() < 0) fail(path, "read", errno);
  std::array<char, 4096> text{};
  const auto length = ::read(file.get(), text.data(), text.size());
  if (length < 0) fail(path, "read", errno);
  return std::string(text.data(), static_cast<std::size_t>(length));
}

struct Claim {
  LockHolder holder;
  std::string tag;
};

Claim parse(const std::string& text) {
  const auto json = Json::parse(text, nullptr, false);
  Claim claim;
  const auto has = [&](const char* key, bool whole) {
    const auto found = json.find(key);
    return found != json.end() && (whole ? found->is_number_integer() : found->is_string());
  };
  if (!json.is_object() || !has("owner", false) || !has("host", false) || !has("pid", true) ||
      !has("started_utc", false))
    return claim;
  claim.tag = json["owner"];
  claim.holder = {.state = owner_state(claim.tag),
                  .host = json["host"],
                  .pid = json["pid"],
                  .started_utc = json["started_utc"]};
  return claim;
}

/// Some file systems have no links. There a process that is killed between the two calls leaves a
/// lock without an owner, which a person must remove.
bool create_alone(const fs::path& path, const std::string& text) {
  const Descriptor file(path, O_WRONLY | O_CREAT | O_EXCL);
  if (file.get() < 0 && errno == EEXIST) return false;
  if (file.get() < 0) fail(path, "create", errno);
  write_text(file, path, text);
  return true;
}

/// False where `path` exists. `staged` holds `text`: the lock appears with its owner in it.
bool link_alone(const PartialFile& staged, const std::string& text) {
  if (::link(staged.partial().c_str(), staged.path().c_str()) == 0) return true;
  const int error = errno;
  // A network may lose the answer to a call that was done.
  struct stat found {};
  if (::stat(staged.partial().c_str(), &found) == 0 && found.st_nlink == 2) return true;
  if (error == EEXIST) return false;
  if (error == EPERM || error == EOPNOTSUPP || error == ENOSYS || error == EMLINK)
    return create_alone(staged.path(), text);
  fail(staged.path(), "create", error);
}

/// Where who takes over from the dead process `tag` says so. The lock itself cannot be removed and
/// taken anew: of two that found its owner dead, the later would remove the earlier one's.
fs::path succession(const fs::path& lock, const std::string& tag) {
  return lock.parent_path() / ("." + tag + ".succession");
}

constexpr auto kShortly = std::chrono::milliseconds(10);
constexpr int kPatience = 500;

}  // namespace

LockFile::LockFile(fs::path path, std::string text)
    : path_(std::move(path)), text_(std::move(text)), pid_(::getpid()) {}

LockFile::LockFile(LockFile&& other) noexcept
    : path_(std::exchange(other.path_, {})), text_(std::move(other.text_)), pid_(other.pid_) {}

LockFile& LockFile::operator=(LockFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(text_, other.text_);
  std::swap(pid_, other.pid_);
  return *this;
}

LockFile::~LockFile() {
  if (path_.empty() || pid_ != ::getpid()) return;
  try {
    if (text_of(path_) == text_) ::unlink(path_.c_str());
  } catch (const StorageError&) {
    // It stays, and the next run finds its owner dead.
  }
}

std::variant<LockFile, LockHolder> LockFile::take(const fs::path& path,
                                                  const std::string& started_utc) {
  const auto text = lock_text(started_utc);
  auto staged = stage_file(path, text);
  Claim claim;
  for (int attempt = 0; attempt < kPatience; ++attempt) {
    if (link_alone(staged, text)) return LockFile(path, text);
    const auto found = text_of(path);
    if (!found) continue;
    claim = parse(*found);
    if (claim.holder.state != OwnerState::dead) return claim.holder;
    const auto next = take(succession(path, claim.tag), started_utc);
    // While one has the succession nobody else replaces this text, and once replaced it never
    // comes again: who finds it still there is the successor.
    if (std::holds_alternative<LockFile>(next) && text_of(path) == found) {
      staged.commit();
      return LockFile(path, text);
    }
    std::this_thread::sleep_for(kShortly);
  }
  return claim.holder;
}

}  // namespace cytocape
