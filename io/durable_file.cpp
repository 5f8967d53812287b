#include "io/durable_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <utility>

#include "io/errors.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path, const char* action, int error) {
  throw StorageError(path.string() + ": cannot " + action + ": " + std::strerror(error));
}

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

void rename_into_place(const fs::path& path) {
  if (::rename(partial_path(path).c_str(), path.c_str()) != 0) fail(path, "rename", errno);
  sync_path(folder_of(path));
}

}  // namespace

Descriptor::Descriptor(const fs::path& path, int flags)
    : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {}

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

fs::path partial_path(const fs::path& path) {
  return path.string() + ".partial";
}

void sync_path(const fs::path& path) {
  const Descriptor file(path, O_RDONLY);
  if (file.get() < 0) fail(path, "open", errno);
  // Some network file systems cannot sync a folder and say EINVAL; the rename is then as durable
  // as that system makes it.
  if (::fsync(file.get()) != 0 && errno != EINVAL) fail(path, "write to the disk", errno);
}

PartialFile::PartialFile(fs::path path) : path_(std::move(path)), partial_(partial_path(path_)) {}

PartialFile::PartialFile(PartialFile&& other) noexcept
    : path_(std::move(other.path_)), partial_(std::exchange(other.partial_, {})) {}

PartialFile& PartialFile::operator=(PartialFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(partial_, other.partial_);
  return *this;
}

PartialFile::~PartialFile() {
  std::error_code ignored;
  if (!partial_.empty()) fs::remove(partial_, ignored);
}

void PartialFile::sync() const {
  sync_path(partial_);
}

void PartialFile::commit() {
  rename_into_place(path_);
  partial_.clear();
}

void stage_file(const fs::path& path, std::string_view text) {
  const auto partial = partial_path(path);
  const Descriptor file(partial, O_WRONLY | O_CREAT | O_TRUNC);
  if (file.get() < 0) fail(partial, "create", errno);
  while (!text.empty()) {
    const auto written = ::write(file.get(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const int error = errno;
      discard_file(path);
      fail(partial, "write", error);
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(file.get()) != 0 && errno != EINVAL) {
    const int error = errno;
    discard_file(path);
    fail(partial, "write to the disk", error);
  }
}

void commit_file(const fs::path& path) {
  rename_into_place(path);
}

void discard_file(const fs::path& path) noexcept {
  std::error_code ignored;
  fs::remove(partial_path(path), ignored);
}

}  // namespace cytocape
