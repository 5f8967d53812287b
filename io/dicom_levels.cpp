#include "io/dicom_levels.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "io/errors.hpp"
#include "io/text.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using Part = std::shared_ptr<const DicomImage>;

constexpr double kTolerance = 0.01;

bool differ(double a, double b) {
  return std::abs(a - b) > kTolerance * std::max(std::abs(a), std::abs(b));
}

std::string name_of(const DicomImage& image) {
  return one_line(image.path().filename().string());
}

/// The parts of one picture, in the order of their frames; alone where it is not concatenated.
void require_all_parts(const std::vector<Part>& parts) {
  const auto& first = *parts.front();
  const auto& all = first.attributes();
  std::vector<std::int64_t> missing;
  for (std::int64_t number = 1; number <= std::min<std::int64_t>(all.concatenation_parts, 10'000);
       ++number) {
    if (std::none_of(parts.begin(), parts.end(), [&](const Part& part) {
          return part->attributes().concatenation_part == number;
        }))
      missing.push_back(number);
  }
  if (!missing.empty()) {
    const auto shown = std::min<std::size_t>(missing.size(), 5);
    missing.resize(shown);
    first.refuse(
        fmt::format("is a part of a picture of {} files (a concatenation), of which part {} "
                    "is not in its folder; copy all files of the series into it",
                    all.concatenation_parts, fmt::join(missing, ", ")));
  }
  std::int64_t next = 0;
  for (const auto& part : parts) {
    const auto& own = part->attributes();
    if (own.first_frame != next) {
      part->refuse(
          fmt::format("begins with frame {} of its concatenation, where frame {} should "
                      "follow; copy all files of the series into its folder",
                      own.first_frame + 1, next + 1));
    }
    next += own.frames;
    if (part->tile() != first.tile() || part->total() != first.total() ||
        part->codec() != first.codec() || part->samples() != first.samples() ||
        own.planar != all.planar || own.organization != all.organization) {
      part->refuse("is of another kind of tiles than " + name_of(first) +
                   ", of whose concatenation it is; export the slide again");
    }
  }
}

/// Of one picture: which frame is which tile.
class TileMap {
 public:
  explicit TileMap(DicomLevel& level) : level_(level) {
    const auto& tile = level.first().tile();
    level.grid = {(level.size.width + tile.width - 1) / tile.width,
                  (level.size.height + tile.height - 1) / tile.height};
    tiles_ = static_cast<std::uint64_t>(level.grid.width * level.grid.height);
    frames_ = std::accumulate(level.parts.begin(), level.parts.end(), std::uint64_t{0},
                              [](auto sum, const Part& part) { return sum + part->frames(); });
    if (tiles_ > kMaxDicomFrames || frames_ > kMaxDicomFrames) {
      level.first().refuse(
          fmt::format("takes {} tiles of {} x {} pixels, more than the {} that are "
                      "read",
                      tiles_, tile.width, tile.height, kMaxDicomFrames));
    }
  }

  void fill() {
    const bool has_groups = std::all_of(level_.parts.begin(), level_.parts.end(),
                                        [](const Part& part) { return part->has_frame_groups(); });
    const bool one_alone = !has_groups && frames_ == 1 && tiles_ == 1;
    if (one_alone || level_.first().attributes().organization == "TILED_FULL")
      fill_in_order();
    else if (has_groups)
      fill_by_places();
    else
      level_.first().refuse(
          "tells neither that its tiles are in order (DimensionOrganizationType TILED_FULL) nor "
          "where each lies (PlanePositionSlideSequence); export the slide again");
    settle_spacing(has_groups && level_.frame_of_tile.empty());
  }

 private:
  void fill_in_order() const {
    const auto& all = level_.first().attributes();
    if (all.focal_planes > 1 || all.optical_paths > 1) {
      level_.first().refuse(
          fmt::format("has {} focal planes and {} optical paths, and it is open which to count in; "
                      "export a file of one",
                      all.focal_planes, all.optical_paths));
    }
    if (frames_ == tiles_) return;
    level_.first().refuse(fmt::format(
        "has {} frames where its {} x {} pixels in tiles of {} x {} take {}; the file is "
        "damaged, or parts of it are missing: copy or export it again",
        frames_, level_.size.width, level_.size.height, level_.first().tile().width,
        level_.first().tile().height, tiles_));
  }

  void fill_by_places() {
    level_.frame_of_tile.assign(tiles_, kNoFrame);
    for (std::size_t i = 0; i < level_.parts.size(); ++i) {
      for (std::uint64_t frame = 0; frame < level_.parts[i]->frames(); ++frame)
        place(*level_.parts[i], frame, level_.first_frames[i] + frame);
    }
  }

  void place(const DicomImage& part, std::uint64_t frame, std::uint64_t in_whole) {
    const auto groups = part.frame_groups(frame);
    note_spacing(part, groups, frame);
    const auto& tile = part.tile();
    if (!groups.column || !groups.row) {
      part.refuse(
          fmt::format("does not tell where frame {} lies (PlanePositionSlideSequence)", frame + 1));
    }
    const auto x = *groups.column - 1;
    const auto y = *groups.row - 1;
    const bool on_grid = x >= 0 && y >= 0 && x < level_.size.width && y < level_.size.height &&
                         x % tile.width == 0 && y % tile.height == 0;
    if (!on_grid) {
      part.refuse(fmt::format(
          "has frame {} at column {}, row {}, which is no place of a tile of "
          "{} x {} pixels in {} x {}; tiles that overlap are not read",
          frame + 1, x + 1, y + 1, tile.width, tile.height, level_.size.width, level_.size.height));
    }
    auto& here = level_.frame_of_tile[static_cast<std::size_t>(y / tile.height * level_.grid.width +
                                                               x / tile.width)];
    if (here != kNoFrame) {
      part.refuse(
          fmt::format("has two frames at column {}, row {} ({} and {}): several focal planes "
                      "or optical paths, and it is open which to count in; export a file of "
                      "one",
                      x + 1, y + 1, here + 1, in_whole + 1));
    }
    here = static_cast<std::uint32_t>(in_whole);
  }

  void note_spacing(const DicomImage& part, const DicomFrameGroups& groups, std::uint64_t frame) {
    if (!groups.spacing_mm) return;
    if (!level_.spacing_mm) level_.spacing_mm = groups.spacing_mm;
    for (std::size_t axis = 0; axis < 2; ++axis) {
      if (!differ((*groups.spacing_mm)[axis], (*level_.spacing_mm)[axis])) continue;
      part.refuse(
          fmt::format("has pixels of {} and of {} mm (PixelSpacing of frame {}); one size is "
                      "needed",
                      (*level_.spacing_mm)[axis], (*groups.spacing_mm)[axis], frame + 1));
    }
  }

  void settle_spacing(bool frames_unseen) {
    for (const auto& part : level_.parts) note_spacing(*part, part->attributes().shared, 0);
    if (level_.spacing_mm || !frames_unseen) return;
    for (const auto& part : level_.parts) {
      for (std::uint64_t frame = 0; frame < part->frames(); ++frame)
        note_spacing(*part, part->frame_groups(frame), frame);
    }
  }

  DicomLevel& level_;
  std::uint64_t tiles_ = 0;
  std::uint64_t frames_ = 0;
};

DicomLevel level_of(std::vector<Part> parts) {
  std::sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) {
    return a->attributes().first_frame < b->attributes().first_frame;
  });
  DicomLevel level;
  if (!parts.front()->attributes().concatenation.empty()) require_all_parts(parts);
  std::uint64_t first = 0;
  for (const auto& part : parts) {
    level.first_frames.push_back(first);
    first += part->frames();
  }
  level.size = parts.front()->total();
  level.parts = std::move(parts);
  TileMap(level).fill();
  return level;
}

