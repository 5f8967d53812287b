#include "io/slide_state.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
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
  return {path,
          static_cast<std::uintmax_t>(status.st_size),
          status.st_mtim.tv_sec,
          status.st_mtim.tv_nsec,
          status.st_dev,
          status.st_ino,
          status.st_ctim.tv_sec,
          status.st_ctim.tv_nsec};
}

bool same_size_and_time(const SlideState::File& one, const SlideState::File& other) {
  return one.bytes == other.bytes && one.modified_s == other.modified_s &&
         one.modified_ns == other.modified_ns;
}

bool same_file(const SlideState::File& one, const SlideState::File& other) {
  return one.device == other.device && one.inode == other.inode;
}

bool same_status(const SlideState::File& one, const SlideState::File& other) {
  return one.status_s == other.status_s && one.status_ns == other.status_ns;
}

[[noreturn]] void say_changed(const fs::path& path, const std::string& how) {
  throw SlideChanged(
      fmt::format("{}: changed while it was being read ({}); wait until it is complete, then "
                  "analyze it again",
                  path.string(), how));
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

void SlideState::require_same_files() const {
  require_unchanged();
  if (files_.empty()) return;
  const auto now = slide_files(files_.front().path);
  const bool same = std::equal(now.begin(), now.end(), files_.begin(), files_.end(),
                               [](const fs::path& a, const File& b) { return a == b.path; });
  if (same) return;
  say_changed(files_.front().path,
              fmt::format("{} files before, {} now", files_.size(), now.size()));
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
    if (!same_size_and_time(now, file)) {
      say_changed(file.path, now.bytes != file.bytes
                                 ? fmt::format("{} bytes before, {} now", file.bytes, now.bytes)
                                 : "it was written to: its modification time differs");
    }
  }
}

template <typename Same>
bool SlideState::all_are(Same same) const {
  return std::all_of(files_.begin(), files_.end(), [&](const File& file) {
    std::error_code error;
    const auto now = state_of(file.path, error);
    return !error && same(now, file);
  });
}

std::string SlideState::sha256(const fs::path& slide) const {
  require_unchanged();
  if (!all_are(same_file)) say_changed(slide, "another file took its name");
  auto digest = slide_sha256(slide);
  require_unchanged();
  return digest;
}

void SlideState::require_same(const fs::path& slide, const std::string& sha256) const {
  require_same_files();
  const auto untouched = [](const File& now, const File& then) {
    return same_file(now, then) && same_status(now, then);
  };
  if (!all_are(untouched) && slide_sha256(slide) != sha256)
    say_changed(slide, "its content differs, under the same size and time");
}

}  // namespace cytocape
