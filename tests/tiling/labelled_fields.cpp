#include "labelled_fields.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <fstream>

#include "io/image_codec.hpp"

namespace cytocape::testing {
namespace {

namespace fs = std::filesystem;

constexpr double kRedCellUm = 7.5;
constexpr std::int64_t kEdgePx = 3;  ///< boxes nearer to the picture's edge are cut by it
constexpr double kMiddleUm = 6;      ///< half the box of a single cell's middle
constexpr double kSheetUm = 34;      ///< edge of the square around an error
constexpr std::size_t kMostOnASheet = 96;

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  if (fs::exists(folder))
    for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

bool ends_even(const std::string& name) {
  const auto last = static_cast<unsigned char>(name.back());
  return (std::isdigit(last) != 0 ? last - '0' : last) % 2 == (std::isdigit(last) != 0 ? 0 : 1);
}

std::vector<TruthBox> read_yolo(const fs::path& path, Size size) {
  static constexpr std::array kNames{"WBC", "RBC", "Platelets"};
  std::ifstream in(path);
  std::vector<TruthBox> boxes;
  std::size_t kind = 0;
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
  while (in >> kind >> x >> y >> width >> height) {
    const auto w = static_cast<double>(size.width);
    const auto h = static_cast<double>(size.height);
    boxes.push_back({kNames.at(kind),
                     {std::llround((x - width / 2) * w), std::llround((y - height / 2) * h),
                      std::llround(width * w), std::llround(height * h)}});
  }
  return boxes;
}

bool whole(const Level0Rect& box, Size size) {
  return box.x > kEdgePx && box.y > kEdgePx && box.right() < size.width - kEdgePx &&
         box.bottom() < size.height - kEdgePx;
}

double mpp_from_red_cells(const std::vector<Field>& fields, Size size) {
  std::vector<double> edges;
  for (const Field& field : fields)
    for (const TruthBox& box : field.boxes)
      if (field.even && whole(box.rect, size) && box.name == "RBC")
        edges.push_back(std::sqrt(static_cast<double>(box.rect.area())));
  if (edges.empty()) return 0;
  std::sort(edges.begin(), edges.end());
  return kRedCellUm / edges[(edges.size() - 1) / 2];
}

double off_middle(const Level0Rect& box, Level0Point at) {
  return std::hypot(at.x - static_cast<double>(box.x) - static_cast<double>(box.width) / 2,
                    at.y - static_cast<double>(box.y) - static_cast<double>(box.height) / 2);
}

int box_of(const std::vector<TruthBox>& boxes, const char* name, Level0Point at) {
  int best = -1;
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    if (boxes[i].name != name || !boxes[i].rect.contains(at.x, at.y)) continue;
    if (best < 0 ||
        off_middle(boxes[i].rect, at) < off_middle(boxes[static_cast<std::size_t>(best)].rect, at))
      best = static_cast<int>(i);
  }
  return best;
}

/// The square of kSheetUm around a point, glass beyond the picture's edge, and what is drawn on it.
struct Detail {
  Image image;
  std::vector<TruthBox> boxes;
  std::vector<LocatedCell> cells;
};

Detail detail_of(const Image& image, double mpp, Level0Point at) {
  const int edge = static_cast<int>(kSheetUm / mpp);
  Detail detail{Image(edge, edge, Rgb{128, 128, 128}), {}, {}};
  const int left = static_cast<int>(at.x) - edge / 2;
  const int top = static_cast<int>(at.y) - edge / 2;
  for (int y = std::max(0, -top); y < std::min(edge, image.height() - top); ++y)
    for (int x = std::max(0, -left); x < std::min(edge, image.width() - left); ++x)
      std::copy_n(image.row(top + y) + 3 * (left + x), 3, detail.image.row(y) + 3 * x);
  return detail;
}

Level0Rect moved(Level0Rect rect, Level0Point at, int edge) {
  rect.x -= static_cast<std::int64_t>(at.x) - edge / 2;
  rect.y -= static_cast<std::int64_t>(at.y) - edge / 2;
  return rect;
}

}  // namespace

void FieldScore::operator+=(const FieldScore& other) {
  cells += other.cells;
  found += other.found;
  excluded += other.excluded;
  doubled += other.doubled;
  aside += other.aside;
  wrong += other.wrong;
}

