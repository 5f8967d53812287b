// Measures the cell around each head peak (see peaks.cpp) and decides whether it is one.
//
// The cell's pixels are those that look like nucleus or cytoplasm, lie within kGroupUm of the head
// and are nearest to a peak that the head owns. Of them the nucleus gives
//   area  stained area, um2;
//   mass  integrated density, in um2 of a nucleus of this slide: chromatin condensed into a small
//         dark nucleus keeps its mass, a platelet of the same size has half;
//   depth mean density over that of the slide's nuclei.
// A cell has mass x depth >= kSmallestMass and depth >= kPalest; smudges and plasma are pale. The
// nuclei of late erythroblasts overlap with large platelets. Of those that were photographed alone,
// 450 and 300, one and 94 % are not located at kSmallestMass, none and 77 % at kLargePlateletMass.
// Smears hold tens of platelets a white cell: the lower limit is for networks that know platelets
// (FinderOptions::list_large_platelets). A cell cut by the slide's border shows only part of
// itself: it passes with less, because it is excluded later but must be counted as seen. For the
// same reason what is too faint is returned and marked: out of focus, a nucleus keeps most of its
// mass and loses its depth.
//
// A clump is unbroken chromatin wider than FinderOptions::max_cell_um: a megakaryocyte, or nuclei
// heaped so that none can be told from the next. Only pixels near the slide's nuclear level count:
// dark cytoplasm of packed blasts must not chain them. Every head in a clump is listed and
// excluded.

#include "tiling/nuclei.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

#include "tiling/peaks.hpp"
#include "tiling/stain_maps.hpp"

