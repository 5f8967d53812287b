#pragma once

/// HDF5 behind one wrapper; hdf5_handles.hpp is the only file that includes the library. Internal
/// to io/.
///
/// HDF5 is one thread at a time whatever its build, so every function here takes one lock of the
/// process. Errors are StorageError: "<file>: <path in file>: cannot <action>: <cause>". HDF5
/// prints nothing. Objects carry no time stamps, so equal content gives equal bytes.

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

/// An open file; moves, and closes on destruction without a word.
class File {
 public:
  /// Truncates an existing file.
  [[nodiscard]] static File create(const std::filesystem::path& path);
  [[nodiscard]] static File open_readonly(const std::filesystem::path& path);
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
  /// Text goes out as UTF-8; bytes that are none are replaced.
  void set(const std::string& object, const std::string& name, const Attribute& value);
  /// Writes everything out and closes; what was buffered and does not fit on the disk fails here.
  void close();

  [[nodiscard]] Shape shape(const std::string& path) const;
  /// Rows a chunk holds; for whoever buffers before `append`.
  [[nodiscard]] std::uint64_t chunk_rows(const std::string& path) const;
  /// Fails where the shape is not `expected` or the values' class (whole, real) is another.
  template <class T>
  [[nodiscard]] std::vector<T> read(const std::string& path, const Shape& expected) const {
    std::vector<T> values(checked_size(path, memory_type<T>(), expected));
    read_bytes(path, memory_type<T>(), values.data());
    return values;
  }
  [[nodiscard]] std::vector<std::string> read_texts(const std::string& path) const;
  [[nodiscard]] std::vector<std::string> attribute_names(const std::string& object) const;
  /// Names of what a group holds, sorted.
  [[nodiscard]] std::vector<std::string> member_names(const std::string& group) const;
  /// The file that an external link points at, as it was written.
  [[nodiscard]] std::filesystem::path linked_file(const std::string& link) const;
  /// Fails where the attribute is absent or of another kind than T.
  template <class T>
  [[nodiscard]] T get(const std::string& object, const std::string& name) const;

  /// For errors of the layer above, in this one's form.
  [[noreturn]] void fail(const std::string& object, const std::string& what) const;

 private:
  struct State;
  explicit File(std::unique_ptr<State> state);
  void append_bytes(const std::string& path, Type type, const void* data, std::size_t values);
  [[nodiscard]] std::size_t checked_size(const std::string& path, Type type,
                                         const Shape& expected) const;
  void read_bytes(const std::string& path, Type type, void* data) const;
  std::unique_ptr<State> state_;
};

}  // namespace cytocape::h5
