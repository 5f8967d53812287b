#include "io/tiff_kind.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cytocape {
namespace {

constexpr std::uint64_t kWhiteIsZero = 0;
constexpr std::uint64_t kPalette = 3;
constexpr std::uint64_t kSeparated = 5;

constexpr std::uint64_t kWholeNumbers = 1;
constexpr std::uint64_t kFloating = 3;

bool is_aperio_jpeg2000(const TiffPage& page) {
  return page.compression == kTiffAperioJpeg2000YCbCr || page.compression == kTiffAperioJpeg2000Rgb;
}

bool is_grey(const TiffPage& page) {
  return page.photometric == kWhiteIsZero || page.photometric == kTiffBlackIsZero;
}

/// 2^k - 1 for a k of 1 to 31.
bool is_all_ones(double value) {
  const auto whole = static_cast<std::uint64_t>(value);
  return value >= 1 && value < 4e9 && static_cast<double>(whole) == value &&
         (whole & (whole + 1)) == 0;
}

/// Statistics are what writers keep in these tags: only a number of whole bits is a range.
bool states_fewer_bits(const TiffPage& page) {
  const auto all = std::ldexp(1.0, static_cast<int>(page.bits)) - 1;
  return page.largest && is_all_ones(*page.largest) && *page.largest < all &&
         page.smallest.value_or(0) == 0;
}

std::string why_not_this_photometric(const TiffPage& page) {
  switch (page.photometric) {
    case kWhiteIsZero:
    case kTiffBlackIsZero:
    case kTiffRgb:
    case kPalette:
    case kTiffYCbCr:
      return "";
    case kSeparated:
      return page.ink_set == 1
                 ? ""
                 : fmt::format("its inks are others than CMYK (InkSet, tag 332, {})", page.ink_set);
    case kTiffNoPhotometric:
      return "it does not say what its samples are (PhotometricInterpretation, tag 262, is "
             "missing); save it as RGB";
    case 8:
    case 9:
    case 10:
      return fmt::format(
          "its colours are L*a*b* (PhotometricInterpretation, tag 262, {}); save it as RGB",
          page.photometric);
    default:
      return fmt::format(
          "its colours are of an unknown kind (PhotometricInterpretation, tag 262, {}); save it as "
          "RGB",
          page.photometric);
  }
}

std::string why_no_range(const TiffPage& page) {
  if (page.sample_format == kFloating) {
    const bool stated = page.smallest == 0.0 && page.largest && is_all_ones(*page.largest);
    if (page.bits != 32)
      return fmt::format(
          "its samples are floating numbers of {} bits (SampleFormat, tag 339, 3); save it with 8 "
          "bits a sample",
          page.bits);
    return stated ? ""
                  : "its samples are floating numbers (SampleFormat, tag 339, 3) and "
                    "SMinSampleValue and SMaxSampleValue (tags 340, 341) do not say which are "
                    "black and white; save it with 8 bits a sample";
  }
  if (page.sample_format != kWholeNumbers)
    return fmt::format(
        "its samples are no plain whole numbers (SampleFormat, tag 339, {}); save it with 8 bits a "
        "sample",
        page.sample_format);
  if (page.bits <= 8 && page.bits > 1 && states_fewer_bits(page))
    return fmt::format(
        "its samples of {} bits may end at {} (MaxSampleValue, tag 281), or be that dark; save it "
        "without the tag",
        page.bits, *page.largest);
  return "";
}

bool bits_are_known(const TiffPage& page) {
  const auto bits = page.bits;
  if (bits == 8 || bits == 16 || bits == 32) return true;
  return (is_grey(page) || page.photometric == kPalette) && (bits == 1 || bits == 2 || bits == 4);
}

}  // namespace

std::uint64_t number_of_colours(const TiffPage& page) {
  if (is_grey(page) || page.photometric == kPalette) return 1;
  return page.photometric == kSeparated ? 4 : 3;
}

std::string why_undefined(const TiffPage& page) {
  // Its number of the compression tells the colours; the photometric tag is wrong in some files.
  if (is_aperio_jpeg2000(page)) return "";
  if (!page.equal_samples || !bits_are_known(page))
    return fmt::format(
        "its samples are of {} bits{} (BitsPerSample, tag 258); save it with 8 bits a sample",
        page.bits, page.equal_samples ? "" : " and of others");
  if (auto why = why_not_this_photometric(page); !why.empty()) return why;
  if (page.samples < number_of_colours(page))
    return fmt::format(
        "it has {} samples a pixel where its colours need {} (SamplesPerPixel, tag "
        "277); save it as RGB",
        page.samples, number_of_colours(page));
  return why_no_range(page);
}

std::string why_undefined(const TiffFile& file, const TiffPage& finest) {
  if (auto why = why_undefined(finest); !why.empty()) return why;
  if (!is_grey(finest)) return "";
  const auto& pages = file.pages();
  const auto alike = std::count_if(pages.begin(), pages.end(), [&](const TiffPage& page) {
    return page.size == finest.size && is_grey(page) && !page.reduced;
  });
  return alike < 2 ? ""
                   : fmt::format(
                         "{} of its pages are grey and of one size, so each is one channel "
                         "of a picture or one of several planes; save it as one RGB picture",
                         alike);
}

bool has_plain_kind(const TiffPage& page) {
  if (!why_undefined(page).empty() || page.bits < 8) return false;
  return is_grey(page) || page.photometric == kTiffRgb || page.photometric == kSeparated;
}

SampleKind kind_of(const TiffPage& page) {
  SampleKind kind;
  kind.samples = static_cast<unsigned>(page.samples);
  const auto colours = number_of_colours(page);
  kind.colours = colours == 1   ? SampleColours::grey
                 : colours == 4 ? SampleColours::cmyk
                                : SampleColours::rgb;
  kind.zero_is_white = page.photometric == kWhiteIsZero;
  if (page.samples > colours && page.extra_sample == kTiffPremultipliedAlpha)
    kind.alpha = SampleAlpha::premultiplied;
  if (page.samples > colours && page.extra_sample == kTiffAlpha) kind.alpha = SampleAlpha::straight;
  if (page.sample_format == kFloating) {
    kind.type = SampleType::f32;
    kind.full = *page.largest;
    return kind;
  }
  kind.type = page.bits == 8 ? SampleType::u8 : page.bits == 16 ? SampleType::u16 : SampleType::u32;
  kind.full_is_stated = page.bits == 8 || states_fewer_bits(page);
  kind.full = page.bits > 8 && states_fewer_bits(page)
                  ? *page.largest
                  : std::ldexp(1.0, static_cast<int>(page.bits)) - 1;
  return kind;
}

}  // namespace cytocape
