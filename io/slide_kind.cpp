#include "io/slide_kind.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "io/dicom_series.hpp"
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
  if (hints.contains("ome.conflict")) return true;  // it does, if not clearly: opening says so
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
  if (!file.tiff || !detect_tiff(file).reads) {
    const auto dicom = dicom_file(path).kind;
    if (dicom != DicomKind::none)
      return dicom == DicomKind::slide ? SlideKind::slide : SlideKind::other;
  }
  if (file.tiff && states_pixel_size(*file.tiff)) return SlideKind::slide;
  file.vendor = openslide_vendor(path);
  if (!file.vendor.empty() || detect_tiff(file).reads) return SlideKind::slide;
  return picture_format(path) ? SlideKind::picture : SlideKind::none;
}

bool is_named_as_slide(const fs::path& path) {
  static constexpr std::array kEndings{".svs", ".ndpi", ".mrxs",    ".scn",  ".bif", ".vms",
                                       ".vmu", ".tif",  ".svslide", ".tiff", ".dcm"};
  const auto ending = in_lower_case(path.extension().string());
  return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

bool is_named_for_now(const std::string& name) {
  static constexpr std::array kEndings{".part", ".partial",  ".tmp",        ".temp",
                                       "~",     ".filepart", ".crdownload", ".download"};
  const auto small = in_lower_case(name);
  return name.starts_with('~') ||
         std::any_of(kEndings.begin(), kEndings.end(),
                     [&](const char* ending) { return small.ends_with(ending); });
}

}  // namespace cytocape
