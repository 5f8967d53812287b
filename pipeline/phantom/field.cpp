#include "pipeline/phantom/field.hpp"

#include <algorithm>
#include <cmath>

#include "pipeline/phantom/random.hpp"

namespace cytocape::phantom {
namespace {

double lattice(std::uint64_t seed, std::int64_t x, std::int64_t y) {
  const auto bits = scramble(seed ^ scramble(static_cast<std::uint64_t>(x) * 0x9e3779b1ULL ^
                                             scramble(static_cast<std::uint64_t>(y))));
  return static_cast<double>(bits >> 11U) * 0x1.0p-52 - 1;
}

double ease(double t) {
  return t * t * (3 - 2 * t);
}

}  // namespace

double smooth_noise(std::uint64_t seed, double x, double y) {
  const double fx = std::floor(x);
  const double fy = std::floor(y);
  const auto ix = static_cast<std::int64_t>(fx);
  const auto iy = static_cast<std::int64_t>(fy);
  const double u = ease(x - fx);
  const double v = ease(y - fy);
  const double top = std::lerp(lattice(seed, ix, iy), lattice(seed, ix + 1, iy), u);
  const double bottom = std::lerp(lattice(seed, ix, iy + 1), lattice(seed, ix + 1, iy + 1), u);
  return std::lerp(top, bottom, v);
}

Smear::Smear(const PhantomOptions& options)
    : width_(static_cast<double>(options.size.width)),
      height_(static_cast<double>(options.size.height)),
      margin_(options.margin * std::min(width_, height_)),
      wave_px_(std::max(1.0, margin_ * 1.5)),
      seed_(seed_of({options.seed, seed_of("smear")})) {}

bool Smear::holds(double x, double y, double inset_px) const {
  if (margin_ <= 0) return true;
  const double edge = std::min(std::min(x, width_ - x), std::min(y, height_ - y));
  const double wave = smooth_noise(seed_, x / wave_px_, y / wave_px_);
  return edge > margin_ * (1 + 0.35 * wave) + inset_px;
}

}  // namespace cytocape::phantom
