#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "pipeline/phantom/draw.hpp"
#include "pipeline/phantom/nucleus.hpp"
#include "pipeline/phantom/paint.hpp"

namespace cytocape::phantom {
namespace {

const Density kHaemoglobin{0.115F, 0.162F, 0.10F};
const Density kPlateletBody{0.17F, 0.21F, 0.06F};
const Density kPlateletGranule{0.28F, 0.52F, 0.09F};

Drawing empty_drawing(const Ground& ground) {
  Drawing drawing;
  drawing.um_per_px = ground.um_per_px;
  drawing.density = cv::Mat(ground.pixels(), ground.pixels(), CV_32FC3, cv::Scalar::all(0));
  drawing.centre = {ground.pixels() * 0.5, ground.pixels() * 0.5};
  return drawing;
}

/// The thickness of a red cell over its greatest: a plateau that sinks to the pallor, whose middle
/// is off the cell's own.
cv::Mat red_cell_thickness(const Ground& ground, const cv::Mat& cell, const Outline& outline,
                           Random& random) {
  const double depth = random.chance(0.12) ? random.uniform(0, 0.1) : random.uniform(0.3, 0.95);
  auto pallor = random_outline(random, outline.radius * random.uniform(0.3, 0.5), 0.05);
  pallor.elongation = outline.elongation;
  pallor.angle = outline.angle;
  pallor.centre = {random.normal() * 0.25, random.normal() * 0.25};
  const cv::Mat hollow = coverage(distance_to(ground, pallor), random.uniform(0.8, 2.2));
  const cv::Mat rim = coverage(cv::abs(cell + 0.3) - 0.05, 0.55);
  return 0.92 + 0.16 * rim + 0.03 * noise(ground, random, 1.5) - depth * hollow;
}

}  // namespace

Drawing draw_red_cell(std::uint64_t seed) {
  Random random(seed);
  const Ground ground{12.4, kDrawingMpp};
  const double radius = std::clamp(3.65 + 0.27 * random.normal(), 2.9, 4.4);
  auto outline = random_outline(random, radius, 0.018);
  if (random.chance(0.07)) outline.elongation = random.uniform(1.1, 1.35);
  cv::Mat cell = distance_to(ground, outline);
  // One in 50 is crenated: drying pulls its border into short spikes.
  if (random.chance(0.02)) cell += 0.2 * noise(ground, random, 1.0);
  auto drawing = empty_drawing(ground);
  const float stained = static_cast<float>(std::clamp(1 + 0.13 * random.normal(), 0.65, 1.35));
  lay(drawing.density, coverage(cell, 0.25), kHaemoglobin * stained,
      red_cell_thickness(ground, cell, outline, random));
  drawing.body = cell < 0;
  soften(drawing.density);
  return drawing;
}

Drawing draw_platelet(std::uint64_t seed) {
  Random random(seed);
  const Ground ground{8, kDrawingMpp};
  const double radius = random.chance(0.06) ? random.uniform(2, 2.8) : random.uniform(0.9, 1.8);
  cv::Mat cell = distance_to(ground, random_outline(random, radius, 0.1));
  cell += 0.14 * noise(ground, random, 0.7);
  auto drawing = empty_drawing(ground);
  lay(drawing.density, coverage(cell, 0.5), kPlateletBody, 1 + 0.2 * noise(ground, random, 0.6));
  sprinkle(drawing.density, coverage(cell + 0.35, 0.2), {9, 0.17, 0.55, kPlateletGranule}, random);
  drawing.body = cell < 0;
  drawing.centre = mass_centre(coverage(cell, 0.2));
  soften(drawing.density);
  return drawing;
}

Drawing draw_smudge(std::uint64_t seed) {
  Random random(seed);
  const Ground ground{28, kDrawingMpp};
  auto spread = random_outline(random, random.uniform(5, 7.5), 0.14);
  spread.elongation = random.uniform(1.1, 1.8);
  cv::Mat cell = distance_to(ground, spread) + 0.5 * noise(ground, random, 2.0);
  auto drawing = empty_drawing(ground);
  cv::Mat strands = 1 + 0.22 * noise(ground, random, 1.2) + 0.12 * noise(ground, random, 0.5);
  // It thins out towards a ragged edge instead of ending in a membrane.
  lay(drawing.density, coverage(cell + 0.9, 2.2), {0.36F, 0.64F, 0.13F}, strands);
  drawing.body = cell < 0;
  drawing.centre = mass_centre(coverage(cell, 0.2));
  soften(drawing.density);
  return drawing;
}

Drawing draw_precipitate(std::uint64_t seed) {
  Random random(seed);
  const Ground ground{7, kDrawingMpp};
  auto drawing = empty_drawing(ground);
  cv::Mat where = distance_to(ground, random_outline(random, random.uniform(0.5, 2.2), 0.2));
  sprinkle(drawing.density, coverage(where, 0.2),
           {random.uniform(0.8, 3), random.uniform(0.12, 0.28), 0.7, {0.6F, 0.8F, 0.35F}}, random);
  drawing.body = where < 0;
  soften(drawing.density);
  return drawing;
}

}  // namespace cytocape::phantom
