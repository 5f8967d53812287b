#include "pipeline/settings/analyze_config.hpp"

#include <fmt/format.h>

#include "embedded/analyze_defaults.hpp"
#include "io/errors.hpp"
#include "io/slide.hpp"
#include "pipeline/settings/taxonomy.hpp"
#include "pipeline/settings/toml_reader.hpp"

namespace cytocape {
namespace {

std::optional<Mpp> read_mpp(TomlReader& reader) {
  const auto values = reader.numbers("slide.mpp", {.low = 0, .high = 1e6});
  if (values.size() == 1 && values[0] == 0) return std::nullopt;
  for (const double value : values)
    if (!(value >= kMinMpp && value <= kMaxMpp))
      throw ConfigError(fmt::format(
          "slide.mpp = {}: expected um per pixel from {} to {}, or 0 for what the slide states",
          value, kMinMpp, kMaxMpp));
  if (values.size() == 1) return Mpp{values[0], values[0]};
  if (values.size() == 2) return Mpp{values[0], values[1]};
  throw ConfigError("slide.mpp: expected one number or [x, y] in um per pixel");
}

std::string read_slide_reader(TomlReader& reader) {
  auto names = slide_reader_names();
  names.insert(names.begin(), "auto");
  const auto name = reader.choice("slide.reader", names);
  return name == "auto" ? "" : name;
}

std::optional<double> read_unidentified_below(TomlReader& reader) {
  const auto value = reader.number("classify.unidentified_below", {-1, 1});
  if (value >= 0) return value;
  if (value == -1) return std::nullopt;
  throw ConfigError(fmt::format(
      "classify.unidentified_below = {}: expected 0 to 1, or -1 for the model's own threshold",
      value));
}

Precision read_precision(TomlReader& reader) {
  const auto name = reader.choice("run.precision", {"auto", "float32", "bfloat16", "half"});
  if (name == "float32") return Precision::float32;
  if (name == "bfloat16") return Precision::bfloat16;
  if (name == "half") return Precision::half;
  return Precision::automatic;
}

AppearanceMap read_appearance(TomlReader& reader) {
  return *value_named<AppearanceMap>(reader.choice("appearance.map", all_codes<AppearanceMap>()));
}

void read_tiling(TomlReader& reader, AnalyzeConfig& config) {
  config.blocks.block_tiles = static_cast<int>(reader.integer("blocks.tiles", {0, 1024}));
  config.blocks.auto_edge_um = reader.number("blocks.edge_um", {50, 10000});
  config.finder.target_um = reader.number("finder.locate_um_px", {0.2, 1.6});
  config.finder.min_nucleus_um2 = reader.number("finder.min_nucleus_um2", {1, 500});
  config.finder.max_cell_um = reader.number("finder.max_cell_um", {5, kFinderReachUm});
  config.finder.min_relative_focus = reader.number("finder.min_relative_focus", {0, 1});
}

QualityLimits read_quality(TomlReader& reader) {
  constexpr NumberRange kShare{0, 1};
  return {.min_focus = reader.number("quality.min_focus", {0, 1e3}),
          .max_out_of_focus_share = reader.number("quality.max_out_of_focus_share", kShare),
          .min_nuclear_stain = reader.number("quality.min_nuclear_stain", {0, 3}),
          .max_glass_tint = reader.number("quality.max_glass_tint", {1, 255}),
          .min_foreground_share = reader.number("quality.min_foreground_share", kShare),
          .max_covered_share = reader.number("quality.max_covered_share", kShare),
          .max_absent_share = reader.number("quality.max_absent_share", kShare),
          .max_excluded_share = reader.number("quality.max_excluded_share", kShare),
          .min_leukocytes_pb = reader.integer("counting.min_leukocytes_pb", {1, 1e6}),
          .min_leukocytes_bm = reader.integer("counting.min_leukocytes_bm", {1, 1e6}),
          .full_leukocytes_pb = reader.integer("counting.full_leukocytes_pb", {1, 1e6}),
          .full_leukocytes_bm = reader.integer("counting.full_leukocytes_bm", {1, 1e6})};
}

ReferenceIntervals read_references(TomlReader& reader, Specimen specimen) {
  const auto table = std::string("reference.") + to_string(specimen);
  ReferenceIntervals result;
  for (const auto& name : reader.keys_below(table)) {
    const auto key = table + "." + name;
    if (name == "source") {
      result.source = reader.text(key);
      continue;
    }
    const auto* known = find_cell_class(name);
    if (known == nullptr)
      throw ConfigError(fmt::format("{}: there is no such class; see configs/taxonomy.toml", key));
    const auto ends = reader.numbers(key, {0, 100});
    if (ends.size() != 2 || ends[0] > ends[1])
      throw ConfigError(fmt::format("{}: expected [low, high] in per cent", key));
    result.interval[known->code] = {ends[0] / 100, ends[1] / 100};
  }
  if (!result.interval.empty() && result.source.empty())
    throw ConfigError(
        fmt::format("{}.source: is missing; state where the reference intervals come from", table));
  return result;
}

void read_reporting(TomlReader& reader, AnalyzeConfig& config) {
  config.evidence_max_squares = static_cast<int>(reader.integer("evidence.max_squares", {1, 1024}));
  config.thumbnail_px = static_cast<int>(reader.integer("report.thumbnail_px", {64, 4096}));
  config.gallery_cells = static_cast<int>(reader.integer("report.gallery_cells", {0, 1000}));
}

}  // namespace

AnalyzeConfig load_analyze_config(const std::string& file,
                                  const std::vector<std::string>& assignments) {
  return load_analyze_config(std::vector{file}, assignments);
}

AnalyzeConfig load_analyze_config(const std::vector<std::string>& files,
                                  const std::vector<std::string>& assignments) {
  TomlReader reader;
  reader.add(text::analyze_defaults, "configs/analyze.toml");
  for (const auto& file : files)
    if (!file.empty()) reader.add_file(file);
  for (const auto& assignment : assignments) reader.add_assignment(assignment);

  AnalyzeConfig config;
  config.mpp = read_mpp(reader);
  config.slide_reader = read_slide_reader(reader);
  config.slide_plane = static_cast<int>(reader.integer("slide.plane", {1, 4096}));
  config.slide_icc =
      reader.choice("slide.icc", {"apply", "ignore"}) == "apply" ? IccUse::apply : IccUse::ignore;
  config.classifier.device = reader.text("run.device");
  config.classifier.precision = read_precision(reader);
  config.classifier.batch = static_cast<int>(reader.integer("classify.batch_cells", {1, 4096}));
  config.appearance = read_appearance(reader);
  config.min_crop_focus = reader.number("classify.min_crop_focus", {0, 1e6});
  config.unidentified_below = read_unidentified_below(reader);
  config.regions = reader.choice("regions.kind", {"cells", "grid"}) == "grid" ? RegionKind::grid
                                                                              : RegionKind::cells;
  read_tiling(reader, config);
  read_reporting(reader, config);
  config.quality = read_quality(reader);
  for (const auto specimen : values_of<Specimen>())
    config.references[specimen] = read_references(reader, specimen);
  config.toml = reader.in_force();
  // These never change a result, so the configuration's hash leaves them out.
  config.threads = static_cast<int>(reader.integer("run.threads", {0, 1024}));
  config.watch_interval_s = reader.number("watch.interval_s", {0.1, 3600});
  config.watch_settle_s = reader.number("watch.settle_s", {0, 86400});
  reader.refuse_unread();
  return config;
}

}  // namespace cytocape
