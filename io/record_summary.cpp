#include "io/record_summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>

#include "io/record.hpp"
#include "io/record_appearance.hpp"
#include "io/record_assessment.hpp"
#include "io/record_columns.hpp"
#include "io/record_pictures.hpp"
#include "io/record_table.hpp"
#include "io/record_value.hpp"

namespace cytocape {
namespace {

constexpr std::size_t kMaxClasses = 10'000;

/// Longer edges than any slide's, level-0 pixels; sums of a few stay far from overflow.
constexpr std::int64_t kMaxEdge = std::int64_t{1} << 40;

constexpr std::array kMppSources{MppSource::slide_property, MppSource::resolution_tag,
                                 MppSource::user};

template <class Values>
auto named(const h5::Reader& file, const std::string& where, const Values& values,
           const std::string& name) {
  for (const auto value : values) {
    if (to_string(value) == name) return value;
  }
  file.fail(where, "'" + name + "' is not a known value");
}

std::int64_t whole(auto value) {
  return static_cast<std::int64_t>(value);
}

std::uint64_t count_of(const h5::Reader& file, const std::string& object, const std::string& name) {
  const auto value = file.get<std::int64_t>(object, name);
  if (value < 0) file.fail(object + "@" + name, "a count is negative");
  return static_cast<std::uint64_t>(value);
}

/// Of pixels and of positions of a map.
int small_int(const h5::Reader& file, const std::string& object, const std::string& name) {
  constexpr std::int64_t most = 1 << 16;
  const auto value = file.get<std::int64_t>(object, name);
  if (value < 0 || value > most) {
    file.fail(object + "@" + name, fmt::format("{} is out of range", value));
  }
  return static_cast<int>(value);
}

/// 0 where it is not known.
double size_of(const h5::Reader& file, const std::string& object, const std::string& name) {
  const auto value = file.get<double>(object, name);
  if (!std::isfinite(value) || value < 0)
    file.fail(object + "@" + name, fmt::format("{} is not a size", value));
  return value;
}

// --- root -----------------------------------------------------------------------------------

void write_root(h5::File& file, const SlideReport& report) {
  file.set("/", "schema", std::string(kRecordSchema));
  file.set("/", "schema_version", whole(kRecordSchemaVersion));
  file.set("/", "research_use", std::string(kResearchUse));
  file.set("/", "specimen", std::string(to_string(report.specimen)));
  file.set("/", "status", std::string(to_string(report.status)));
  file.set("/", "status_reasons", report.status_reasons);
  file.set("/", "failures", report.failures);
}

void read_root(const h5::Reader& file, SlideReport& report) {
  report.specimen = read_value<Specimen>(file, "/", "specimen");
  report.status = read_value<Status>(file, "/", "status");
  report.status_reasons = file.get<std::vector<std::string>>("/", "status_reasons");
  report.failures = file.get<std::vector<std::string>>("/", "failures");
}

// --- slide ----------------------------------------------------------------------------------

void write_levels(h5::File& file, const std::vector<SlideLevel>& levels) {
  std::vector<std::int64_t> width, height, tile_width, tile_height;
  std::vector<double> downsample_x, downsample_y;
  for (const auto& level : levels) {
    width.push_back(level.size.width);
    height.push_back(level.size.height);
    tile_width.push_back(level.tile.width);
    tile_height.push_back(level.tile.height);
    downsample_x.push_back(level.downsample.x);
    downsample_y.push_back(level.downsample.y);
  }
  file.set("/slide", "level_width", width);
  file.set("/slide", "level_height", height);
  file.set("/slide", "level_tile_width", tile_width);
  file.set("/slide", "level_tile_height", tile_height);
  file.set("/slide", "level_downsample_x", downsample_x);
  file.set("/slide", "level_downsample_y", downsample_y);
}

std::vector<SlideLevel> read_levels(const h5::Reader& file) {
  const auto wholes = [&](const char* name) {
    return file.get<std::vector<std::int64_t>>("/slide", name);
  };
  const auto width = wholes("level_width"), height = wholes("level_height");
  const auto tile_width = wholes("level_tile_width"), tile_height = wholes("level_tile_height");
  const auto x = file.get<std::vector<double>>("/slide", "level_downsample_x");
  const auto y = file.get<std::vector<double>>("/slide", "level_downsample_y");
  const auto count = width.size();
  for (const auto size :
       {height.size(), tile_width.size(), tile_height.size(), x.size(), y.size()}) {
    if (size != count) file.fail("/slide", "the level_ attributes differ in length");
  }
  std::vector<SlideLevel> levels;
  for (std::size_t i = 0; i < count; ++i) {
    const auto plausible = [](double ratio) { return std::isfinite(ratio) && ratio > 0; };
    const auto edge = [](std::int64_t pixels) { return pixels >= 0 && pixels <= kMaxEdge; };
    if (!edge(width[i]) || !edge(height[i]) || !edge(tile_width[i]) || !edge(tile_height[i]) ||
        !plausible(x[i]) || !plausible(y[i]))
      file.fail("/slide", fmt::format("level {} does not have the size of a picture", i));
    levels.push_back({{width[i], height[i]}, {x[i], y[i]}, {tile_width[i], tile_height[i]}});
  }
  return levels;
}

// Name and member side by side, for writing and reading alike.
constexpr std::array kIdentityTexts{
    std::pair{"accession", &SlideIdentity::accession},
    std::pair{"stain", &SlideIdentity::stain},
    std::pair{"sampled", &SlideIdentity::sampled},
};

void write_identity(h5::File& file, const SlideIdentity& identity) {
  for (const auto& [name, member] : kIdentityTexts) file.set("/slide", name, identity.*member);
}

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// `there` are the attributes of /slide: records of early builds have none.
SlideIdentity read_identity(const h5::Reader& file, const std::vector<std::string>& there) {
  SlideIdentity identity;
  for (const auto& [name, member] : kIdentityTexts)
    if (holds(there, name)) identity.*member = file.get<std::string>("/slide", name);
  return identity;
}

constexpr std::array kDicomTexts{
    std::pair{"dicom_study", &DicomOrigin::study},
    std::pair{"dicom_series", &DicomOrigin::series},
    std::pair{"dicom_frame_of_reference", &DicomOrigin::frame_of_reference},
    std::pair{"dicom_sop_class", &DicomOrigin::sop_class},
};

/// Of a DICOM slide alone.
void write_dicom(h5::File& file, const DicomOrigin& dicom) {
  if (dicom.series.empty()) return;
  for (const auto& [name, member] : kDicomTexts) file.set("/slide", name, dicom.*member);
  file.set("/slide", "dicom_instances", dicom.instances);
}

DicomOrigin read_dicom(const h5::Reader& file, const std::vector<std::string>& there) {
  DicomOrigin dicom;
  for (const auto& [name, member] : kDicomTexts)
    if (holds(there, name)) dicom.*member = file.get<std::string>("/slide", name);
  if (holds(there, "dicom_instances"))
    dicom.instances = file.get<std::vector<std::string>>("/slide", "dicom_instances");
  return dicom;
}

void write_slide(h5::File& file, const SlideReport& report) {
  const auto& slide = report.slide;
  file.set("/slide", "path", slide.path.string());
  file.set("/slide", "id", slide.id);
  file.set("/slide", "sha256", report.slide_sha256);
  file.set("/slide", "reader", slide.reader);
  file.set("/slide", "vendor", slide.vendor);
  file.set("/slide", "mpp_x", slide.mpp.x);
  file.set("/slide", "mpp_y", slide.mpp.y);
  file.set("/slide", "mpp_unit", std::string("um/px"));
  file.set("/slide", "associated_images", slide.associated);
  file.set("/slide", "plane", whole(slide.plane));
  file.set("/slide", "icc_profile", slide.icc);
  write_identity(file, report.identity);
  write_dicom(file, slide.dicom);
  if (slide.reader.empty()) return write_levels(file, slide.levels);  // it was never opened
  file.set("/slide", "mpp_source", std::string(to_string(slide.mpp_source)));
  const auto& back = slide.background;
  file.set("/slide", "background_rgb",
           std::vector<std::int64_t>{whole(back.r), whole(back.g), whole(back.b)});
  write_levels(file, slide.levels);
}

void read_slide(const h5::Reader& file, SlideReport& report) {
  auto& slide = report.slide;
  slide.path = file.get<std::string>("/slide", "path");
  slide.id = file.get<std::string>("/slide", "id");
  report.slide_sha256 = file.get<std::string>("/slide", "sha256");
  slide.reader = file.get<std::string>("/slide", "reader");
  slide.vendor = file.get<std::string>("/slide", "vendor");
  slide.associated = file.get<std::vector<std::string>>("/slide", "associated_images");
  slide.levels = read_levels(file);
  const auto there = file.attribute_names("/slide");  // records of early builds lack some
  report.identity = read_identity(file, there);
  slide.dicom = read_dicom(file, there);
  if (holds(there, "plane"))
    slide.plane = static_cast<int>(
        std::clamp<std::int64_t>(file.get<std::int64_t>("/slide", "plane"), 1, 4096));
  if (holds(there, "icc_profile")) slide.icc = file.get<std::string>("/slide", "icc_profile");
  if (slide.reader.empty() && report.status == Status::failed) {  // it was never opened
    constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
    slide.mpp = {kUnknown, kUnknown};
    return;
  }
  slide.mpp = {size_of(file, "/slide", "mpp_x"), size_of(file, "/slide", "mpp_y")};
  slide.mpp_source =
      named(file, "/slide@mpp_source", kMppSources, file.get<std::string>("/slide", "mpp_source"));
  const auto back = file.get<std::vector<std::int64_t>>("/slide", "background_rgb");
  if (back.size() != 3 ||
      std::any_of(back.begin(), back.end(), [](auto part) { return part < 0 || part > 255; }))
    file.fail("/slide@background_rgb", "is not a colour");
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(back[i]); };
  slide.background = {byte(0), byte(1), byte(2)};
}

// --- model and run --------------------------------------------------------------------------

// Name and member side by side, for writing and reading alike.
constexpr std::array kModelTexts{
    std::pair{"name", &ModelSummary::name},
    std::pair{"path", &ModelSummary::path},
    std::pair{"sha256", &ModelSummary::sha256},
    std::pair{"card_json", &ModelSummary::card_json},
};

void write_model(h5::File& file, const ModelSummary& model) {
  for (const auto& [name, member] : kModelTexts) file.set("/model", name, model.*member);
  file.set("/model", "classes", model.classes);
  file.set("/model", "map_height", whole(model.map_height));
  file.set("/model", "map_width", whole(model.map_width));
  file.set("/model", "mpp", model.mpp);
  file.set("/model", "mpp_unit", std::string("um/px"));
  file.set("/model", "input_px", whole(model.input_px));
}

/// Brackets within brackets; parsers and printers of JSON call themselves for each.
bool is_nested_deeply(std::string_view json) {
  constexpr int most = 100;
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < json.size() && depth <= most; ++i) {
    const char c = json[i];
    if (quoted && c == '\\') ++i;
    if (c == '"') quoted = !quoted;
    if (!quoted && (c == '[' || c == '{')) ++depth;
    if (!quoted && (c == ']' || c == '}')) --depth;
  }
  return depth > most;
}

