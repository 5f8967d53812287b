// What is nuclear stain and what looks like cytoplasm is decided by stain_maps.cpp, as for slides;
// this file decides what of it belongs to one cell.

#include "tiling/cell_regions.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "tiling/stain.hpp"
#include "tiling/stain_maps.hpp"

namespace cytocape {
namespace {

constexpr double kSampleUm = 0.5;     ///< um/px at which a picture's stain is measured
constexpr double kNoiseUm = 0.25;     ///< sigma: one pixel's hue says nothing
constexpr double kMiddleUm = 4;       ///< a nucleus this far off the middle counts e^-1/2
constexpr double kFarthestUm = 9;     ///< from the middle to the nearest stain of its cell
constexpr double kLobeGapUm = 1.8;    ///< lobes this close are one nucleus
constexpr double kGrainUm = 0.3;      ///< radius of what is noise or a granule in the nuclear stain
constexpr double kLeastNucleus = 12;  ///< um2; what is smaller is a granule or a platelet's
// Platelets are small and pale at once: 38 of 40 of Acevedo et al. (2020), and 1 of the 240
// nucleated cells of six classes that were measured beside them (an eosinophil).
constexpr double kSmallNucleus = 60;  ///< um2
constexpr double kPaleNucleus = 870;  ///< thousandths of the nuclear channel, mean
constexpr double kLeastLobe = 2.5;    ///< um2; what is smaller beside the nucleus is a granule
constexpr double kNucleusHole = 2;    ///< um2; what is smaller is pale chromatin
constexpr double kThinUm = 0.9;       ///< bridges to neighbours that are thinner are cut
constexpr double kNeckUm = 2.2;       ///< half the width of the widest neck to a neighbour
constexpr double kSmoothUm = 0.6;     ///< as far as corners that the cut has rounded are given back
constexpr double kSurelyCellUm = 0.7;  ///< around the nucleus
constexpr float kBeside = 0.8F;  ///< of its radius: as far off the cell a red cell's middle lies
constexpr double kPallor = 20;   ///< um2; of the pale middle of a red cell
constexpr double kPeakReachUm = 1.5;
constexpr double kWidestCytoplasmUm = 6.5;  ///< from the nucleus
constexpr int kFaintest = 60;               ///< total density, thousandths: paler is glass
constexpr std::uint8_t kStained = 255;

cv::Mat view(const Image& image) {
  // OpenCV has no view of const data; nothing here writes through it.
  return {image.height(), image.width(), CV_8UC3, const_cast<std::uint8_t*>(image.row(0)),
          image.stride()};
}

Image to_image(const cv::Mat& mat) {
  Image image(mat.cols, mat.rows);
  for (int y = 0; y < mat.rows; ++y) std::copy_n(mat.ptr(y), image.stride(), image.row(y));
  return image;
}

std::size_t row_major(int row, int columns, int column) {
  return static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) +
         static_cast<std::size_t>(column);
}

cv::Mat disc(double radius_um, double mpp) {
  const int radius = std::max(1, static_cast<int>(std::lround(radius_um / mpp)));
  return cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * radius + 1, 2 * radius + 1});
}

struct Components {
  cv::Mat label;  ///< CV_32S, 0 outside
  cv::Mat stats;
  cv::Mat centre;
  int count = 0;  ///< with the background
};

Components components_of(const cv::Mat& mask) {
  Components found;
  found.count = cv::connectedComponentsWithStats(mask, found.label, found.stats, found.centre);
  return found;
}

/// The component with the most of its area near `place`, or 0.
int component_at(const Components& found, const CropPlace& place) {
  std::vector<double> weight(static_cast<std::size_t>(found.count), 0.0);
  std::vector<double> nearest(weight.size(), 1e9);
  const cv::Point2d middle(place.x - 0.5, place.y - 0.5);
  for (int y = 0; y < found.label.rows; ++y)
    for (int x = 0; x < found.label.cols; ++x) {
      const auto id = static_cast<std::size_t>(found.label.at<int>(y, x));
      const double um = std::hypot(x - middle.x, y - middle.y) * place.mpp;
      weight[id] += std::exp(-0.5 * um * um / (kMiddleUm * kMiddleUm));
      nearest[id] = std::min(nearest[id], um);
    }
  weight[0] = 0;
  const auto best = std::max_element(weight.begin(), weight.end()) - weight.begin();
  return nearest[static_cast<std::size_t>(best)] <= kFarthestUm ? static_cast<int>(best) : 0;
}

