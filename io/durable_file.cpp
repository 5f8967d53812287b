#include "io/durable_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "io/errors.hpp"
#include "io/process_owner.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnding = ".partial";
/// How much of the target's name is kept: enough to know it by, and short of the 255 bytes that a
/// name may have.
constexpr std::size_t kKnownBy = 80;

[[noreturn]] void fail(const fs::path& path, const char* action, int error) {
  throw StorageError(path.string() + ": cannot " + action + ": " + std::strerror(error));
}

/// The process in a temporary name; empty for another name.
std::string_view tag_in(std::string_view name) {
  if (!name.starts_with('.') || !name.ends_with(kEnding)) return {};
  name.remove_suffix(kEnding.size());
  const auto number = name.rfind('.');
  const auto tag = number == 0 ? std::string_view::npos : name.rfind('.', number - 1);
  if (tag == std::string_view::npos || tag == 0) return {};
  if (name.find_first_not_of("0123456789", number + 1) != std::string_view::npos) return {};
  return name.substr(tag + 1, number - tag - 1);
}

}  // namespace

Descriptor::Descriptor(const fs::path& path, int flags)
    : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {}

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

fs::path temporary_path(const fs::path& path) {
  static std::atomic<unsigned> count{0};
  auto name = fmt::format(".{}.{}.{}{}", path.filename().string().substr(0, kKnownBy), own_tag(),
                          count++, kEnding);
  return path.parent_path() / name;
}

void remove_leftovers(const fs::path& folder) {
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    const auto name = entry->path().filename().string();
    const auto tag = tag_in(name);
    std::error_code of_another_user;
    if (!tag.empty() && owner_state(tag) == OwnerState::dead)
      fs::remove_all(entry->path(), of_another_user);
  }
}

std::string why_not_writable(const fs::path& folder) {
  const bool writable = ::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) == 0;
  return writable ? "" : std::strerror(errno);
}

void sync_path(const fs::path& path) {
  const Descriptor file(path, O_RDONLY);
  if (file.get() < 0) fail(path, "open", errno);
  // Some network file systems cannot sync a folder and say EINVAL; the rename is then as durable
  // as that system makes it.
  if (::fsync(file.get()) != 0 && errno != EINVAL) fail(path, "write to the disk", errno);
}

PartialFile::PartialFile(fs::path path) : path_(std::move(path)), partial_(temporary_path(path_)) {}

PartialFile::PartialFile(PartialFile&& other) noexcept
    : path_(std::move(other.path_)), partial_(std::exchange(other.partial_, {})) {}

PartialFile& PartialFile::operator=(PartialFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(partial_, other.partial_);
  return *this;
}

PartialFile::~PartialFile() {
  std::error_code ignored;
  if (!partial_.empty()) fs::remove_all(partial_, ignored);
}

void PartialFile::sync() const {
  sync_path(partial_);
}

void PartialFile::commit() {
  if (::rename(partial_.c_str(), path_.c_str()) != 0) fail(path_, "rename", errno);
  partial_.clear();
  sync_path(folder_of(path_));
}

void write_text(const Descriptor& file, const fs::path& path, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(file.get(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(path, "write", errno);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

PartialFile stage_file(const fs::path& path, std::string_view text) {
  PartialFile staged(path);
  const Descriptor file(staged.partial(), O_WRONLY | O_CREAT | O_EXCL);
  if (file.get() < 0) fail(path, "create", errno);
  write_text(file, path, text);
  if (::fsync(file.get()) != 0 && errno != EINVAL) fail(path, "write to the disk", errno);
  return staged;
}

}  // namespace cytocape
