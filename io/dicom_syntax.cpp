#include "io/dicom_syntax.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "io/errors.hpp"
#include "io/text.hpp"

namespace cytocape {
namespace {

struct Syntax {
  std::string_view uid;
  std::string_view name;
  std::optional<DicomCodec> codec = std::nullopt;  ///< none where it is not decoded
};

constexpr std::string_view kImplicit = "1.2.840.10008.1.2";
constexpr std::string_view kDeflated = "1.2.840.10008.1.2.1.99";
constexpr std::string_view kBigEndian = "1.2.840.10008.1.2.2";

constexpr std::array kSyntaxes{
    Syntax{kImplicit, "implicit VR little endian", DicomCodec::uncompressed},
    Syntax{"1.2.840.10008.1.2.1", "explicit VR little endian", DicomCodec::uncompressed},
    Syntax{"1.2.840.10008.1.2.1.98", "encapsulated uncompressed", DicomCodec::uncompressed},
    Syntax{kDeflated, "deflated explicit VR little endian"},
    Syntax{kBigEndian, "explicit VR big endian"},
    Syntax{"1.2.840.10008.1.2.4.50", "JPEG baseline", DicomCodec::jpeg},
    Syntax{"1.2.840.10008.1.2.4.51", "JPEG extended", DicomCodec::jpeg},
    Syntax{"1.2.840.10008.1.2.4.57", "JPEG lossless"},
    Syntax{"1.2.840.10008.1.2.4.70", "JPEG lossless, first-order prediction"},
    Syntax{"1.2.840.10008.1.2.4.80", "JPEG-LS lossless"},
    Syntax{"1.2.840.10008.1.2.4.81", "JPEG-LS near-lossless"},
    Syntax{"1.2.840.10008.1.2.4.90", "JPEG 2000 lossless", DicomCodec::jpeg2000},
    Syntax{"1.2.840.10008.1.2.4.91", "JPEG 2000", DicomCodec::jpeg2000},
    Syntax{"1.2.840.10008.1.2.4.94", "JPIP referenced"},
    Syntax{"1.2.840.10008.1.2.4.110", "JPEG XL lossless"},
    Syntax{"1.2.840.10008.1.2.4.111", "JPEG XL JPEG recompression"},
    Syntax{"1.2.840.10008.1.2.4.112", "JPEG XL"},
    Syntax{"1.2.840.10008.1.2.4.201", "High-Throughput JPEG 2000 lossless"},
    Syntax{"1.2.840.10008.1.2.4.202", "High-Throughput JPEG 2000 RPCL lossless"},
    Syntax{"1.2.840.10008.1.2.4.203", "High-Throughput JPEG 2000"},
    Syntax{"1.2.840.10008.1.2.5", "RLE lossless", DicomCodec::rle},
};

const Syntax* find(std::string_view uid) {
  const auto* found = std::find_if(kSyntaxes.begin(), kSyntaxes.end(),
                                   [&](const Syntax& syntax) { return syntax.uid == uid; });
  return found == kSyntaxes.end() ? nullptr : found;
}

[[noreturn]] void refuse(const TiffBytes& file, const std::string& uid) {
  const auto* syntax = find(uid);
  const auto what = uid.empty() ? "its meta information lacks the transfer syntax"
                    : syntax != nullptr
                        ? fmt::format("it is written as {} ({})", syntax->name, uid)
                        : fmt::format("its transfer syntax {} is not known", one_line(uid));
  throw SlideError(fmt::format(
      "{}: {}, which is not read; convert it to JPEG, JPEG 2000, RLE or explicit VR little endian",
      file.path().string(), what));
}

}  // namespace

bool data_set_is_explicit(const TiffBytes& file, const std::string& uid) {
  // The rest of the standard's syntaxes, and makers' own, are explicit and little-endian.
  if (uid.empty() || uid == kDeflated || uid == kBigEndian) refuse(file, uid);
  return uid != kImplicit;
}

DicomCodec dicom_codec(const TiffBytes& file, const std::string& uid) {
  const auto* syntax = find(uid);
  if (syntax == nullptr || !syntax->codec) refuse(file, uid);
  return *syntax->codec;
}

}  // namespace cytocape
