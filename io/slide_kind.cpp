#include "io/slide_kind.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <string>
#include <string_view>

#include "io/errors.hpp"
#include "io/slide_readers.hpp"
#include "io/tiff_file.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

bool begins_as_picture(const fs::path& path) {
  using namespace std::string_view_literals;
  static constexpr std::array kBegin{"\x89PNG\r\n\x1a\n"sv, "\xff\xd8\xff"sv, "II*\0"sv, "MM\0*"sv,
                                     "II+\0\b\0\0\0"sv,     "MM\0+\0\b\0\0"sv};
  std::array<char, 8> head{};
  std::ifstream file(path, std::ios::binary);
  file.read(head.data(), head.size());
  const std::string_view read(head.data(), static_cast<std::size_t>(file.gcount()));
  return std::any_of(kBegin.begin(), kBegin.end(),
                     [&](auto begin) { return read.starts_with(begin); });
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
  file.vendor = openslide_vendor(path);
  if (!file.vendor.empty() || detect_tiff(file).reads) return SlideKind::slide;
  return begins_as_picture(path) ? SlideKind::picture : SlideKind::none;
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
