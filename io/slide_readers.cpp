#include "io/slide_readers.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "io/errors.hpp"

namespace cytocape {
namespace {

/// What no other takes is a picture or refused as none, so libvips stays last.
constexpr std::array kReaders{
    SlideReader{"tiff", detect_tiff, open_tiff},
    SlideReader{"dicom", detect_dicom, open_dicom},
    SlideReader{"openslide", detect_for_openslide, open_with_openslide},
    SlideReader{"libvips", detect_as_image, open_as_image},
};

ReaderChoice named_reader(const SlideFile& file, const std::string& name) {
  const auto* found = std::find_if(kReaders.begin(), kReaders.end(),
                                   [&](const SlideReader& reader) { return reader.name == name; });
  if (found == kReaders.end()) {
    throw ConfigError(fmt::format("slide.reader = \"{}\": there is no such reader; give one of {}",
                                  name, fmt::join(slide_reader_names(), ", ")));
  }
  const auto detection = found->detect(file);
  if (detection.reads) return {found, fmt::format("slide.reader names it; {}", detection.why)};
  throw SlideError(
      fmt::format("{}: the reader {} does not read it: {}; set slide.reader to \"auto\", which "
                  "takes the first reader that can",
                  file.path.string(), name, detection.why));
}

}  // namespace

std::span<const SlideReader> slide_readers() {
  return kReaders;
}

std::vector<std::string> slide_reader_names() {
  std::vector<std::string> names;
  for (const auto& reader : kReaders) names.emplace_back(reader.name);
  return names;
}

void refuse_plane(const std::filesystem::path& path, int plane) {
  throw SlideError(fmt::format(
      "{}: slide.plane = {}: it has fewer pictures of the size of its largest; `cytocape inspect` "
      "lists them",
      path.string(), plane));
}

ReaderChoice choose_reader(const SlideFile& file, const std::string& name) {
  if (!name.empty()) return named_reader(file, name);
  std::string others;
  for (const auto& reader : kReaders) {
    const auto detection = reader.detect(file);
    if (detection.reads) return {&reader, detection.why + others};
    others += fmt::format("; not {}: {}", reader.name, detection.why);
  }
  throw SlideError(fmt::format("{}: no reader takes it{}", file.path.string(), others));
}

}  // namespace cytocape
