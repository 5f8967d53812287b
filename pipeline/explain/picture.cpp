#include "pipeline/explain/picture.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "io/report.hpp"

namespace cytocape {
namespace {

/// The grey of the cell's darkest pixel, 0..255: colours multiply it and must stay apart there.
constexpr double kDarkestGrey = 120;

std::uint8_t pale_grey(Rgb p) {
  // Rec. 601 luma.
  const double luma = 0.299 * p.r + 0.587 * p.g + 0.114 * p.b;
  return static_cast<std::uint8_t>(kDarkestGrey + luma * (255 - kDarkestGrey) / 255);
}

double at(const MapOnScale& map, int x, int y) {
  x = std::clamp(x, 0, map.width - 1);
  y = std::clamp(y, 0, map.height - 1);
  return map.value[static_cast<std::size_t>(y) * static_cast<std::size_t>(map.width) +
                   static_cast<std::size_t>(x)];
}

/// `x`, `y` in patches from the map's top left corner.
double bilinear(const MapOnScale& map, double x, double y) {
  const double left = std::floor(x - 0.5);
  const double top = std::floor(y - 0.5);
  const double right_part = x - 0.5 - left;
  const double lower_part = y - 0.5 - top;
  const int column = static_cast<int>(left);
  const int row = static_cast<int>(top);
  return (at(map, column, row) * (1 - right_part) + at(map, column + 1, row) * right_part) *
             (1 - lower_part) +
         (at(map, column, row + 1) * (1 - right_part) + at(map, column + 1, row + 1) * right_part) *
             lower_part;
}

cv::Mat view(Image& image) {
  return {image.height(), image.width(), CV_8UC3, image.row(0), image.stride()};
}

cv::Mat mask_of(const CellRegionMap& regions, bool whole_cell) {
  cv::Mat mask(regions.height, regions.width, CV_8U);
  for (int y = 0; y < mask.rows; ++y)
    for (int x = 0; x < mask.cols; ++x) {
      const auto region = regions.at(x, y);
      const bool inside =
          region == CellRegion::nucleus || (whole_cell && region == CellRegion::cytoplasm);
      mask.at<std::uint8_t>(y, x) = inside ? 255 : 0;
    }
  return mask;
}

/// A white line with a dark core is seen on glass and on the darkest patch.
void draw_outline(Image& panel, const CellRegionMap& regions, bool whole_cell) {
  cv::Mat mask = mask_of(regions, whole_cell);
  cv::resize(mask, mask, {panel.width(), panel.height()}, 0, 0, cv::INTER_LINEAR);
  cv::GaussianBlur(mask, mask, {}, 0.5 * panel.width() / regions.width);
  std::vector<std::vector<cv::Point>> lines;
  cv::findContours(mask >= 128, lines, cv::RETR_CCOMP, cv::CHAIN_APPROX_NONE);
  cv::Mat canvas = view(panel);
  cv::drawContours(canvas, lines, -1, {255, 255, 255}, 3, cv::LINE_AA);
  const cv::Scalar core = whole_cell ? cv::Scalar(90, 90, 90) : cv::Scalar(20, 20, 20);
  cv::drawContours(canvas, lines, -1, core, 1, cv::LINE_AA);
}

void draw_outlines(Image& panel, const CellRegionMap& regions) {
  draw_outline(panel, regions, true);
  draw_outline(panel, regions, false);
}

std::string ascii(std::string text) {
  for (char& letter : text)
    if (letter < ' ' || letter > '~') letter = '?';
  return text;
}

struct TextStyle {
  double scale = 0.5;
  cv::Scalar colour{30, 30, 30};
};

/// Writes at the left, or ending at `x` where `right_end`; made smaller where it would not fit.
void write_text(cv::Mat& canvas, const std::string& text, cv::Point at, TextStyle style,
                bool right_end = false) {
  const std::string plain = ascii(text);
  const auto width_of = [&] {
    int below = 0;
    return cv::getTextSize(plain, cv::FONT_HERSHEY_SIMPLEX, style.scale, 1, &below).width;
  };
  if (const int room = canvas.cols - 16; width_of() > room)
    style.scale *= static_cast<double>(room) / width_of();
  if (right_end) at.x -= width_of();
  cv::putText(canvas, plain, at, cv::FONT_HERSHEY_SIMPLEX, style.scale, style.colour, 1,
              cv::LINE_AA);
}

void draw_scale(cv::Mat& canvas, const Caption& caption, cv::Rect bar) {
  for (int x = 0; x < bar.width; ++x) {
    const double part = static_cast<double>(x) / (bar.width - 1);
    const Rgb c = caption.colour(caption.diverging ? 2 * part - 1 : part);
    cv::line(canvas, {bar.x + x, bar.y}, {bar.x + x, bar.y + bar.height - 1},
             cv::Scalar(c.r, c.g, c.b));
  }
  cv::rectangle(canvas, bar, {120, 120, 120});
}

}  // namespace

Image overlay(const Image& cell, const CellRegionMap& regions, const MapOnScale& map, Colour colour,
              Upsampling upsampling) {
  Image panel(cell.width(), cell.height());
  const double columns = static_cast<double>(map.width) / cell.width();
  const double rows = static_cast<double>(map.height) / cell.height();
  for (int y = 0; y < cell.height(); ++y) {
    std::uint8_t* to = panel.row(y);
    for (int x = 0; x < cell.width(); ++x) {
      const double column = (x + 0.5) * columns;
      const double row = (y + 0.5) * rows;
      const double value = upsampling == Upsampling::smooth
                               ? bilinear(map, column, row)
                               : at(map, static_cast<int>(column), static_cast<int>(row));
      const Rgb tint = colour(map.limit > 0 ? value / map.limit : 0);
      const int grey = pale_grey(cell.at(x, y));
      *to++ = static_cast<std::uint8_t>(tint.r * grey / 255);
      *to++ = static_cast<std::uint8_t>(tint.g * grey / 255);
      *to++ = static_cast<std::uint8_t>(tint.b * grey / 255);
    }
  }
  // Lines would cross the numbers that stand on the patches.
  if (upsampling == Upsampling::smooth) draw_outlines(panel, regions);
  return panel;
}

void write_numbers(Image& panel, const PatchGrid& grid, std::span<const std::string> texts) {
  cv::Mat canvas = view(panel);
  const double wide = static_cast<double>(panel.width()) / grid.width;
  const double high = static_cast<double>(panel.height()) / grid.height;
  int below = 0;
  const auto widest = cv::getTextSize("88.8", cv::FONT_HERSHEY_SIMPLEX, 1, 1, &below);
  const double scale = std::min(0.5, 0.92 * wide / widest.width);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].empty()) continue;
    const auto size = cv::getTextSize(texts[i], cv::FONT_HERSHEY_SIMPLEX, scale, 1, &below);
    const auto across = static_cast<std::size_t>(grid.width);
    const std::size_t below_first = i / across;
    const auto column = static_cast<double>(i % across);
    const auto row = static_cast<double>(below_first);
    const cv::Point at(static_cast<int>(std::lround((column + 0.5) * wide - 0.5 * size.width)),
                       static_cast<int>(std::lround((row + 0.5) * high + 0.5 * size.height)));
    cv::putText(canvas, texts[i], at, cv::FONT_HERSHEY_SIMPLEX, scale, {255, 255, 255}, 3,
                cv::LINE_AA);
    cv::putText(canvas, texts[i], at, cv::FONT_HERSHEY_SIMPLEX, scale, {0, 0, 0}, 1, cv::LINE_AA);
  }
}

Image outlined(const Image& cell, const CellRegionMap& regions) {
  Image panel = cell;
  draw_outlines(panel, regions);
  return panel;
}

Image with_caption(const Image& panel, const Caption& caption) {
  Image page(panel.width(), panel.height() + kCaptionPx);
  std::copy(panel.pixels().begin(), panel.pixels().end(), page.pixels().begin());
  cv::Mat canvas = view(page);
  const int top = panel.height();
  write_text(canvas, caption.title, {8, top + 20}, {.scale = 0.55});
  if (caption.colour != nullptr) {
    const int right = canvas.cols - 8;
    draw_scale(canvas, caption, {8, top + 30, canvas.cols - 16, 10});
    write_text(canvas, caption.low, {8, top + 56}, {.scale = 0.45});
    write_text(canvas, caption.high, {right, top + 56}, {.scale = 0.45}, true);
  }
  write_text(canvas, kResearchUse, {8, top + 76}, {.scale = 0.4, .colour = {138, 83, 0}});
  return page;
}

}  // namespace cytocape
