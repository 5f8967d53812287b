#pragma once

/// HDF5's handles, types and error texts: what hdf5_write.cpp, hdf5_source.cpp and hdf5_reader.cpp
/// share. The only file that includes HDF5; only those three include this one.

#include <fmt/format.h>
#include <hdf5.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "io/errors.hpp"
#include "io/hdf5.hpp"
#include "io/text.hpp"

namespace cytocape::h5 {

/// Values beyond this in one dataset mean a damaged or hostile file, not a slide.
inline constexpr std::uint64_t kMaxValues = std::uint64_t{1} << 31;

class Lock {
 public:
  Lock() : guard_(mutex()) {
    // A file that could not be closed stays half open in HDF5's tables, and its clean-up at exit
    // crashes on it (1.10.8). Everything else is closed by its owner long before.
    static const bool without_exit_handler = H5dont_atexit() >= 0;
    static_cast<void>(without_exit_handler);
    // HDF5 puts this above what file_access() says, once, when it opens its first file. A variable
    // that is there is replaced in its place, which other threads may read meanwhile.
    constexpr const char* locking = "HDF5_USE_FILE_LOCKING";
    static const bool overruled =
        std::getenv(locking) == nullptr || ::setenv(locking, "FALSE", 1) == 0;
    static_cast<void>(overruled);
    // The setting is per thread in thread-safe builds and per process in others.
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  }

 private:
  static std::recursive_mutex& mutex() {
    static std::recursive_mutex instance;
    return instance;
  }
  std::lock_guard<std::recursive_mutex> guard_;
};

/// One HDF5 identifier and the function that closes it.
class Id {
 public:
  using Close = herr_t (*)(hid_t);
  Id(hid_t id, Close close) : id_(id), close_(close) {}
  Id(Id&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Id& operator=(Id&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(close_, other.close_);
    return *this;
  }
  ~Id() { reset(); }
  herr_t reset() { return id_ < 0 ? 0 : close_(std::exchange(id_, -1)); }
  [[nodiscard]] hid_t get() const { return id_; }

 private:
  hid_t id_;
  Close close_;
};

inline herr_t keep_deepest(unsigned, const H5E_error2_t* error, void* to) {
  if (error->desc != nullptr) *static_cast<std::string*>(to) = error->desc;
  return 0;
}

/// The innermost message of HDF5's error stack; the system's own words where it quotes them.
inline std::string cause() {
  std::string deepest;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_deepest, &deepest);
  std::string innermost = deepest;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, keep_deepest, &innermost);
  for (const auto& text : {deepest, innermost}) {
    constexpr std::string_view quote = "error message = '";
    const auto begin = text.find(quote);
    if (begin == std::string::npos) continue;
    const auto from = begin + quote.size();
    return text.substr(from, text.find('\'', from) - from);
  }
  return one_line(innermost);
}

inline hid_t native(Type type) {
  switch (type) {
    case Type::u8:
      return H5T_NATIVE_UINT8;
    case Type::i16:
      return H5T_NATIVE_INT16;
    case Type::i32:
      return H5T_NATIVE_INT32;
    case Type::u32:
      return H5T_NATIVE_UINT32;
    case Type::u64:
      return H5T_NATIVE_UINT64;
    case Type::i64:
      return H5T_NATIVE_INT64;
    case Type::f16:
    case Type::f32:
      return H5T_NATIVE_FLOAT;
    case Type::f64:
      return H5T_NATIVE_DOUBLE;
  }
  return -1;
}

inline std::size_t bytes_of(Type type) {
  switch (type) {
    case Type::u8:
      return 1;
    case Type::i16:
    case Type::f16:
      return 2;
    case Type::i32:
    case Type::u32:
    case Type::f32:
      return 4;
    default:
      return 8;
  }
}

/// IEEE 754 binary16, which HDF5 1.10 has no name for: 1 sign, 5 exponent, 10 fraction bits.
inline Id half_type() {
  Id type(H5Tcopy(H5T_IEEE_F32LE), H5Tclose);
  H5Tset_fields(type.get(), 15, 10, 5, 0, 10);
  H5Tset_size(type.get(), 2);
  H5Tset_ebias(type.get(), 15);
  return type;
}

inline Id file_type(Type type) {
  const auto copy = [](hid_t standard) { return Id(H5Tcopy(standard), H5Tclose); };
  switch (type) {
    case Type::u8:
      return copy(H5T_STD_U8LE);
    case Type::i16:
      return copy(H5T_STD_I16LE);
    case Type::i32:
      return copy(H5T_STD_I32LE);
    case Type::u32:
      return copy(H5T_STD_U32LE);
    case Type::u64:
      return copy(H5T_STD_U64LE);
    case Type::i64:
      return copy(H5T_STD_I64LE);
    case Type::f16:
      return half_type();
    case Type::f32:
      return copy(H5T_IEEE_F32LE);
    case Type::f64:
      break;
  }
  return copy(H5T_IEEE_F64LE);
}

inline Id text_type() {
  Id type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type.get(), H5T_VARIABLE);
  H5Tset_cset(type.get(), H5T_CSET_UTF8);
  return type;
}

inline Id space_of(const Shape& shape) {
  if (shape.empty()) return {H5Screate(H5S_SCALAR), H5Sclose};
  const std::vector<hsize_t> dims(shape.begin(), shape.end());
  return {H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr), H5Sclose};
}

inline Shape shape_of(hid_t space) {
  const int rank = H5Sget_simple_extent_ndims(space);
  std::vector<hsize_t> dims(static_cast<std::size_t>(std::max(rank, 0)));
  if (rank > 0) H5Sget_simple_extent_dims(space, dims.data(), nullptr);
  return {dims.begin(), dims.end()};
}

inline std::uint64_t product(const Shape& shape) {
  std::uint64_t values = 1;
  for (const auto edge : shape) {
    if (edge != 0 && values > kMaxValues / edge) return kMaxValues + 1;
    values *= edge;
  }
  return values;
}

inline std::string printed(const Shape& shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

/// For files opened and created alike: whatever is open inside closes with the file, and HDF5 takes
/// no lock.
inline Id file_access() {
  Id access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_fclose_degree(access.get(), H5F_CLOSE_STRONG);
  H5Pset_file_locking(access.get(), false, true);
  return access;
}

struct File::State {
  State(std::filesystem::path where, Id opened) : path(std::move(where)), file(std::move(opened)) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { make_closable(); }
  std::filesystem::path path;
  Id file;
  std::map<std::string, Id> tables;  ///< kept open while they grow
  std::map<std::string, TableSpec> specs;

  [[noreturn]] void fail(const std::string& object, const std::string& what) const {
    throw StorageError(fmt::format("{}: {}: {}", path.string(), object, what));
  }
  void check(bool ok, const std::string& object, const char* action) const {
    if (!ok) fail(object, fmt::format("cannot {}: {}", action, cause()));
  }
  void make_closable() const;
  void make_chunked(const std::string& name, const TableSpec& spec, hid_t type);
  /// Of the memory's `type`.
  void append_rows(const std::string& name, hid_t type, const void* data, std::uint64_t rows);
  /// A dataset of texts that does not grow; of no rows it is there and empty.
  void write_strings(const std::string& name, const Shape& shape,
                     const std::vector<const char*>& texts);
  [[nodiscard]] Id object(const std::string& name) const {
    Id id(H5Oopen(file.get(), name.c_str(), H5P_DEFAULT), H5Oclose);
    check(id.get() >= 0, name, "open");
    return id;
  }
};

}  // namespace cytocape::h5
