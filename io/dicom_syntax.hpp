#pragma once

/// Transfer syntaxes: how a DICOM file's data set and pixels are written (PS3.5, section 10 and
/// annex A; UIDs: PS3.6, annex A). Internal to io/dicom_*. Pure.

#include <cstdint>
#include <string>

#include "io/tiff_bytes.hpp"

namespace cytocape {

enum class DicomCodec : std::uint8_t { uncompressed, rle, jpeg, jpeg2000 };

/// Whether its elements state their kind (VR). Throws SlideError for a data set that cannot be
/// walked as it lies in the file.
[[nodiscard]] bool data_set_is_explicit(const TiffBytes& file, const std::string& uid);

/// Throws SlideError for pixels that are not decoded, with the syntax's name and the remedy.
[[nodiscard]] DicomCodec dicom_codec(const TiffBytes& file, const std::string& uid);

}  // namespace cytocape
