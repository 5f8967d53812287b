#pragma once

/// Reading HDF5 files that may be damaged or hostile. The library runs in a process of its own
/// (reading_process.hpp), which this class asks; what comes back is checked for type, shape and
/// size before memory is taken. Internal to io/.
///
/// Errors are StorageError: "<file>: damaged record: <object>: <what>" where the file is at fault,
/// "<file>: <what>" where it merely cannot be read now.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "io/hdf5.hpp"

namespace cytocape::h5 {

/// The file that an external link points at, and the object in it, as they were written.
struct LinkTarget {
  std::filesystem::path file;
  std::string object;
};

/// What reading one file asked is asked of the next at once: of many records alike, each costs a
/// few answers and not a thousand. Not thread-safe.
struct Series {
  std::vector<std::string> questions;  ///< of the last file, but for those on its many rows
};

/// An open file. Links to other files, data kept in other files and plug-ins are not followed.
/// Movable; one thread at a time, and not longer than the thread that opened it lives.
class Reader {
 public:
  /// `series`, which may be null, outlives it.
  explicit Reader(const std::filesystem::path& path, Series* series = nullptr);
  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;
  ~Reader();

  [[nodiscard]] Shape shape(const std::string& path) const;
  /// The whole dataset. Fails where its shape is not `expected` or its numbers may not fit into T.
  template <class T>
  [[nodiscard]] std::vector<T> read(const std::string& path, const Shape& expected) const {
    const auto rows = checked_rows(path, memory_type<T>(), expected);
    keep(path, rows * row_values(expected) * sizeof(T));
    std::vector<T> values;
    read_rows(path, expected, {0, rows}, values);
    return values;
  }
  [[nodiscard]] std::vector<std::string> read_texts(const std::string& path) const;
  /// Names of what a group holds, sorted.
  [[nodiscard]] std::vector<std::string> member_names(const std::string& group) const;
  [[nodiscard]] std::vector<std::string> attribute_names(const std::string& object) const;
  [[nodiscard]] LinkTarget link_target(const std::string& link) const;
  /// Fails where the attribute is absent or of another kind than T: double, int64, text, or a list
  /// of one of these.
  template <class T>
  [[nodiscard]] T get(const std::string& object, const std::string& name) const;
  /// Empty where there is no such attribute or it is no text: what tells a foreign file's kind.
  [[nodiscard]] std::string text_if_any(const std::string& object, const std::string& name) const;

  /// Fails where the file's time or size is not what it was on opening.
  void require_unchanged() const;
  /// For errors of the layer above: the record contradicts itself.
  [[noreturn]] void fail(const std::string& object, const std::string& what) const;
  /// The same where the file is none of ours, or of another version.
  [[noreturn]] void refuse(const std::string& object, const std::string& what) const;

  /// Rows [first, first + count) of a dataset of that shape, appended to `values`; it must have
  /// been checked by checked_rows.
  struct Rows {
    std::uint64_t first = 0;
    std::uint64_t count = 0;
  };
  template <class T>
  void read_rows(const std::string& path, const Shape& shape, Rows rows,
                 std::vector<T>& values) const {
    const auto row = row_values(shape);
    const auto had = values.size();
    values.resize(had + static_cast<std::size_t>(rows.count) * row);
    read_bytes(path, memory_type<T>(), rows, {values.data() + had, row * sizeof(T)});
  }
  /// How many rows the dataset has, once its type fits and the file is large enough to hold them.
  [[nodiscard]] std::uint64_t checked_rows(const std::string& path, Type type,
                                           const Shape& expected) const;

 private:
  struct State;
  struct Target {
    void* data;
    std::size_t row_bytes;
  };
  [[nodiscard]] static std::size_t row_values(const Shape& shape);
  void keep(const std::string& object, std::uint64_t bytes) const;
  void read_bytes(const std::string& path, Type type, Rows rows, Target target) const;
  std::unique_ptr<State> state_;
};

/// A dataset of known shape that is read a part of its rows at a time, so that memory does not grow
/// with what the file claims. The reader must outlive it.
template <class T>
class Column {
 public:
  Column(const Reader& file, std::string path, Shape shape)
      : file_(&file), path_(std::move(path)), shape_(std::move(shape)) {
    static_cast<void>(file.checked_rows(path_, memory_type<T>(), shape_));
  }
  [[nodiscard]] std::vector<T> rows(Reader::Rows wanted) const {
    std::vector<T> values;
    file_->read_rows(path_, shape_, wanted, values);
    return values;
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  const Reader* file_;
  std::string path_;
  Shape shape_;
};

}  // namespace cytocape::h5