/// Distance of every pixel to the nearest one of `mask`, pixels.
cv::Mat distance_to(const cv::Mat& mask) {
  cv::Mat distance;
  cv::distanceTransform(255 - mask, distance, cv::DIST_L2, cv::DIST_MASK_PRECISE);
  return distance;
}

struct Nuclei {
  cv::Mat own;    ///< CV_8U, of the cell
  cv::Mat other;  ///< CV_8U, of its neighbours
};

void fill_small_holes(cv::Mat& mask, double pixels) {
  const Components holes = components_of(255 - mask);
  for (int id = 1; id < holes.count; ++id)
    if (holes.stats.at<int>(id, cv::CC_STAT_AREA) < pixels) mask.setTo(kStained, holes.label == id);
}

/// Collects lobes until none is close to what was collected; granules are no one's nucleus.
Nuclei nuclei_of(const cv::Mat& stained, const cv::Mat& density, const CropPlace& place) {
  const double mpp = place.mpp;
  const Components found = components_of(stained);
  Nuclei nuclei{cv::Mat::zeros(stained.size(), CV_8U), stained.clone()};
  const int seed = component_at(found, place);
  if (seed == 0) return nuclei;
  const auto take = [&](int id) {
    nuclei.own.setTo(kStained, found.label == id);
    nuclei.other.setTo(0, found.label == id);
  };
  take(seed);
  for (bool grown = true; grown;) {
    grown = false;
    const cv::Mat close = distance_to(nuclei.own) * mpp <= kLobeGapUm;
    for (int id = 1; id < found.count; ++id)
      if (found.stats.at<int>(id, cv::CC_STAT_AREA) * mpp * mpp >= kLeastLobe &&
          cv::countNonZero(nuclei.other & close & (found.label == id)) > 0) {
        take(id);
        grown = true;
      }
  }
  for (int id = 1; id < found.count; ++id)
    if (found.stats.at<int>(id, cv::CC_STAT_AREA) * mpp * mpp < kLeastLobe)
      nuclei.other.setTo(0, found.label == id);
  fill_small_holes(nuclei.own, kNucleusHole / (mpp * mpp));
  const double area = cv::countNonZero(nuclei.own) * mpp * mpp;
  const bool pale = cv::mean(density, nuclei.own)[0] < kPaleNucleus;
  if (area < kLeastNucleus || (area < kSmallNucleus && pale)) nuclei.own.setTo(0);
  return nuclei;
}

