/// For read_dicom_pydicom.py: `write FOLDER` makes a DICOM file of each kind, and a pyramid in TIFF
/// as `cytocape phantom` writes it; `read FILE..` prints each level's size in pixels and um/px, and
/// the SHA-256 of its pixels as RGB.

#include <fmt/format.h>

#include <cstdio>
#include <string_view>

#include "io/digest.hpp"
#include "io/image_codec.hpp"
#include "tests/io/dicom_writer.hpp"

namespace cytocape {
namespace {

void write_all(const std::filesystem::path& folder) {
  for (const auto& [name, spec] : testing::dicom_kinds())
    testing::write_bytes(folder / (name + ".dcm"),
                         testing::make_dicom(testing::waves(300, 170), spec).bytes);
  const auto large = testing::waves(1100, 700);
  write_pyramid(folder / "pyramid.tif", {.size = {1100, 700}, .mpp = {0.25, 0.25}},
                [&](const Level0Rect& area, Image& out) { paste(large, out, -area.x, -area.y); });
}

void print_levels(const std::string& path) {
  const auto slide = Slide::open(path);
  const auto& info = slide->info();
  for (std::size_t i = 0; i < info.levels.size(); ++i) {
    const auto& size = info.levels[i].size;
    const auto image = slide->read(static_cast<int>(i), {0, 0, size.width, size.height});
    const auto pixels = image.pixels();
    fmt::print("{} {} {} {} {:.6g} {:.6g} {}\n", path, i, size.width, size.height, info.mpp.x,
               info.mpp.y, sha256_of(std::string(pixels.begin(), pixels.end())));
  }
}

}  // namespace
}  // namespace cytocape

int main(int count, char** arguments) {
  try {
    if (count == 3 && std::string_view(arguments[1]) == "write") {
      cytocape::write_all(arguments[2]);
      return 0;
    }
    for (int i = 2; i < count; ++i) cytocape::print_levels(arguments[i]);
    return count > 2 ? 0 : 2;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