ModelSummary read_model(const h5::Reader& file) {
  ModelSummary model;
  for (const auto& [name, member] : kModelTexts)
    model.*member = file.get<std::string>("/model", name);
  if (is_nested_deeply(model.card_json)) file.fail("/model@card_json", "is nested too deeply");
  model.classes = file.get<std::vector<std::string>>("/model", "classes");
  model.map_height = small_int(file, "/model", "map_height");
  model.map_width = small_int(file, "/model", "map_width");
  model.mpp = size_of(file, "/model", "mpp");
  model.input_px = small_int(file, "/model", "input_px");
  // A record of a slide that failed early has neither; one with cells needs both
  // (record_reader.cpp).
  if (model.classes.size() > kMaxClasses)
    file.fail("/model@classes", fmt::format("names {} classes", model.classes.size()));
  return model;
}

constexpr std::array kRunTexts{
    std::pair{"tool_version", &RunSummary::tool_version},
    std::pair{"commit", &RunSummary::commit},
    std::pair{"command", &RunSummary::command},
    std::pair{"config_toml", &RunSummary::config_toml},
    std::pair{"config_sha256", &RunSummary::config_sha256},
    std::pair{"device", &RunSummary::device},
    std::pair{"started_utc", &RunSummary::started_utc},
    std::pair{"finished_utc", &RunSummary::finished_utc},
};

