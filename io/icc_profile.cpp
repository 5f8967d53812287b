// The only file that includes Little CMS.

#include "io/icc_profile.hpp"

#include <fmt/format.h>
#include <lcms2.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>
#include <vector>

#include "io/text.hpp"

namespace cytocape {
namespace {

struct CloseProfile {
  void operator()(void* profile) const { cmsCloseProfile(profile); }
};
using Profile = std::unique_ptr<void, CloseProfile>;

/// Profiles of scanners take up to a few megabytes.
constexpr std::size_t kMostBytes = std::size_t{32} << 20;
constexpr std::size_t kLongestName = 100;

std::string name_of(cmsHPROFILE profile) {
  std::array<char, 256> text{};
  cmsGetProfileInfoASCII(profile, cmsInfoDescription, "en", "US", text.data(), text.size());
  const auto name = one_line(std::string(text.data()));
  return name.empty() ? "without a name" : shortened(name, kLongestName);
}

std::string fault_of(cmsHPROFILE profile) {
  if (profile == nullptr) return "is damaged";
  if (cmsGetColorSpace(profile) != cmsSigRgbData) return "is none of RGB pictures";
  return "";
}

/// Over colours all through the cube.
bool changes_little(cmsHTRANSFORM transform) {
  constexpr int kStep = 51;
  constexpr int kTolerance = 2;
  for (int r = 0; r <= 255; r += kStep) {
    for (int g = 0; g <= 255; g += kStep) {
      for (int b = 0; b <= 255; b += kStep) {
        const std::array<std::uint8_t, 3> in{static_cast<std::uint8_t>(r),
                                             static_cast<std::uint8_t>(g),
                                             static_cast<std::uint8_t>(b)};
        std::array<std::uint8_t, 3> out{};
        cmsDoTransform(transform, in.data(), out.data(), 1);
        for (std::size_t c = 0; c < 3; ++c) {
          if (std::abs(in[c] - out[c]) > kTolerance) return false;
        }
      }
    }
  }
  return true;
}

class SrgbSlide final : public Slide {
 public:
  SrgbSlide(SlideInfo info, std::unique_ptr<Slide> slide,
            std::shared_ptr<const IccTransform> transform)
      : Slide(std::move(info)), slide_(std::move(slide)), transform_(std::move(transform)) {}

  Image read(int level, const LevelRect& rect) const override {
    return mapped(slide_->read(level, rect));
  }
  int largest_reduction(int level) const override { return slide_->largest_reduction(level); }
  Image read_reduced(int level, int factor, const LevelRect& rect) const override {
    return mapped(slide_->read_reduced(level, factor, rect));
  }
  bool is_left_out(int level, const LevelRect& rect) const override {
    return slide_->is_left_out(level, rect);
  }
  /// Labels and overviews have profiles of their own, if any.
  Image read_associated(const std::string& name) const override {
    return slide_->read_associated(name);
  }
  std::vector<std::uint8_t> icc_profile() const override { return slide_->icc_profile(); }

 private:
  [[nodiscard]] Image mapped(Image image) const {
    transform_->apply(image);
    return image;
  }

  std::unique_ptr<Slide> slide_;
  std::shared_ptr<const IccTransform> transform_;
};

}  // namespace

IccTransform::~IccTransform() {
  cmsDeleteTransform(handle_);
}

IccTransform::Reading IccTransform::read(std::span<const std::uint8_t> bytes) {
  if (bytes.size() > kMostBytes) return {nullptr, "", "is larger than any"};
  const Profile profile(
      cmsOpenProfileFromMem(bytes.data(), static_cast<cmsUInt32Number>(bytes.size())));
  Reading reading{nullptr, profile ? name_of(profile.get()) : "", fault_of(profile.get())};
  if (!reading.fault.empty()) return reading;
  const Profile srgb(cmsCreate_sRGBProfile());
  // Without its cache a transform has no state that threads would share.
  auto* handle = cmsCreateTransform(profile.get(), TYPE_RGB_8, srgb.get(), TYPE_RGB_8,
                                    INTENT_RELATIVE_COLORIMETRIC, cmsFLAGS_NOCACHE);
  if (handle == nullptr) {
    reading.fault = "is damaged";
    return reading;
  }
  std::shared_ptr<const IccTransform> transform(new IccTransform(handle));
  if (!changes_little(handle)) reading.transform = std::move(transform);
  return reading;
}

void IccTransform::apply(Image& image) const {
  for (int y = 0; y < image.height(); ++y) {
    cmsDoTransform(handle_, image.row(y), image.row(y),
                   static_cast<cmsUInt32Number>(image.width()));
  }
}

std::unique_ptr<Slide> in_srgb(std::unique_ptr<Slide> slide, IccUse use) {
  const auto bytes = slide->icc_profile();
  if (bytes.empty()) return slide;
  const auto reading = IccTransform::read(bytes);
  auto info = slide->info();
  if (!reading.fault.empty()) {
    info.icc = "not applied: it " + reading.fault;
    info.notices.push_back(
        fmt::format("Its ICC profile {}: its colours are taken for sRGB.", reading.fault));
  } else if (!reading.transform) {
    info.icc = "sRGB: " + reading.name;
  } else {
    info.icc = (use == IccUse::apply ? "applied: " : "ignored: ") + reading.name;
  }
  if (!reading.transform || use == IccUse::ignore) {
    slide->describe(std::move(info));
    return slide;
  }
  return std::make_unique<SrgbSlide>(std::move(info), std::move(slide), reading.transform);
}

}  // namespace cytocape
