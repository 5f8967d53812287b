// One nucleus may have several peaks, one cell several lobes, and two nuclei may touch. A peak
// joins a stronger one within kPairUm (the nearest surface wins) when one of these holds:
//
//   1. One nucleus: between them the lobe-sized filter hardly drops and the stain is unbroken.
//   2. A fragment: it is small, touches the larger one's stain and lies right beside it.
//   3. Lobes: both are smaller than a whole nucleus, and the disc that spans them is filled with
//      nucleus and cytoplasm. Between two cells side by side that disc holds glass or red cells:
//
//            one cell  ( O.O )         two cells  (O)(O)     the disc's flanks are empty
//
//      Cytoplasm of some stains has the hue of red cells, and only glass can be told from it. Then
//      two things say that lobes are of one cell: they are nearer to each other than the nuclei of
//      two cells get (kNearUm) and hardly any glass is between them; or they are too small for
//      nuclei of two such cells and the disc, flanks and all, shows no glass.
//
//      In a crowd everything between cells is cytoplasm and the disc says nothing. So a pair wider
//      than kCompactUm, as in eosinophils, is joined only where bare ground surrounds it.
//
// A peak joins heads only, those that join nobody; where its stronger neighbours all belong to
// third cells it is a head itself, else its cell would be lost between them. Longer chains would
// make the result depend on pixels any distance away. Rejected for the same reason: connected
// components and watersheds. Rejected too: a waist of the outline between two lobes (measured on
// smears, eosinophils show it as often as touching erythroblasts).

#include "tiling/peaks.hpp"

