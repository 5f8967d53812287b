/// OME-XML, which stands in a TIFF file's description.

#include "io/ome_xml.hpp"
#include "tests/fuzz/fuzz_target.hpp"

void cytocape::fuzz::run(std::span<const std::uint8_t> input) {
  const auto images = ome_images(std::string(text_of(input)), "a.tif");
  for (std::uint64_t directory = 0; directory < 3; ++directory) {
    const OmePlace place{{128, 64}, directory};
    (void)ome_image_of(images, place);
    (void)ome_series_notice(images, place);
  }
}
