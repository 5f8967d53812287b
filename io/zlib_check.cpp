// This and gzip_file.cpp alone include zlib.

#include "io/zlib_check.hpp"

#include <zlib.h>

#include <array>
#include <limits>

namespace cytocape {

std::string deflate_fault(std::span<const std::uint8_t> stream, std::uint64_t most) {
  if (stream.size() > std::numeric_limits<uInt>::max()) return "it takes more than 4 GB";
  z_stream inflater{};
  if (inflateInit(&inflater) != Z_OK) return "zlib cannot start";
  inflater.next_in = const_cast<Bytef*>(stream.data());  // an interface older than const
  inflater.avail_in = static_cast<uInt>(stream.size());
  std::array<Bytef, std::size_t{1} << 16> discarded;
  int state = Z_OK;
  while (state == Z_OK && inflater.total_out <= most) {
    inflater.next_out = discarded.data();
    inflater.avail_out = static_cast<uInt>(discarded.size());
    state = inflate(&inflater, Z_NO_FLUSH);
  }
  std::string fault;
  if (inflater.total_out > most) {
    fault = "it inflates to more than belongs there";
  } else if (state == Z_BUF_ERROR) {
    fault = "the deflated data end too early";
  } else if (state != Z_STREAM_END) {
    fault = inflater.msg == nullptr ? zError(state) : inflater.msg;
  }
  inflateEnd(&inflater);
  return fault;
}

}  // namespace cytocape
