#pragma once

/// The half of reading HDF5 that runs in the reading process: what may be asked, and the library's
/// answers. Internal to hdf5_reader.cpp and hdf5_source.cpp.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace cytocape::h5 {

/// Each question is one of these and its arguments, see hdf5_source.cpp.
enum class Ask : std::uint8_t {
  open,
  shape,
  checked_rows,
  rows,
  texts,
  member_names,
  attribute_names,
  link_target,
  attribute_texts,
  attribute_wholes,
  attribute_reals,
  text_if_any,
  several,  ///< questions at once
};

/// An absurd file is refused before memory is taken for it: most bytes of all texts of one object,
/// most bytes of a row, and as many bytes an answer of `rows` holds where a row is no longer.
inline constexpr std::uint64_t kMaxTextBytes = std::uint64_t{64} << 20;
inline constexpr std::uint64_t kMaxRowBytes = std::uint64_t{64} << 20;
inline constexpr std::uint64_t kWindowBytes = std::uint64_t{8} << 20;

/// Answers about the file at `path`, which the first question opens. Takes no lock: for a process
/// of one thread. Throws StorageError("<object>: <what>") and std::out_of_range.
[[nodiscard]] std::function<std::string(std::string_view)> source_of(const std::string& path);

}  // namespace cytocape::h5
