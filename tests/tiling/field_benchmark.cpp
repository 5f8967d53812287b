// Measures the cell finder on pictures and slides with labelled white cells; script/measure-finder
// runs it on all there are.
//
//   cytocape_field_benchmark [--sheets FOLDER] [--appearances N] [--half even|odd] [--every N]
//   SET..
//
// A SET is FOLDER or FOLDER:MPP. FOLDER/images with FOLDER/annotations or FOLDER/boxes are fields;
// FOLDER/<class>/ are pictures of single cells; SLIDE.tiff has SLIDE.cells.csv beside it, as
// `cytocape phantom` writes it. Each picture is a slide of its own, so that its stain is measured
// from little. With --appearances each is measured in N more simulated appearances
// (models/data/appearance.hpp). Rules are tuned on the even half; the odd one is to be quoted.

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <map>
#include <memory>

#include "io/csv.hpp"
#include "io/errors.hpp"
#include "io/image_codec.hpp"
#include "labelled_fields.hpp"
#include "memory_slide.hpp"
#include "models/data/appearance.hpp"

namespace cytocape::testing {
namespace {

namespace fs = std::filesystem;

struct Request {
  fs::path sheets;
  int appearances = 0;
  std::string half;
  std::size_t every = 1;
  std::vector<std::string> sets;
};

/// The picture as another laboratory would have rendered it; 0 is as it is.
Image with_appearance(const Image& image, double mpp, std::uint64_t appearance) {
  if (appearance == 0) return image;
  const int edge = std::max(image.width(), image.height());
  const auto mirrored = [](int at, int size) { return at < size ? at : 2 * size - 1 - at; };
  Image square(edge, edge);
  for (int y = 0; y < edge; ++y)
    for (int x = 0; x < edge; ++x)
      std::copy_n(image.row(mirrored(y, image.height())) + 3 * mirrored(x, image.width()), 3,
                  square.row(y) + 3 * x);
  vary_appearance(square.row(0), edge, mpp, {}, appearance);
  Image out(image.width(), image.height());
  for (int y = 0; y < out.height(); ++y) std::copy_n(square.row(y), out.stride(), out.row(y));
  return out;
}

void print_score(const std::string& name, const FieldScore& s) {
  fmt::print(
      "{:<44} recall {:.4f} ({}/{})  precision {:.4f} ({} wrong)  doubled {:.4f} ({})  "
      "excluded {}  aside {}\n",
      name, s.recall(), s.found, s.cells, s.precision(), s.wrong,
      s.cells > 0 ? 1.0 * s.doubled / s.cells : 0, s.doubled, s.excluded, s.aside);
}

void print_errors(const std::string& name, const std::vector<LocatedCell>& cells,
                  const FieldResult& result) {
  for (const TruthBox* box : result.missed)
    fmt::print("    missed:  {} at {},{}\n", name, box->rect.x + box->rect.width / 2,
               box->rect.y + box->rect.height / 2);
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (result.verdicts[i] == Verdict::doubled || result.verdicts[i] == Verdict::wrong)
      fmt::print("    {} {} at {:.0f},{:.0f} {}\n",
                 result.verdicts[i] == Verdict::doubled ? "doubled:" : "wrong:  ", name,
                 cells[i].centre.x, cells[i].centre.y,
                 cells[i].exclusion ? to_string(*cells[i].exclusion) : "");
}

/// Scores by half ("even", "odd"), or by class where the names have one.
using Scores = std::map<std::string, FieldScore>;

Scores score_pictures(const std::vector<Field>& fields, const Request& request,
                      const std::string& name, std::uint64_t appearance) {
  Scores scores;
  ErrorSheets sheets;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const Field& field = fields[i];
    const char* half = field.even ? "even" : "odd";
    if (!request.half.empty() && request.half != half) continue;
    const std::uint64_t seed = appearance == 0 ? 0 : appearance * 100'000 + i;
    const Image image = with_appearance(read_image(field.file), field.mpp, seed);
    const auto cells = locate_in(image, field.mpp).cells;
    const auto result = judge(field.boxes, cells, {image.width(), image.height()});
    scores[half] += result.score;
    const auto slash = field.name.find('/');
    if (slash != std::string::npos) scores[field.name.substr(0, slash)] += result.score;
    if (appearance == 0) print_errors(field.name, cells, result);
    sheets.add(image, field.mpp, field.boxes, cells, result);
  }
  if (!request.sheets.empty())
    sheets.write(request.sheets, appearance == 0 ? name : fmt::format("{}-{}", name, appearance));
  return scores;
}

void measure_pictures(const std::vector<Field>& fields, const Request& request,
                      const std::string& name) {
  if (fields.empty()) return;
  fmt::print("{}: {} pictures at {:.4f} um/px\n", name, fields.size(), fields.front().mpp);
  for (const auto& [part, score] : score_pictures(fields, request, name, 0))
    print_score(name + " " + part, score);
  Scores all;
  for (int k = 1; k <= request.appearances; ++k)
    for (const auto& [part, score] :
         score_pictures(fields, request, name, static_cast<std::uint64_t>(k)))
      all[part] += score;
  for (const auto& [part, score] : all)
    print_score(fmt::format("{} {}, {} appearances", name, part, request.appearances), score);
}

/// Smudges, cells at the border and decoys: the first two count neither way.
std::vector<TruthBox> truth_of(const fs::path& cells_csv) {
  const CsvTable table = read_csv(cells_csv);
  const auto column = [&](const char* name) {
    for (std::size_t i = 0; i < table.header.size(); ++i)
      if (table.header[i] == name) return i;
    throw ConfigError(fmt::format("{}: no column {}", cells_csv.string(), name));
  };
  std::vector<TruthBox> boxes;
  for (const auto& row : table.rows) {
    const auto number = [&](const char* name) { return std::stoll(row[column(name)]); };
    const bool aside = number("smudged") != 0 || number("border") != 0;
    if (number("nucleated") == 0 && !aside) continue;
    boxes.push_back(
        {aside ? "Platelets" : "WBC",
         {number("box_x"), number("box_y"), number("box_width"), number("box_height")}});
  }
  return boxes;
}

/// The whole slide read into memory, so that errors can be shown.
void measure_slide(const fs::path& path, const Request& request) {
  const auto slide = Slide::open(path);
  const Size size = slide->info().levels.front().size;
  const double mpp = slide->info().mpp.x;
  const Image image = slide->read(0, {0, 0, size.width, size.height});
  const auto begin = std::chrono::steady_clock::now();
  const auto cells = locate_in(image, mpp).cells;
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const auto boxes = truth_of(fs::path(path).replace_extension(".cells.csv"));
  const auto result = judge(boxes, cells, size);
  const std::string name = path.stem().string();
  print_errors(name, cells, result);
  print_score(fmt::format("{}, {:.2f} s", name, seconds), result.score);
  ErrorSheets sheets;
  sheets.add(image, mpp, boxes, cells, result);
  if (!request.sheets.empty()) sheets.write(request.sheets, name);
}

void measure(const std::string& set, const Request& request) {
  const auto colon = set.rfind(':');
  const fs::path folder = set.substr(0, colon);
  const double mpp = colon == std::string::npos ? 0 : std::stod(set.substr(colon + 1));
  if (folder.extension() == ".tiff")
    measure_slide(folder, request);
  else
    measure_pictures(fs::exists(folder / "images") ? read_fields(folder, mpp)
                                                   : read_single_cells(folder, mpp, request.every),
                     request, folder.filename().string());
}

Request read_request(int argc, char** argv) {
  Request request;
  for (int i = 1; i < argc; ++i) {
    const std::string option = argv[i];
    if (option.rfind("--", 0) != 0) {
      request.sets.push_back(option);
      continue;
    }
    if (i + 1 == argc) throw ConfigError(option + " needs a value");
    const std::string value = argv[++i];
    if (option == "--sheets")
      request.sheets = value;
    else if (option == "--appearances")
      request.appearances = std::stoi(value);
    else if (option == "--half")
      request.half = value;
    else if (option == "--every")
      request.every = std::max<std::size_t>(1, std::stoul(value));
    else
      throw ConfigError("no option " + option);
  }
  return request;
}

}  // namespace
}  // namespace cytocape::testing

int main(int argc, char** argv) {
  try {
    const auto request = cytocape::testing::read_request(argc, argv);
    for (const std::string& set : request.sets) cytocape::testing::measure(set, request);
    return request.sets.empty() ? 2 : 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
