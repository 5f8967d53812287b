#pragma once

/// Whether the files of a slide are still those that were opened: drives go away, scanners go on
/// writing, and a picture of two slides looks like a picture of one.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "io/errors.hpp"

namespace cytocape {

/// The file is gone, or another than the one that was opened: nothing that is read of it can be
/// trusted any more. Not a SlideError, which a single tile may cause: this ends the slide.
class SlideChanged : public Error {
 public:
  using Error::Error;
};

/// Sizes, times and identities of all slide_files. Sizes and times of modification that differ are
/// a change. Device and inode may be given anew by a network file system that reconnects, and the
/// time of status by a backup that links a file, or by chmod: where they alone differ, the digest
/// decides, once there is one. A copyable value; const members are thread-safe.
class SlideState {
 public:
  /// The state of no slide: never changes.
  SlideState() = default;
  /// As it is now. Throws SlideError.
  [[nodiscard]] static SlideState of(const std::filesystem::path& slide);

  /// Throws SlideChanged. To be called when a read fails, for the cause, and once all is read: only
  /// then do all pixels belong to one slide.
  void require_unchanged() const;
  /// require_unchanged, and that no file has come to the slide: a DICOM series may still be being
  /// copied. Looks through its folder.
  void require_same_files() const;

  /// slide_sha256 of the very files that this is the state of: whatever was opened between `of` and
  /// this call has that content, unless it was written to since, in place, to the same size, and
  /// given its old time of modification again. Another file under the name, even of the same
  /// content, is a change here: what was opened may be either. Throws SlideChanged, SlideError.
  [[nodiscard]] std::string sha256(const std::filesystem::path& slide) const;

  /// require_same_files, once all is read; `sha256` is what the function of that name gave. Reads
  /// the files again only where they may be others under the same size and time.
  void require_same(const std::filesystem::path& slide, const std::string& sha256) const;

  struct File {
    std::filesystem::path path;
    std::uintmax_t bytes = 0;
    std::int64_t modified_s = 0;
    std::int64_t modified_ns = 0;
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t status_s = 0;  ///< when its content, name or rights changed last
    std::int64_t status_ns = 0;
  };

 private:
  /// Whether same(now, then) holds for each file.
  template <typename Same>
  [[nodiscard]] bool all_are(Same same) const;

  std::vector<File> files_;
};

}  // namespace cytocape
