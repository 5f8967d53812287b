#pragma once

/// HDF5 behind one wrapper; hdf5_handles.hpp is the only file that includes the library. This is
/// its writing half; hdf5_reader.hpp reads. Internal to io/ and to the formats of pipeline/exports
/// that are HDF5.
///
/// HDF5 is one thread at a time whatever its build, so every function here takes one lock of the
/// process. Errors are StorageError: "<file>: <path in file>: cannot <action>: <cause>". HDF5
/// prints nothing. Objects carry no time stamps, so equal content gives equal bytes. Files are
/// never locked by HDF5: file systems without locks exist, and PartialFile owns the name.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace cytocape::h5 {

/// Types in the file, all little-endian.
enum class Type { u8, i16, i32, u32, u64, i64, f16, f32, f64 };

/// What the caller's memory holds; HDF5 converts between it and the file's type.
template <class T>
constexpr Type memory_type();
template <>
constexpr Type memory_type<std::uint8_t>() {
  return Type::u8;
}
template <>
constexpr Type memory_type<std::int16_t>() {
  return Type::i16;
}
template <>
constexpr Type memory_type<std::int32_t>() {
  return Type::i32;
}
template <>
constexpr Type memory_type<std::uint32_t>() {
  return Type::u32;
}
template <>
constexpr Type memory_type<std::uint64_t>() {
  return Type::u64;
}
template <>
constexpr Type memory_type<std::int64_t>() {
  return Type::i64;
}
template <>
constexpr Type memory_type<float>() {
  return Type::f32;
}
template <>
constexpr Type memory_type<double>() {
  return Type::f64;
}

using Shape = std::vector<std::uint64_t>;
using Attribute = std::variant<double, std::int64_t, std::string, std::vector<double>,
                               std::vector<std::int64_t>, std::vector<std::string>>;

/// A dataset whose first dimension grows. Chunked by `chunk_rows`, shuffled and deflated.
struct TableSpec {
  Type type = Type::f64;
  Shape row;                     ///< shape of one row; empty for a scalar
  std::uint64_t chunk_rows = 0;  ///< 0 takes about 1 MiB, at most 8192 rows
};

/// A file being written; moves, and closes on destruction without a word.
class File {
 public:
  /// Truncates an existing file.
  [[nodiscard]] static File create(const std::filesystem::path& path);
  File(File&&) noexcept;
  File& operator=(File&&) noexcept;
  ~File();

  void make_group(const std::string& path);
  /// An external link at `path` to `object` of another file, relative to this one.
  void link(const std::string& path, const std::filesystem::path& file, const std::string& object);
  void make_table(const std::string& path, const TableSpec& spec);
  /// `rows` holds whole rows. Chunks are written once if every call but the last brings whole ones.
  template <class T>
  void append(const std::string& path, std::span<const T> rows) {
    append_bytes(path, memory_type<T>(), rows.data(), rows.size());
  }
  /// Variable-length UTF-8 strings, one dimension.
  void write_texts(const std::string& path, const std::vector<std::string>& texts);
  /// One of no dimension.
  void write_text(const std::string& path, const std::string& text);
  /// As write_texts of what is appended, for columns that grow with the file.
  void make_texts(const std::string& path);
  void append_texts(const std::string& path, const std::vector<std::string>& texts);
  /// Text goes out as UTF-8; bytes that are none are replaced.
  void set(const std::string& object, const std::string& name, const Attribute& value);
  /// Writes everything out and closes; what was buffered and does not fit on the disk fails here.
  void close();

  /// Rows a chunk holds; for whoever buffers before `append`.
  [[nodiscard]] std::uint64_t chunk_rows(const std::string& path) const;
  /// For errors of the layer above, in this one's form.
  [[noreturn]] void fail(const std::string& object, const std::string& what) const;

 private:
  struct State;
  explicit File(std::unique_ptr<State> state);
  void append_bytes(const std::string& path, Type type, const void* data, std::size_t values);
  std::unique_ptr<State> state_;
};

}  // namespace cytocape::h5
