/// TIFF: header, directories, levels, pixel size, and tiles of every codec.

#include "tests/fuzz/read_slide.hpp"

void cytocape::fuzz::run(std::span<const std::uint8_t> input) {
  const auto path = file_of(input, "a.tif");
  refuse_or([&] { read_slide(path, "tiff"); });
}
