#pragma once

/// What the samples of a TIFF page mean, by what its tags define and nothing else. Internal to io/.
/// Pure and thread-safe.
///
///     BitsPerSample 16                                     white is 65535
///     BitsPerSample 16, MaxSampleValue 4095                white is 4095 (12 bits in 16)
///     SampleFormat 3, SMinSampleValue 0, SMaxSampleValue 1 white is 1.0
///     SampleFormat 3 alone                                 refused: nothing says what is white

#include <string>

#include "io/sample_kind.hpp"
#include "io/tiff_file.hpp"

namespace cytocape {

/// Why nobody can say what the page's pixels look like, with the tag and its value, as part of a
/// sentence; empty where its tags define it. To be asked before any reader takes the page.
[[nodiscard]] std::string why_undefined(const TiffPage& page);

/// The same of the file's picture that `finest` is: also where several grey pages of one size may
/// be the channels of one picture, each of which looks like a picture.
[[nodiscard]] std::string why_undefined(const TiffFile& file, const TiffPage& finest);

/// 1, 3 or 4: what a pixel's samples have ahead of alpha and the like.
[[nodiscard]] std::uint64_t number_of_colours(const TiffPage& page);

/// Precondition: why_undefined(page).empty(), and colours that need no table and no conversion of
/// their own: grey, RGB or CMYK.
[[nodiscard]] SampleKind kind_of(const TiffPage& page);

/// Whether kind_of takes the page.
[[nodiscard]] bool has_plain_kind(const TiffPage& page);

}  // namespace cytocape
