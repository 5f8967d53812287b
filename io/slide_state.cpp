#include "io/slide_state.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "io/slide.hpp"

namespace cytocape {

namespace fs = std::filesystem;

namespace {

/// Of one call to the system: reads ask before each tile, and network file systems are slow.
SlideState::File state_of(const fs::path& path, std::error_code& error) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) error = {errno, std::generic_category()};
  return {path, static_cast<std::uintmax_t>(status.st_size), status.st_mtim.tv_sec,
          status.st_mtim.tv_nsec};
}

}  // namespace

SlideState SlideState::of(const fs::path& slide) {
  SlideState state;
  for (const auto& file : slide_files(slide)) {
    std::error_code error;
    state.files_.push_back(state_of(file, error));
    if (error) throw SlideError(slide.string() + ": cannot be read: " + error.message());
  }
  return state;
}

void SlideState::require_unchanged() const {
  for (const auto& file : files_) {
    std::error_code error;
    const auto now = state_of(file.path, error);
    if (error) {
      throw SlideChanged(
          fmt::format("{}: was lost while it was being read: {}; check that its drive stays "
                      "connected, then analyze it again",
                      file.path.string(), error.message()));
    }
    if (now != file) {
      const auto how = now.bytes != file.bytes
                           ? fmt::format("{} bytes before, {} now", file.bytes, now.bytes)
                           : std::string("it was written to: its modification time differs");
      throw SlideChanged(
          fmt::format("{}: changed while it was being read ({}); wait until it is complete, then "
                      "analyze it again",
                      file.path.string(), how));
    }
  }
}

}  // namespace cytocape