namespace cytocape {
namespace {

struct Ring {
  double inner_um;
  double outer_um;
};

constexpr float kSmallestPeak = 0.23F;  ///< share filled; weaker peaks may join a head

// Rule 1: lowest filter value between two peaks over the weaker peak's own.
constexpr float kOneNucleus = 0.88F;
constexpr float kOneSmallNucleus = 0.96F;  ///< where the weaker is no larger than a lobe
constexpr float kUnbroken = 0.5F;          ///< lowest stain between them

// Rule 2.
constexpr float kFragment = 0.6F;
constexpr float kFragmentSaddle = 0.7F;
constexpr double kFragmentUm = 3;  ///< from the larger one's edge to the fragment's peak

// Rule 3. Fills of 0.8, 0.9 and 0.97 are round nuclei of 3.2, 3.9 and 4.8 um radius.
constexpr float kLobe = 0.8F;
constexpr float kSmallerLobeLimit = 0.94F;
constexpr float kLargerLobeLimit = 0.97F;
constexpr double kCompactUm = 14;   ///< over both lobes; wider pairs must stand free
constexpr double kWidestUm = 18;    ///< over both lobes: a large eosinophil
constexpr double kDiscRimUm = 2.5;  ///< the disc reaches so far past the peaks
constexpr double kDiscFill = 0.72;
constexpr double kDiscFillLarge = 0.80;
// Nuclei of two touching cells lie farther apart than this. There the disc, less a share of what
// surrounds it, must be fuller; on 95 far pairs this told one cell from two without a fault.
constexpr double kFarUm = 7.4;
constexpr double kDiscFillFar = 0.83;
constexpr double kSurroundingsCount = 0.5;
// Of the pairs of peaks in two touching cells none was nearer than 7.2 um (72 pairs).
constexpr double kNearUm = 7;
constexpr double kSolidNear = 0.8;
constexpr double kSolidFar = 0.96;  ///< flanks of touching small cells gave 0.90 at most
constexpr float kSmallLobe = 0.9F;
// The same where nothing is near that could fill the flanks of two cells: two round cells of such
// nuclei leave a fifth of the disc open. Lobes at the far ends of an eosinophil left 0.11 to 0.15.
constexpr double kSolidFree = 0.85;
constexpr double kFree = 0.1;
constexpr float kRoundLobe = 0.9F;       ///< two that could well be small round nuclei ..
constexpr double kDiscFillRound = 0.95;  ///< .. must leave no notch
constexpr Ring kSurroundings{11, 13};    ///< um from the middle; no one cell's cytoplasm gets there
constexpr double kMostlyBare = 0.5;

double distance(const Peak& a, const Peak& b, Mpp mpp) {
  return std::hypot((a.x - b.x) * mpp.x, (a.y - b.y) * mpp.y);
}

bool stronger(const Peak& a, const Peak& b) {
  if (a.strength != b.strength) return a.strength > b.strength;
  return a.y != b.y ? a.y < b.y : a.x < b.x;
}

/// Among equal neighbours the first by y, then x, is the peak.
bool is_peak(const cv::Mat& plane, int x, int y, Mpp mpp) {
  const float here = plane.at<float>(y, x);
  const int rx = static_cast<int>(kPeakRadiusUm / mpp.x);
  const int ry = static_cast<int>(kPeakRadiusUm / mpp.y);
  for (int dy = -std::min(ry, y); dy <= std::min(ry, plane.rows - 1 - y); ++dy)
    for (int dx = -std::min(rx, x); dx <= std::min(rx, plane.cols - 1 - x); ++dx) {
      if (std::hypot(dx * mpp.x, dy * mpp.y) > kPeakRadiusUm) continue;
      const float there = plane.at<float>(y + dy, x + dx);
      if (there > here) return false;
      if (there == here && (dy < 0 || (dy == 0 && dx < 0))) return false;
    }
  return true;
}

/// The lowest value of `plane` on the straight line between two peaks, as a share of full stain.
float lowest_between(const cv::Mat& plane, const Peak& a, const Peak& b) {
  const int steps = 2 * std::max(std::abs(a.x - b.x), std::abs(a.y - b.y));
  float low = kFullStain;
  for (int k = 0; k <= steps; ++k) {
    const int x = a.x + static_cast<int>(std::lround(static_cast<double>(b.x - a.x) * k / steps));
    const int y = a.y + static_cast<int>(std::lround(static_cast<double>(b.y - a.y) * k / steps));
    low = std::min(low, plane.at<float>(y, x));
  }
  return low / kFullStain;
}

/// Radius of the round nucleus that fills the lobe-sized filter as much, um.
double radius_of(const Peak& p) {
  const double open = 1 - std::min(0.99, static_cast<double>(p.fill));
  return kFineSigmaUm * std::sqrt(-2 * std::log(open));
}

/// Share of a plane of 0 and 1 in a ring about the middle of two peaks; what lies off the slide is
/// left out.
double share_in(const cv::Mat& plane, const Peak& a, const Peak& b, Mpp mpp, Ring ring) {
  // Offsets from `a` alone keep the sums the same in every window.
  const double middle_x = (b.x - a.x) / 2.0;
  const double middle_y = (b.y - a.y) / 2.0;
  const int rx = static_cast<int>(ring.outer_um / mpp.x + std::abs(middle_x)) + 1;
  const int ry = static_cast<int>(ring.outer_um / mpp.y + std::abs(middle_y)) + 1;
  int inside = 0;
  int filled = 0;
  for (int dy = -std::min(ry, a.y); dy <= std::min(ry, plane.rows - 1 - a.y); ++dy)
    for (int dx = -std::min(rx, a.x); dx <= std::min(rx, plane.cols - 1 - a.x); ++dx) {
      const double um = std::hypot((dx - middle_x) * mpp.x, (dy - middle_y) * mpp.y);
      if (um > ring.outer_um || um < ring.inner_um) continue;
      ++inside;
      filled += plane.at<std::uint8_t>(a.y + dy, a.x + dx);
    }
  return inside > 0 ? static_cast<double>(filled) / inside : 0;
}

double needed_fill(float smaller, float larger) {
  if (larger < kLobe) return kDiscFill;
  return smaller < kRoundLobe ? kDiscFillLarge : kDiscFillRound;
}

bool lobes_of_one_cell(const StainMaps& maps, const Peak& a, const Peak& b, Mpp mpp) {
  const float smaller = std::min(a.fill, b.fill);
  const float larger = std::max(a.fill, b.fill);
  if (larger > kLargerLobeLimit || smaller > kSmallerLobeLimit) return false;
  const double apart = distance(a, b, mpp);
  const double extent = apart + radius_of(a) + radius_of(b);
  if (extent > kWidestUm) return false;
  const Ring whole{0, apart / 2 + kDiscRimUm};
  const double solid = share_in(maps.solid, a, b, mpp, whole);
  if (apart <= kNearUm && solid >= kSolidNear) return true;
  const double around = share_in(maps.material, a, b, mpp, kSurroundings);
  const bool enclosed =
      (solid >= kSolidFar && around <= kMostlyBare) || (solid >= kSolidFree && around <= kFree);
  if (larger <= kSmallLobe && enclosed) return true;
  const double disc = share_in(maps.material, a, b, mpp, whole);
  if (disc < needed_fill(smaller, larger)) return false;
  if (apart <= kFarUm && extent <= kCompactUm) return true;
  if (apart > kFarUm && disc - kSurroundingsCount * around < kDiscFillFar) return false;
  return extent <= kCompactUm || around <= kMostlyBare;
}

bool one_cell(const StainMaps& maps, const Peak& a, const Peak& b, Mpp mpp) {
  const float smaller = std::min(a.fill, b.fill);
  if (lowest_between(maps.touch, a, b) >= kUnbroken) {
    const float saddle = lowest_between(maps.fine, a, b) / smaller;
    if (saddle >= (smaller > kLobe ? kOneNucleus : kOneSmallNucleus)) return true;
    const bool beside = distance(a, b, mpp) - std::max(radius_of(a), radius_of(b)) < kFragmentUm;
    if (smaller < kFragment && saddle >= kFragmentSaddle && beside) return true;
  }
  return lobes_of_one_cell(maps, a, b, mpp);
}

void find_owners(std::vector<Peak>& peaks, const StainMaps& maps, Mpp mpp) {
  std::vector<std::vector<int>> stronger_of(peaks.size());
  for (std::size_t i = 0; i < peaks.size(); ++i)
    for_each_near(peaks, peaks[i], kPairUm, mpp, [&](int j) {
      const Peak& other = peaks[static_cast<std::size_t>(j)];
      if (other.fill < kSmallestHead || !stronger(other, peaks[i])) return;
      if (one_cell(maps, other, peaks[i], mpp)) stronger_of[i].push_back(j);
    });
  for (std::size_t i = 0; i < peaks.size(); ++i) {
    peaks[i].owner = static_cast<int>(i);
    double nearest = 2 * kPairUm;
    for (const int j : stronger_of[i]) {
      const bool head = stronger_of[static_cast<std::size_t>(j)].empty();
      const Peak& other = peaks[static_cast<std::size_t>(j)];
      const double surface = distance(other, peaks[i], mpp) - radius_of(other);
      if (!head || surface >= nearest) continue;
      nearest = surface;
      peaks[i].owner = j;
    }
  }
}

}  // namespace

std::vector<Peak> find_peaks(const StainMaps& maps, Mpp mpp) {
  std::vector<Peak> peaks;
  for (int y = 0; y < maps.fine.rows; ++y)
    for (int x = 0; x < maps.fine.cols; ++x) {
      const float fill = maps.fine.at<float>(y, x) / kFullStain;
      if (fill < kSmallestPeak || !is_peak(maps.strength, x, y, mpp)) continue;
      peaks.push_back({x, y, maps.strength.at<float>(y, x) / kFullStain, fill, -1});
    }
  find_owners(peaks, maps, mpp);
  return peaks;
}

}  // namespace cytocape