std::vector<Field> read_fields(const fs::path& folder, double mpp) {
  std::vector<Field> fields;
  Size size;
  for (const fs::path& file : files_in(folder / "images")) {
    const std::string stem = file.stem().string();
    const Image image = read_image(file);
    size = {image.width(), image.height()};
    const fs::path voc = folder / "annotations" / (stem + ".xml");
    fields.push_back(
        {stem, ends_even(stem), file,
         fs::exists(voc) ? read_voc(voc) : read_yolo(folder / "boxes" / (stem + ".txt"), size),
         mpp});
  }
  if (mpp <= 0) {
    const double estimated = mpp_from_red_cells(fields, size);
    for (Field& field : fields) field.mpp = estimated;
  }
  return fields;
}

std::vector<Field> read_single_cells(const fs::path& folder, double mpp, std::size_t step) {
  std::vector<Field> fields;
  for (const fs::path& kind : files_in(folder)) {
    const auto files = files_in(kind);
    for (std::size_t i = 0; i < files.size(); i += step) {
      const Image image = read_image(files[i]);
      const auto half = static_cast<std::int64_t>(kMiddleUm / mpp);
      const Level0Rect middle{image.width() / 2 - half, image.height() / 2 - half, 2 * half,
                              2 * half};
      const char* name = kind.filename() == "platelet" ? "Platelets" : "WBC";
      fields.push_back({kind.filename().string() + "/" + files[i].stem().string(),
                        i / step % 2 == 0,
                        files[i],
                        {{name, middle}},
                        mpp});
    }
  }
  return fields;
}

FieldResult judge(const std::vector<TruthBox>& boxes, const std::vector<LocatedCell>& cells,
                  Size size) {
  FieldResult result;
  result.verdicts.assign(cells.size(), Verdict::ignored);
  std::vector<int> times(boxes.size(), 0);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const int box = box_of(boxes, "WBC", cells[i].centre);
    if (box >= 0) {
      const auto b = static_cast<std::size_t>(box);
      if (!whole(boxes[b].rect, size)) continue;
      ++times[b];
      result.verdicts[i] = times[b] == 1 ? Verdict::right : Verdict::doubled;
      result.score.excluded += times[b] == 1 && cells[i].exclusion;
      result.score.doubled += times[b] == 2;
      result.score.wrong += times[b] > 1;
    } else if (box_of(boxes, "Platelets", cells[i].centre) < 0) {
      const bool aside = cells[i].exclusion == Exclusion::border;
      if (!aside) result.verdicts[i] = Verdict::wrong;
      ++(aside ? result.score.aside : result.score.wrong);
    }
  }
  for (std::size_t b = 0; b < boxes.size(); ++b) {
    if (boxes[b].name != "WBC" || !whole(boxes[b].rect, size)) continue;
    ++result.score.cells;
    result.score.found += times[b] > 0;
    if (times[b] == 0) result.missed.push_back(&boxes[b]);
  }
  return result;
}

void ErrorSheets::add(const Image& image, double mpp, const std::vector<TruthBox>& boxes,
                      const std::vector<LocatedCell>& cells, const FieldResult& result) {
  const auto show = [&](ContactSheet& sheet, Level0Point at) {
    if (sheet.size() >= kMostOnASheet) return;
    Detail detail = detail_of(image, mpp, at);
    const int edge = detail.image.width();
    for (const TruthBox& box : boxes) detail.boxes.push_back({box.name, moved(box.rect, at, edge)});
    for (LocatedCell cell : cells) {
      const Level0Rect box = moved(cell.box, at, edge);
      cell.centre.x += static_cast<double>(box.x - cell.box.x);
      cell.centre.y += static_cast<double>(box.y - cell.box.y);
      cell.box = box;
      detail.cells.push_back(cell);
    }
    sheet.add(detail.image, detail.boxes, detail.cells);
  };
  for (const TruthBox* box : result.missed)
    show(sheets_[0],
         {static_cast<double>(box->rect.x) + static_cast<double>(box->rect.width) / 2,
          static_cast<double>(box->rect.y) + static_cast<double>(box->rect.height) / 2});
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (result.verdicts[i] == Verdict::doubled) show(sheets_[1], cells[i].centre);
    if (result.verdicts[i] == Verdict::wrong) show(sheets_[2], cells[i].centre);
  }
}

void ErrorSheets::write(const fs::path& folder, const std::string& name) const {
  fs::create_directories(folder);
  sheets_[0].write(folder / (name + "-missed.png"));
  sheets_[1].write(folder / (name + "-doubled.png"));
  sheets_[2].write(folder / (name + "-wrong.png"));
}

}  // namespace cytocape::testing