void write_run(h5::File& file, const RunSummary& run) {
  for (const auto& [name, member] : kRunTexts) file.set("/run", name, run.*member);
  for (const auto& [name, version] : run.libraries) file.set("/run/libraries", name, version);
}

RunSummary read_run(const h5::Reader& file) {
  RunSummary run;
  for (const auto& [name, member] : kRunTexts) run.*member = file.get<std::string>("/run", name);
  for (const auto& name : file.attribute_names("/run/libraries")) {
    run.libraries[name] = file.get<std::string>("/run/libraries", name);
  }
  return run;
}

// --- accounting -----------------------------------------------------------------------------

using Texts = std::map<std::string, std::uint64_t>;

void write_tally(h5::File& file, const std::string& group, const Texts& tally) {
  std::vector<std::string> names;
  std::vector<std::int64_t> counts;
  for (const auto& [name, count] : tally) {
    names.push_back(name);
    counts.push_back(whole(count));
  }
  file.set(group, "tally_names", names);
  file.set(group, "tally_counts", counts);
}

Texts read_tally(const h5::Reader& file, const std::string& group, std::uint64_t all) {
  const auto names = file.get<std::vector<std::string>>(group, "tally_names");
  const auto counts = file.get<std::vector<std::int64_t>>(group, "tally_counts");
  if (names.size() != counts.size()) file.fail(group, "tally_names and tally_counts differ");
  Texts tally;
  auto left = all;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (counts[i] < 0) file.fail(group + "@tally_counts", "a count is negative");
    const auto count = static_cast<std::uint64_t>(counts[i]);
    if (count > left || !tally.emplace(names[i], count).second)
      file.fail(group + "@tally_counts", fmt::format("the outcomes add up to more than {}", all));
    left -= count;
  }
  if (left > 0)
    file.fail(group + "@tally_counts", fmt::format("{} of {} have no outcome", left, all));
  return tally;
}

