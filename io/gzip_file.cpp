#include "io/gzip_file.hpp"

#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "io/errors.hpp"

namespace cytocape {

struct GzipFile::State {
  std::string path;
  std::unique_ptr<gzFile_s, int (*)(gzFile)> file{nullptr, gzclose};

  [[noreturn]] void fail() const {
    throw StorageError(path + ": cannot write: " +
                       (errno == 0 ? "zlib has no memory left" : std::strerror(errno)));
  }
};

GzipFile::GzipFile(const std::filesystem::path& path) : state_(std::make_unique<State>()) {
  state_->path = path.string();
  errno = 0;
  state_->file.reset(gzopen(path.c_str(), "wbe6"));
  if (!state_->file) state_->fail();
}

GzipFile::GzipFile(GzipFile&&) noexcept = default;
GzipFile& GzipFile::operator=(GzipFile&&) noexcept = default;
GzipFile::~GzipFile() = default;

void GzipFile::write(std::string_view text) {
  constexpr std::size_t kMost = std::size_t{1} << 24;
  for (; !text.empty(); text.remove_prefix(std::min(text.size(), kMost))) {
    const auto part = text.substr(0, kMost);
    errno = 0;
    if (gzwrite(state_->file.get(), part.data(), static_cast<unsigned>(part.size())) <= 0)
      state_->fail();
  }
}

void GzipFile::close() {
  errno = 0;
  if (gzclose(state_->file.release()) != Z_OK) state_->fail();
}

std::string zlib_compressed(std::string_view bytes, int level) {
  auto size = compressBound(bytes.size());
  std::string compressed(size, '\0');
  // Bytef is unsigned char, which any bytes may be read as.
  const int result = compress2(reinterpret_cast<Bytef*>(compressed.data()), &size,
                               reinterpret_cast<const Bytef*>(bytes.data()), bytes.size(), level);
  if (result != Z_OK) throw StorageError("zlib has no memory left");
  compressed.resize(size);
  return compressed;
}

}  // namespace cytocape
