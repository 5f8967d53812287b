#include "io/record_pictures.hpp"

#include <fmt/format.h>

namespace cytocape {
namespace {

using Bytes = std::vector<std::uint8_t>;

template <class T>
void write_column(h5::File& file, const std::string& path, const h5::TableSpec& spec,
                  const std::vector<T>& values) {
  file.make_table(path, spec);
  file.append(path, std::span<const T>(values));
}

std::uint64_t positions(const ModelSummary& model) {
  return static_cast<std::uint64_t>(model.map_height) * static_cast<std::uint64_t>(model.map_width);
}

}  // namespace

void write_pictures(h5::File& file, const SlideReport& report) {
  const auto& model = report.model;
  std::vector<std::uint64_t> id, bytes;
  std::vector<std::int16_t> called;
  std::vector<double> centre;
  std::vector<float> probability, map;
  Bytes jpeg;
  for (const auto& cell : report.gallery) {
    id.push_back(cell.id);
    called.push_back(cell.class_index);
    centre.insert(centre.end(), {cell.centre.x, cell.centre.y});
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
  write_column(file, group + "/jpeg_bytes", {.type = h5::Type::u64, .row = {}}, bytes);
  write_column(file, group + "/jpeg", {.type = h5::Type::u8, .row = {}}, jpeg);
}

void read_pictures(const h5::File& file, SlideReport& report) {
  const std::string group = "/pictures";
  const auto all_bytes = [&](const std::string& path) {
    return file.read<std::uint8_t>(path, file.shape(path));
  };
  report.overview_jpeg = all_bytes(group + "/overview_jpeg");
  const auto shape = file.shape(group + "/cell_id");
  if (shape.size() != 1) file.fail(group + "/cell_id", "is no column");
  const auto n = shape[0];
  const auto classes = report.model.classes.size();
  const auto height = static_cast<std::uint64_t>(report.model.map_height);
  const auto width = static_cast<std::uint64_t>(report.model.map_width);
  const auto id = file.read<std::uint64_t>(group + "/cell_id", {n});
  const auto called = file.read<std::int16_t>(group + "/class", {n});
  const auto centre = file.read<double>(group + "/centre", {n, 2});
  const auto probability = file.read<float>(group + "/probability", {n, classes});
  const auto map = file.read<float>(group + "/map", {n, height, width});
  const auto bytes = file.read<std::uint64_t>(group + "/jpeg_bytes", {n});
  const auto jpeg = all_bytes(group + "/jpeg");
  std::size_t at = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (called[i] < -1 || called[i] >= static_cast<std::int64_t>(classes))
      file.fail(group + "/class", fmt::format("row {} is class {} of {}", i, called[i], classes));
    if (bytes[i] > jpeg.size() - at)
      file.fail(group + "/jpeg_bytes", fmt::format("row {} reaches beyond the pictures", i));
    GalleryCell cell{
        .id = id[i],
        .class_index = called[i],
        .centre = {centre[2 * i], centre[2 * i + 1]},
        .probability = {&probability[i * classes], &probability[i * classes] + classes},
        .map = {},
        .jpeg = {&jpeg[0] + at, &jpeg[0] + at + bytes[i]}};
    if (called[i] >= 0)
      cell.map.assign(&map[i * height * width], &map[i * height * width] + height * width);
    at += bytes[i];
    report.gallery.push_back(std::move(cell));
  }
}

}  // namespace cytocape