template <class Of>
Tally<Of> known_outcomes(const h5::Reader& file, const std::string& group, const Texts& tally) {
  Tally<Of> known;
  for (const auto& [name, count] : tally) {
    const auto fate = fate_named<Of>(name);
    if (!fate) file.fail(group + "@tally_names", "'" + shortened(name) + "' is not a known value");
    known[*fate] = count;
  }
  return known;
}

// --- differential ---------------------------------------------------------------------------

void write_differential(h5::File& file, const SlideReport& report) {
  file.set("/differential", "denominator_rule", report.denominator_rule);
  if (has_counts(report)) file.set("/differential", "denominator", whole(report.denominator));
  file.set("/differential", "reference_source", report.reference_source);
  list_differential(TableWriter<DifferentialRow>(file, "/differential", report.differential));
}

void read_differential(const h5::Reader& file, SlideReport& report) {
  report.denominator_rule = file.get<std::string>("/differential", "denominator_rule");
  if (has_counts(report)) report.denominator = count_of(file, "/differential", "denominator");
  report.reference_source = file.get<std::string>("/differential", "reference_source");
  auto& rows = report.differential;
  TableFiller<DifferentialRow> table(file, "/differential", "name", rows);
  list_differential(table);
  auto left = report.denominator;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i].in_denominator) continue;
    if (rows[i].count > left) table.fail("count", i, "is above the cells counted");
    left -= rows[i].count;
  }
  if (left > 0)
    file.fail("/differential@denominator",
              fmt::format("{} of {} counted cells are of no class", left, report.denominator));
  if (!rows.empty() && rows.size() != report.model.classes.size())
    file.fail("/differential",
              fmt::format("has {} rows for {} classes", rows.size(), report.model.classes.size()));
}

