#include "pipeline/phantom/nucleus.hpp"

#include <cmath>
#include <numbers>

namespace cytocape::phantom {
namespace {

constexpr double kPi = std::numbers::pi;

cv::Point2d polar(double radius, double angle) {
  return {radius * std::cos(angle), radius * std::sin(angle)};
}

/// An outline away from the cell's middle by up to `share` of the room that is left beside it.
Outline placed(Random& random, double radius, double irregularity, double room) {
  auto outline = random_outline(random, radius, irregularity);
  outline.centre = polar(std::max(0.0, room) * std::sqrt(random.uniform()), random.angle());
  return outline;
}

cv::Mat lobes_on_arc(const Ground& ground, Random& random, const std::vector<double>& sizes,
                     double arc_radius) {
  const double start = random.angle();
  const double step = random.uniform(0.9, 1.25) * 2 * kPi / static_cast<double>(sizes.size() + 1);
  std::vector<Outline> lobes;
  std::vector<Rod> threads;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    auto lobe = random_outline(random, sizes[i], 0.09);
    lobe.elongation = random.uniform(1.0, 1.5);
    const double angle = start + step * static_cast<double>(i) + random.uniform(-0.2, 0.2);
    lobe.angle = angle + kPi / 2 + random.uniform(-0.5, 0.5);
    lobe.centre = polar(arc_radius * random.uniform(0.85, 1.15), angle);
    if (i > 0) threads.push_back({lobes.back().centre, lobe.centre, random.uniform(0.2, 0.5)});
    lobes.push_back(lobe);
  }
  return melted(distance_to(ground, lobes, 0.1), distance_to(ground, threads, 0.1), 0.5);
}

}  // namespace

cv::Mat segmented_nucleus(const Ground& ground, Random& random, double cell_radius) {
  const double draw = random.uniform();
  const int lobes = draw < 0.1 ? 2 : draw < 0.5 ? 3 : draw < 0.88 ? 4 : 5;
  const double mean = std::sqrt(random.uniform(38, 50) / (kPi * lobes));
  std::vector<double> sizes;
  for (int i = 0; i < lobes; ++i) sizes.push_back(mean * random.uniform(0.85, 1.15));
  return lobes_on_arc(ground, random, sizes, cell_radius * random.uniform(0.42, 0.55));
}

cv::Mat band_nucleus(const Ground& ground, Random& random, double cell_radius) {
  const double arc_radius = cell_radius * random.uniform(0.42, 0.55);
  const double span = random.uniform(0.85, 1.5) * kPi;
  const double width = random.uniform(1.25, 1.75);
  const double start = random.angle();
  const auto centre = polar(random.uniform(0, 0.8), random.angle());
  std::vector<Rod> rods;
  constexpr int kPieces = 7;
  auto last = centre + polar(arc_radius, start);
  for (int i = 1; i <= kPieces; ++i) {
    const double wobble = random.uniform(0.92, 1.08);
    const auto next = centre + polar(arc_radius * wobble, start + span * i / kPieces);
    rods.push_back({last, next, width * random.uniform(0.9, 1.08)});
    last = next;
  }
  return distance_to(ground, rods, 0.5);
}

cv::Mat two_lobed_nucleus(const Ground& ground, Random& random, double cell_radius) {
  const int lobes = random.chance(0.12) ? 3 : 2;
  const double mean = std::sqrt(random.uniform(36, 46) / (kPi * lobes));
  const double axis = random.angle();
  const double gap = random.uniform(0.75, 1.1) * kPi * 2 / 3;
  std::vector<Outline> shapes;
  std::vector<Rod> bridges;
  for (int i = 0; i < lobes; ++i) {
    auto lobe = random_outline(random, mean * random.uniform(0.9, 1.1), 0.07);
    lobe.centre = polar(cell_radius * random.uniform(0.42, 0.52), axis + gap * i);
    if (i > 0) bridges.push_back({shapes.back().centre, lobe.centre, random.uniform(0.3, 0.7)});
    shapes.push_back(lobe);
  }
  return melted(distance_to(ground, shapes, 0.3), distance_to(ground, bridges, 0.2), 0.6);
}

