#include "finder_scoring.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>

#include "io/image_codec.hpp"
#include "memory_slide.hpp"

namespace cytocape::testing {
namespace {

std::string between(const std::string& text, const std::string& tag) {
  const auto begin = text.find("<" + tag + ">");
  const auto end = text.find("</" + tag + ">");
  if (begin == std::string::npos || end == std::string::npos) return {};
  return text.substr(begin + tag.size() + 2, end - begin - tag.size() - 2);
}

void line(Image& image, int x0, int y0, int x1, int y1, Rgb colour) {
  const int n = std::max({1, std::abs(x1 - x0), std::abs(y1 - y0)});
  for (int k = 0; k <= n; ++k) {
    const int x = x0 + (x1 - x0) * k / n;
    const int y = y0 + (y1 - y0) * k / n;
    if (x < 0 || y < 0 || x >= image.width() || y >= image.height()) continue;
    std::uint8_t* p = image.row(y) + 3 * x;
    p[0] = colour.r;
    p[1] = colour.g;
    p[2] = colour.b;
  }
}

void outline(Image& image, const Level0Rect& r, double scale, Rgb colour) {
  const auto at = [scale](std::int64_t v) {
    return static_cast<int>(static_cast<double>(v) * scale);
  };
  const int l = at(r.x), t = at(r.y), e = at(r.right()) - 1, b = at(r.bottom()) - 1;
  line(image, l, t, e, t, colour);
  line(image, l, b, e, b, colour);
  line(image, l, t, l, b, colour);
  line(image, e, t, e, b, colour);
}

}  // namespace

std::vector<TruthBox> read_voc(const std::filesystem::path& path) {
  std::ifstream in(path);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  std::vector<TruthBox> boxes;
  for (auto at = text.find("<object>"); at != std::string::npos;
       at = text.find("<object>", at + 1)) {
    const std::string object = text.substr(at, text.find("</object>", at) - at);
    const auto number = [&](const char* tag) { return std::stoll(between(object, tag)); };
    const auto x = number("xmin"), y = number("ymin");
    boxes.push_back({between(object, "name"), {x, y, number("xmax") - x, number("ymax") - y}});
  }
  return boxes;
}

Prepared prepare(const Image& image, double mpp, const FinderOptions& options) {
  const MemorySlide slide(image, {mpp, mpp});
  Prepared out;
  out.scale = choose_locate_scale(slide.info(), options.target_um);
  out.stain = measure_stain(slide, out.scale, options);
  out.block.core = out.block.window = {0, 0, out.scale.size.width, out.scale.size.height};
  out.block.core_level0 = {0, 0, image.width(), image.height()};
  out.window = read_locate(slide, out.scale, out.block.window);
  return out;
}

LocateResult locate_in(const Image& image, double mpp, const FinderOptions& options) {
  const Prepared p = prepare(image, mpp, options);
  return locate_cells(p.window, p.block, p.scale, p.stain, options);
}

Image perturbed(const Image& image, const Perturbation& how) {
  const double turn = how.hue_degrees * 3.14159265358979 / 180;
  const double same = (1 + 2 * std::cos(turn)) / 3;
  const double next = (1 - std::cos(turn)) / 3 - std::sin(turn) / std::sqrt(3.0);
  const double last = (1 - std::cos(turn)) / 3 + std::sin(turn) / std::sqrt(3.0);
  const auto curve = [&](double v) {
    const double level = std::max(0.0, v) / 255;
    return 255 * (how.gamma == 1 ? level : std::pow(level, how.gamma));
  };
  Image out = image;
  const auto pixels = out.pixels();
  for (std::size_t i = 0; i < pixels.size(); i += 3) {
    const double p[3] = {1.0 * pixels[i], 1.0 * pixels[i + 1], 1.0 * pixels[i + 2]};
    for (std::size_t c = 0; c < 3; ++c) {
      const double turned = same * p[c] + next * p[(c + 1) % 3] + last * p[(c + 2) % 3];
      const double bright = how.gain[c] * curve(turned);
      pixels[i + c] = static_cast<std::uint8_t>(std::clamp(bright + 0.5, 0.0, 255.0));
    }
  }
  return out;
}

void Score::operator+=(const Score& other) {
  truth += other.truth;
  found += other.found;
  hits += other.hits;
  whole_truth += other.whole_truth;
  whole_hits += other.whole_hits;
}

std::vector<int> pairing(const std::vector<TruthBox>& boxes,
                         const std::vector<LocatedCell>& cells) {
  std::vector<int> box_of(cells.size(), -1);
  for (std::size_t b = 0; b < boxes.size(); ++b) {
    if (boxes[b].name != "WBC") continue;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (box_of[i] >= 0 || !boxes[b].rect.contains(cells[i].centre.x, cells[i].centre.y)) continue;
      box_of[i] = static_cast<int>(b);
      break;
    }
  }
  return box_of;
}

