#include "io/dicom_series.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <mutex>
#include <set>
#include <unordered_map>

#include "io/dicom_image.hpp"
#include "io/errors.hpp"
#include "io/slide_kind.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

DicomFile look_at(const fs::path& path) {
  if (!begins_as_dicom(path)) return {};
  try {
    const TiffBytes file(path);
    const auto layout = lay_out_dicom(file, kDicomSeriesInstanceUid);
    const auto head = read_dicom_head(read_range(file, layout.header), layout.explicit_vr);
    if (!head.fault.empty()) return {DicomKind::slide, {}};
    if (head.sop_class != kDicomWholeSlide) return {DicomKind::other, {}};
    if (dicom_flavour(head.image_type) != "VOLUME") return {DicomKind::beside, head.series};
    return {DicomKind::slide, head.series};
  } catch (const Error&) {
    return {DicomKind::slide, {}};
  }
}

/// What was seen of files, while they stay as they were.
class Seen {
 public:
  DicomFile get(const fs::path& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
    const State state{status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
    {
      const std::lock_guard lock(mutex_);
      const auto found = files_.find(path.string());
      if (found != files_.end() && found->second.first == state) return found->second.second;
    }
    auto file = look_at(path);
    const std::lock_guard lock(mutex_);
    constexpr std::size_t kMost = 100'000;
    if (files_.size() >= kMost) files_.clear();
    files_[path.string()] = {state, file};
    return file;
  }

 private:
  struct State {
    off_t bytes;
    time_t modified_s;
    long modified_ns;
    bool operator==(const State&) const = default;
  };
  std::mutex mutex_;
  std::unordered_map<std::string, std::pair<State, DicomFile>> files_;
};

/// Hidden files, and what is still being copied, are nobody's.
std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const auto name = it->path().filename().string();
    if (!name.starts_with('.') && !is_named_for_now(name)) files.push_back(it->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

DicomFile dicom_file(const fs::path& path) {
  static Seen seen;
  return seen.get(path);
}

std::vector<fs::path> dicom_slide_files(const fs::path& path) {
  const auto own = dicom_file(path);
  if (own.kind != DicomKind::slide || own.series.empty()) return {path};
  std::vector<fs::path> files;
  // Beside a name without a folder lie names without one.
  const bool bare = path.parent_path().empty();
  for (auto& file : files_in(bare ? "." : path.parent_path())) {
    const auto other = dicom_file(file);
    if (other.kind == DicomKind::slide && other.series == own.series)
      files.push_back(bare ? file.filename() : std::move(file));
  }
  const bool holds_own = std::find(files.begin(), files.end(), path) != files.end();
  return holds_own ? files : std::vector<fs::path>{path};
}

std::vector<fs::path> dicom_slides_in(const fs::path& folder) {
  std::vector<fs::path> slides;
  std::set<std::string> series;
  for (auto& path : files_in(folder)) {
    const auto file = dicom_file(path);
    if (file.kind != DicomKind::slide) continue;
    if (file.series.empty() || series.insert(file.series).second) slides.push_back(std::move(path));
  }
  return slides;
}

}  // namespace cytocape
