// The only file that includes OpenJPEG.

#include "io/jpeg2000_tile.hpp"

#include <fmt/format.h>
#include <openjpeg.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>

#include "io/text.hpp"

namespace cytocape {
namespace {

struct CloseStream {
  void operator()(opj_stream_t* stream) const { opj_stream_destroy(stream); }
};
struct CloseCodec {
  void operator()(opj_codec_t* codec) const { opj_destroy_codec(codec); }
};
struct CloseImage {
  void operator()(opj_image_t* image) const { opj_image_destroy(image); }
};
using ImagePtr = std::unique_ptr<opj_image_t, CloseImage>;

struct Bytes {
  std::span<const std::uint8_t> all;
  std::size_t at = 0;
};

OPJ_SIZE_T read_bytes(void* to, OPJ_SIZE_T size, void* user) {
  auto& bytes = *static_cast<Bytes*>(user);
  const auto count = std::min(size, bytes.all.size() - bytes.at);
  if (count == 0) return static_cast<OPJ_SIZE_T>(-1);
  std::memcpy(to, bytes.all.data() + bytes.at, count);
  bytes.at += count;
  return count;
}

OPJ_OFF_T skip_bytes(OPJ_OFF_T size, void* user) {
  auto& bytes = *static_cast<Bytes*>(user);
  const auto left = static_cast<OPJ_OFF_T>(bytes.all.size() - bytes.at);
  const auto count = std::clamp<OPJ_OFF_T>(size, 0, left);
  bytes.at += static_cast<std::size_t>(count);
  return count;
}

OPJ_BOOL seek_bytes(OPJ_OFF_T to, void* user) {
  auto& bytes = *static_cast<Bytes*>(user);
  if (to < 0 || static_cast<std::size_t>(to) > bytes.all.size()) return OPJ_FALSE;
  bytes.at = static_cast<std::size_t>(to);
  return OPJ_TRUE;
}

void keep_first(const char* message, void* user) {
  auto& fault = *static_cast<std::string*>(user);
  if (fault.empty()) fault = one_line(message);
}

std::unique_ptr<opj_stream_t, CloseStream> stream_of(Bytes& bytes) {
  std::unique_ptr<opj_stream_t, CloseStream> stream(opj_stream_default_create(OPJ_TRUE));
  if (!stream) return stream;
  opj_stream_set_user_data(stream.get(), &bytes, nullptr);
  opj_stream_set_user_data_length(stream.get(), bytes.all.size());
  opj_stream_set_read_function(stream.get(), read_bytes);
  opj_stream_set_skip_function(stream.get(), skip_bytes);
  opj_stream_set_seek_function(stream.get(), seek_bytes);
  return stream;
}

/// Of the first two components in x and y, where the first is whole; empty where all is as
/// expected.
std::string form_fault(const opj_image_t& image, const Size& size) {
  if (image.x1 - image.x0 != size.width || image.y1 - image.y0 != size.height) {
    return fmt::format("its picture has {} x {} pixels where {} x {} belong", image.x1 - image.x0,
                       image.y1 - image.y0, size.width, size.height);
  }
  if (image.numcomps != 3) return fmt::format("it has {} samples a pixel", image.numcomps);
  for (OPJ_UINT32 i = 0; i < 3; ++i) {
    const auto& part = image.comps[i];
    if (part.prec != 8 || part.sgnd != 0) return "its samples are not of 8 bits";
    const auto most = i == 0 ? 1U : 2U;
    if (part.dx < 1 || part.dx > most || part.dy < 1 || part.dy > most) {
      return fmt::format("its samples are spaced {} x {}", part.dx, part.dy);
    }
  }
  return "";
}

/// Pixels are there for every sample that `write` will ask for.
std::string data_fault(const opj_image_t& image, const Size& size) {
  for (OPJ_UINT32 i = 0; i < 3; ++i) {
    const auto& part = image.comps[i];
    if (part.data == nullptr || std::int64_t{part.w} * part.dx < size.width ||
        std::int64_t{part.h} * part.dy < size.height) {
      return "its picture is not whole";
    }
  }
  return "";
}

std::uint8_t rounded(double value) {
  return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 255.0)));
}

void write(const opj_image_t& image, JpegSamples samples, const RgbTarget& target) {
  const auto sample = [&](OPJ_UINT32 which, std::int64_t x, std::int64_t y) {
    const auto& part = image.comps[which];
    return std::clamp(part.data[y / part.dy * part.w + x / part.dx], 0, 255);
  };
  for (std::int64_t y = 0; y < target.size.height; ++y) {
    auto* to = target.pixels + target.stride * static_cast<std::size_t>(y);
    for (std::int64_t x = 0; x < target.size.width; ++x, to += 3) {
      const auto a = sample(0, x, y);
      const auto b = sample(1, x, y);
      const auto c = sample(2, x, y);
      if (samples == JpegSamples::ycbcr) {
        to[0] = rounded(a + 1.402 * (c - 128));
        to[1] = rounded(a - 0.344136 * (b - 128) - 0.714136 * (c - 128));
        to[2] = rounded(a + 1.772 * (b - 128));
      } else {
        to[0] = static_cast<std::uint8_t>(a);
        to[1] = static_cast<std::uint8_t>(b);
        to[2] = static_cast<std::uint8_t>(c);
      }
    }
  }
}

}  // namespace

std::optional<bool> jpeg2000_transforms_colours(std::span<const std::uint8_t> stream) {
  constexpr unsigned kCod = 0xFF52;
  constexpr unsigned kTilePart = 0xFF90;
  constexpr std::size_t kTransformAt = 8;  // behind marker, length, style, order and layers
  for (std::size_t at = 2; at + kTransformAt < stream.size();) {
    const auto marker = static_cast<unsigned>(stream[at] << 8 | stream[at + 1]);
    if (marker == kCod) return stream[at + kTransformAt] != 0;
    if (marker == kTilePart) break;
    at += 2 + static_cast<std::size_t>(stream[at + 2] << 8 | stream[at + 3]);
  }
  return std::nullopt;
}

std::string decode_jpeg2000_tile(std::span<const std::uint8_t> data, JpegSamples samples,
                                 const RgbTarget& target) {
  if (data.empty()) return "it has no bytes";
  Bytes bytes{data};
  std::string fault;
  const auto stream = stream_of(bytes);
  const std::unique_ptr<opj_codec_t, CloseCodec> codec(opj_create_decompress(OPJ_CODEC_J2K));
  opj_dparameters_t parameters{};
  opj_set_default_decoder_parameters(&parameters);
  if (!stream || !codec || opj_setup_decoder(codec.get(), &parameters) == 0) {
    return "OpenJPEG cannot start";
  }
  opj_set_error_handler(codec.get(), keep_first, &fault);
  opj_set_warning_handler(codec.get(), keep_first, &fault);
  opj_image_t* raw = nullptr;
  const bool has_header = opj_read_header(stream.get(), codec.get(), &raw) != 0;
  const ImagePtr image(raw);
  if (has_header && fault.empty()) fault = form_fault(*image, target.size);
  if (!fault.empty()) return fault;
  if (!has_header) return "it is no JPEG 2000 codestream";
  const bool decoded = opj_decode(codec.get(), stream.get(), image.get()) != 0 &&
                       opj_end_decompress(codec.get(), stream.get()) != 0;
  if (decoded && fault.empty()) fault = data_fault(*image, target.size);
  if (!fault.empty()) return fault;
  if (!decoded) return "it cannot be decoded";
  write(*image, samples, target);
  return "";
}

}  // namespace cytocape