Score score_of(const std::vector<TruthBox>& boxes, const std::vector<LocatedCell>& cells,
               Size size) {
  Score score;
  score.found = static_cast<int>(cells.size());
  const std::vector<int> box_of = pairing(boxes, cells);
  for (std::size_t b = 0; b < boxes.size(); ++b) {
    if (boxes[b].name != "WBC") continue;
    const Level0Rect& r = boxes[b].rect;
    const bool whole =
        r.x > 3 && r.y > 3 && r.right() < size.width - 3 && r.bottom() < size.height - 3;
    const bool hit = std::count(box_of.begin(), box_of.end(), static_cast<int>(b)) > 0;
    ++score.truth;
    score.whole_truth += whole;
    score.hits += hit;
    score.whole_hits += whole && hit;
  }
  return score;
}

void ContactSheet::add(const Image& image, const std::vector<TruthBox>& boxes,
                       const std::vector<LocatedCell>& cells) {
  const double scale = 1.0 * cell_px_ / std::max(image.width(), image.height());
  Image picture(cell_px_, cell_px_);
  for (int y = 0; y < static_cast<int>(image.height() * scale); ++y)
    for (int x = 0; x < static_cast<int>(image.width() * scale); ++x) {
      const Rgb p = image.at(static_cast<int>(x / scale), static_cast<int>(y / scale));
      std::uint8_t* to = picture.row(y) + 3 * x;
      to[0] = p.r;
      to[1] = p.g;
      to[2] = p.b;
    }
  for (const TruthBox& box : boxes)
    if (box.name == "WBC") outline(picture, box.rect, scale, {0, 160, 0});
  for (const LocatedCell& cell : cells) {
    const int x = static_cast<int>(cell.centre.x * scale),
              y = static_cast<int>(cell.centre.y * scale);
    line(picture, x - 5, y, x + 5, y, {255, 0, 0});
    line(picture, x, y - 5, x, y + 5, {255, 0, 0});
    outline(picture, cell.box, scale, cell.exclusion ? Rgb{90, 90, 90} : Rgb{255, 120, 0});
  }
  pictures_.push_back(std::move(picture));
}

void ContactSheet::write(const std::filesystem::path& path) const {
  if (pictures_.empty()) return;
  const int rows = (static_cast<int>(pictures_.size()) + columns_ - 1) / columns_;
  Image sheet(columns_ * cell_px_, rows * cell_px_);
  for (std::size_t i = 0; i < pictures_.size(); ++i) {
    const int left = static_cast<int>(i) % columns_ * cell_px_;
    const int top = static_cast<int>(i) / columns_ * cell_px_;
    for (int y = 0; y < cell_px_; ++y)
      std::copy_n(pictures_[i].row(y), pictures_[i].stride(), sheet.row(top + y) + 3 * left);
  }
  write_png(sheet, path);
}

}  // namespace cytocape::testing