cv::Mat blurred_nucleus(const Ground& ground, Random& random, double cell_radius) {
  const double radius = cell_radius * random.uniform(0.42, 0.5);
  std::vector<Outline> lobes;
  for (int i = 0; i < 2; ++i) lobes.push_back(placed(random, radius, 0.12, cell_radius * 0.45));
  return distance_to(ground, lobes, 1.5);
}

cv::Mat lymphoid_nucleus(const Ground& ground, Random& random, double cell_radius) {
  const double rim = random.chance(0.35) ? random.uniform(0.9, 1.8) : random.uniform(0.25, 0.8);
  const auto nucleus = placed(random, cell_radius - rim, 0.03, rim * 0.8);
  cv::Mat distance = distance_to(ground, nucleus);
  if (random.chance(0.3)) {
    Outline notch = random_outline(random, 1.3, 0.05);
    notch.centre = nucleus.centre + polar(nucleus.radius + 0.6, random.angle());
    distance = -melted(-distance, distance_to(ground, notch), 0.6);
  }
  return distance;
}

cv::Mat folded_nucleus(const Ground& ground, Random& random, double cell_radius) {
  const double radius = std::sqrt(random.uniform(66, 92) / kPi);
  auto body = placed(random, radius, 0.06, cell_radius - radius - 0.6);
  body.elongation = random.uniform(1.1, 1.5);
  cv::Mat distance = distance_to(ground, body);
  const int folds = random.chance(0.3) ? 2 : 1;
  double side = body.angle + kPi / 2;
  for (int i = 0; i < folds; ++i) {
    auto cut = random_outline(random, radius * random.uniform(0.3, 0.5), 0.08);
    cut.elongation = random.uniform(1.2, 2.2);
    cut.angle = side;
    cut.centre = body.centre + polar(radius * random.uniform(0.8, 1.0), side);
    distance = -melted(-distance, distance_to(ground, cut), 1.0);
    side += kPi * random.uniform(0.6, 1.2);
  }
  return distance;
}

cv::Mat blast_nucleus(const Ground& ground, Random& random, double cell_radius) {
  const double rim = random.uniform(0.7, 1.7);
  auto nucleus = placed(random, cell_radius - rim, 0.035, rim * 0.7);
  nucleus.elongation = random.uniform(1.0, 1.2);
  return distance_to(ground, nucleus);
}

cv::Mat normoblast_nucleus(const Ground& ground, Random& random, double cell_radius) {
  const double radius = random.uniform(2.2, 3.1);
  return distance_to(ground, placed(random, radius, 0.015, (cell_radius - radius) * 0.6));
}

cv::Mat eccentric_nucleus(const Ground& ground, Random& random, double cell_radius) {
  const double radius = cell_radius * random.uniform(0.62, 0.72);
  auto nucleus = random_outline(random, radius, 0.04);
  nucleus.elongation = random.uniform(1.05, 1.3);
  nucleus.centre = polar((cell_radius - radius) * random.uniform(0.5, 0.8), random.angle());
  return distance_to(ground, nucleus);
}

cv::Mat dented_nucleus(const Ground& ground, Random& random, double cell_radius) {
  const double radius = cell_radius * random.uniform(0.54, 0.62);
  auto body = placed(random, radius, 0.04, cell_radius * 0.2);
  body.elongation = random.uniform(1.35, 1.7);
  auto dent = random_outline(random, radius * random.uniform(0.45, 0.6), 0.06);
  dent.centre = body.centre + polar(radius * random.uniform(0.85, 1.0), body.angle + kPi / 2);
  return -melted(-distance_to(ground, body), distance_to(ground, dent), 0.8);
}

}  // namespace cytocape::phantom
