#include <string>

#include "io/image_codec.hpp"

namespace cytocape {

std::string data_uri(std::string_view mime_type, std::span<const std::uint8_t> bytes) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string uri = "data:" + std::string(mime_type) + ";base64,";
  uri.reserve(uri.size() + (bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto left = bytes.size() - i;
    const std::uint32_t word = std::uint32_t{bytes[i]} << 16 |
                               (left > 1 ? std::uint32_t{bytes[i + 1]} << 8 : 0U) |
                               (left > 2 ? std::uint32_t{bytes[i + 2]} : 0U);
    uri += digits[word >> 18];
    uri += digits[(word >> 12) & 63];
    uri += left > 1 ? digits[(word >> 6) & 63] : '=';
    uri += left > 2 ? digits[word & 63] : '=';
  }
  return uri;
}

}  // namespace cytocape
