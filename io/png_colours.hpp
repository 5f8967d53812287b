#pragma once

/// What the chunks of a PNG file say of its colours. Internal to io/.
/// Source: PNG specification, third edition, 11.3.2 (colour space information).

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace cytocape {

struct PngColours {
  std::optional<std::uint32_t> gamma;  ///< gAMA: 100000 / the display's exponent
  bool srgb = false;                   ///< sRGB, which overrules gAMA
  bool profile = false;                ///< iCCP, which overrules gAMA, whether it is usable or not
};

/// The chunks ahead of the pixels. Of a file that is no PNG, or is cut short, what was found until
/// there. Thread-safe.
[[nodiscard]] PngColours read_png_colours(const std::filesystem::path& path);

/// A sentence where the colours are not sRGB's and are taken for them: a gAMA of others, or a
/// profile that the decoder did not take (`profile_read` is false). Empty where all is well. Pure.
[[nodiscard]] std::string doubt_of(const PngColours& colours, bool profile_read);

}  // namespace cytocape
