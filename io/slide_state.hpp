#pragma once

/// Whether the files of a slide are still those that were opened: drives go away, scanners go on
/// writing, and a picture of two slides looks like a picture of one.

#include <cstdint>
#include <filesystem>
#include <vector>

#include "io/errors.hpp"

namespace cytocape {

/// The file is gone, or another than the one that was opened: nothing that is read of it can be
/// trusted any more. Not a SlideError, which a single tile may cause: this ends the slide.
class SlideChanged : public Error {
 public:
  using Error::Error;
};

/// The sizes and times of modification of all slide_files. Neither device nor inode, which network
/// file systems give anew when they reconnect. A copyable value; const members are thread-safe.
class SlideState {
 public:
  /// The state of no slide: never changes.
  SlideState() = default;
  /// As it is now. Throws SlideError.
  [[nodiscard]] static SlideState of(const std::filesystem::path& slide);

  /// Throws SlideChanged. To be called when a read fails, for the cause, and once all is read: only
  /// then do all pixels belong to one slide.
  void require_unchanged() const;

  struct File {
    std::filesystem::path path;
    std::uintmax_t bytes = 0;
    std::int64_t modified_s = 0;
    std::int64_t modified_ns = 0;
    friend bool operator==(const File&, const File&) = default;
  };

 private:
  std::vector<File> files_;
};

}  // namespace cytocape
