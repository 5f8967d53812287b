#include "pipeline/program/output_folder.hpp"

#include <fmt/format.h>

#include <utility>

#include "io/durable_file.hpp"
#include "io/errors.hpp"
#include "io/fault_list.hpp"
#include "io/record_outline.hpp"
#include "io/report_folder.hpp"
#include "pipeline/program/lock_words.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

std::string holder_words(const LockHolder& holder, const fs::path& lock) {
  if (holder.host.empty())
    return fmt::format(
        "{} does not say whose it is; remove it once you are sure that no run is working on this "
        "slide",
        lock.string());
  const auto who = owner_words(holder);
  if (holder.state == OwnerState::unknown)
    return fmt::format(
        "held by {}; whether it is still running cannot be told from here: wait for it to end or, "
        "once you are sure that it has, remove {}",
        who, lock.string());
  return fmt::format("held by {}; wait for it to end or choose another --out (lock: {})", who,
                     lock.string());
}

}  // namespace

OutputFolder::OutputFolder(fs::path out, const Claim& claim)
    : out_(std::move(out)), started_utc_(claim.started_utc) {
  FaultList held;
  for (const auto& name : claim.names)
    if (const auto holder = this->claim(name); !holder.empty()) held.add("{}: {}", name, holder);
  held.throw_if_any(fmt::format(
      "--out {}: nothing was started, because another run is at work here", out_.string()));
  // Under the locks once more: a run that ended a moment ago may have written one since.
  for (const auto& name : claim.names) check_replaceable(out_ / name, claim.overwrite);
  remove_leftovers(out_);
}

std::string OutputFolder::claim(const std::string& name) {
  const auto path = out_ / ("." + name + ".lock");
  auto taken = LockFile::take(path, started_utc_);
  if (const auto* holder = std::get_if<LockHolder>(&taken)) return holder_words(*holder, path);
  const std::lock_guard lock(mutex_);
  locks_.emplace(name, std::move(std::get<LockFile>(taken)));
  return "";
}

void OutputFolder::release(const std::string& name) {
  const std::lock_guard lock(mutex_);
  locks_.erase(name);
}

fs::path OutputFolder::folder_of(const std::string& name) const {
  return out_ / name;
}

void OutputFolder::set_aside(const std::string& name) {
  if (const auto place = cytocape::set_aside(out_ / name)) add_earlier(name, *place);
}

void OutputFolder::add_earlier(const std::string& name, const fs::path& place) {
  const std::lock_guard lock(mutex_);
  // The first is the user's; a later one came in between by other hands.
  earlier_.emplace(name, place);
}

std::map<std::string, fs::path> OutputFolder::earlier() const {
  const std::lock_guard lock(mutex_);
  return earlier_;
}

void check_output_folder(const fs::path& out) {
  std::error_code error;
  fs::create_directories(out, error);
  if (error)
    throw ConfigError(
        fmt::format("--out {}: cannot be created: {}", out.string(), error.message()));
  try {
    (void)stage_file(out / "probe", "");
  } catch (const StorageError& failure) {
    throw ConfigError(fmt::format("--out {}: cannot be written: {}", out.string(), failure.what()));
  }
}

void check_replaceable(const fs::path& folder, bool overwrite) {
  const auto record = folder / "report.h5";
  if (overwrite || !fs::exists(record) || is_failed_record(record)) return;
  throw ConfigError(fmt::format(
      "{}: a report exists already; add --overwrite to set it aside or choose another --out",
      record.string()));
}

}  // namespace cytocape
