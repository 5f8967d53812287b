#include "io/tiff_bytes.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "io/errors.hpp"
#include "io/file_fault.hpp"

namespace cytocape {

TiffBytes::TiffBytes(std::filesystem::path path) : path_(std::move(path)), file_(path_, O_RDONLY) {
  struct stat status {};
  if (file_.get() < 0 || ::fstat(file_.get(), &status) != 0) {
    refuse_unreadable(path_, errno);
  }
  size_ = static_cast<std::uint64_t>(status.st_size);
}

void TiffBytes::read(std::uint64_t offset, std::span<std::uint8_t> out) const {
  std::size_t done = 0;
  while (done < out.size()) {
    const auto got = ::pread(file_.get(), out.data() + done, out.size() - done,
                             static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      throw SlideError(fmt::format("{}: cannot be read at byte {}: {}", path_.string(),
                                   offset + done, std::strerror(errno)));
    }
    if (got == 0)
      refuse(fmt::format("it ends at byte {}, where more should follow", offset + done));
    done += static_cast<std::size_t>(got);
  }
}

std::uint64_t TiffBytes::number(std::span<const std::uint8_t> bytes, unsigned width) const {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < width; ++i) {
    const auto byte = bytes[big_endian_ ? i : width - 1 - i];
    value = value << 8 | byte;
  }
  return value;
}

std::uint64_t TiffBytes::number_at(std::uint64_t offset, unsigned width) const {
  std::array<std::uint8_t, 8> bytes{};
  if (!holds({offset, width})) {
    refuse(fmt::format("a number should be at byte {} of {}", offset, size_));
  }
  read(offset, std::span(bytes).first(width));
  return number(bytes, width);
}

void TiffBytes::refuse(const std::string& cause) const {
  throw SlideError(
      fmt::format("{}: {}; the file is damaged or was cut short: copy or export it again",
                  path_.string(), cause));
}

}  // namespace cytocape
