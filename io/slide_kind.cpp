#include "io/slide_kind.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "io/errors.hpp"
#include "io/picture_format.hpp"
#include "io/slide_readers.hpp"
#include "io/tiff_file.hpp"
#include "io/tiff_levels.hpp"
#include "io/tiff_picture.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

/// As a microscope's camera writes it; that of a scanned photograph is outside what is plausible.
bool states_pixel_size(const TiffFile& tiff) {
  auto hints = pixel_size_hints(tiff, *find_tiff_picture(tiff).page);
  hints["openslide.vendor"] = "generic-tiff";
  try {
    (void)pixel_size("", hints, {});
    return true;
  } catch (const SlideError&) {
    return false;
  }
}

}  // namespace

SlideKind slide_kind(const fs::path& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return SlideKind::none;
  SlideFile file{.path = path, .state = {}, .tiff = {}, .vendor = {}};
  try {
    // First of all: OpenSlide trusts what a TIFF says of itself.
    file.tiff = TiffFile::open(path);
  } catch (const Error&) {
    return SlideKind::slide;
  }
  if (file.tiff && states_pixel_size(*file.tiff)) return SlideKind::slide;
  file.vendor = openslide_vendor(path);
  if (!file.vendor.empty() || detect_tiff(file).reads) return SlideKind::slide;
  return picture_format(path) ? SlideKind::picture : SlideKind::none;
}

bool is_named_as_slide(const fs::path& path) {
  static constexpr std::array kEndings{".svs", ".ndpi", ".mrxs", ".scn",     ".bif",
                                       ".vms", ".vmu",  ".tif",  ".svslide", ".tiff"};
  auto ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

}  // namespace cytocape
