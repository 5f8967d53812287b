#include "io/record_pictures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace cytocape {
namespace {

using Bytes = std::vector<std::uint8_t>;

template <class T>
void write_column(h5::File& file, const std::string& path, const h5::TableSpec& spec,
                  const std::vector<T>& values) {
  file.make_table(path, spec);
  file.append(path, std::span<const T>(values));
}

void write_measure(h5::File& file, const std::string& path, const std::vector<double>& values) {
  write_column(file, path, {.type = h5::Type::f64, .row = {}}, values);
  file.set(path, "absent", std::string("NaN: not measured"));
}

std::uint64_t positions(const ModelSummary& model) {
  return static_cast<std::uint64_t>(model.map_height) * static_cast<std::uint64_t>(model.map_width);
}

}  // namespace

void write_pictures(h5::File& file, const SlideReport& report) {
  const auto& model = report.model;
  std::vector<std::uint64_t> id, bytes;
  std::vector<std::int16_t> called;
  std::vector<double> centre, nucleus_um2, strangeness;
  std::vector<float> probability, map;
  Bytes jpeg;
  for (const auto& cell : report.gallery) {
    id.push_back(cell.id);
    called.push_back(cell.class_index);
    centre.insert(centre.end(), {cell.centre.x, cell.centre.y});
    nucleus_um2.push_back(cell.nucleus_um2);
    strangeness.push_back(cell.strangeness);
    bytes.push_back(cell.jpeg.size());
    jpeg.insert(jpeg.end(), cell.jpeg.begin(), cell.jpeg.end());
    probability.insert(probability.end(), cell.probability.begin(), cell.probability.end());
    // Unidentified cells have none; a map of a class is never zero everywhere.
    auto own = cell.map;
    own.resize(positions(model));
    map.insert(map.end(), own.begin(), own.end());
  }
  const std::string group = "/pictures";
  file.make_group(group);
  write_column(file, group + "/overview_jpeg", {.type = h5::Type::u8, .row = {}},
               report.overview_jpeg);
  write_column(file, group + "/cell_id", {.type = h5::Type::u64, .row = {}}, id);
  write_column(file, group + "/class", {.type = h5::Type::i16, .row = {}}, called);
  write_column(file, group + "/centre", {.type = h5::Type::f64, .row = {2}}, centre);
  write_column(file, group + "/probability", {.type = h5::Type::f32, .row = {model.classes.size()}},
               probability);
  write_column(file, group + "/map",
               {.type = h5::Type::f32,
                .row = {static_cast<std::uint64_t>(model.map_height),
                        static_cast<std::uint64_t>(model.map_width)}},
               map);
  write_measure(file, group + "/nucleus_um2", nucleus_um2);
  write_measure(file, group + "/strangeness", strangeness);
  write_column(file, group + "/jpeg_bytes", {.type = h5::Type::u64, .row = {}}, bytes);
  write_column(file, group + "/jpeg", {.type = h5::Type::u8, .row = {}}, jpeg);
}

