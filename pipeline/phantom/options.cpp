#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "io/errors.hpp"
#include "pipeline/phantom/bank.hpp"
#include "pipeline/phantom/phantom.hpp"

namespace cytocape {
namespace {

void check_range(const char* key, double value, double low, double high) {
  if (value >= low && value <= high) return;
  throw ConfigError(
      fmt::format("phantom: {} is {}; it must be within {} .. {}", key, value, low, high));
}

void check_mix(const PhantomOptions& options) {
  double sum = 0;
  for (const auto& [name, weight] : options.mix) {
    if (!(weight >= 0) || !std::isfinite(weight)) {
      throw ConfigError(
          fmt::format("phantom: mix: {}={}; a weight must be 0 or more", name, weight));
    }
    if (name == phantom::kPlatelet || name == phantom::kSmudge) {
      throw ConfigError(fmt::format("phantom: mix: {} is not a white cell; use --{}", name,
                                    name == phantom::kPlatelet ? "platelets" : "smudged"));
    }
    const auto& known = drawn_classes();
    if (!options.source && std::find(known.begin(), known.end(), name) == known.end()) {
      throw ConfigError(fmt::format("phantom: mix: no class \"{}\" can be drawn; there are {}",
                                    name, fmt::join(known, ", ")));
    }
    sum += weight;
  }
  if (!options.mix.empty() && sum <= 0) {
    throw ConfigError("phantom: mix: all weights are 0; give at least one class a weight above 0");
  }
}

void check_size(const Size& size) {
  constexpr std::int64_t kLargest = 400000;
  for (const auto edge : {size.width, size.height}) {
    if (edge >= 64 && edge <= kLargest) continue;
    throw ConfigError(
        fmt::format("phantom: size is {}x{}; each side must be within 64 .. {} pixels", size.width,
                    size.height, kLargest));
  }
}

/// Spares drawing thousands of cells that cannot be placed; what passes may still not fit.
void check_room(const PhantomOptions& options) {
  // The smallest cells with the gap around them, or the disc that a pasted picture takes.
  const double white_um2 = options.source ? 900 : 60;
  const double platelet_um2 = options.source ? 900 : 4;
  const auto whites = phantom::white_cell_count(options);
  const double needed = white_um2 * static_cast<double>(whites) +
                        platelet_um2 * static_cast<double>(options.platelets.value_or(0));
  if (needed <= phantom::slide_mm2(options) * 1e6) return;
  throw ConfigError(fmt::format(
      "phantom: {} white cells and {} platelets cannot fit on {}x{} pixels of {} um; ask "
      "for fewer, or for a larger slide",
      whites, options.platelets.value_or(0), options.size.width, options.size.height, options.mpp));
}

}  // namespace

void check_options(const PhantomOptions& options) {
  check_size(options.size);
  check_range("mpp", options.mpp, 0.05, 1);
  check_range("white-cells", static_cast<double>(options.white_cells), 0, 1e7);
  check_range("density", options.white_cells_per_mm2.value_or(0), 0, 1e5);
  check_range("platelets", static_cast<double>(options.platelets.value_or(0)), 0, 1e7);
  check_range("red-cells", options.red_cells_per_mm2, 0, 12000);
  check_range("touching", options.touching, 0, 0.5);
  check_range("smudged", options.smudged, 0, 0.5);
  check_range("blur", options.blur, 0, 0.5);
  check_range("margin", options.margin, 0, 0.4);
  check_range("stain", options.stain, -1, 1);
  check_range("unevenness", options.unevenness, 0, 3);
  check_mix(options);
  check_room(options);
  if (!options.source) return;
  check_range("from-mpp", options.source->mpp, 0.05, 1);
  if (!std::filesystem::is_directory(options.source->folder)) {
    throw ConfigError(fmt::format(
        "phantom: from: {} is not a folder; name one that holds a folder for each class",
        options.source->folder.string()));
  }
}

namespace phantom {

double slide_mm2(const PhantomOptions& options) {
  return static_cast<double>(options.size.width) * static_cast<double>(options.size.height) *
         options.mpp * options.mpp * 1e-6;
}

std::int64_t white_cell_count(const PhantomOptions& options) {
  if (!options.white_cells_per_mm2) return options.white_cells;
  return std::llround(*options.white_cells_per_mm2 * slide_mm2(options));
}

Density stain_strength(double stain) {
  const auto s = static_cast<float>(stain);
  return {1 + 0.40F * s, 1 + 0.22F * s, 1 - 0.15F * s};
}

}  // namespace phantom
}  // namespace cytocape
