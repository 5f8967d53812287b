#include "io/slide_state.hpp"

#include <fmt/format.h>

#include <string>
#include <system_error>

#include "io/slide.hpp"

namespace cytocape {

namespace fs = std::filesystem;

SlideState SlideState::of(const fs::path& slide) {
  SlideState state;
  try {
    for (const auto& file : slide_files(slide)) {
      state.files_.push_back({file, fs::file_size(file), fs::last_write_time(file)});
    }
  } catch (const fs::filesystem_error& error) {
    throw SlideError(slide.string() + ": cannot be read: " + error.code().message());
  }
  return state;
}

void SlideState::require_unchanged() const {
  for (const auto& file : files_) {
    std::error_code error;
    const auto bytes = fs::file_size(file.path, error);
    const auto modified = error ? fs::file_time_type() : fs::last_write_time(file.path, error);
    if (error) {
      throw SlideChanged(
          fmt::format("{}: was lost while it was being read: {}; check that its drive stays "
                      "connected, then analyze it again",
                      file.path.string(), error.message()));
    }
    if (bytes != file.bytes || modified != file.modified) {
      const auto how = bytes != file.bytes
                           ? fmt::format("{} bytes before, {} now", file.bytes, bytes)
                           : std::string("it was written to: its modification time differs");
      throw SlideChanged(
          fmt::format("{}: changed while it was being read ({}); wait until it is complete, then "
                      "analyze it again",
                      file.path.string(), how));
    }
  }
}

}  // namespace cytocape
