/// DICOM: layout, attributes, offset tables and frames.

#include "tests/fuzz/read_slide.hpp"

void cytocape::fuzz::run(std::span<const std::uint8_t> input) {
  const auto path = file_of(input, "a.dcm");
  refuse_or([&] { read_slide(path, "dicom"); });
}