/// Outcomes and differential.
void read_counts(const h5::Reader& file, SlideReport& report) {
  if (has_counts(report)) {
    report.blocks_planned = count_of(file, "/blocks", "planned");
    report.cells_located = count_of(file, "/cells", "located");
  }
  report.blocks_by_outcome = known_outcomes<BlockFate>(
      file, "/blocks", read_tally(file, "/blocks", report.blocks_planned));
  report.cells_by_outcome =
      known_outcomes<CellFate>(file, "/cells", read_tally(file, "/cells", report.cells_located));
  read_differential(file, report);
}

// --- evidence over the slide ----------------------------------------------------------------

void write_evidence(h5::File& file, const SlideReport& report) {
  const auto& grid = report.evidence;
  const auto height = static_cast<std::uint64_t>(grid.height);
  const auto width = static_cast<std::uint64_t>(grid.width);
  if (grid.value.size() != report.model.classes.size() * height * width) {
    file.fail("/evidence/slide",
              fmt::format("{} values are not {} classes of {} x {}", grid.value.size(),
                          report.model.classes.size(), grid.height, grid.width));
  }
  file.make_table("/evidence/slide", {.type = h5::Type::f64, .row = {height, width}});
  file.append("/evidence/slide", std::span<const double>(grid.value));
  file.set("/evidence/slide", "edge_px", whole(grid.edge));
  file.set("/evidence/slide", "unit", std::string("1"));
  file.set("/evidence/slide", "dimensions", std::vector<std::string>{"class", "y", "x"});
}

EvidenceGrid read_evidence(const h5::Reader& file, std::size_t classes) {
  EvidenceGrid grid;
  const auto shape = file.shape("/evidence/slide");
  constexpr std::uint64_t limit = 1'000'000;
  if (shape.size() != 3 || shape[1] > limit || shape[2] > limit ||
      (shape[0] != classes && shape[1] * shape[2] != 0)) {
    file.fail("/evidence/slide", "is not [class, y, x]");
  }
  grid.edge = file.get<std::int64_t>("/evidence/slide", "edge_px");
  if (grid.edge < 0 || grid.edge > kMaxEdge)
    file.fail("/evidence/slide@edge_px", fmt::format("{} is not a size", grid.edge));
  grid.height = static_cast<int>(shape[1]);
  grid.width = static_cast<int>(shape[2]);
  grid.value = file.read<double>("/evidence/slide", shape);
  // The sums of a slide whose only cells were far from certain may be a rounding below 0.
  for (const double value : grid.value)
    if (!std::isfinite(value) || value < -1e-9 || value > 1 + 1e-9)
      file.fail("/evidence/slide", "holds a value that is not a share from 0 to 1");
  return grid;
}

}  // namespace

void write_summary(h5::File& file, const SlideReport& report) {
  write_root(file, report);
  write_slide(file, report);
  write_model(file, report.model);
  write_run(file, report.run);
  if (has_counts(report)) {
    file.set("/blocks", "planned", whole(report.blocks_planned));
    file.set("/cells", "located", whole(report.cells_located));
  }
  write_tally(file, "/blocks", by_text(report.blocks_by_outcome));
  write_tally(file, "/cells", by_text(report.cells_by_outcome));
  write_differential(file, report);
  write_evidence(file, report);
  write_sums(file, report);
  write_quality(file, report.quality);
  write_appearance(file, report.appearance);
  write_criteria(file, report.assessment);
  write_pictures(file, report);
}

SlideReport read_origin(const h5::Reader& file) {
  SlideReport report;
  read_root(file, report);
  read_slide(file, report);
  report.model = read_model(file);
  report.run = read_run(file);
  report.assessment = read_case(file);
  report.case_id = report.assessment.id;
  return report;
}

SlideReport read_scanned(const h5::Reader& file) {
  auto report = read_origin(file);
  report.assessment = read_judgement(file);
  read_counts(file, report);
  report.groups = read_groups(file);
  report.quality = read_quality(file);
  report.overview_jpeg = read_overview_picture(file);
  return report;
}

SlideReport read_summary(const h5::Reader& file) {
  auto report = read_origin(file);
  read_counts(file, report);
  report.evidence = read_evidence(file, report.model.classes.size());
  report.quality = read_quality(file);
  report.appearance = read_appearance(file);
  read_pictures(file, report);
  return report;
}

}  // namespace cytocape
