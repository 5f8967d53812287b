#include "io/dicom_rle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace cytocape {
namespace {

constexpr std::size_t kHead = 64;  ///< the number of segments and the offsets of up to 15
constexpr std::size_t kColours = 3;

std::size_t number(std::span<const std::uint8_t> bytes) {
  std::size_t value = 0;
  for (std::size_t i = 4; i-- > 0;) value = value << 8 | bytes[i];
  return value;
}

/// PackBits: n < 128 is followed by n + 1 bytes as they are, n > 128 by one that is meant 257 - n
/// times. False where the segment ends before its pixels, or has more of them.
bool unpack(std::span<const std::uint8_t> from, std::span<std::uint8_t> to) {
  std::size_t at = 0;
  std::size_t done = 0;
  while (done < to.size()) {
    if (at >= from.size()) return false;
    const std::size_t code = from[at++];
    if (code == 128) continue;
    const auto count = code < 128 ? code + 1 : 257 - code;
    const auto taken = code < 128 ? count : 1;
    if (taken > from.size() - at || count > to.size() - done) return false;
    auto* out = to.data() + done;
    if (code < 128)
      std::copy_n(from.data() + at, count, out);
    else
      std::fill_n(out, count, from[at]);
    at += taken;
    done += count;
  }
  return true;
}

}  // namespace

std::string decode_dicom_rle(std::span<const std::uint8_t> frame, std::size_t pixels,
                             std::vector<std::uint8_t>& planes) {
  if (frame.size() < kHead) return fmt::format("it has {} bytes", frame.size());
  if (const auto segments = number(frame); segments != kColours)
    return fmt::format("it has {} segments where {} belong", segments, kColours);
  planes.resize(kColours * pixels);
  for (std::size_t i = 0; i < kColours; ++i) {
    const auto begin = number(frame.subspan(4 + 4 * i));
    const auto end = i + 1 < kColours ? number(frame.subspan(8 + 4 * i)) : frame.size();
    if (begin < kHead || begin > end || end > frame.size())
      return fmt::format("its segment {} claims bytes {} to {} of {}", i + 1, begin, end,
                         frame.size());
    if (!unpack(frame.subspan(begin, end - begin), std::span(planes).subspan(i * pixels, pixels)))
      return fmt::format("its segment {} is damaged", i + 1);
  }
  return "";
}

}  // namespace cytocape
