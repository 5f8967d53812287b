#include "io/picture_check.hpp"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <string>

#include "io/file_fault.hpp"
#include "io/jpeg_check.hpp"
#include "io/tiff_damage.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

/// A big-endian number at `at` of a PNG's first chunk.
std::uint64_t number_at(const std::array<char, 26>& head, std::size_t at) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(head[at + i]);
  return value;
}

std::uint64_t channels_of(char colour_type) {
  switch (colour_type) {
    case 2:
      return 3;
    case 4:
      return 2;
    case 6:
      return 4;
    default:
      return 1;
  }
}

/// Signature, then the chunk IHDR: width, height, bits a sample, kind of colour. Whether they make
/// sense is libpng's to say.
void require_room_for_png(const fs::path& path) {
  std::array<char, 26> head{};
  std::ifstream(path, std::ios::binary).read(head.data(), head.size());
  const auto width = number_at(head, 16);
  const auto height = number_at(head, 20);
  const auto bits = static_cast<unsigned char>(head[24]) * channels_of(head[25]);
  const auto claimed =
      static_cast<double>(width) * static_cast<double>(height) * static_cast<double>(bits) / 8;
  constexpr double kMostGain = 1032;  // deflate's longest match: 258 bytes in 2 bits
  const auto bytes = fs::file_size(path);
  if (claimed > kMostGain * static_cast<double>(bytes)) {
    refuse_damaged(path, fmt::format("it claims {} x {} pixels, which its {} bytes cannot hold",
                                     width, height, bytes));
  }
}

}  // namespace

void require_whole_page(const fs::path& path, const TiffFile& file, const TiffPage& page) {
  file.require_room_for(page);
  const auto fault = page_fault(file, page);
  if (!fault.empty()) refuse_damaged(path, fault);
}

void require_whole_picture(const fs::path& path, std::string_view loader) {
  if (loader == "png") return require_room_for_png(path);
  const auto fault = jpeg_fault(path);
  if (!fault.empty()) refuse_damaged(path, fault);
}

}  // namespace cytocape
