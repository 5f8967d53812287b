// The only file that includes libjpeg.

#include "io/jpeg_check.hpp"

#include <jpeglib.h>

#include <array>
#include <cerrno>
#include <csetjmp>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <system_error>
// After jpeglib.h, whose types it uses.
#include <jerror.h>

namespace cytocape {
namespace {

/// A block of 64 pixels takes at least one bit: of a Huffman code, or of a run of empty blocks.
constexpr std::int64_t kMostPixelsPerByte = 64 * 8;

/// Encoders write 10 or so. Each scan of a progressive picture costs a pass over all of it, and a
/// scan that does nothing takes a dozen bytes; libjpeg-turbo's own fuzzers stop here too.
constexpr int kMostScans = 500;

/// C code is left by longjmp: nothing on its way may have a destructor, and what outlives it lies
/// outside the function that calls setjmp.
struct Listener {
  jpeg_decompress_struct decoder;
  jpeg_error_mgr errors;
  jpeg_progress_mgr progress;
  std::jmp_buf leave;
  char fault[JMSG_LENGTH_MAX];
};

/// Concerns only optional parts of the header, on which no pixel depends.
bool is_harmless(int code) {
  return code == JWRN_ADOBE_XFORM || code == JWRN_JFIF_MAJOR;
}

[[noreturn]] void leave(j_common_ptr stream) {
  auto* listener = static_cast<Listener*>(stream->client_data);
  stream->err->format_message(stream, listener->fault);
  std::longjmp(listener->leave, 1);
}

void on_message(j_common_ptr stream, int level) {
  if (level < 0 && !is_harmless(stream->err->msg_code)) leave(stream);
}

void on_progress(j_common_ptr stream) {
  auto* decoder = reinterpret_cast<j_decompress_ptr>(stream);
  if (decoder->input_scan_number <= kMostScans) return;
  auto* listener = static_cast<Listener*>(stream->client_data);
  std::snprintf(listener->fault, sizeof listener->fault, "it has more than %d scans", kMostScans);
  std::longjmp(listener->leave, 1);
}

/// At an eighth of the size libjpeg does all of the entropy decoding, where damage shows, and next
/// to none of the arithmetic.
void decode(jpeg_decompress_struct& decoder) {
  decoder.scale_num = 1;
  decoder.scale_denom = 8;
  decoder.do_fancy_upsampling = FALSE;
  decoder.out_color_space = decoder.jpeg_color_space;
  jpeg_start_decompress(&decoder);
  const auto samples = decoder.output_width * static_cast<unsigned>(decoder.output_components);
  auto* rows = (*decoder.mem->alloc_sarray)(reinterpret_cast<j_common_ptr>(&decoder), JPOOL_IMAGE,
                                            samples, 1);
  while (decoder.output_scanline < decoder.output_height) {
    jpeg_read_scanlines(&decoder, rows, 1);
  }
  jpeg_finish_decompress(&decoder);
}

bool is_too_large_for(const jpeg_decompress_struct& decoder, std::size_t bytes) {
  const auto pixels = std::int64_t{decoder.image_width} * decoder.image_height;
  return pixels / kMostPixelsPerByte > static_cast<std::int64_t>(bytes);
}

struct Source {
  std::span<const std::uint8_t> tables;
  std::span<const std::uint8_t> stream;
  std::FILE* file = nullptr;  ///< instead of `stream`
  std::size_t bytes = 0;      ///< of either
};

void listen(Listener& listener) {
  auto& decoder = listener.decoder;
  decoder.err = jpeg_std_error(&listener.errors);
  listener.errors.error_exit = leave;
  listener.errors.emit_message = on_message;
  listener.progress.progress_monitor = on_progress;
  decoder.client_data = &listener;
}

void read_tables(jpeg_decompress_struct& decoder, std::span<const std::uint8_t> tables) {
  if (tables.empty()) return;
  jpeg_mem_src(&decoder, tables.data(), tables.size());
  jpeg_read_header(&decoder, FALSE);
}

void check(Listener& listener, const Source& source) {
  auto& decoder = listener.decoder;
  listen(listener);
  if (setjmp(listener.leave) != 0) return;
  jpeg_create_decompress(&decoder);
  decoder.progress = &listener.progress;
  read_tables(decoder, source.tables);
  if (source.file != nullptr) {
    jpeg_stdio_src(&decoder, source.file);
  } else {
    jpeg_mem_src(&decoder, source.stream.data(), source.stream.size());
  }
  jpeg_read_header(&decoder, TRUE);
  if (is_too_large_for(decoder, source.bytes)) {
    std::snprintf(listener.fault, sizeof listener.fault,
                  "it claims %u x %u pixels, which %zu bytes cannot hold", decoder.image_width,
                  decoder.image_height, source.bytes);
    return;
  }
  decode(decoder);
}

std::string fault_of(const Source& source) {
  Listener listener{};
  check(listener, source);
  jpeg_destroy_decompress(&listener.decoder);
  return listener.fault;
}

/// Of the first component more samples are kept than of the others. Nobody halves green and blue.
bool is_subsampled(const jpeg_decompress_struct& header) {
  const auto* parts = header.comp_info;
  return parts != nullptr && (parts[0].h_samp_factor > parts[1].h_samp_factor ||
                              parts[0].v_samp_factor > parts[1].v_samp_factor);
}

/// By the markers, the sampling and the components' names in the header just read.
std::optional<JpegSamples> stated_by(const jpeg_decompress_struct& header) {
  if (header.num_components != 3) return std::nullopt;
  if (header.saw_JFIF_marker != FALSE) return JpegSamples::ycbcr;
  if (header.saw_Adobe_marker != FALSE) {
    if (header.Adobe_transform > 1) return std::nullopt;
    return header.Adobe_transform == 0 ? JpegSamples::rgb : JpegSamples::ycbcr;
  }
  if (is_subsampled(header)) return JpegSamples::ycbcr;
  // What libjpeg takes it for without a marker.
  return header.jpeg_color_space == JCS_RGB ? std::optional(JpegSamples::rgb) : std::nullopt;
}

/// False with the fault said where the picture is another than its page says.
bool is_as_expected(Listener& listener, const JpegTile& tile, const RgbTarget& target) {
  const auto& decoder = listener.decoder;
  const int components = tile.samples == JpegSamples::grey ? 1 : 3;
  const auto width = target.size.width * tile.shrink;
  const auto height = target.size.height * tile.shrink;
  if (decoder.image_width != width || decoder.image_height != height) {
    std::snprintf(listener.fault, sizeof listener.fault,
                  "its picture has %u x %u pixels where %lld x %lld belong", decoder.image_width,
                  decoder.image_height, static_cast<long long>(width),
                  static_cast<long long>(height));
    return false;
  }
  if (decoder.num_components != components) {
    std::snprintf(listener.fault, sizeof listener.fault,
                  "its picture has %d samples a pixel where %d belong", decoder.num_components,
                  components);
    return false;
  }
  const auto colours = stated_by(decoder).value_or(tile.unstated);
  if (components == 3 && colours != tile.samples) {
    std::snprintf(listener.fault, sizeof listener.fault,
                  "its picture is %s where those around it are %s", to_string(colours),
                  to_string(tile.samples));
    return false;
  }
  return true;
}

J_COLOR_SPACE space_of(JpegSamples samples) {
  if (samples == JpegSamples::grey) return JCS_GRAYSCALE;
  return samples == JpegSamples::rgb ? JCS_RGB : JCS_YCbCr;
}

/// libjpeg hands out at most a few rows a call.
void read_rows(jpeg_decompress_struct& decoder, const RgbTarget& target) {
  constexpr unsigned kRows = 16;
  std::array<JSAMPROW, kRows> rows{};
  while (decoder.output_scanline < decoder.output_height) {
    const auto left = decoder.output_height - decoder.output_scanline;
    const auto count = left < kRows ? left : kRows;
    for (unsigned i = 0; i < count; ++i) {
      rows[i] = target.pixels + target.stride * (decoder.output_scanline + i);
    }
    jpeg_read_scanlines(&decoder, rows.data(), count);
  }
}

void decode_tile(Listener& listener, const JpegTile& tile, const RgbTarget& target) {
  auto& decoder = listener.decoder;
  listen(listener);
  if (setjmp(listener.leave) != 0) return;
  jpeg_create_decompress(&decoder);
  decoder.progress = &listener.progress;
  read_tables(decoder, tile.tables);
  jpeg_mem_src(&decoder, tile.stream.data(), tile.stream.size());
  jpeg_read_header(&decoder, TRUE);
  if (!is_as_expected(listener, tile, target)) return;
  decoder.jpeg_color_space = space_of(tile.samples);
  decoder.out_color_space = JCS_RGB;
  decoder.scale_num = 1;
  decoder.scale_denom = static_cast<unsigned>(tile.shrink);
  jpeg_start_decompress(&decoder);
  read_rows(decoder, target);
  jpeg_finish_decompress(&decoder);
}

/// libjpeg forgets the markers of the tables where a picture begins.
void read_tables_header(Listener& listener, std::span<const std::uint8_t> tables,
                        std::optional<JpegSamples>& stated) {
  auto& decoder = listener.decoder;
  listen(listener);
  if (setjmp(listener.leave) != 0) return;
  jpeg_create_decompress(&decoder);
  read_tables(decoder, tables);
  if (decoder.saw_Adobe_marker != FALSE && decoder.Adobe_transform <= 1)
    stated = decoder.Adobe_transform == 0 ? JpegSamples::rgb : JpegSamples::ycbcr;
}

void read_header(Listener& listener, std::span<const std::uint8_t> stream,
                 std::optional<JpegHeader>& header) {
  auto& decoder = listener.decoder;
  listen(listener);
  if (setjmp(listener.leave) != 0) return;
  jpeg_create_decompress(&decoder);
  jpeg_mem_src(&decoder, stream.data(), stream.size());
  jpeg_read_header(&decoder, TRUE);
  header = JpegHeader{stated_by(decoder)};
}

constexpr int kJpegLs = 0xf7;

const char* why_not_this_kind(const jpeg_error_mgr& errors) {
  if (errors.msg_code == JERR_BAD_PRECISION)
    return "its samples are not of 8 bits; save it with 8 bits a sample";
  const bool is_jpeg_ls = errors.msg_code == JERR_UNKNOWN_MARKER && errors.msg_parm.i[0] == kJpegLs;
  if (errors.msg_code == JERR_SOF_UNSUPPORTED || is_jpeg_ls)
    return "it is of a rare kind of JPEG (lossless, hierarchical or JPEG-LS); save it as PNG";
  return "";
}

/// Adobe's programs write 0 for all of an ink and say so by a marker; others write what they like.
const char* read_kind(Listener& listener, std::FILE* file) {
  auto& decoder = listener.decoder;
  listen(listener);
  if (setjmp(listener.leave) != 0) return why_not_this_kind(listener.errors);
  jpeg_create_decompress(&decoder);
  jpeg_stdio_src(&decoder, file);
  jpeg_read_header(&decoder, TRUE);
  if (decoder.num_components == 4 && decoder.saw_Adobe_marker == FALSE)
    return "it has four inks and lacks Adobe's marker, which says whether 0 is none or all of an "
           "ink; save it as RGB";
  return "";
}

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

std::string jpeg_fault(std::span<const std::uint8_t> stream, std::span<const std::uint8_t> tables) {
  return fault_of({.tables = tables, .stream = stream, .bytes = stream.size()});
}

std::string decode_jpeg_tile(const JpegTile& tile, const RgbTarget& target) {
  if (tile.stream.empty()) return "it has no bytes";
  Listener listener{};
  decode_tile(listener, tile, target);
  jpeg_destroy_decompress(&listener.decoder);
  return listener.fault;
}

std::optional<JpegHeader> jpeg_header(std::span<const std::uint8_t> stream) {
  if (stream.empty()) return std::nullopt;
  Listener listener{};
  std::optional<JpegHeader> header;
  read_header(listener, stream, header);
  jpeg_destroy_decompress(&listener.decoder);
  return header;
}

std::optional<JpegSamples> stated_jpeg_samples(std::span<const std::uint8_t> stream) {
  const auto header = jpeg_header(stream);
  return header ? header->stated : std::nullopt;
}

std::optional<JpegSamples> jpeg_samples_stated_by_tables(std::span<const std::uint8_t> tables) {
  Listener listener{};
  std::optional<JpegSamples> stated;
  read_tables_header(listener, tables, stated);
  jpeg_destroy_decompress(&listener.decoder);
  return stated;
}

const char* to_string(JpegSamples samples) {
  if (samples == JpegSamples::grey) return "grey";
  return samples == JpegSamples::rgb ? "RGB" : "YCbCr";
}

std::string why_jpeg_not_read(const std::filesystem::path& path) {
  const std::unique_ptr<std::FILE, FileCloser> file(std::fopen(path.c_str(), "rb"));
  if (!file) return "";  // said by what reads it next
  Listener listener{};
  const char* why = read_kind(listener, file.get());
  jpeg_destroy_decompress(&listener.decoder);
  return why;
}

std::string jpeg_fault(const std::filesystem::path& path) {
  const std::unique_ptr<std::FILE, FileCloser> file(std::fopen(path.c_str(), "rb"));
  if (!file) return std::strerror(errno);
  std::error_code error;
  const auto bytes = std::filesystem::file_size(path, error);
  if (error) return error.message();
  auto fault = fault_of({.file = file.get(), .bytes = bytes});
  return std::ferror(file.get()) != 0 ? std::strerror(EIO) : fault;
}

}  // namespace cytocape
