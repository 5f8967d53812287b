#pragma once

/// What the samples of a picture stand for, and their way to RGB of 8 bits. Internal to io/. One
/// conversion for all readers: libraries that guess where black and white lie disagree. Pure and
/// thread-safe.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace cytocape {

enum class SampleType : std::uint8_t { u8, u16, u32, f32 };
/// Bytes of a sample.
[[nodiscard]] std::size_t width_of(SampleType type);

enum class SampleColours : std::uint8_t { grey, rgb, cmyk };
enum class SampleAlpha : std::uint8_t { none, premultiplied, straight };

/// Pixels of `samples` interleaved samples each, in the byte order of this machine: the colours,
/// then the alpha where there is one, then samples of no meaning here.
struct SampleKind {
  SampleType type = SampleType::u8;
  SampleColours colours = SampleColours::rgb;
  unsigned samples = 3;
  SampleAlpha alpha = SampleAlpha::none;
  bool zero_is_white = false;  ///< of grey
  double full = 255;           ///< the sample that means white, or all of an ink; 0 means none
  bool full_is_stated = true;  ///< by the file; else it is the largest that the type holds
};

/// Writes `count` pixels as RGB, composited on white. CMYK is taken for what the inks of a screen
/// would be, (1 - C) (1 - K), as libtiff does: without a profile it has no other meaning.
void convert_samples(const SampleKind& kind, const std::uint8_t* from, std::size_t count,
                     std::uint8_t* rgb);

/// Whether one of floating-point samples is not finite: what it shows is lost. `bytes` are whole
/// samples.
[[nodiscard]] bool holds_no_number(const SampleKind& kind, std::span<const std::uint8_t> bytes);

/// The largest of the samples of the colours among `count` pixels.
[[nodiscard]] double largest_sample(const SampleKind& kind, const std::uint8_t* from,
                                    std::size_t count);

/// Whether a picture whose samples reach no further than `largest` needs a statement of what means
/// white: cameras of 10, 12 or 14 bits leave the upper ones of 16 empty, and a smear on lit glass
/// is never so dark.
[[nodiscard]] bool is_too_dark(const SampleKind& kind, double largest);

/// "its samples of 16 bits reach 4095 of 65535 ..", as part of a sentence.
[[nodiscard]] std::string too_dark_words(const SampleKind& kind, double largest);

}  // namespace cytocape