/// `mask` without holes: glass and vacuoles inside a cell are of the cell.
cv::Mat filled(const cv::Mat& mask) {
  std::vector<std::vector<cv::Point>> outlines;
  cv::findContours(mask.clone(), outlines, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
  cv::Mat out = cv::Mat::zeros(mask.size(), CV_8U);
  cv::drawContours(out, outlines, -1, kStained, cv::FILLED);
  return out;
}

/// The parts of `mask` that touch `seed`.
cv::Mat touching(const cv::Mat& mask, const cv::Mat& seed) {
  const Components found = components_of(mask);
  cv::Mat out = cv::Mat::zeros(mask.size(), CV_8U);
  for (int id = 1; id < found.count; ++id) {
    const cv::Mat part = found.label == id;
    if (cv::countNonZero(part & seed) > 0) out |= part;
  }
  return out;
}

cv::Mat opened(const cv::Mat& mask, double radius_um, double mpp) {
  cv::Mat out;
  cv::morphologyEx(mask, out, cv::MORPH_OPEN, disc(radius_um, mpp));
  return out;
}

/// What is denser than glass.
cv::Mat foreground(const cv::Mat& smooth, const StainProfile& stain) {
  const DensityTable table(stain.background);
  cv::Mat mask(smooth.size(), CV_8U);
  for (int y = 0; y < mask.rows; ++y)
    for (int x = 0; x < mask.cols; ++x) {
      const auto& p = smooth.at<cv::Vec3b>(y, x);
      const bool dense = table.total({p[0], p[1], p[2]}) > kFaintest;
      mask.at<std::uint8_t>(y, x) = dense ? kStained : 0;
    }
  return mask;
}

/// The cores of round bodies that lie beside `cell` rather than around it: of red cells. A body's
/// middle is where the glass is farthest; that of the cell itself lies in or near its nucleus.
cv::Mat red_cell_cores(const cv::Mat& dense, const cv::Mat& cell, double mpp) {
  cv::Mat bodies = dense.clone();
  fill_small_holes(bodies, kPallor / (mpp * mpp));
  cv::Mat depth;
  cv::distanceTransform(bodies, depth, cv::DIST_L2, cv::DIST_MASK_PRECISE);
  cv::Mat highest;
  cv::dilate(depth, highest, disc(kPeakReachUm, mpp));
  const cv::Mat to_cell = distance_to(cell);
  cv::Mat cores = cv::Mat::zeros(dense.size(), CV_8U);
  for (int y = 0; y < depth.rows; ++y)
    for (int x = 0; x < depth.cols; ++x) {
      const float radius = depth.at<float>(y, x);
      if (radius * mpp < kThinUm || radius < highest.at<float>(y, x)) continue;
      if (to_cell.at<float>(y, x) > kBeside * radius)
        cv::circle(cores, {x, y}, static_cast<int>(0.6F * radius), kStained, cv::FILLED);
    }
  return cores;
}

/// Pink cytoplasm has the colour of red cells, so colour cannot end a cell: floods of the picture's
/// edges meet, one from the nucleus and its blue cytoplasm, others from glass, from neighbours'
/// nuclei and from what lies too far away to be of this cell.
cv::Mat flooded(const cv::Mat& smooth, const cv::Mat& dense, const cv::Mat& seed,
                const Nuclei& nuclei, double mpp) {
  const cv::Mat from_nucleus = distance_to(nuclei.own) * mpp;
  cv::Mat markers = cv::Mat::zeros(smooth.size(), CV_32S);
  constexpr int kOwn = 1;
  constexpr int kOther = 2;
  markers.setTo(kOwn, dense & (from_nucleus <= kSurelyCellUm));
  markers.setTo(kOther, dense & (from_nucleus > kWidestCytoplasmUm));
  markers.setTo(kOther, dense == 0);
  markers.setTo(kOther, red_cell_cores(dense, seed, mpp));
  markers.setTo(kOther, nuclei.other);
  markers.setTo(kOwn, seed);
  cv::watershed(smooth, markers);
  return markers == kOwn;
}

/// Cuts off red cells that hang on by a neck, and spikes.
cv::Mat without_neighbours(const cv::Mat& cell, const cv::Mat& nucleus, double mpp) {
  cv::Mat body = touching(opened(cell, kNeckUm, mpp) | nucleus, nucleus);
  cv::dilate(body, body, disc(kSmoothUm, mpp));
  return touching(opened(body & cell, kThinUm, mpp) | nucleus, nucleus);
}

/// The cell around the nucleus, or at `place` where there is none.
cv::Mat cell_of(const cv::Mat& smooth, const cv::Mat& material, const Nuclei& nuclei,
                const StainProfile& stain, const CropPlace& place) {
  const double mpp = place.mpp;
  if (cv::countNonZero(nuclei.own) == 0) {
    const cv::Mat bodies = opened(material, kThinUm, mpp);
    const Components found = components_of(bodies);
    const int id = component_at(found, place);
    return id == 0 ? cv::Mat(cv::Mat::zeros(bodies.size(), CV_8U)) : filled(found.label == id);
  }
  cv::Mat seed = material.clone();
  seed.setTo(0, distance_to(nuclei.own) * mpp > kWidestCytoplasmUm);
  if (cv::countNonZero(nuclei.other) > 0)
    seed.setTo(0, distance_to(nuclei.other) < distance_to(nuclei.own));
  seed = touching(opened(seed, kThinUm, mpp) | nuclei.own, nuclei.own);
  const cv::Mat dense = foreground(smooth, stain);
  cv::Mat cell = flooded(smooth, dense, seed, nuclei, mpp) | nuclei.own;
  cv::morphologyEx(cell, cell, cv::MORPH_CLOSE, disc(kThinUm, mpp));
  cell = filled(cell);
  return without_neighbours(cell, nuclei.own, mpp);
}

}  // namespace

