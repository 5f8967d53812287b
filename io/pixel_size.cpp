#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string_view>
#include <vector>

#include "io/errors.hpp"
#include "io/slide_readers.hpp"
#include "io/text.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

constexpr const char* kGiveMpp =
    "give it with --set slide.mpp=0.25 (or 0.25,0.26 for x,y) or the manifest column 'mpp'; to "
    "evaluate and inspect with --mpp 0.25";

bool is_plausible(double value) {
  return value >= kMinMpp && value <= kMaxMpp;
}

[[noreturn]] void refuse_mpp(const fs::path& path, const std::string& found) {
  throw SlideError(
      fmt::format("{}: {}; the pixel size in um is needed: {}", path.string(), found, kGiveMpp));
}

void require_plausible(const fs::path& path, const std::string& origin, Mpp mpp) {
  if (is_plausible(mpp.x) && is_plausible(mpp.y)) return;
  refuse_mpp(path, fmt::format("pixel size {:.6g} x {:.6g} um from {} is outside {}..{}", mpp.x,
                               mpp.y, origin, kMinMpp, kMaxMpp));
}

std::string property(const SlideProperties& properties, const std::string& key) {
  const auto found = properties.find(key);
  return found == properties.end() ? std::string() : found->second;
}

double number_of(const fs::path& path, const SlideProperties& properties, const std::string& key) {
  const auto text = property(properties, key);
  if (text.empty()) refuse_mpp(path, fmt::format("{} is missing", key));
  const auto number = parse_number(text);
  if (!number) refuse_mpp(path, fmt::format("{} is '{}', not a number", key, one_line(text)));
  return *number;
}

/// Microns in the unit of the resolution tags; 0 for a unit that names no length.
double microns_of_unit(const std::string& unit) {
  if (unit == "centimeter") return 10'000;
  if (unit == "inch") return 25'400;
  return 0;
}

Mpp mpp_of_tags(const fs::path& path, const SlideProperties& properties, double unit_um) {
  return {unit_um / number_of(path, properties, "tiff.XResolution"),
          unit_um / number_of(path, properties, "tiff.YResolution")};
}

/// What a source in the file says, where it says something of a length.
struct Stated {
  Mpp mpp;
  std::string origin;
  MppSource source;
};

/// 0 for what names no length. Writers of XML and of ImageJ's texts spell the micron in their ways.
double microns_of_length(std::string_view unit) {
  constexpr std::array<std::string_view, 12> kMicrons{
      "\xb5m",   "\u00b5m", "\u03bcm", "um",      "&#181;m",  "&#xB5;m",
      "&#xb5;m", "&#956;m", "micron",  "microns", "\\u00B5m", "micrometer"};
  if (std::find(kMicrons.begin(), kMicrons.end(), unit) != kMicrons.end()) return 1;
  if (unit == "nm") return 1e-3;
  if (unit == "\u00c5" || unit == "\u212b") return 1e-4;  // Angstrom
  if (unit == "mm") return 1e3;
  if (unit == "cm") return 1e4;
  if (unit == "dm") return 1e5;
  if (unit == "in" || unit == "inch") return 25'400;
  return unit == "m" ? 1e6 : 0;
}

/// OME's default is the micron; "pixel" and "reference frame" are no lengths.
double microns_of_ome_unit(const fs::path& path, const std::string& unit) {
  if (unit.empty()) return 1;
  const auto microns = microns_of_length(unit);
  if (microns == 0 && unit != "pixel" && unit != "reference frame")
    refuse_mpp(path, fmt::format("OME's PhysicalSize is in '{}', a unit that is not known here",
                                 one_line(unit)));
  return microns;
}

std::optional<Stated> stated_by_vendor(const fs::path& path, const SlideProperties& properties) {
  if (property(properties, "openslide.mpp-x").empty() &&
      property(properties, "openslide.mpp-y").empty()) {
    return std::nullopt;
  }
  return Stated{{number_of(path, properties, "openslide.mpp-x"),
                 number_of(path, properties, "openslide.mpp-y")},
                "openslide.mpp-x/-y",
                MppSource::slide_property};
}

std::optional<Stated> stated_by_ome(const fs::path& path, const SlideProperties& properties) {
  if (property(properties, "ome.PhysicalSizeX").empty()) return std::nullopt;
  const auto x_um = microns_of_ome_unit(path, property(properties, "ome.PhysicalSizeXUnit"));
  const auto y_um = microns_of_ome_unit(path, property(properties, "ome.PhysicalSizeYUnit"));
  if (x_um == 0 || y_um == 0) return std::nullopt;
  return Stated{{x_um * number_of(path, properties, "ome.PhysicalSizeX"),
                 y_um * number_of(path, properties, "ome.PhysicalSizeY")},
                "OME's PhysicalSizeX/Y",
                MppSource::slide_property};
}

/// ImageJ keeps the unit of the resolution in its description.
std::optional<Stated> stated_by_imagej(const fs::path& path, const SlideProperties& properties) {
  const auto um = microns_of_length(property(properties, "imagej.unit"));
  if (um == 0 || property(properties, "tiff.XResolution").empty()) return std::nullopt;
  return Stated{mpp_of_tags(path, properties, um), "ImageJ's unit and the resolution tags",
                MppSource::resolution_tag};
}

