#include <cmath>
#include <map>
#include <opencv2/imgproc.hpp>
#include <stdexcept>
#include <vector>

#include "pipeline/phantom/draw.hpp"
#include "pipeline/phantom/nucleus.hpp"
#include "pipeline/phantom/paint.hpp"
#include "pipeline/phantom/phantom.hpp"

namespace cytocape {

const std::vector<std::string>& drawn_classes() {
  static const std::vector<std::string> classes{"segmented_neutrophil",
                                                "band_neutrophil",
                                                "eosinophil",
                                                "basophil",
                                                "lymphocyte",
                                                "monocyte",
                                                "blast",
                                                "promyelocyte",
                                                "myelocyte",
                                                "metamyelocyte",
                                                "normoblast"};
  return classes;
}

}  // namespace cytocape

namespace cytocape::phantom {
namespace {

struct Range {
  double low;
  double high;
};

/// How one class of white cell looks. Lengths in um.
struct Recipe {
  Range radius{6, 7};
  double irregularity = 0.02;
  Density cytoplasm{0.10F, 0.16F, 0.07F};
  double mottle = 0.12;                ///< deviation of the cytoplasm's density
  std::vector<Granules> granules;      ///< in the cytoplasm
  std::vector<Granules> over_nucleus;  ///< in the whole cell
  NucleusShape shape = segmented_nucleus;
  Density nucleus{0.57F, 0.93F, 0.18F};
  double grain = 0.9;    ///< of the chromatin's clumps
  double clumps = 0.16;  ///< deviation of the chromatin's density
  Range vacuoles{0, 0};
  Range nucleoli{0, 0};
  double nucleus_edge = 0.25;  ///< softness of the nucleus's border
  double halo = 0;  ///< share of stain missing beside the nucleus (the Golgi's pale area)
};

const Density kPink{0.10F, 0.30F, 0.10F};
const Density kOrange{0.13F, 0.38F, 0.22F};
const Density kAzure{0.32F, 0.55F, 0.10F};
const Density kBlack{0.50F, 0.80F, 0.15F};

Recipe neutrophil(NucleusShape shape) {
  Recipe r;
  r.radius = {5.9, 7.4};
  r.cytoplasm = {0.085F, 0.125F, 0.055F};
  r.granules = {{7, 0.12, 0.40, kPink}, {0.6, 0.15, 0.3, kAzure}};
  r.shape = shape;
  r.grain = 1.0;
  r.clumps = 0.2;
  return r;
}

Recipe eosinophil() {
  Recipe r = neutrophil(two_lobed_nucleus);
  r.radius = {6.1, 7.4};
  r.cytoplasm = {0.10F, 0.17F, 0.08F};
  r.granules = {{5.5, 0.28, 0.27, kOrange}};
  r.nucleus = {0.50F, 0.85F, 0.17F};
  return r;
}

Recipe basophil() {
  Recipe r = neutrophil(blurred_nucleus);
  r.radius = {5.2, 6.6};
  r.cytoplasm = {0.20F, 0.34F, 0.11F};
  r.granules = {};
  r.over_nucleus = {{2.4, 0.34, 0.55, kBlack}};
  r.nucleus = {0.36F, 0.62F, 0.13F};
  r.nucleus_edge = 0.9;
  return r;
}

Recipe lymphocyte() {
  Recipe r;
  r.radius = {3.9, 5.2};
  r.irregularity = 0.025;
  r.cytoplasm = {0.27F, 0.29F, 0.085F};
  r.shape = lymphoid_nucleus;
  r.nucleus = {0.57F, 0.87F, 0.20F};
  r.grain = 1.5;
  r.clumps = 0.13;
  return r;
}

Recipe monocyte() {
  Recipe r;
  r.radius = {7.0, 9.0};
  r.irregularity = 0.05;
  r.cytoplasm = {0.21F, 0.25F, 0.085F};
  r.mottle = 0.16;
  r.granules = {{2.5, 0.10, 0.25, kAzure}};
  r.shape = folded_nucleus;
  r.nucleus = {0.45F, 0.78F, 0.155F};
  r.grain = 0.8;
  r.clumps = 0.2;
  r.vacuoles = {0, 14};
  return r;
}

Recipe blast() {
  Recipe r;
  r.radius = {6.8, 9.0};
  r.irregularity = 0.03;
  r.cytoplasm = {0.38F, 0.36F, 0.09F};
  r.mottle = 0.08;
  r.shape = blast_nucleus;
  r.nucleus = {0.40F, 0.72F, 0.13F};
  r.grain = 0.4;
  r.clumps = 0.1;
  r.nucleoli = {1, 3};
  return r;
}

Recipe promyelocyte() {
  Recipe r;
  r.radius = {7.8, 9.8};
  r.irregularity = 0.03;
  r.cytoplasm = {0.26F, 0.32F, 0.10F};
  r.over_nucleus = {{2.4, 0.17, 0.7, kAzure}};
  r.shape = eccentric_nucleus;
  r.nucleus = {0.42F, 0.76F, 0.14F};
  r.grain = 0.6;
  r.clumps = 0.13;
  r.nucleoli = {0, 2};
  r.halo = 0.35;
  return r;
}

Recipe myelocyte() {
  Recipe r = promyelocyte();
  r.radius = {6.6, 8.2};
  r.cytoplasm = {0.17F, 0.22F, 0.08F};
  r.granules = {{5, 0.13, 0.4, kPink}, {1.2, 0.16, 0.45, kAzure}};
  r.over_nucleus = {};
  r.nucleus = {0.48F, 0.84F, 0.16F};
  r.grain = 0.9;
  r.clumps = 0.18;
  r.nucleoli = {0, 0};
  return r;
}

Recipe metamyelocyte() {
  Recipe r = neutrophil(dented_nucleus);
  r.radius = {6.3, 7.8};
  r.cytoplasm = {0.12F, 0.16F, 0.065F};
  r.nucleus = {0.52F, 0.88F, 0.17F};
  return r;
}

Recipe normoblast() {
  Recipe r;
  r.radius = {4.3, 5.8};
  r.irregularity = 0.04;
  r.cytoplasm = {0.18F, 0.235F, 0.10F};
  r.mottle = 0.05;
  r.shape = normoblast_nucleus;
  r.nucleus = {0.62F, 0.92F, 0.24F};
  r.grain = 0.8;
  r.clumps = 0.1;
  return r;
}

const Recipe& recipe_of(const std::string& class_code) {
  static const std::map<std::string, Recipe> recipes{
      {"segmented_neutrophil", neutrophil(segmented_nucleus)},
      {"band_neutrophil", neutrophil(band_nucleus)},
      {"eosinophil", eosinophil()},
      {"basophil", basophil()},
      {"lymphocyte", lymphocyte()},
      {"monocyte", monocyte()},
      {"blast", blast()},
      {"promyelocyte", promyelocyte()},
      {"myelocyte", myelocyte()},
      {"metamyelocyte", metamyelocyte()},
      {"normoblast", normoblast()}};
  return recipes.at(class_code);
}

cv::Mat texture(const Ground& ground, Random& random, double grain, double amplitude) {
  cv::Mat coarse = noise(ground, random, grain);
  coarse += 0.6 * noise(ground, random, grain * 0.45);
  // Cells of one class differ in how strongly they took the stain.
  const double level = 1 + 0.05 * random.normal();
  return level + coarse * (amplitude * random.uniform(0.8, 1.2));
}

void add_nucleoli(cv::Mat& density, const cv::Mat& nucleus, int count, Random& random) {
  const Ground ground{density.cols * kDrawingMpp, kDrawingMpp};
  for (int tries = 0; count > 0 && tries < 200; ++tries) {
    auto spot = random_outline(random, random.uniform(0.7, 1.2), 0.06);
    spot.centre = {random.uniform(-4.5, 4.5), random.uniform(-4.5, 4.5)};
    const auto px = static_cast<int>(spot.centre.x / kDrawingMpp + density.cols * 0.5);
    const auto py = static_cast<int>(spot.centre.y / kDrawingMpp + density.rows * 0.5);
    if (nucleus.at<float>(py, px) < -1.2F) {
      const cv::Mat distance = distance_to(ground, spot);
      const cv::Mat even = cv::Mat::ones(density.size(), CV_32F);
      lay(density, coverage(cv::abs(distance + 0.1) - 0.15, 0.3) * 0.35, {0.5F, 0.85F, 0.16F},
          even);
      lay(density, coverage(distance + 0.2, 0.4) * 0.85, {0.34F, 0.44F, 0.07F}, even);
      --count;
    }
  }
}

/// Pales the cytoplasm in a bay on the nucleus's open side.
void add_halo(cv::Mat& density, const cv::Mat& nucleus, double share, Random& random) {
  const Ground ground{density.cols * kDrawingMpp, kDrawingMpp};
  const auto centre = mass_centre(coverage(nucleus, 0.2));
  const cv::Point2d middle(density.cols * 0.5, density.rows * 0.5);
  auto bay = random_outline(random, random.uniform(1.4, 2.2), 0.08);
  bay.centre = (middle - centre) * (kDrawingMpp * 1.6);
  const cv::Mat keep = 1 - coverage(distance_to(ground, bay), 1.2) * share;
  std::vector<cv::Mat> channels(3, keep);
  cv::Mat keep3;
  cv::merge(channels, keep3);
  density = density.mul(keep3);
}

void paint_cytoplasm(cv::Mat& density, const cv::Mat& cell, const Recipe& recipe, Random& random) {
  const Ground ground{density.cols * kDrawingMpp, kDrawingMpp};
  cv::Mat mottle = texture(ground, random, 1.1, recipe.mottle);
  // The outermost half micron is seen edge-on and stains a little more.
  mottle += coverage(cv::abs(cell + 0.25) - 0.1, 0.5) * 0.22;
  lay(density, coverage(cell, 0.3), recipe.cytoplasm, mottle);
  for (const auto& granules : recipe.granules) {
    sprinkle(density, coverage(cell + 0.15, 0.2), granules, random);
  }
}

void paint_nucleus(cv::Mat& density, const cv::Mat& nucleus, const Recipe& recipe, Random& random) {
  const Ground ground{density.cols * kDrawingMpp, kDrawingMpp};
  cv::Mat chromatin = texture(ground, random, recipe.grain, recipe.clumps);
  chromatin += coverage(cv::abs(nucleus + 0.3) - 0.1, 0.6) * 0.12;
  cv::min(chromatin, 1.35, chromatin);
  cv::max(chromatin, 0.45, chromatin);
  lay(density, coverage(nucleus, recipe.nucleus_edge), recipe.nucleus, chromatin);
}

cv::Mat roughened(const cv::Mat& distance, const Ground& ground, Random& random, double by) {
  return distance + by * noise(ground, random, 1.3) + 0.4 * by * noise(ground, random, 0.5);
}

}  // namespace

Drawing draw_cell(const std::string& class_code, std::uint64_t seed) {
  if (class_code == "platelet") return draw_platelet(seed);
  if (class_code == "smudge_cell") return draw_smudge(seed);
  const auto& recipe = recipe_of(class_code);
  Random random(seed);
  const Ground ground{26, kDrawingMpp};
  const double radius = random.uniform(recipe.radius.low, recipe.radius.high);
  const cv::Mat cell =
      roughened(distance_to(ground, random_outline(random, radius, recipe.irregularity)), ground,
                random, 0.5 * recipe.irregularity * 3);
  cv::Mat nucleus = roughened(recipe.shape(ground, random, radius), ground, random, 0.09);
  cv::max(nucleus, cell + 0.15, nucleus);

  Drawing drawing;
  drawing.um_per_px = kDrawingMpp;
  drawing.density = cv::Mat(cell.size(), CV_32FC3, cv::Scalar::all(0));
  paint_cytoplasm(drawing.density, cell, recipe, random);
  if (recipe.halo > 0) add_halo(drawing.density, nucleus, recipe.halo, random);
  const double vacuoles = random.uniform(recipe.vacuoles.low, recipe.vacuoles.high);
  pierce(drawing.density, coverage(cell + 0.6, 0.2), static_cast<int>(vacuoles), random);
  paint_nucleus(drawing.density, nucleus, recipe, random);
  const double nucleoli = random.uniform(recipe.nucleoli.low, recipe.nucleoli.high + 0.99);
  add_nucleoli(drawing.density, nucleus, static_cast<int>(nucleoli), random);
  for (const auto& granules : recipe.over_nucleus) {
    sprinkle(drawing.density, coverage(cell + 0.2, 0.2), granules, random);
  }
  drawing.body = cell < 0;
  drawing.centre = mass_centre(coverage(nucleus, 0.2));
  soften(drawing.density);
  return drawing;
}

}  // namespace cytocape::phantom
