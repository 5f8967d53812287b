#include "pipeline/phantom/light.hpp"

#include <algorithm>
#include <cmath>

#include "pipeline/phantom/field.hpp"
#include "pipeline/phantom/random.hpp"

namespace cytocape::phantom {
namespace {

constexpr double kPeriodUm = 800;
constexpr std::size_t kNoisePeriod = 1U << 18U;
constexpr double kNoise = 1.5;  ///< deviation, grey levels of 255

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

/// What a pixel becomes where stain is stronger by `gain` / 32768: T - T ln(1/T) gain, with the
/// logarithm by a parabola that is good to 3 % for T above 0.15.
inline std::int32_t stained(std::int32_t t, std::int32_t gain) {
  const std::int32_t taken = 65535 - t;
  const std::int32_t first = (t >> 1) * (taken >> 1) >> 14;
  const std::int32_t second = first + ((first >> 1) * (taken >> 1) >> 14) * 7 / 8;
  return t - ((second >> 1) * gain >> 14);
}

}  // namespace

Light::Light(const PhantomOptions& options, const std::array<double, 3>& glass)
    : glass_(glass),
      unevenness_(options.unevenness),
      px_in_period_(kPeriodUm / options.mpp),
      seed_(seed_of({options.seed, seed_of("light")})) {
  Random random(seed_of({options.seed, seed_of("noise")}));
  noise_.resize(kNoisePeriod * 2);
  std::array<double, 3> last{};
  for (std::size_t i = 0; i < kNoisePeriod; ++i) {
    // Neighbouring pixels share some of their noise, as after a camera's colour interpolation.
    auto& value = last[i % 3];
    value = 0.45 * value + random.normal() * kNoise * 0.9;
    noise_[i] = static_cast<std::int8_t>(std::clamp(std::lround(value), -8L, 8L));
  }
  std::copy_n(noise_.begin(), kNoisePeriod, noise_.begin() + kNoisePeriod);
}

Light::Node Light::node(std::int64_t column, std::int64_t row) const {
  const double x = static_cast<double>(column * kPitch) / px_in_period_;
  const double y = static_cast<double>(row * kPitch) / px_in_period_;
  const double lamp = 1 + unevenness_ * 0.022 * (smooth_noise(seed_, x, y) - 0.3);
  Node node{};
  for (std::size_t c = 0; c < 3; ++c) {
    const double tint = 1 + unevenness_ * 0.006 * smooth_noise(seed_ + 1 + c, x, y);
    const double level = std::clamp(glass_[c] * lamp * tint, 0.0, 255.0);
    node.glass[c] = static_cast<std::int32_t>(level * 256);
  }
  const double stain =
      std::clamp(unevenness_ * 0.14 * smooth_noise(seed_ + 7, x * 1.3, y * 1.3), -0.45, 0.45);
  node.stain = static_cast<std::int32_t>(stain * 32768);
  return node;
}

void Light::expose(std::span<const std::uint16_t> transmitted, std::int64_t x, std::int64_t y,
                   std::uint8_t* out) const {
  const auto width = static_cast<std::int64_t>(transmitted.size() / 3);
  const auto row = floor_div(y, kPitch);
  const auto fy = static_cast<std::int32_t>(y - row * kPitch);
  const auto* t = transmitted.data();
  for (std::int64_t done = 0; done < width;) {
    const auto column = floor_div(x + done, kPitch);
    const auto fx0 = static_cast<std::int32_t>(x + done - column * kPitch);
    const auto count =
        static_cast<std::int32_t>(std::min<std::int64_t>(kPitch - fx0, width - done));
    const std::array<Node, 4> corner{node(column, row), node(column + 1, row),
                                     node(column, row + 1), node(column + 1, row + 1)};
    const auto between = [&](std::int32_t top, std::int32_t bottom) {
      return top * (kPitch - fy) + bottom * fy;
    };
    std::array<std::int32_t, 4> left{}, step{};
    for (std::size_t c = 0; c < 4; ++c) {
      const auto value = [&](std::size_t k) {
        return c < 3 ? corner[k].glass[c] : corner[k].stain;
      };
      left[c] = between(value(0), value(2)) / kPitch * kPitch;
      step[c] = (between(value(1), value(3)) / kPitch * kPitch - left[c]) / kPitch;
      left[c] += step[c] * fx0;
    }
    for (std::int32_t i = 0; i < count; ++i) {
      const std::int32_t gain = (left[3] + step[3] * i) / kPitch;
      for (std::size_t c = 0; c < 3; ++c) {
        const auto glass = static_cast<std::uint32_t>(left[c] + step[c] * i) / kPitch;
        const auto light = static_cast<std::uint32_t>(stained(*t++, gain));
        *out++ = static_cast<std::uint8_t>((glass * light) >> 24U);
      }
    }
    done += count;
  }
}

void Light::add_noise(std::span<std::uint8_t> pixels, std::int64_t x, std::int64_t y) const {
  const std::uint64_t start =
      scramble(seed_ ^ static_cast<std::uint64_t>(y)) + static_cast<std::uint64_t>(x) * 3;
  // The doubled table lets a run begin anywhere without wrapping inside it.
  for (std::size_t done = 0; done < pixels.size();) {
    const auto at = static_cast<std::size_t>((start + done) % kNoisePeriod);
    const auto count = std::min(pixels.size() - done, kNoisePeriod);
    const auto* noise = noise_.data() + at;
    auto* pixel = pixels.data() + done;
    for (std::size_t i = 0; i < count; ++i) {
      pixel[i] = static_cast<std::uint8_t>(std::clamp(pixel[i] + noise[i], 0, 255));
    }
    done += count;
  }
}

}  // namespace cytocape::phantom
