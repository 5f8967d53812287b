#include "io/png_colours.hpp"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <string_view>

namespace cytocape {
namespace {

/// Writers use a dozen; a file of nothing but empty chunks would take minutes.
constexpr int kMostChunks = 10'000;

/// As sRGB's is approximated: 1 / 2.2. Writers round it in their ways.
constexpr std::uint32_t kSrgbGamma = 45'455;
constexpr std::uint32_t kTolerance = 500;

std::optional<std::uint32_t> read_number(std::istream& in) {
  std::array<char, 4> bytes{};
  if (!in.read(bytes.data(), bytes.size())) return std::nullopt;
  std::uint32_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

}  // namespace

PngColours read_png_colours(const std::filesystem::path& path) {
  constexpr int kSignature = 8;
  constexpr std::streamoff kChecksum = 4;
  PngColours colours;
  std::ifstream in(path, std::ios::binary);
  in.seekg(kSignature);
  for (int i = 0; i < kMostChunks; ++i) {
    const auto length = read_number(in);
    std::array<char, 4> name{};
    if (!length || !in.read(name.data(), name.size())) break;
    const auto next = in.tellg() + std::streamoff{*length} + kChecksum;
    const std::string_view chunk(name.data(), name.size());
    if (chunk == "IDAT" || chunk == "IEND") break;
    if (chunk == "sRGB") colours.srgb = true;
    if (chunk == "iCCP") colours.profile = true;
    if (chunk == "gAMA") colours.gamma = read_number(in);
    in.seekg(next);
  }
  return colours;
}

std::string doubt_of(const PngColours& colours, bool profile_read) {
  if (colours.profile && !profile_read)
    return "Its ICC profile (iCCP) is damaged or none of its kind of picture: its colours are "
           "taken "
           "for sRGB.";
  if (colours.srgb || colours.profile || !colours.gamma) return "";
  const auto gamma = *colours.gamma;
  if (gamma >= kSrgbGamma - kTolerance && gamma <= kSrgbGamma + kTolerance) return "";
  return fmt::format(
      "Its gamma (gAMA) is {:.5f} where sRGB has 0.45455, and is not applied: its colours may be "
      "too light or too dark; save it as sRGB.",
      gamma / 100'000.0);
}

}  // namespace cytocape