namespace cytocape {
namespace {

constexpr double kGroupUm = 11;
constexpr double kMemberUm = 9;     ///< a pixel farther from every peak belongs to none
constexpr double kCytoplasmUm = 3;  ///< past the nucleus's farthest pixel
constexpr double kCentreUm = 6;     ///< the centre lies no farther from the head
constexpr float kNuclearStain = 100;
constexpr double kClumpDarkness = 0.65;  ///< of the slide's nuclear level
constexpr double kBorderUm = 1;          ///< nearer to the slide's border a cell counts as cut

constexpr double kSmallestMass = 20;
constexpr double kLargePlateletMass = 12;
constexpr double kSmallestFaintMass = 15;
constexpr double kSmallestCutMass = 9;
constexpr double kPalest = 0.42;

// Centre to head, head to a pixel, to a peak, to that peak's owner; whether that is a head depends
// on its own stronger neighbours and the pixels that make them peaks.
static_assert(kCentreUm + kGroupUm + kMemberUm + 2 * kPairUm + kPeakRadiusUm +
                  kKernelReach * kCoarseSigmaUm <=
              kFinderReachUm);
constexpr double kWidestClumpUm = kFinderReachUm - kCentreUm - 2;

/// A pixel of a cell; offsets are pixels from the head.
struct Member {
  int dx;
  int dy;
  float stain;
  float nuclear;
};

/// The peak's owner nearest to a pixel, -1 where none is near.
int owner_at(const std::vector<Peak>& peaks, const std::vector<int>& near, const Member& pixel,
             const Peak& head, Mpp mpp) {
  double nearest = kMemberUm;
  int owner = -1;
  for (const int j : near) {
    const Peak& p = peaks[static_cast<std::size_t>(j)];
    const double d =
        std::hypot((p.x - head.x - pixel.dx) * mpp.x, (p.y - head.y - pixel.dy) * mpp.y);
    if (d >= nearest) continue;
    nearest = d;
    owner = p.owner;
  }
  return owner;
}

std::vector<Member> members_of(const std::vector<Peak>& peaks, int index, const StainMaps& maps,
                               Mpp mpp) {
  const Peak& head = peaks[static_cast<std::size_t>(index)];
  std::vector<int> near;
  for_each_near(peaks, head, kGroupUm + kMemberUm, mpp, [&](int j) { near.push_back(j); });
  const int rx = static_cast<int>(kGroupUm / mpp.x);
  const int ry = static_cast<int>(kGroupUm / mpp.y);
  std::vector<Member> out;
  for (int dy = -std::min(ry, head.y); dy <= std::min(ry, maps.stain.rows - 1 - head.y); ++dy)
    for (int dx = -std::min(rx, head.x); dx <= std::min(rx, maps.stain.cols - 1 - head.x); ++dx) {
      const int x = head.x + dx;
      const int y = head.y + dy;
      if (maps.material.at<std::uint8_t>(y, x) == 0) continue;
      if (std::hypot(dx * mpp.x, dy * mpp.y) > kGroupUm) continue;
      const Member pixel{dx, dy, maps.stain.at<float>(y, x), maps.nuclear.at<float>(y, x)};
      if (owner_at(peaks, near, pixel, head, mpp) == index) out.push_back(pixel);
    }
  return out;
}

struct Chromatin {
  double dx = 0;  ///< pixels from the head
  double dy = 0;
  double area_um2 = 0;
  double mass_um2 = 0;
  double depth = 0;
};

std::optional<Chromatin> chromatin_of(const std::vector<Member>& members, Mpp mpp, double level) {
  std::int64_t weight = 0;
  std::int64_t x = 0;
  std::int64_t y = 0;
  std::int64_t density = 0;
  std::int64_t weighted_density = 0;
  for (const Member& m : members) {
    if (m.stain < kNuclearStain) continue;
    const auto stain = static_cast<std::int64_t>(m.stain);
    const auto nuclear = static_cast<std::int64_t>(m.nuclear);
    weight += stain;
    x += stain * m.dx;
    y += stain * m.dy;
    density += nuclear;
    weighted_density += stain * nuclear;
  }
  if (weight == 0) return std::nullopt;
  const auto total = static_cast<double>(weight);
  const double pixel_um2 = mpp.x * mpp.y;
  return Chromatin{static_cast<double>(x) / total, static_cast<double>(y) / total,
                   total / 255 * pixel_um2, static_cast<double>(density) / 1000 * pixel_um2 / level,
                   static_cast<double>(weighted_density) / total / 1000 / level};
}

struct Clump {
  double widest_um;
  double darkness;  ///< thousandths of the nuclear channel
};

/// Follows pixels as dark as a nucleus of this slide from the head, no farther than `widest_um`.
bool in_clump(const cv::Mat& nuclear, const Peak& head, Mpp mpp, const Clump& clump) {
  const int rx = static_cast<int>(clump.widest_um / mpp.x);
  const int ry = static_cast<int>(clump.widest_um / mpp.y);
  const cv::Rect window = cv::Rect(head.x - rx, head.y - ry, 2 * rx + 1, 2 * ry + 1) &
                          cv::Rect(0, 0, nuclear.cols, nuclear.rows);
  cv::Mat1b seen(window.height, window.width, std::uint8_t{0});
  std::vector<cv::Point> open = {cv::Point(head.x, head.y) - window.tl()};
  cv::Rect extent(open.front(), cv::Size(1, 1));
  while (!open.empty()) {
    const cv::Point at = open.back();
    open.pop_back();
    if (!cv::Rect({0, 0}, window.size()).contains(at) || seen(at) != 0) continue;
    seen(at) = 1;
    if (nuclear.at<float>(at + window.tl()) < clump.darkness) continue;
    extent |= cv::Rect(at, cv::Size(1, 1));
    if (extent.width * mpp.x > clump.widest_um || extent.height * mpp.y > clump.widest_um)
      return true;
    for (const cv::Point step : {cv::Point(1, 0), {-1, 0}, {0, 1}, {0, -1}})
      open.push_back(at + step);
  }
  return false;
}

/// Sets centre and box from the pixels that lie about the nucleus.
void place(Nucleus& cell, const std::vector<Member>& members, const Chromatin& chromatin, Mpp mpp) {
  const auto from_nucleus = [&](const Member& m) {
    return std::hypot((m.dx - chromatin.dx) * mpp.x, (m.dy - chromatin.dy) * mpp.y);
  };
  double reach = 0;
  for (const Member& m : members)
    if (m.stain >= kNuclearStain) reach = std::max(reach, from_nucleus(m));
  reach += kCytoplasmUm;
  std::int64_t count = 0;
  std::int64_t x = 0;
  std::int64_t y = 0;
  int left = std::numeric_limits<int>::max();
  int top = left;
  int right = std::numeric_limits<int>::min();
  int bottom = right;
  for (const Member& m : members) {
    if (from_nucleus(m) > reach) continue;
    ++count;
    x += m.dx;
    y += m.dy;
    left = std::min(left, m.dx);
    right = std::max(right, m.dx);
    top = std::min(top, m.dy);
    bottom = std::max(bottom, m.dy);
  }
  const double dx = static_cast<double>(x) / static_cast<double>(count);
  const double dy = static_cast<double>(y) / static_cast<double>(count);
  const double shorten =
      std::min(1.0, kCentreUm / std::max(1e-9, std::hypot(dx * mpp.x, dy * mpp.y)));
  cell.x = 0.5 + dx * shorten;
  cell.y = 0.5 + dy * shorten;
  cell.box = {left, top, right - left + 1, bottom - top + 1};
}

bool near_border(const LocateRect& box, const LocateScale& scale) {
  const auto dx = static_cast<std::int64_t>(kBorderUm / scale.mpp.x);
  const auto dy = static_cast<std::int64_t>(kBorderUm / scale.mpp.y);
  return box.x <= dx || box.y <= dy || box.right() >= scale.size.width - dx ||
         box.bottom() >= scale.size.height - dy;
}

std::optional<Nucleus> measure(const std::vector<Member>& members, const Peak& head,
                               const NucleiInput& in, const StainProfile& stain,
                               const FinderOptions& options) {
  const auto chromatin = chromatin_of(members, in.scale.mpp, stain.nuclear_level);
  if (!chromatin) return std::nullopt;
  Nucleus cell;
  cell.area_um2 = chromatin->area_um2;
  place(cell, members, *chromatin, in.scale.mpp);
  // Fractions of a pixel first, then the whole position: the sum is the same in every window.
  const std::int64_t x = in.window.x + head.x;
  const std::int64_t y = in.window.y + head.y;
  cell.x += static_cast<double>(x);
  cell.y += static_cast<double>(y);
  cell.box.x += x;
  cell.box.y += y;
  cell.cut = near_border(cell.box, in.scale);
  const double evidence = chromatin->mass_um2 * chromatin->depth;
  if (cell.area_um2 < options.min_nucleus_um2 * (cell.cut ? 0.5 : 1.0)) return std::nullopt;
  const double smallest = options.list_large_platelets ? kLargePlateletMass : kSmallestMass;
  cell.faint = evidence < (cell.cut ? kSmallestCutMass : smallest) || chromatin->depth < kPalest;
  if (cell.faint && chromatin->mass_um2 < kSmallestFaintMass) return std::nullopt;
  return cell;
}

}  // namespace

std::vector<Nucleus> find_nuclei(const NucleiInput& in, const StainProfile& stain,
                                 const FinderOptions& options) {
  const StainMaps maps = stain_maps(in.pixels, in.scale.mpp, stain);
  if (!maps.any_stain) return {};
  const std::vector<Peak> peaks = find_peaks(maps, in.scale.mpp);
  const Clump clump{std::min(options.max_cell_um, kWidestClumpUm),
                    1000 * kClumpDarkness * stain.nuclear_level};
  std::vector<Nucleus> cells;
  for (std::size_t i = 0; i < peaks.size(); ++i) {
    if (peaks[i].owner != static_cast<int>(i) || peaks[i].fill < kSmallestHead) continue;
    const auto members = members_of(peaks, static_cast<int>(i), maps, in.scale.mpp);
    auto cell = measure(members, peaks[i], in, stain, options);
    if (!cell) continue;
    cell->clump = in_clump(maps.nuclear, peaks[i], in.scale.mpp, clump);
    cells.push_back(*cell);
  }
  return cells;
}

}  // namespace cytocape
