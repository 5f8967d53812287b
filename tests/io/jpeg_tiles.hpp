#pragma once

/// JPEG tiles made and decoded by libjpeg-turbo alone, as its manual does it: what the reader of
/// tiles is held against.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>
// After cstdio, which it needs.
#include <jpeglib.h>

#include "io/geometry.hpp"
#include "io/image.hpp"

namespace cytocape::testing {

struct JpegKind {
  const char* name = "420";
  bool ycbcr = true;  ///< else RGB
  int across = 2;     ///< sampling of the first component
  int along = 2;
  bool tables = false;  ///< in a stream of their own
  bool grey = false;
  bool marked = false;         ///< says its colours itself: YCbCr by JFIF, RGB by Adobe's marker
  bool tables_marked = false;  ///< Adobe's marker stands in the tables alone
  bool named = true;  ///< components of RGB are named R, G, B as libjpeg does; else 1, 2, 3
};

struct JpegStreams {
  std::string tables;  ///< empty where `picture` has its own
  std::string picture;
};

inline std::string adobe_marker(bool ycbcr) {
  const char bytes[] =
      "\xff\xee\0\x0e"
      "Adobe\0\x64\0\0\0\0";
  return std::string(bytes, sizeof bytes - 1) + (ycbcr ? '\1' : '\0');
}

class JpegEncoder {
 public:
  explicit JpegEncoder(const JpegKind& kind, const Size& size) : kind_(kind) {
    encoder_.err = jpeg_std_error(&errors_);
    jpeg_create_compress(&encoder_);
    encoder_.image_width = static_cast<JDIMENSION>(size.width);
    encoder_.image_height = static_cast<JDIMENSION>(size.height);
    encoder_.input_components = 3;
    encoder_.in_color_space = JCS_RGB;
    jpeg_set_defaults(&encoder_);
    jpeg_set_colorspace(&encoder_, kind.grey ? JCS_GRAYSCALE : kind.ycbcr ? JCS_YCbCr : JCS_RGB);
    encoder_.write_JFIF_header = kind.marked && kind.ycbcr ? TRUE : FALSE;
    encoder_.write_Adobe_marker = kind.marked && !kind.ycbcr ? TRUE : FALSE;
    for (int i = 0; !kind.named && i < 3; ++i) encoder_.comp_info[i].component_id = i + 1;
    encoder_.comp_info[0].h_samp_factor = kind.across;
    encoder_.comp_info[0].v_samp_factor = kind.along;
    jpeg_set_quality(&encoder_, 85, TRUE);
  }
  ~JpegEncoder() { jpeg_destroy_compress(&encoder_); }
  JpegEncoder(const JpegEncoder&) = delete;
  JpegEncoder& operator=(const JpegEncoder&) = delete;

  JpegStreams encode(const Image& image) {
    JpegStreams streams;
    if (kind_.tables) streams.tables = taken([&] { jpeg_write_tables(&encoder_); });
    if (kind_.tables_marked) streams.tables.insert(2, adobe_marker(kind_.ycbcr));
    streams.picture = taken([&] {
      jpeg_start_compress(&encoder_, kind_.tables ? FALSE : TRUE);
      while (encoder_.next_scanline < encoder_.image_height) {
        auto* row = const_cast<JSAMPROW>(image.row(static_cast<int>(encoder_.next_scanline)));
        jpeg_write_scanlines(&encoder_, &row, 1);
      }
      jpeg_finish_compress(&encoder_);
    });
    return streams;
  }

 private:
  template <class Write>
  std::string taken(const Write& write) {
    unsigned char* bytes = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&encoder_, &bytes, &size);
    write();
    std::string out(reinterpret_cast<const char*>(bytes), size);
    std::free(bytes);
    return out;
  }

  JpegKind kind_;
  jpeg_compress_struct encoder_{};
  jpeg_error_mgr errors_{};
};

/// What libjpeg-turbo makes of it with nothing set but the colours.
inline Image decoded_plainly(const JpegKind& kind, const JpegStreams& streams,
                             unsigned shrink = 1) {
  jpeg_decompress_struct decoder{};
  jpeg_error_mgr errors{};
  decoder.err = jpeg_std_error(&errors);
  jpeg_create_decompress(&decoder);
  const auto feed = [&](const std::string& bytes) {
    jpeg_mem_src(&decoder, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  };
  if (!streams.tables.empty()) {
    feed(streams.tables);
    jpeg_read_header(&decoder, FALSE);
  }
  feed(streams.picture);
  jpeg_read_header(&decoder, TRUE);
  if (!kind.grey) decoder.jpeg_color_space = kind.ycbcr ? JCS_YCbCr : JCS_RGB;
  decoder.out_color_space = JCS_RGB;
  decoder.scale_num = 1;
  decoder.scale_denom = shrink;
  jpeg_start_decompress(&decoder);
  Image out(static_cast<int>(decoder.output_width), static_cast<int>(decoder.output_height));
  while (decoder.output_scanline < decoder.output_height) {
    auto* row = out.row(static_cast<int>(decoder.output_scanline));
    jpeg_read_scanlines(&decoder, &row, 1);
  }
  jpeg_finish_decompress(&decoder);
  jpeg_destroy_decompress(&decoder);
  return out;
}

}  // namespace cytocape::testing
