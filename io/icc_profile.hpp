#pragma once

/// A picture's ICC profile, and its way to sRGB, by Little CMS: what the network was trained on and
/// what a page shows. Internal to io/.

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "io/image.hpp"
#include "io/slide.hpp"

namespace cytocape {

/// Colours of a device to sRGB, relative to the medium's white, so that white stays white. All
/// const members may be called from many threads at once.
class IccTransform {
 public:
  /// Null with `fault` set where the profile is none, or not of RGB pictures; null without where it
  /// is sRGB to within 2 of 255. `name` is the profile's own, on one line, where it can be read.
  struct Reading {
    std::shared_ptr<const IccTransform> transform;
    std::string name;
    std::string fault;  ///< part of a sentence
  };
  [[nodiscard]] static Reading read(std::span<const std::uint8_t> profile);
  ~IccTransform();
  IccTransform(const IccTransform&) = delete;
  IccTransform& operator=(const IccTransform&) = delete;

  void apply(Image& image) const;

 private:
  explicit IccTransform(void* handle) : handle_(handle) {}
  void* handle_;
};

/// `slide` in sRGB by slide.icc_profile(), or itself where it has none; SlideInfo::icc says which.
[[nodiscard]] std::unique_ptr<Slide> in_srgb(std::unique_ptr<Slide> slide, IccUse use);

}  // namespace cytocape
