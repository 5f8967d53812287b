#include "io/picture_format.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <string_view>

#include "io/durable_file.hpp"

namespace cytocape {
namespace {

struct Beginning {
  PictureFormat format;
  std::string_view bytes;
};

}  // namespace

const char* to_string(PictureFormat format) {
  if (format == PictureFormat::png) return "png";
  return format == PictureFormat::jpeg ? "jpeg" : "tiff";
}

int read_error(const std::filesystem::path& path) {
  const Descriptor file(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  char byte = 0;
  return file.get() < 0 || ::read(file.get(), &byte, 1) < 0 ? errno : 0;
}

std::optional<PictureFormat> picture_format(const std::filesystem::path& path) {
  using namespace std::string_view_literals;
  using enum PictureFormat;
  static constexpr std::array<Beginning, 6> kBegin{{{png, "\x89PNG\r\n\x1a\n"sv},
                                                    {jpeg, "\xff\xd8\xff"sv},
                                                    {tiff, "II*\0"sv},
                                                    {tiff, "MM\0*"sv},
                                                    {tiff, "II+\0\b\0\0\0"sv},
                                                    {tiff, "MM\0+\0\b\0\0"sv}}};
  std::array<char, 8> head{};
  std::ifstream file(path, std::ios::binary);
  file.read(head.data(), head.size());
  const std::string_view read(head.data(), static_cast<std::size_t>(file.gcount()));
  const auto* found = std::find_if(kBegin.begin(), kBegin.end(), [&](const Beginning& begin) {
    return read.starts_with(begin.bytes);
  });
  return found == kBegin.end() ? std::nullopt : std::optional(found->format);
}

}  // namespace cytocape