namespace {

/// Columns of the cells shown; the rows are not checked yet.
struct Shown {
  Shown(const h5::Reader& file, const std::string& group, std::uint64_t n,
        const ModelSummary& model)
      : id(file.read<std::uint64_t>(group + "/cell_id", {n})),
        called(file.read<std::int16_t>(group + "/class", {n})),
        centre(file.read<double>(group + "/centre", {n, 2})),
        probability(file.read<float>(group + "/probability", {n, model.classes.size()})),
        map(file.read<float>(group + "/map", {n, static_cast<std::uint64_t>(model.map_height),
                                              static_cast<std::uint64_t>(model.map_width)})),
        bytes(file.read<std::uint64_t>(group + "/jpeg_bytes", {n})) {}
  std::vector<std::uint64_t> id;
  std::vector<std::int16_t> called;
  std::vector<double> centre;
  std::vector<float> probability;
  std::vector<float> map;
  std::vector<std::uint64_t> bytes;
};

Bytes all_bytes(const h5::Reader& file, const std::string& path) {
  const auto shape = file.shape(path);
  if (shape.size() != 1) file.fail(path, "is not a picture");
  return file.read<std::uint8_t>(path, shape);
}

std::vector<float> shares(std::span<const float> all, std::size_t row, std::size_t size) {
  const auto own = all.subspan(row * size, size);
  return {own.begin(), own.end()};
}

/// NaN in all rows where the column is not there, as in records of early builds.
std::vector<double> later_column(const h5::Reader& file, const std::string& group,
                                 const std::string& name, std::uint64_t rows) {
  const auto columns = file.member_names(group);
  if (std::find(columns.begin(), columns.end(), name) == columns.end())
    return std::vector<double>(rows, std::numeric_limits<double>::quiet_NaN());
  auto values = file.read<double>(group + "/" + name, {rows});
  for (std::size_t i = 0; i < values.size(); ++i)
    if (std::isinf(values[i]) || values[i] < 0)
      file.fail(group + "/" + name, fmt::format("row {} is {}", i, values[i]));
  return values;
}

bool all_shares(const std::vector<float>& values) {
  return std::all_of(values.begin(), values.end(),
                     [](float value) { return value >= -1e-3F && value <= 1.001F; });
}

}  // namespace

std::vector<std::uint8_t> read_overview_picture(const h5::Reader& file) {
  return all_bytes(file, "/pictures/overview_jpeg");
}

void read_pictures(const h5::Reader& file, SlideReport& report) {
  const std::string group = "/pictures";
  report.overview_jpeg = read_overview_picture(file);
  const auto shape = file.shape(group + "/cell_id");
  if (shape.size() != 1) file.fail(group + "/cell_id", "is no column");
  const auto n = shape[0];
  const auto classes = report.model.classes.size();
  if (n > 0 && (classes == 0 || positions(report.model) == 0))
    file.fail("/model", "names no classes or no map, but there are cells");
  const Shown shown(file, group, n, report.model);
  const auto nucleus_um2 = later_column(file, group, "nucleus_um2", n);
  const auto strangeness = later_column(file, group, "strangeness", n);
  const auto jpeg = all_bytes(file, group + "/jpeg");
  std::size_t at = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const auto called = shown.called[i];
    if (called < -1 || called >= static_cast<std::int64_t>(classes))
      file.fail(group + "/class", fmt::format("row {} is class {} of {}", i, called, classes));
    if (shown.bytes[i] > jpeg.size() - at)
      file.fail(group + "/jpeg_bytes", fmt::format("row {} reaches beyond the pictures", i));
    GalleryCell cell{.id = shown.id[i],
                     .class_index = called,
                     .centre = {shown.centre[2 * i], shown.centre[2 * i + 1]},
                     .probability = shares(shown.probability, i, classes),
                     .map = {},
                     .jpeg = {jpeg.begin() + static_cast<std::ptrdiff_t>(at),
                              jpeg.begin() + static_cast<std::ptrdiff_t>(at + shown.bytes[i])},
                     .nucleus_um2 = nucleus_um2[i],
                     .strangeness = strangeness[i]};
    if (called >= 0) cell.map = shares(shown.map, i, positions(report.model));
    if (!std::isfinite(cell.centre.x) || !std::isfinite(cell.centre.y))
      file.fail(group + "/centre", fmt::format("row {} is not a position", i));
    if (!all_shares(cell.probability) || !all_shares(cell.map))
      file.fail(group, fmt::format("row {} holds a value that is not a share from 0 to 1", i));
    at += static_cast<std::size_t>(shown.bytes[i]);
    report.gallery.push_back(std::move(cell));
  }
  if (at != jpeg.size()) file.fail(group + "/jpeg", "holds more than the cells' pictures");
}

}  // namespace cytocape
