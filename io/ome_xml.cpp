#include "io/ome_xml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "io/text.hpp"

namespace cytocape {
namespace {

/// The value of `name="value"` among the attributes of an element; none where it lacks it.
std::optional<std::string> attribute(std::string_view element, std::string_view name) {
  for (std::size_t at = 0; (at = element.find(name, at)) != std::string_view::npos; ++at) {
    const auto before = at == 0 ? ' ' : element[at - 1];
    auto rest = element.substr(at + name.size());
    if (std::string_view(" \t\r\n").find(before) == std::string_view::npos || rest.size() < 2 ||
        rest[0] != '=' || (rest[1] != '"' && rest[1] != '\'')) {
      continue;
    }
    const char quote = rest[1];
    rest.remove_prefix(2);
    const auto end = rest.find(quote);
    if (end != std::string_view::npos) return std::string(rest.substr(0, end));
  }
  return std::nullopt;
}

std::int64_t edge(std::string_view element, std::string_view name) {
  const auto text = attribute(element, name);
  const auto number = text ? parse_number(*text) : std::nullopt;
  return number && *number >= 1 && *number < 1e7 ? static_cast<std::int64_t>(*number) : 0;
}

std::int64_t pixels_of(const Size& size) {
  return size.width * size.height;
}

}  // namespace

std::vector<OmeImage> ome_images(const std::string& text) {
  std::vector<OmeImage> images;
  if (text.find("<OME") == std::string::npos) return images;
  // What others than writers of OME-XML may put there costs no more than this.
  constexpr std::size_t kMostImages = 1000;
  constexpr std::size_t kLongestElement = 4096;
  for (auto at = text.find("<Pixels"); at != std::string::npos && images.size() < kMostImages;
       at = text.find("<Pixels", at + 1)) {
    const auto start = std::string_view(text).substr(at, kLongestElement);
    const auto element = start.substr(0, start.find('>'));
    OmeImage image{{edge(element, "SizeX"), edge(element, "SizeY")}, {}};
    for (const char* name :
         {"PhysicalSizeX", "PhysicalSizeXUnit", "PhysicalSizeY", "PhysicalSizeYUnit"}) {
      if (auto value = attribute(element, name)) image.attributes[name] = *std::move(value);
    }
    images.push_back(std::move(image));
  }
  return images;
}

const OmeImage* ome_image_of(const std::vector<OmeImage>& images, const Size& size) {
  const auto found = std::find_if(images.begin(), images.end(),
                                  [&](const OmeImage& image) { return image.size == size; });
  if (found != images.end()) return &*found;
  return images.size() == 1 ? images.data() : nullptr;
}

std::string ome_conflict(const std::vector<OmeImage>& images, const Size& size) {
  const auto states = [](const OmeImage& image) {
    return image.attributes.contains("PhysicalSizeX");
  };
  const auto* read = ome_image_of(images, size);
  // An edge that the text lacks is 0.
  if (read != nullptr && (read->size.width == 0 || read->size.width == size.width) &&
      (read->size.height == 0 || read->size.height == size.height)) {
    const auto differs = [&](const OmeImage& image) {
      return image.size == size && states(image) && image.attributes != read->attributes;
    };
    if (!std::any_of(images.begin(), images.end(), differs)) return "";
    return fmt::format(
        "its OME-XML tells of several pictures of {} x {} pixels, each with another pixel size",
        size.width, size.height);
  }
  const auto other = std::find_if(images.begin(), images.end(), states);
  if (other == images.end()) return "";
  return fmt::format(
      "its OME-XML states the pixel size of a picture of {} x {} pixels, and this one has {} x {}",
      other->size.width, other->size.height, size.width, size.height);
}

std::string ome_series_notice(const std::vector<OmeImage>& images, const Size& size) {
  const auto* read = ome_image_of(images, size);
  const auto others = std::count_if(images.begin(), images.end(), [&](const OmeImage& image) {
    return &image != read && 4 * pixels_of(image.size) >= pixels_of(size);
  });
  return others == 0 ? ""
                     : fmt::format(
                           "The file holds {} more picture{} (OME series) of a size like "
                           "this one's; only the largest was read.",
                           others, others == 1 ? "" : "s");
}

}  // namespace cytocape
