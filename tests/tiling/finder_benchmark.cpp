// Measures the cell finder on labelled fields and single-cell pictures.
//
//   cytocape_finder_benchmark DATA [SHEETS [PARTS]]
//
// PARTS names what to run, as one word: bccd, with shifts (perturbed fields) and bare (strips
// without white cells); pbc; marrow; aml. DATA is the folder of real data (fields/bccd, cells/..);
// into the folder SHEETS go pictures of what was missed or invented. Rules are tuned on the
// even-numbered fields; the odd ones are the figures to quote. BCCD has no pixel size: the median
// red cell box of its annotations (geometric mean of its sides, boxes at the border left out) is
// taken for 7.5 um.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "finder_scoring.hpp"
#include "io/image_codec.hpp"

namespace cytocape::testing {
namespace {

namespace fs = std::filesystem;

constexpr double kRedCellUm = 7.5;

struct Field {
  std::string name;
  bool even = false;
  Image image;
  std::vector<TruthBox> boxes;
};

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  if (fs::exists(folder))
    for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<Field> read_fields(const fs::path& folder) {
  std::vector<Field> fields;
  for (const fs::path& file : files_in(folder / "images")) {
    const std::string stem = file.stem().string();
    fields.push_back({stem, (stem.back() - '0') % 2 == 0, read_image(file),
                      read_voc(folder / "annotations" / (stem + ".xml"))});
  }
  return fields;
}

double percentile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

double mpp_from_red_cells(const std::vector<Field>& fields) {
  std::vector<double> edges;
  for (const Field& field : fields)
    for (const TruthBox& box : field.boxes) {
      const Level0Rect& r = box.rect;
      const bool whole = r.x > 3 && r.y > 3 && r.right() < field.image.width() - 3 &&
                         r.bottom() < field.image.height() - 3;
      if (field.even && whole && box.name == "RBC")
        edges.push_back(std::sqrt(static_cast<double>(r.area())));
    }
  return kRedCellUm / percentile(edges, 0.5);
}

void print_score(const std::string& name, const Score& s) {
  fmt::print(
      "{:<34} recall {:.4f} ({}/{})  away from the border {:.4f} ({}/{})  precision {:.4f} "
      "({}/{})\n",
      name, s.recall(), s.hits, s.truth, s.whole_recall(), s.whole_hits, s.whole_truth,
      s.precision(), s.hits, s.found);
}

const char* exclusion_of(const LocatedCell& cell) {
  return cell.exclusion ? to_string(*cell.exclusion) : "";
}

/// So that a person can look: many are real cells without a box.
void print_false_positives(const Field& field, const std::vector<LocatedCell>& cells) {
  const std::vector<int> box_of = pairing(field.boxes, cells);
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (box_of[i] < 0)
      fmt::print("    false positive: {} at {:.0f},{:.0f} {}\n", field.name, cells[i].centre.x,
                 cells[i].centre.y, exclusion_of(cells[i]));
}

void score_fields(const std::vector<Field>& fields, double mpp, const Perturbation& how,
                  const fs::path& sheets) {
  Score scores[2];
  ContactSheet sheet(400, 4);
  for (const Field& field : fields) {
    const Image image = perturbed(field.image, how);
    const auto cells = locate_in(image, mpp * how.mpp_error).cells;
    const Score score = score_of(field.boxes, cells, {image.width(), image.height()});
    scores[field.even ? 0 : 1] += score;
    const bool wrong = score.hits < score.truth || score.hits < score.found;
    if (!wrong) continue;
    if (how.name == "as it is") {
      fmt::print("  {} {}: {} of {} boxes, {} found\n", field.even ? "even" : "odd", field.name,
                 score.hits, score.truth, score.found);
      print_false_positives(field, cells);
    }
    if (field.even) sheet.add(image, field.boxes, cells);
  }
  print_score("bccd even, " + how.name, scores[0]);
  print_score("bccd odd,  " + how.name, scores[1]);
  if (!sheets.empty()) sheet.write(sheets / ("bccd-even-" + how.name + ".png"));
}

Image cut_out(const Image& image, const Level0Rect& rect) {
  Image out(static_cast<int>(rect.width), static_cast<int>(rect.height));
  for (int y = 0; y < out.height(); ++y)
    std::copy_n(image.row(y + static_cast<int>(rect.y)) + 3 * rect.x, out.stride(), out.row(y));
  return out;
}

/// The whole-height and whole-width strips of a field that no box of a white cell touches.
std::vector<Level0Rect> strips_without_white_cells(const Field& field) {
  constexpr std::int64_t kNarrowest = 200;
  constexpr std::int64_t kClear = 10;
  const std::int64_t w = field.image.width();
  const std::int64_t h = field.image.height();
  std::int64_t left = w, top = h, right = 0, bottom = 0;
  for (const TruthBox& box : field.boxes) {
    if (box.name != "WBC") continue;
    left = std::min(left, box.rect.x - kClear);
    top = std::min(top, box.rect.y - kClear);
    right = std::max(right, box.rect.right() + kClear);
    bottom = std::max(bottom, box.rect.bottom() + kClear);
  }
  if (right == 0) return {{0, 0, w, h}};
  std::vector<Level0Rect> strips;
  for (const Level0Rect& r : {Level0Rect{0, 0, left, h}, Level0Rect{right, 0, w - right, h},
                              Level0Rect{0, 0, w, top}, Level0Rect{0, bottom, w, h - bottom}})
    if (r.width >= kNarrowest && r.height >= kNarrowest) strips.push_back(r);
  return strips;
}

/// Slides of red cells and platelets alone, stain measured on each: nothing is to be found.
void score_bare_strips(const std::vector<Field>& fields, double mpp) {
  int strips = 0;
  int cells = 0;
  for (const Field& field : fields) {
    if (!field.even) continue;
    for (const Level0Rect& strip : strips_without_white_cells(field)) {
      const auto found = locate_in(cut_out(field.image, strip), mpp).cells;
      ++strips;
      cells += static_cast<int>(found.size());
      for (const LocatedCell& cell : found)
        fmt::print("    no white cell here: {} at {:.0f},{:.0f} {}\n", field.name,
                   cell.centre.x + static_cast<double>(strip.x),
                   cell.centre.y + static_cast<double>(strip.y), exclusion_of(cell));
    }
  }
  fmt::print("bccd even, strips without white cells: {} cells in {} strips\n", cells, strips);
}

const std::vector<Perturbation>& perturbations() {
  static const std::vector<Perturbation> all = {
      {.name = "as it is"},
      {.name = "dark", .gain = {0.7, 0.7, 0.7}},
      {.name = "bright", .gain = {1.25, 1.25, 1.25}},
      {.name = "reddish", .gain = {1.3, 0.9, 0.7}},
      {.name = "bluish", .gain = {0.7, 0.9, 1.3}},
      {.name = "gamma 0.7", .gamma = 0.7},
      {.name = "gamma 1.4", .gamma = 1.4},
      {.name = "hue +12", .hue_degrees = 12},
      {.name = "hue -12", .hue_degrees = -12},
      {.name = "mpp 15% up", .mpp_error = 1.15},
      {.name = "mpp 15% down", .mpp_error = 0.85},
  };
  return all;
}

/// The stain of pictures from one analyser, as a slide of theirs would have it: one picture a
/// class, side by side.
StainProfile stain_of_set(const fs::path& folder, double mpp) {
  std::vector<Image> pictures;
  for (const fs::path& kind : files_in(folder))
    pictures.push_back(read_image(files_in(kind).front()));
  const int edge = pictures.front().width();
  Image row(edge * static_cast<int>(pictures.size()), edge);
  for (std::size_t i = 0; i < pictures.size(); ++i)
    for (int y = 0; y < edge; ++y)
      for (int x = 0; x < edge; ++x) {
        const Rgb p = pictures[i].at(std::min(x, pictures[i].width() - 1),
                                     std::min(y, pictures[i].height() - 1));
        std::uint8_t* to = row.row(y) + 3 * (x + edge * static_cast<int>(i));
        to[0] = p.r;
        to[1] = p.g;
        to[2] = p.b;
      }
  return prepare(row, mpp, {}).stain;
}

/// Pictures of one cell each, near the middle; each is a slide of its own unless `stain` is given.
void score_cells(const fs::path& folder, double mpp, const fs::path& sheets,
                 const StainProfile* stain = nullptr) {
  for (const fs::path& kind : files_in(folder)) {
    int one = 0, none = 0, many = 0, anywhere = 0, total = 0;
    std::vector<double> offsets;
    ContactSheet sheet(200, 8);
    for (const fs::path& file : files_in(kind)) {
      const Image image = read_image(file);
      Prepared p = prepare(image, mpp, {});
      if (stain != nullptr) p.stain = *stain;
      const auto cells = locate_cells(p.window, p.block, p.scale, p.stain, {}).cells;
      const Level0Point middle{image.width() / 2.0, image.height() / 2.0};
      // Off the middle by more than 7 um lies another cell, unless this is one's second centre.
      std::vector<double> near;
      for (const LocatedCell& cell : cells) {
        const double um = mpp * std::hypot(cell.centre.x - middle.x, cell.centre.y - middle.y);
        if (um < 7) near.push_back(um);
      }
      ++total;
      one += near.size() == 1;
      none += near.empty();
      many += near.size() > 1;
      anywhere += !cells.empty();
      if (near.size() == 1) offsets.push_back(near[0]);
      const bool platelet = kind.filename() == "platelet";
      if ((platelet ? !cells.empty() : near.size() != 1) && sheet.size() < 48)
        sheet.add(image, {}, cells);
    }
    fmt::print(
        "{:<24} {:<22} n {:4}  one {:.4f}  none {:3}  more {:3}  any {:4}  offset um p50 {:.2f} "
        "p95 {:.2f} max {:.2f}\n",
        folder.filename().string(), kind.filename().string(), total, total ? 1.0 * one / total : 0,
        none, many, anywhere, percentile(offsets, 0.5), percentile(offsets, 0.95),
        percentile(offsets, 1));
    if (!sheets.empty())
      sheet.write(sheets / (folder.filename().string() + "-" + kind.filename().string() + ".png"));
  }
}

/// Locating alone, without reading: a plane of fields laid side by side.
void time_locating(const std::vector<Field>& fields, double mpp) {
  FinderOptions options;
  double mm2 = 0;
  double seconds = 0;
  for (const Field& field : fields) {
    Image image(2560, 1920);
    for (int y = 0; y < image.height(); ++y)
      for (int x = 0; x < image.width(); ++x)
        for (std::size_t c = 0; c < 3; ++c)
          image.row(y)[3 * x + static_cast<int>(c)] = field.image.row(
              y % field.image.height())[3 * (x % field.image.width()) + static_cast<int>(c)];
    const Prepared located = prepare(image, mpp, options);
    const auto begin = std::chrono::steady_clock::now();
    for (int k = 0; k < 5; ++k)
      (void)locate_cells(located.window, located.block, located.scale, located.stain, options);
    seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count() / 5;
    mm2 += image.width() * mpp * image.height() * mpp / 1e6;
    if (mm2 > 1) break;
  }
  fmt::print("locating: {:.1f} ms per mm2 on one core\n", 1000 * seconds / mm2);
}

int run(const fs::path& data, const fs::path& sheets, const std::string& only) {
  const auto wanted = [&](const char* part) {
    return only.empty() || only.find(part) != only.npos;
  };
  const auto fields = read_fields(wanted("bccd") ? data / "fields/bccd" : "");
  if (!fields.empty()) {
    const double mpp = mpp_from_red_cells(fields);
    fmt::print("bccd: {:.4f} um/px from red cells of {} um\n", mpp, kRedCellUm);
    for (const Perturbation& how : perturbations())
      if (wanted("shifts") || how.name == "as it is") score_fields(fields, mpp, how, sheets);
    if (wanted("bare")) score_bare_strips(fields, mpp);
    time_locating(fields, mpp);
  }
  if (wanted("pbc")) {
    const StainProfile stain = stain_of_set(data / "cells/pbc", 0.1);
    fmt::print("pbc with one stain for all:\n");
    score_cells(data / "cells/pbc", 0.1, {}, &stain);
    fmt::print("each picture with its own stain:\n");
    score_cells(data / "cells/pbc", 0.1, sheets);
  }
  if (wanted("marrow")) score_cells(data / "cells/marrow", 0.11, sheets);
  if (wanted("aml")) score_cells(data / "cells/aml", 0.1, sheets);
  return 0;
}

}  // namespace
}  // namespace cytocape::testing

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: {} DATA [SHEETS [PARTS]]\n", argv[0]);
    return 2;
  }
  try {
    return cytocape::testing::run(argv[1], argc > 2 ? argv[2] : "", argc > 3 ? argv[3] : "");
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