/// Both in um; `what` is PixelSpacing or ImagedVolume.
std::optional<Stated> stated_by_dicom(const fs::path& path, const SlideProperties& properties,
                                      const std::string& what, const std::string& origin) {
  if (!properties.contains("dicom." + what + "X") || !properties.contains("dicom." + what + "Y"))
    return std::nullopt;
  return Stated{{number_of(path, properties, "dicom." + what + "X"),
                 number_of(path, properties, "dicom." + what + "Y")},
                origin,
                MppSource::slide_property};
}

std::optional<Stated> stated_by_spacing(const fs::path& path, const SlideProperties& properties) {
  return stated_by_dicom(path, properties, "PixelSpacing", "DICOM's PixelSpacing");
}

/// The size of what was imaged, over the pixels.
std::optional<Stated> stated_by_imaged(const fs::path& path, const SlideProperties& properties) {
  return stated_by_dicom(path, properties, "ImagedVolume", "DICOM's ImagedVolumeWidth, ..Height");
}

/// None where the unit is no length, or the tags speak of print and not of the microscope.
std::optional<Stated> stated_by_tags(const fs::path& path, const SlideProperties& properties) {
  const auto unit = property(properties, "tiff.ResolutionUnit");
  if (property(properties, "tiff.XResolution").empty() || microns_of_unit(unit) == 0) {
    return std::nullopt;
  }
  return Stated{mpp_of_tags(path, properties, microns_of_unit(unit)),
                "the TIFF resolution tags (" + unit + ")", MppSource::resolution_tag};
}

bool differ(double a, double b) {
  constexpr double kTolerance = 0.01;
  return std::abs(a - b) > kTolerance * std::max(a, b);
}

/// One of two is wrong, and by it every size of a cell: a person must say which.
void require_agreement(const fs::path& path, const Stated& one, const Stated& other) {
  const bool meant = is_plausible(other.mpp.x) && is_plausible(other.mpp.y);
  if (!meant || !(differ(one.mpp.x, other.mpp.x) || differ(one.mpp.y, other.mpp.y))) return;
  refuse_mpp(path, fmt::format("{} say {:.6g} x {:.6g} um, {} say {:.6g} x {:.6g} um", one.origin,
                               one.mpp.x, one.mpp.y, other.origin, other.mpp.x, other.mpp.y));
}

/// Tags of other makers' files hold anything: they refute, where they are numbers, but do not
/// state.
std::optional<Stated> tags_if_readable(const fs::path& path, const SlideProperties& properties) {
  for (const char* key : {"tiff.XResolution", "tiff.YResolution"}) {
    if (!parse_number(property(properties, key))) return std::nullopt;
  }
  return stated_by_tags(path, properties);
}

std::optional<Stated> stated_by_file(const fs::path& path, const SlideProperties& properties) {
  auto stated = stated_by_vendor(path, properties);
  if (!stated) stated = stated_by_ome(path, properties);
  if (!stated) stated = stated_by_spacing(path, properties);
  if (!stated) stated = stated_by_imagej(path, properties);
  if (!stated && property(properties, "openslide.vendor") == "generic-tiff") {
    stated = stated_by_tags(path, properties);
  }
  return stated;
}

/// A wrong number of the user's is a wrong size of every cell. Empty where the file says nothing
/// that is plausible, or the same.
std::string overruled_by(const Mpp& users, const fs::path& path,
                         const SlideProperties& properties) {
  std::vector<std::optional<Stated>> all;
  try {
    all = {stated_by_file(path, properties), tags_if_readable(path, properties),
           stated_by_imaged(path, properties)};
  } catch (const SlideError&) {
    return "";  // what the file says is no number
  }
  for (const auto& stated : all) {
    if (!stated || !is_plausible(stated->mpp.x) || !is_plausible(stated->mpp.y)) continue;
    if (!differ(users.x, stated->mpp.x) && !differ(users.y, stated->mpp.y)) continue;
    return fmt::format(
        "The pixel size of {:.6g} x {:.6g} um is the user's; {} say {:.6g} x {:.6g} um, so that "
        "one of the two makes cells of a wrong size.",
        users.x, users.y, stated->origin, stated->mpp.x, stated->mpp.y);
  }
  return "";
}

}  // namespace

PixelSize pixel_size(const fs::path& path, const SlideProperties& properties,
                     const SlideOptions& options) {
  if (options.mpp) {
    require_plausible(path, "the user", *options.mpp);
    return {*options.mpp, MppSource::user, overruled_by(*options.mpp, path, properties)};
  }
  if (const auto conflict = property(properties, "ome.conflict"); !conflict.empty())
    refuse_mpp(path, conflict);
  const auto stated = stated_by_file(path, properties);
  if (!stated) refuse_mpp(path, "the file does not state its pixel size");
  require_plausible(path, stated->origin, stated->mpp);
  if (const auto tags = tags_if_readable(path, properties)) require_agreement(path, *stated, *tags);
  if (const auto imaged = stated_by_imaged(path, properties))
    require_agreement(path, *stated, *imaged);
  return {stated->mpp, stated->source, ""};
}

void set_pixel_size(SlideInfo& info, const PixelSize& size) {
  info.mpp = size.mpp;
  info.mpp_source = size.source;
  if (!size.overruled.empty()) info.notices.push_back(size.overruled);
}

}  // namespace cytocape
