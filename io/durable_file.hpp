#pragma once

/// Files and folders that appear whole or not at all: written under a hidden name beside their
/// place that no other process and no other writer of this one uses, synced, then renamed.

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

/// A name in `path`'s folder, another one at each call: "." + the start of `path`'s name + "." +
/// the process (io/process_owner.hpp) + "." + a number + ".partial". Thread-safe.
[[nodiscard]] std::filesystem::path temporary_path(const std::filesystem::path& path);

/// Removes what dead processes left in `folder` under such names. What may be of a living process,
/// here or on another computer, stays; so does, being in nobody's way, what this user may not
/// remove.
void remove_leftovers(const std::filesystem::path& folder);

/// Owns a temporary name for `path` and removes what is there unless it was committed. Whoever
/// writes it opens and closes it by any means. Movable; not thread-safe.
class PartialFile {
 public:
  explicit PartialFile(std::filesystem::path path);
  PartialFile(PartialFile&& other) noexcept;
  PartialFile& operator=(PartialFile&& other) noexcept;
  ~PartialFile();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Empty once committed or moved from.
  [[nodiscard]] const std::filesystem::path& partial() const { return partial_; }
  /// Forces the closed file's bytes to the disk. Throws StorageError.
  void sync() const;
  /// Renames into place and syncs the folder. Throws StorageError.
  void commit();

 private:
  std::filesystem::path path_;
  std::filesystem::path partial_;
};

/// `text` for `path`, on the disk under its temporary name; `commit` puts it in place. Throws
/// StorageError, leaving nothing.
[[nodiscard]] PartialFile stage_file(const std::filesystem::path& path, std::string_view text);

/// Writes all of `text`. Throws StorageError naming `path`.
void write_text(const Descriptor& file, const std::filesystem::path& path, std::string_view text);

/// fsync of a file or folder. Throws StorageError.
void sync_path(const std::filesystem::path& path);

/// The folder that `path` lies in.
[[nodiscard]] std::filesystem::path folder_of(const std::filesystem::path& path);

/// "Read-only file system" or "Permission denied" where this process may make no file in `folder`;
/// else empty.
[[nodiscard]] std::string why_not_writable(const std::filesystem::path& folder);

}  // namespace cytocape
