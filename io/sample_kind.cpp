#include "io/sample_kind.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace cytocape {
namespace {

unsigned colours_of(const SampleKind& kind) {
  if (kind.colours == SampleColours::grey) return 1;
  return kind.colours == SampleColours::rgb ? 3 : 4;
}

template <class Number>
double sample_at(const std::uint8_t* from, std::size_t index) {
  Number number;
  std::memcpy(&number, from + index * sizeof(Number), sizeof(Number));
  return static_cast<double>(number);
}

/// Calls `use` with a function that gives sample i as a number.
template <class Use>
void with_samples(SampleType type, const std::uint8_t* from, const Use& use) {
  switch (type) {
    case SampleType::u8:
      return use([from](std::size_t i) { return static_cast<double>(from[i]); });
    case SampleType::u16:
      return use([from](std::size_t i) { return sample_at<std::uint16_t>(from, i); });
    case SampleType::u32:
      return use([from](std::size_t i) { return sample_at<std::uint32_t>(from, i); });
    case SampleType::f32:
      return use([from](std::size_t i) { return sample_at<float>(from, i); });
  }
}

/// What is no number is black: comparisons with it are false.
double within_one(double value) {
  return value > 0 ? std::min(value, 1.0) : 0.0;
}

std::uint8_t rounded(double share) {
  return static_cast<std::uint8_t>(std::lround(within_one(share) * 255));
}

/// 0..1 each.
std::array<double, 3> light_of(const SampleKind& kind, const std::array<double, 4>& colour) {
  switch (kind.colours) {
    case SampleColours::grey: {
      const double grey = kind.zero_is_white ? 1 - colour[0] : colour[0];
      return {grey, grey, grey};
    }
    case SampleColours::rgb:
      return {colour[0], colour[1], colour[2]};
    case SampleColours::cmyk: {
      const double rest = 1 - colour[3];
      return {(1 - colour[0]) * rest, (1 - colour[1]) * rest, (1 - colour[2]) * rest};
    }
  }
  return {};
}

double over_white(const SampleKind& kind, double light, double alpha) {
  if (kind.alpha == SampleAlpha::none) return light;
  return (kind.alpha == SampleAlpha::premultiplied ? light : light * alpha) + 1 - alpha;
}

/// The common kinds of 8 bits, without arithmetic in floating point.
bool convert_plainly(const SampleKind& kind, const std::uint8_t* from, std::size_t count,
                     std::uint8_t* rgb) {
  if (kind.type != SampleType::u8 || kind.full != 255 || kind.alpha != SampleAlpha::none ||
      kind.zero_is_white || kind.colours == SampleColours::cmyk) {
    return false;
  }
  if (kind.colours == SampleColours::rgb && kind.samples == 3) {
    std::memcpy(rgb, from, 3 * count);
    return true;
  }
  const std::size_t step = kind.colours == SampleColours::grey ? 0 : 1;
  for (std::size_t i = 0; i < count; ++i, from += kind.samples, rgb += 3) {
    for (std::size_t c = 0; c < 3; ++c) rgb[c] = from[c * step];
  }
  return true;
}

}  // namespace

std::size_t width_of(SampleType type) {
  if (type == SampleType::u8) return 1;
  return type == SampleType::u16 ? 2 : 4;
}

void convert_samples(const SampleKind& kind, const std::uint8_t* from, std::size_t count,
                     std::uint8_t* rgb) {
  if (convert_plainly(kind, from, count, rgb)) return;
  const auto colours = colours_of(kind);
  with_samples(kind.type, from, [&](const auto& sample) {
    for (std::size_t i = 0; i < count; ++i, rgb += 3) {
      const auto first = i * kind.samples;
      std::array<double, 4> colour{};
      for (unsigned c = 0; c < colours; ++c) {
        colour[c] = within_one(sample(first + c) / kind.full);
      }
      const double alpha =
          kind.alpha == SampleAlpha::none ? 1 : within_one(sample(first + colours) / kind.full);
      const auto light = light_of(kind, colour);
      for (std::size_t c = 0; c < 3; ++c) rgb[c] = rounded(over_white(kind, light[c], alpha));
    }
  });
}

bool holds_no_number(const SampleKind& kind, std::span<const std::uint8_t> bytes) {
  if (kind.type != SampleType::f32) return false;
  for (std::size_t i = 0; i < bytes.size() / sizeof(float); ++i)
    if (!std::isfinite(sample_at<float>(bytes.data(), i))) return true;
  return false;
}

double largest_sample(const SampleKind& kind, const std::uint8_t* from, std::size_t count) {
  double largest = 0;
  const auto colours = colours_of(kind);
  with_samples(kind.type, from, [&](const auto& sample) {
    for (std::size_t i = 0; i < count; ++i) {
      for (unsigned c = 0; c < colours; ++c) {
        largest = std::max(largest, sample(i * kind.samples + c));
      }
    }
  });
  return largest;
}

bool is_too_dark(const SampleKind& kind, double largest) {
  return !kind.full_is_stated && largest < kind.full / 4;
}

std::string too_dark_words(const SampleKind& kind, double largest) {
  return fmt::format(
      "its samples of {} bits reach no further than {}, less than a quarter of {}, and nothing in "
      "it says which of them is white: save it with 8 bits a sample, or as TIFF with "
      "MaxSampleValue (tag 281) 1023, 4095 or 16383",
      8 * width_of(kind.type), largest, kind.full);
}

}  // namespace cytocape
