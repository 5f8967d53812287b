#pragma once

/// Files that appear whole or not at all: written as <path>.partial, synced, then renamed.

#include <filesystem>
#include <string_view>

namespace cytocape {

/// An open file, or a negative number and errno.
class Descriptor {
 public:
  /// Flags as of open(2).
  Descriptor(const std::filesystem::path& path, int flags);
  ~Descriptor();
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

/// Owns the name <path>.partial and removes that file unless it was committed. Whoever writes it
/// opens and closes it by any means. Movable; not thread-safe.
class PartialFile {
 public:
  explicit PartialFile(std::filesystem::path path);
  PartialFile(PartialFile&& other) noexcept;
  PartialFile& operator=(PartialFile&& other) noexcept;
  ~PartialFile();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] const std::filesystem::path& partial() const { return partial_; }
  /// Forces the closed file's bytes to the disk. Throws StorageError.
  void sync() const;
  /// Renames into place and syncs the folder. Throws StorageError.
  void commit();

 private:
  std::filesystem::path path_;
  std::filesystem::path partial_;  ///< empty once committed or moved from
};

/// `path` with ".partial" appended.
[[nodiscard]] std::filesystem::path partial_path(const std::filesystem::path& path);

/// fsync of a file or folder. Throws StorageError.
void sync_path(const std::filesystem::path& path);

/// Writes `text` to `path`.partial with fsync; `commit_file` renames it. Throw StorageError.
void stage_file(const std::filesystem::path& path, std::string_view text);
void commit_file(const std::filesystem::path& path);
/// Removes a staged file if there is one; never throws.
void discard_file(const std::filesystem::path& path) noexcept;

}  // namespace cytocape