/// Files of one picture together, a copy of a file left out: the one that was cut, where one was.
std::vector<std::vector<Part>> pictures_in(const std::vector<fs::path>& files, DicomLevels& found) {
  std::map<std::string, Part> instances;
  for (const auto& file : files) {
    auto image = DicomImage::open(file);
    const auto& uid = image->attributes().sop_instance;
    const auto [known, fresh] = instances.emplace(uid.empty() ? file.string() : uid, image);
    if (fresh) continue;
    auto& kept = known->second;
    const bool cut = image->is_cut() || kept->is_cut();
    if (kept->is_cut()) std::swap(kept, image);
    found.remarks.push_back(fmt::format("{} is left out: it is the same instance as {}",
                                        name_of(*image), name_of(*kept)));
    if (cut && !kept->is_cut())
      found.notices.push_back(
          fmt::format("{} was cut short; {} is the whole of it, and is read instead.",
                      name_of(*image), name_of(*kept)));
  }
  std::map<std::string, std::vector<Part>> by_uid;
  for (auto& [instance, image] : instances) {
    const auto& concatenation = image->attributes().concatenation;
    by_uid[concatenation.empty() ? instance : concatenation].push_back(image);
  }
  std::vector<std::vector<Part>> pictures;
  for (auto& [uid, parts] : by_uid) pictures.push_back(std::move(parts));
  return pictures;
}

