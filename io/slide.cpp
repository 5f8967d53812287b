#include "io/slide.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstring>
#include <fstream>
#include <new>

#include "io/dicom_series.hpp"
#include "io/digest.hpp"
#include "io/errors.hpp"
#include "io/file_fault.hpp"
#include "io/icc_profile.hpp"
#include "io/level_check.hpp"
#include "io/slide_readers.hpp"
#include "io/text.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> regular_files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->is_regular_file(error)) files.push_back(it->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// Hamamatsu's .vms and .vmu are key=value texts whose values name the picture files beside them.
std::vector<fs::path> files_named_in(const fs::path& index) {
  std::vector<fs::path> files;
  std::ifstream lines(index);
  for (std::string line; std::getline(lines, line);) {
    const auto equals = line.find('=');
    if (equals == std::string::npos) continue;
    auto name = line.substr(equals + 1);
    while (!name.empty() && (name.back() == '\r' || name.back() == ' ')) name.pop_back();
    std::error_code error;
    const auto file = index.parent_path() / fs::path(name).filename();
    if (!name.empty() && fs::is_regular_file(file, error)) files.push_back(file);
  }
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return files;
}

void require_file(const fs::path& path) {
  std::error_code error;
  const auto status = fs::status(path, error);
  const auto refuse = [&](const std::string& what) {
    throw SlideError(path.string() + ": " + what);
  };
  if (status.type() == fs::file_type::not_found) refuse("there is no such file; check the path");
  if (status.type() == fs::file_type::none) refuse_unreadable(path, error.value());
  if (fs::is_directory(status)) refuse("is a folder, not a slide; give the files in it");
  if (!fs::is_regular_file(status)) refuse("is a pipe or device, not a file; give a slide's file");
  if (fs::file_size(path, error) == 0 && !error)
    refuse("is empty (0 bytes); copy or scan the slide again");
}

/// Readers that know one plane leave the description's as it is.
void require_plane(const Slide& slide, int plane) {
  if (slide.info().plane == plane) return;
  throw SlideError(
      fmt::format("{}: the reader {} reads its first picture alone; set slide.plane to 1, not {}",
                  slide.info().path.string(), slide.info().reader, plane));
}

}  // namespace

const char* to_string(MppSource source) {
  switch (source) {
    case MppSource::slide_property:
      return "slide_property";
    case MppSource::resolution_tag:
      return "resolution_tag";
    case MppSource::user:
      return "user";
  }
  return "unknown";
}

std::string slide_id(const fs::path& path) {
  auto id = path.stem().string();
  for (auto& c : id) {
    const auto byte = static_cast<unsigned char>(c);
    const bool safe = byte < 0x80 && (std::isalnum(byte) != 0 || std::strchr("._-", c) != nullptr);
    if (!safe) c = '_';
  }
  if (id.empty()) return "slide";
  if (id.front() == '.') id.front() = '_';
  return id;
}

void paste(const Image& source, Image& target, std::int64_t at_x, std::int64_t at_y) {
  const LevelRect placed{at_x, at_y, source.width(), source.height()};
  const auto part = placed.intersected({0, 0, target.width(), target.height()});
  if (part.empty()) return;
  for (auto y = part.y; y < part.bottom(); ++y) {
    const auto* from = source.row(static_cast<int>(y - at_y)) + (part.x - at_x) * 3;
    std::copy_n(from, part.width * 3, target.row(static_cast<int>(y)) + part.x * 3);
  }
}

namespace {

/// The files of the DICOM slide that is given by one of them or by its folder; else `given` alone.
std::vector<fs::path> series_of(const fs::path& given) {
  std::error_code error;
  if (!fs::is_directory(given, error)) return dicom_slide_files(given);
  const auto slides = dicom_slides_in(given);
  if (slides.size() > 1) {
    throw SlideError(fmt::format("{}: holds {} DICOM slides; give one of them, as {}",
                                 given.string(), slides.size(), slides.front().string()));
  }
  return dicom_slide_files(slides.empty() ? given : slides.front());
}

}  // namespace

fs::path slide_path(const fs::path& given) {
  return series_of(given).front();
}

std::unique_ptr<Slide> Slide::open(const fs::path& path, const SlideOptions& options) {
  const auto own = slide_path(path);
  require_file(own);
  try {
    SlideFile file{.path = own, .state = SlideState::of(own), .tiff = {}, .vendor = {}};
    file.tiff = TiffFile::open(own);
    // After TiffFile, for OpenSlide trusts what a TIFF says of itself.
    file.vendor = openslide_vendor(own);
    const auto choice = choose_reader(file, options.reader);
    auto slide = choice.reader->open(file, options);
    slide->info_.reader = choice.reader->name;
    slide->info_.reader_why = choice.why;
    require_plane(*slide, options.plane);
    slide = with_agreeing_levels(std::move(slide));
    slide = in_srgb(std::move(slide), options.icc);
    file.state.require_unchanged();
    return slide;
  } catch (const std::bad_alloc&) {
    throw SlideError(path.string() + ": there is too little memory to open it");
  }
}

Image Slide::read_reduced(int level, int factor, const LevelRect& rect) const {
  if (factor == 1) return read(level, rect);
  throw SlideError(fmt::format("{}: its level {} cannot be read at 1/{} of its size",
                               info_.path.string(), level, factor));
}

std::vector<fs::path> slide_files(const fs::path& path) {
  auto files = series_of(path);
  require_file(files.front());
  if (files.size() > 1) return files;
  std::vector<fs::path> others;
  const auto extension = path.extension();
  if (extension == ".mrxs") others = regular_files_in(fs::path(path).replace_extension());
  if (extension == ".vms" || extension == ".vmu") others = files_named_in(path);
  files.insert(files.end(), others.begin(), others.end());
  return files;
}

std::string slide_sha256(const fs::path& path) {
  try {
    const auto files = slide_files(path);
    if (files.size() == 1) return sha256_of_file(files.front());
    std::string lines;
    for (const auto& file : files) {
      const auto folder = files.front().parent_path();
      const auto name = fs::relative(file, folder.empty() ? "." : folder);
      lines += sha256_of_file(file) + "  " + name.generic_string() + "\n";
    }
    return sha256_of(lines);
  } catch (const StorageError& error) {
    throw SlideError(error.what());
  }
}

}  // namespace cytocape
