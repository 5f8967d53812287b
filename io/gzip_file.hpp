#pragma once

/// Compressed text that is written as it comes, so that memory does not grow with it.

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace cytocape {

/// Writes a gzip file without time or name in it: equal text gives equal bytes. Not thread-safe.
/// Every member throws StorageError naming the file.
class GzipFile {
 public:
  /// Makes `path` anew.
  explicit GzipFile(const std::filesystem::path& path);
  GzipFile(GzipFile&&) noexcept;
  GzipFile& operator=(GzipFile&&) noexcept;
  ~GzipFile();

  void write(std::string_view text);
  /// Writes what is left and closes the file; it is whole only then.
  void close();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// As zlib's own format (RFC 1950). `level` is 0 to 9. Throws StorageError where memory is short.
[[nodiscard]] std::string zlib_compressed(std::string_view bytes, int level);

}  // namespace cytocape