std::string why_no_level(const DicomLevel& base, const DicomLevel& level) {
  const double across =
      static_cast<double>(base.size.width) / static_cast<double>(level.size.width);
  const double along =
      static_cast<double>(base.size.height) / static_cast<double>(level.size.height);
  // Levels are rounded to whole pixels.
  const double pixel = 1.0 / static_cast<double>(std::min(level.size.width, level.size.height));
  if (std::abs(across - along) > std::max(kTolerance, pixel) * std::max(across, along))
    return "has other proportions than the finest";
  if (level.first().attributes().frame_of_reference != base.first().attributes().frame_of_reference)
    return "lies in another frame of reference than the finest";
  if (!level.spacing_mm || !base.spacing_mm) return "";
  if (const auto& here = level.first().attributes().origin_mm,
      &there = base.first().attributes().origin_mm;
      here && there) {
    // Some name the corner of the first pixel, some its centre.
    for (std::size_t axis = 0; axis < 2; ++axis) {
      const auto edge = (*level.spacing_mm)[axis] *
                        static_cast<double>(std::min(level.size.width, level.size.height));
      if (std::abs((*here)[axis] - (*there)[axis]) >
          std::max(kTolerance * edge, (*level.spacing_mm)[axis]))
        return "lies elsewhere on the slide than the finest (TotalPixelMatrixOriginSequence)";
    }
  }
  const double finer = (*base.spacing_mm)[0] * across;
  if (std::abs((*level.spacing_mm)[0] - finer) > std::max(kTolerance, pixel) * finer) {
    return fmt::format("states pixels of {:.6g} mm, where its size makes them {:.6g} mm",
                       (*level.spacing_mm)[0], finer);
  }
  return "";
}

std::int64_t area(const Size& size) {
  return size.width * size.height;
}

/// Another scanned area, and not a coarser picture of the same one: as fine as the finest, or so
/// large.
bool may_be_an_area(const DicomLevel& finest, const DicomLevel& level) {
  if (4 * area(level.size) > area(finest.size)) return true;
  return finest.spacing_mm && level.spacing_mm &&
         (*level.spacing_mm)[0] < (1 + kTolerance) * (*finest.spacing_mm)[0];
}

}  // namespace

DicomLevels find_dicom_levels(const std::vector<fs::path>& files) {
  DicomLevels found;
  auto pictures = pictures_in(files, found);
  std::stable_sort(pictures.begin(), pictures.end(), [](const auto& a, const auto& b) {
    return area(a.front()->total()) > area(b.front()->total());
  });
  for (auto& parts : pictures) {
    const auto& image = *parts.front();
    const auto name = fmt::format("{} of {} x {} pixels", name_of(image), image.total().width,
                                  image.total().height);
    if (found.levels.empty()) {
      found.levels.push_back(level_of(std::move(parts)));
      continue;
    }
    const auto& finest = found.levels.front();
    if (image.total() == finest.size) {
      image.refuse(
          fmt::format("is as large as {} of the same series ({} x {} pixels): another focal "
                      "plane, optical path or area, and it is open which to count in; keep "
                      "one of them in the folder",
                      name_of(finest.first()), finest.size.width, finest.size.height));
    }
    auto level = level_of(std::move(parts));
    auto why = why_no_level(finest, level);
    if (why.empty() && level.size == found.levels.back().size) why = "is as large as another level";
    if (why.empty()) {
      found.levels.push_back(std::move(level));
      continue;
    }
    found.remarks.push_back(fmt::format("{} is no level: it {}", name, why));
    if (may_be_an_area(finest, level))
      found.notices.push_back(fmt::format(
          "The series holds another picture, {}, that is no level, for it {}: cells on it are "
          "not counted; analyze it in a folder of its own.",
          name, why));
  }
  return found;
}

}  // namespace cytocape
