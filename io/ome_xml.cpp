#include "io/ome_xml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <string_view>

#include "io/text.hpp"
#include "io/xml_elements.hpp"

namespace cytocape {
namespace {

/// What others than writers of OME-XML may put there costs no more than this.
constexpr std::size_t kMostImages = 1000;
constexpr std::size_t kMostClaims = 100'000;

std::optional<std::uint64_t> whole_number(const XmlElement& element, std::string_view name) {
  const auto text = xml_attribute(element.attributes, name);
  const auto number = text ? parse_number(*text) : std::nullopt;
  if (!number || *number < 0 || *number >= 1e7) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

std::int64_t edge(const XmlElement& element, std::string_view name) {
  return static_cast<std::int64_t>(whole_number(element, name).value_or(0));
}

std::int64_t pixels_of(const Size& size) {
  return size.width * size.height;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const auto begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return "";
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

/// What a TiffData element says.
struct OmeClaim {
  std::pair<std::uint64_t, std::uint64_t> directories;
  bool here = true;
};

/// Collects images as their elements come by.
class OmeReader {
 public:
  explicit OmeReader(const std::string& file_name) : file_name_(file_name) {}

  std::vector<OmeImage> read(const std::string& text) {
    XmlElements elements(text);
    while (const auto element = elements.next()) {
      if (element->closes) continue;
      if (element->name == "OME") {
        is_ome_ = true;
        own_uuid_ = xml_attribute(element->attributes, "UUID").value_or("");
      } else if (!is_ome_ || (element->name == "Pixels" && images_.size() == kMostImages)) {
        break;
      } else if (element->name == "Pixels") {
        begin_image(*element);
      } else if (element->name == "TiffData" && !images_.empty()) {
        begin_claim(*element);
      } else if (element->name == "UUID" && !images_.empty() && !claims_.back().empty()) {
        read_uuid(*element);
      }
    }
    settle_claims();
    return std::move(images_);
  }

 private:
  void begin_image(const XmlElement& pixels) {
    OmeImage image{.size = {edge(pixels, "SizeX"), edge(pixels, "SizeY")}};
    for (const char* name :
         {"PhysicalSizeX", "PhysicalSizeXUnit", "PhysicalSizeY", "PhysicalSizeYUnit"}) {
      if (auto value = xml_attribute(pixels.attributes, name))
        image.attributes[name] = *std::move(value);
    }
    images_.push_back(std::move(image));
    claims_.emplace_back();
  }
  void begin_claim(const XmlElement& data) {
    if (claims_.back().size() == kMostClaims) return;
    const auto first = whole_number(data, "IFD");
    const auto planes = whole_number(data, "PlaneCount");
    const auto begin = first.value_or(0);
    // One plane where a directory is named, else all of the image's.
    const auto count = planes.value_or(first ? 1 : std::numeric_limits<std::uint32_t>::max());
    claims_.back().push_back({{begin, begin + count}, true});
  }
  void read_uuid(const XmlElement& uuid) {
    const auto name = xml_attribute(uuid.attributes, "FileName");
    const auto id = trimmed(uuid.text);
    const bool own_id = !id.empty() && id == own_uuid_;
    claims_.back().back().here = own_id || (name && *name == file_name_) || (id.empty() && !name);
    auto& files = images_.back().files;
    if (name && (files.empty() || files.back() != *name) && files.size() < kMostClaims)
      files.push_back(*name);
  }

  void settle_claims() {
    const auto is_here = [](const std::vector<OmeClaim>& claims) {
      return claims.empty() || std::any_of(claims.begin(), claims.end(),
                                           [](const OmeClaim& one) { return one.here; });
    };
    const bool renamed = std::none_of(claims_.begin(), claims_.end(), is_here) && name_one_file();
    for (std::size_t i = 0; i < images_.size(); ++i) {
      images_[i].here = renamed || is_here(claims_[i]);
      for (const auto& claim : claims_[i]) {
        if (renamed || claim.here) images_[i].directories.push_back(claim.directories);
      }
    }
  }
  [[nodiscard]] bool name_one_file() const {
    return std::all_of(images_.begin(), images_.end(), [&](const OmeImage& image) {
      return std::all_of(image.files.begin(), image.files.end(), [&](const std::string& file) {
        return !images_.front().files.empty() && file == images_.front().files.front();
      });
    });
  }

  const std::string& file_name_;
  bool is_ome_ = false;
  std::string own_uuid_;
  std::vector<OmeImage> images_;
  std::vector<std::vector<OmeClaim>> claims_;  ///< of each image
};

using Candidates = std::vector<const OmeImage*>;

template <class Is>
Candidates those(const Candidates& of, const Is& is) {
  Candidates kept;
  std::copy_if(of.begin(), of.end(), std::back_inserter(kept),
               [&](const auto* image) { return is(*image); });
  return kept;
}

bool states_pixel_size(const OmeImage& image) {
  return image.attributes.contains("PhysicalSizeX");
}

bool claims(const OmeImage& image, std::uint64_t directory) {
  return std::any_of(image.directories.begin(), image.directories.end(), [&](const auto& range) {
    return directory >= range.first && directory < range.second;
  });
}

/// An edge that the text lacks is 0.
bool may_be_of_size(const OmeImage& image, const Size& size) {
  return (image.size.width == 0 || image.size.width == size.width) &&
         (image.size.height == 0 || image.size.height == size.height);
}

std::string stated_by(const OmeImage& image) {
  const auto value = [&](const char* name) {
    const auto found = image.attributes.find(name);
    return found == image.attributes.end() ? std::string() : one_line(found->second);
  };
  return fmt::format(
      "{} x {} {}", value("PhysicalSizeX"), value("PhysicalSizeY"),
      image.attributes.contains("PhysicalSizeXUnit") ? value("PhysicalSizeXUnit") : "\u00b5m");
}

std::string elsewhere(const Candidates& images) {
  const auto stating = those(images, states_pixel_size);
  if (stating.empty()) return "";
  const auto& files = stating.front()->files;
  return fmt::format(
      "its OME-XML states the pixel sizes of pictures in other files{}, and names none in this one "
      "(was it renamed?)",
      files.empty() ? "" : " (" + one_line(files.front()) + ", ..)");
}

}  // namespace

std::vector<OmeImage> ome_images(const std::string& text, const std::string& file_name) {
  if (text.find("OME") == std::string::npos) return {};
  return OmeReader(file_name).read(text);
}

OmeChoice ome_image_of(const std::vector<OmeImage>& images, const OmePlace& place) {
  Candidates all;
  for (const auto& image : images) all.push_back(&image);
  auto candidates = those(all, [](const OmeImage& image) { return image.here; });
  if (candidates.empty()) return {nullptr, elsewhere(all)};
  const auto claiming =
      those(candidates, [&](const OmeImage& image) { return claims(image, place.directory); });
  if (!claiming.empty()) candidates = claiming;
  auto fitting = those(candidates, [&](const OmeImage& image) { return image.size == place.size; });
  if (fitting.empty() && candidates.size() == 1 && may_be_of_size(*candidates.front(), place.size))
    fitting = candidates;
  if (fitting.empty()) {
    const auto stating = those(candidates, states_pixel_size);
    if (stating.empty()) return {};
    const auto& other = stating.front()->size;
    return {candidates.size() == 1 ? candidates.front() : nullptr,
            fmt::format("its OME-XML states the pixel size of a picture of {} x {} "
                        "pixels, and this one has {} x {}",
                        other.width, other.height, place.size.width, place.size.height)};
  }
  const auto* read = fitting.front();
  const auto differing = those(fitting, [&](const OmeImage& image) {
    return states_pixel_size(image) && image.attributes != read->attributes;
  });
  if (differing.empty()) return {read, ""};
  return {read,
          fmt::format("its OME-XML tells of several pictures of {} x {} pixels, with pixel sizes "
                      "of {} and {}",
                      place.size.width, place.size.height,
                      states_pixel_size(*read) ? stated_by(*read) : "nothing",
                      stated_by(*differing.front()))};
}

std::string ome_series_notice(const std::vector<OmeImage>& images, const OmePlace& place) {
  const auto* read = ome_image_of(images, place).image;
  const auto others = std::count_if(images.begin(), images.end(), [&](const OmeImage& image) {
    // Those of one size are said as pages are (unread_planes_notice).
    return &image != read && image.here && image.size != place.size &&
           4 * pixels_of(image.size) >= pixels_of(place.size);
  });
  return others == 0 ? ""
                     : fmt::format(
                           "The file holds {} more picture{} (OME series) of a size like "
                           "this one's; only the largest was read.",
                           others, others == 1 ? "" : "s");
}

}  // namespace cytocape