const char* to_string(CellRegion region) {
  switch (region) {
    case CellRegion::nucleus:
      return "nucleus";
    case CellRegion::cytoplasm:
      return "cytoplasm";
    case CellRegion::outside:
      return "outside";
  }
  return "";
}

bool CellRegionMap::has(CellRegion wanted) const {
  return std::find(region.begin(), region.end(), wanted) != region.end();
}

StainProfile stain_of_picture(const Image& picture, double mpp) {
  const int reduction = std::max(1, static_cast<int>(kSampleUm / mpp));
  cv::Mat reduced = view(picture);
  const cv::Size size(std::max(1, picture.width() / reduction),
                      std::max(1, picture.height() / reduction));
  if (reduction > 1) cv::resize(view(picture), reduced, size, 0, 0, cv::INTER_AREA);
  const double step = mpp * reduction;
  return measure_stain({to_image(reduced)}, {step, step});
}

CropPlace middle_of(const Image& crop, double mpp) {
  return {.mpp = mpp, .x = 0.5 * crop.width(), .y = 0.5 * crop.height()};
}

CellRegionMap find_cell_regions(const Image& crop, const CropPlace& place,
                                const StainProfile& stain) {
  const double mpp = place.mpp;
  CellRegionMap map{crop.width(), crop.height(), {}};
  map.region.assign(
      static_cast<std::size_t>(crop.width()) * static_cast<std::size_t>(crop.height()),
      CellRegion::outside);
  cv::Mat smooth;
  cv::GaussianBlur(view(crop), smooth, {}, std::max(0.3, kNoiseUm / mpp));
  const StainMaps maps = stain_maps(to_image(smooth), {mpp, mpp}, stain);
  if (!maps.any_stain) return map;
  const cv::Mat stained = maps.stain >= 128;
  const Nuclei nuclei = nuclei_of(opened(stained, kGrainUm, mpp), maps.nuclear, place);
  const cv::Mat cell = cell_of(smooth, (maps.material != 0) | stained, nuclei, stain, place);
  for (int y = 0; y < map.height; ++y)
    for (int x = 0; x < map.width; ++x) {
      auto& region = map.region[row_major(y, map.width, x)];
      if (nuclei.own.at<std::uint8_t>(y, x) != 0)
        region = CellRegion::nucleus;
      else if (cell.at<std::uint8_t>(y, x) != 0)
        region = CellRegion::cytoplasm;
    }
  return map;
}

PatchShares patch_shares(const CellRegionMap& regions, int rows, int columns) {
  PatchShares shares{rows, columns, {}};
  const auto patches = static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
  for (auto& share : shares.share) share.assign(patches, 0.0);
  std::vector<double> pixels(patches, 0.0);
  for (int y = 0; y < regions.height; ++y)
    for (int x = 0; x < regions.width; ++x) {
      // floor((x + 1/2) * columns / width), in whole numbers.
      const int row = (2 * y + 1) * rows / (2 * regions.height);
      const int column = (2 * x + 1) * columns / (2 * regions.width);
      const auto patch = row_major(row, columns, column);
      shares.share[static_cast<std::size_t>(regions.at(x, y))][patch] += 1;
      pixels[patch] += 1;
    }
  for (auto& share : shares.share)
    for (std::size_t i = 0; i < patches; ++i) share[i] /= pixels[i];
  return shares;
}

}  // namespace cytocape
