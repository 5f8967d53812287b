#include "io/dicom_image.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "io/errors.hpp"
#include "io/text.hpp"
#include "io/tiff_file.hpp"

namespace cytocape {
namespace {

/// How pixels are told apart from the codec's side (PS3.3, C.7.6.3.1.2; PS3.5, 8.2).
struct Colours {
  DicomCodec codec;
  std::string_view photometric;
  JpegSamples samples;
};

/// Components of JPEG 2000 are transformed by its decoder itself.
constexpr std::array kColours{
    Colours{DicomCodec::uncompressed, "RGB", JpegSamples::rgb},
    Colours{DicomCodec::uncompressed, "YBR_FULL", JpegSamples::ycbcr},
    Colours{DicomCodec::rle, "RGB", JpegSamples::rgb},
    Colours{DicomCodec::rle, "YBR_FULL", JpegSamples::ycbcr},
    Colours{DicomCodec::jpeg, "RGB", JpegSamples::rgb},
    Colours{DicomCodec::jpeg, "YBR_FULL", JpegSamples::ycbcr},
    Colours{DicomCodec::jpeg, "YBR_FULL_422", JpegSamples::ycbcr},
    Colours{DicomCodec::jpeg2000, "RGB", JpegSamples::rgb},
    Colours{DicomCodec::jpeg2000, "YBR_ICT", JpegSamples::rgb},
    Colours{DicomCodec::jpeg2000, "YBR_RCT", JpegSamples::rgb},
    Colours{DicomCodec::jpeg2000, "YBR_FULL", JpegSamples::ycbcr},
};

std::uint16_t first_bytes_of(DicomCodec codec) {
  if (codec == DicomCodec::jpeg) return 0xFFD8;
  return codec == DicomCodec::jpeg2000 ? 0xFF4F : 0;
}

bool is_within(std::int64_t value, std::int64_t most) {
  return value >= 1 && value <= most;
}

}  // namespace

std::vector<std::uint8_t> read_range(const TiffBytes& file, const FileRange& range) {
  std::vector<std::uint8_t> bytes(range.bytes);
  file.read(range.offset, bytes);
  return bytes;
}

std::string dicom_flavour(const std::vector<std::string>& image_type) {
  return image_type.size() > 2 ? image_type[2] : "";
}

std::shared_ptr<const DicomImage> DicomImage::open(const std::filesystem::path& path) {
  return std::shared_ptr<const DicomImage>(new DicomImage(path));
}

DicomImage::DicomImage(const std::filesystem::path& path)
    : file_(path), layout_(lay_out_dicom(file_)) {
  attributes_ = read_dicom_attributes(read_range(file_, layout_.header), layout_.explicit_vr);
  if (!attributes_.fault.empty())
    file_.refuse("DCMTK cannot read its header: " + one_line(attributes_.fault));
  require_readable();
  const auto pixels = static_cast<std::uint64_t>(tile().width * tile().height);
  frames_ = DicomFrames(
      file_, layout_,
      {.count = frames(), .pixel_bytes = pixels * 3, .begins_with = first_bytes_of(codec_)});
}

void DicomImage::refuse(const std::string& cause) const {
  throw SlideError(path().string() + ": " + cause);
}

DicomFrameGroups DicomImage::frame_groups(std::uint64_t index) const {
  auto groups =
      read_dicom_frame_groups(read_range(file_, layout_.frame_groups[index]), layout_.explicit_vr);
  if (!groups.fault.empty()) {
    file_.refuse(fmt::format("DCMTK cannot read what it says of frame {}: {}", index + 1,
                             one_line(groups.fault)));
  }
  return groups;
}

void DicomImage::require_readable() {
  const auto& all = attributes_;
  if (all.sop_class != kDicomWholeSlide) {
    refuse(
        fmt::format("is DICOM, but no whole-slide image (its SOP class is {}); give a VL Whole "
                    "Slide Microscopy Image",
                    all.sop_class.empty() ? "missing" : one_line(all.sop_class)));
  }
  if (const auto flavour = dicom_flavour(all.image_type); flavour != "VOLUME") {
    refuse(
        fmt::format("is the slide's {} picture, not the slide (ImageType); give the file whose "
                    "ImageType is VOLUME, or the folder of them all",
                    flavour.empty() ? "unnamed" : one_line(flavour)));
  }
  codec_ = dicom_codec(file_, layout_.transfer_syntax);
  if (!layout_.pixels) file_.refuse("it ends before its pixels (PixelData)");
  // Encapsulated is what is not native, and only that.
  if (codec_ != DicomCodec::uncompressed && !layout_.encapsulated)
    file_.refuse("its transfer syntax is a compressed one, and its pixels are not in items");
  if (all.samples != 3 || all.bits_allocated != 8 || all.bits_stored != 8 ||
      all.representation != 0) {
    refuse(
        fmt::format("its pixels are not read: {} samples of {} bits in {} ({}); whole numbers of "
                    "8 bits in three colours are",
                    all.samples, all.bits_stored, all.bits_allocated, one_line(all.photometric)));
  }
  const Colours* colours = nullptr;
  for (const auto& known : kColours)
    if (known.codec == codec_ && known.photometric == all.photometric) colours = &known;
  if (colours == nullptr) {
    refuse(fmt::format("its colours are {} (PhotometricInterpretation), which is not read from {}",
                       all.photometric.empty() ? "not stated" : one_line(all.photometric),
                       layout_.transfer_syntax));
  }
  samples_ = colours->samples;
  if (!is_within(all.rows, kMaxTiffEdge) || !is_within(all.columns, kMaxTiffEdge) ||
      all.rows * all.columns > kMaxTilePixels) {
    file_.refuse(
        fmt::format("its frames are of {} x {} pixels (Columns, Rows)", all.columns, all.rows));
  }
  if (!is_within(all.total_rows, kMaxTiffEdge) || !is_within(all.total_columns, kMaxTiffEdge)) {
    file_.refuse(fmt::format("it is of {} x {} pixels (TotalPixelMatrixColumns, ..Rows)",
                             all.total_columns, all.total_rows));
  }
  if (!is_within(all.frames, static_cast<std::int64_t>(kMaxDicomFrames)))
    file_.refuse(fmt::format("it has {} frames (NumberOfFrames)", all.frames));
  if (has_frame_groups() && layout_.frame_groups.size() != frames()) {
    file_.refuse(fmt::format("it tells the places of {} frames and has {}",
                             layout_.frame_groups.size(), all.frames));
  }
}

}  // namespace cytocape
