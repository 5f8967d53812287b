#include "io/record_appearance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "io/record_value.hpp"

namespace cytocape {
namespace {

const std::string kAppearance = "/appearance";
/// Of a* and b*, either way, and of L*.
constexpr double kMostOfLab = 128;

void write_statistics(h5::File& file, const std::string& prefix,
                      const std::optional<LabStatistics>& statistics) {
  if (!statistics) return;
  const auto list = [](const std::array<double, 3>& values) {
    return std::vector<double>(values.begin(), values.end());
  };
  file.set(kAppearance, prefix + "_mean", list(statistics->mean));
  file.set(kAppearance, prefix + "_deviation", list(statistics->deviation));
}

std::array<double, 3> three_of_lab(const h5::Reader& file, const std::string& name) {
  const auto values = file.get<std::vector<double>>(kAppearance, name);
  const auto of_lab = [](double value) { return std::abs(value) <= kMostOfLab; };
  if (values.size() != 3 || !std::all_of(values.begin(), values.end(), of_lab))
    file.fail(kAppearance + "@" + name, "is not three numbers of L*a*b*");
  return {values[0], values[1], values[2]};
}

std::optional<LabStatistics> read_statistics(const h5::Reader& file, const std::string& prefix) {
  const auto there = file.attribute_names(kAppearance);
  if (std::find(there.begin(), there.end(), prefix + "_mean") == there.end()) return std::nullopt;
  const LabStatistics statistics{.mean = three_of_lab(file, prefix + "_mean"),
                                 .deviation = three_of_lab(file, prefix + "_deviation")};
  if (*std::min_element(statistics.deviation.begin(), statistics.deviation.end()) < 0)
    file.fail(kAppearance + "@" + prefix + "_deviation", "is below 0");
  return statistics;
}

using CropOf = std::vector<std::uint8_t> MappedCell::*;

void write_strip(h5::File& file, const std::string& name, CropOf crop,
                 const std::vector<MappedCell>& cells) {
  std::vector<std::uint64_t> bytes;
  std::vector<std::uint8_t> jpeg;
  for (const auto& cell : cells) {
    bytes.push_back((cell.*crop).size());
    jpeg.insert(jpeg.end(), (cell.*crop).begin(), (cell.*crop).end());
  }
  const auto path = kAppearance + "/" + name;
  file.make_table(path + "_bytes", {.type = h5::Type::u64, .row = {}});
  file.append(path + "_bytes", std::span<const std::uint64_t>(bytes));
  file.make_table(path + "_jpeg", {.type = h5::Type::u8, .row = {}});
  file.append(path + "_jpeg", std::span<const std::uint8_t>(jpeg));
}

template <class Value>
std::vector<Value> whole_column(const h5::Reader& file, const std::string& path) {
  const auto shape = file.shape(path);
  if (shape.size() != 1) file.fail(path, "is no column");
  return file.read<Value>(path, shape);
}

void read_strip(const h5::Reader& file, const std::string& name, CropOf crop,
                std::vector<MappedCell>& cells) {
  const auto path = kAppearance + "/" + name;
  const auto bytes = whole_column<std::uint64_t>(file, path + "_bytes");
  const auto jpeg = whole_column<std::uint8_t>(file, path + "_jpeg");
  if (cells.empty()) cells.resize(bytes.size());
  if (bytes.size() != cells.size())
    file.fail(path + "_bytes", fmt::format("has {} of {} cells", bytes.size(), cells.size()));
  std::size_t at = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (bytes[i] > jpeg.size() - at)
      file.fail(path + "_bytes", fmt::format("row {} reaches beyond the pictures", i));
    const auto begin = jpeg.begin() + static_cast<std::ptrdiff_t>(at);
    (cells[i].*crop).assign(begin, begin + static_cast<std::ptrdiff_t>(bytes[i]));
    at += static_cast<std::size_t>(bytes[i]);
  }
  if (at != jpeg.size()) file.fail(path + "_jpeg", "holds more than the cells' pictures");
}

}  // namespace

void write_appearance(h5::File& file, const AppearanceUse& appearance) {
  file.make_group(kAppearance);
  file.set(kAppearance, "map", std::string(to_string(appearance.asked)));
  file.set(kAppearance, "outcome", std::string(to_string(appearance.outcome)));
  file.set(kAppearance, "cells", static_cast<std::int64_t>(appearance.cells));
  write_statistics(file, "lab", appearance.own);
  write_statistics(file, "model_lab", appearance.model);
  write_strip(file, "before", &MappedCell::before, appearance.strip);
  write_strip(file, "after", &MappedCell::after, appearance.strip);
}

AppearanceUse read_appearance(const h5::Reader& file) {
  const auto groups = file.member_names("/");
  if (std::find(groups.begin(), groups.end(), kAppearance.substr(1)) == groups.end()) return {};
  AppearanceUse appearance;
  appearance.asked = read_value<AppearanceMap>(file, kAppearance, "map");
  appearance.outcome = read_value<AppearanceOutcome>(file, kAppearance, "outcome");
  const auto cells = file.get<std::int64_t>(kAppearance, "cells");
  if (cells < 0) file.fail(kAppearance + "@cells", "a count is negative");
  appearance.cells = static_cast<std::uint64_t>(cells);
  appearance.own = read_statistics(file, "lab");
  appearance.model = read_statistics(file, "model_lab");
  const bool applied = appearance.outcome == AppearanceOutcome::applied;
  if (applied && (!appearance.own || !appearance.model))
    file.fail(kAppearance + "@outcome", "is 'applied', but there is nothing to map by");
  if ((appearance.asked == AppearanceMap::none) !=
      (appearance.outcome == AppearanceOutcome::not_asked))
    file.fail(kAppearance + "@outcome", "contradicts the map that was asked for");
  read_strip(file, "before", &MappedCell::before, appearance.strip);
  read_strip(file, "after", &MappedCell::after, appearance.strip);
  return appearance;
}

}  // namespace cytocape
