#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <kainjow/mustache.hpp>
#include <nlohmann/json.hpp>

#include "embedded/report_template.hpp"
#include "io/errors.hpp"
#include "io/evidence_picture.hpp"
#include "io/image_codec.hpp"
#include "io/page_style.hpp"
#include "io/report_writer.hpp"
#include "io/text.hpp"

namespace cytocape {
namespace {

using kainjow::mustache::data;
using List = kainjow::mustache::list;

constexpr const char* kDash = "\u2013";

/// Every text that comes from outside passes here; the template escapes it.
data as_text(std::string_view value) {
  return valid_utf8(value);
}

data texts(const std::vector<std::string>& values) {
  List list;
  for (const auto& value : values) list.push_back(data{"text", as_text(value)});
  return list;
}

std::string percent(double fraction) {
  const auto value = 100 * fraction;
  const bool small = value >= 0.0005 && value < 0.05;
  return small ? fmt::format("{:.3f} %", value) : fmt::format("{:.1f} %", value);
}

/// CSS lengths; more digits would be noise.
std::string css(double value) {
  return fmt::format("{:.2f}", value);
}

/// Gives each reason for an absent number a letter, in order of appearance.
class Marks {
 public:
  void absent(data& row, const std::string& key, const std::string& reason) {
    const auto found = std::find(reasons_.begin(), reasons_.end(), reason);
    const auto index = found - reasons_.begin();
    if (found == reasons_.end()) reasons_.push_back(reason);
    row.set(key, std::string(kDash));
    row.set(key + "_mark", std::string(1, static_cast<char>('a' + index)));
  }
  [[nodiscard]] data list() const {
    List list;
    for (std::size_t i = 0; i < reasons_.size(); ++i) {
      data row;
      row.set("mark", std::string(1, static_cast<char>('a' + i)));
      row.set("reason", reasons_[i]);
      list.push_back(row);
    }
    return list;
  }

 private:
  std::vector<std::string> reasons_;
};

void set_percent(data& row, const std::string& key, const std::optional<double>& fraction,
                 std::pair<Marks*, const char*> otherwise) {
  if (fraction && std::isfinite(*fraction)) {
    row.set(key, percent(*fraction));
    row.set(key + "_mark", data(data::type::bool_false));
  } else {
    otherwise.first->absent(row, key, otherwise.second);
  }
}

/// Upper end of the bars: the next 10 % above everything shown.
double bar_scale(const SlideReport& report) {
  double highest = 0.1;
  for (const auto& row : report.differential) {
    if (row.wilson95 && row.in_denominator) highest = std::max(highest, row.wilson95->high);
    if (row.in_denominator) highest = std::max(highest, row.fraction.value_or(0));
  }
  return std::min(1.0, std::ceil(highest * 10 - 1e-9) / 10);
}

void set_bar(data& row, const DifferentialRow& entry, double scale) {
  row.set("bar", data(data::type::bool_false));
  row.set("whisker", data(data::type::bool_false));
  row.set("interval", std::string());
  if (entry.fraction) row.set("bar", data{"width", css(100 * *entry.fraction / scale)});
  if (!entry.wilson95) return;
  const auto [low, high] = *entry.wilson95;
  data whisker;
  whisker.set("left", css(100 * low / scale));
  whisker.set("width", css(100 * (high - low) / scale));
  row.set("whisker", whisker);
  row.set("interval", fmt::format("({:.1f}\u2013{:.1f})", 100 * low, 100 * high));
}

void set_differential(data& page, const SlideReport& report) {
  Marks marks;
  List counted;
  List outside;
  const double scale = bar_scale(report);
  for (const auto& entry : report.differential) {
    data row;
    row.set("label", as_text(entry.label));
    row.set("count", std::to_string(entry.count));
    set_percent(row, "expected", entry.expected_fraction,
                {&marks, "no cell was classified, or the model does not know this class"});
    if (!entry.in_denominator) {
      outside.push_back(row);
      continue;
    }
    set_percent(row, "fraction", entry.fraction, {&marks, "no cell was counted"});
    set_percent(row, "corrected", entry.corrected_fraction,
                {&marks,
                 "no correction is possible: the model's validation figures do not "
                 "suffice for it, or no cell was counted"});
    set_bar(row, entry, scale);
    counted.push_back(row);
  }
  page.set("denominator", std::to_string(report.denominator));
  page.set("denominator_rule", as_text(report.denominator_rule));
  page.set("scale", fmt::format("{:.0f} %", 100 * scale));
  page.set("has_counted", !counted.empty());
  page.set("has_outside", !outside.empty());
  page.set("counted", counted);
  page.set("outside", outside);
  page.set("marks", marks.list());
}

using Tally = std::map<std::string, std::uint64_t>;

struct Account {
  const char* title;
  const char* total_name;
  std::uint64_t total;
  const Tally& tally;
};

data account(const Account& account) {
  List rows;
  std::uint64_t sum = 0;
  for (const auto& [name, count] : account.tally) {
    data row;
    row.set("name", as_text(name));
    row.set("count", std::to_string(count));
    rows.push_back(row);
    sum += count;
  }
  data table;
  table.set("title", account.title);
  table.set("total_name", account.total_name);
  table.set("rows", rows);
  table.set("total", std::to_string(account.total));
  table.set("sum", std::to_string(sum));
  table.set("wrong", sum != account.total);
  return table;
}

std::string label_of(const SlideReport& report, std::size_t class_index) {
  if (class_index >= report.model.classes.size()) return "class " + std::to_string(class_index);
  const auto& name = report.model.classes[class_index];
  for (const auto& row : report.differential) {
    if (row.name == name) return row.label;
  }
  return name;
}

void set_maps(data& page, const SlideReport& report) {
  const auto& grid = report.evidence;
  const auto size = report.slide.levels.empty() ? Size{4, 3} : report.slide.levels.front().size;
  List maps;
  std::string unmapped;
  for (std::size_t c = 0; c < report.model.classes.size(); ++c) {
    const auto picture = evidence_picture(grid, c);
    if (picture.sum <= 0) {
      unmapped += (unmapped.empty() ? "" : ", ") + label_of(report, c);
      continue;
    }
    data map;
    map.set("label", as_text(label_of(report, c)));
    map.set("uri", data_uri("image/png", encode_png(picture.image)));
    map.set("sum", percent(picture.sum));
    map.set("peak", percent(picture.peak));
    // The last squares reach beyond the slide; the frame cuts them.
    const auto edge = static_cast<double>(grid.edge);
    map.set("width", css(100 * edge * grid.width / static_cast<double>(size.width)));
    map.set("height", css(100 * edge * grid.height / static_cast<double>(size.height)));
    maps.push_back(map);
  }
  page.set("slide_width", std::to_string(size.width));
  page.set("slide_height", std::to_string(size.height));
  page.set("edge", std::to_string(grid.edge));
  const auto& mpp = report.slide.mpp;
  const auto edge = static_cast<double>(grid.edge);
  page.set("edge_um", fmt::format("{:.0f} x {:.0f} um", edge * mpp.x, edge * mpp.y));
  page.set("has_maps", !maps.empty());
  page.set("has_unmapped", !maps.empty() && !unmapped.empty());
  page.set("unmapped", as_text(unmapped));
  page.set("maps", maps);
  page.set("thumbnail", data(data::type::bool_false));
  if (!report.thumbnail.empty()) {
    page.set("thumbnail", data{"uri", data_uri("image/jpeg", encode_jpeg(report.thumbnail, 80))});
  }
}

std::uint64_t called_cells(const SlideReport& report, std::size_t class_index) {
  if (class_index >= report.model.classes.size()) return 0;
  for (const auto& row : report.differential) {
    if (row.name == report.model.classes[class_index]) return row.count;
  }
  return 0;
}

void set_gallery(data& page, const SlideReport& report) {
  std::map<int, List> by_class;
  for (const auto& cell : report.gallery) {
    data picture;
    picture.set("id", std::to_string(cell.id));
    picture.set("probability", fmt::format("{:.0f} %", 100 * cell.probability));
    picture.set("uri", data_uri("image/jpeg", cell.jpeg));
    by_class[cell.class_index].push_back(picture);
  }
  List groups;
  for (const auto& [index, cells] : by_class) {
    const auto class_index = static_cast<std::size_t>(std::max(index, 0));
    data group;
    group.set("label", as_text(label_of(report, class_index)));
    group.set("shown", std::to_string(cells.size()));
    const auto all = std::max<std::uint64_t>(called_cells(report, class_index), cells.size());
    group.set("count", fmt::format("{} shown", all));
    group.set("cells", cells);
    groups.push_back(group);
  }
  page.set("has_gallery", !groups.empty());
  page.set("gallery", groups);
}

void set_quality(data& page, const SlideReport& report) {
  List rows;
  for (const auto& [name, value] : report.quality) {
    data row;
    row.set("name", as_text(name));
    row.set("value", std::isfinite(value) ? fmt::format("{:.4g}", value)
                                          : std::string(kDash) + " (not measured)");
    rows.push_back(row);
  }
  page.set("has_quality", !rows.empty());
  page.set("quality", rows);
}

const char* words(MppSource source) {
  switch (source) {
    case MppSource::slide_property:
      return "the slide's own properties";
    case MppSource::resolution_tag:
      return "the file's resolution tags";
    case MppSource::user:
      return "the user";
  }
  return "unknown";
}

class Provenance {
 public:
  void add(const char* name, const std::string& value, bool code = false) {
    data row;
    row.set("name", name);
    row.set("value", value.empty() ? std::string(kDash) + " (not recorded)" : valid_utf8(value));
    row.set("code", code && !value.empty());
    rows_.push_back(row);
  }
  [[nodiscard]] const List& rows() const { return rows_; }

 private:
  List rows_;
};

void set_provenance(data& page, const SlideReport& report) {
  const auto& [slide, model, run] = std::tie(report.slide, report.model, report.run);
  Provenance table;
  table.add("slide file", slide.path.string());
  table.add("slide SHA-256", report.slide_sha256, true);
  table.add("read by", fmt::format("{} ({})", slide.reader, slide.vendor));
  table.add("pixel size", fmt::format("{:.4g} x {:.4g} um, from {}", slide.mpp.x, slide.mpp.y,
                                      words(slide.mpp_source)));
  table.add("model", fmt::format("{}, {} px at {:.4g} um", model.name, model.input_px, model.mpp));
  table.add("model file", model.path);
  table.add("model SHA-256", model.sha256, true);
  table.add("program", fmt::format("cytocape {}", run.tool_version));
  table.add("commit", run.commit, true);
  table.add("command", run.command, true);
  table.add("configuration SHA-256", run.config_sha256, true);
  table.add("device", run.device);
  table.add("started", run.started_utc);
  table.add("finished", run.finished_utc);
  std::string libraries;
  for (const auto& [name, version] : run.libraries) {
    libraries += (libraries.empty() ? "" : ", ") + name + " " + version;
  }
  table.add("libraries", libraries);
  page.set("provenance", table.rows());
  const auto optional_text = [&](const char* key, const std::string& value) {
    page.set(key, value.empty() ? data(data::type::bool_false) : data{"text", as_text(value)});
  };
  optional_text("config", run.config_toml);
  const auto card = nlohmann::ordered_json::parse(model.card_json, nullptr, false);
  optional_text("card", card.is_discarded() ? model.card_json : card.dump(2));
}

const char* words(Status status) {
  switch (status) {
    case Status::ok:
      return "Everything planned was done, and enough cells were counted.";
    case Status::insufficient:
      return "Done, but not enough to grade: no grade is given.";
    case Status::incomplete:
      return "Parts of the slide failed: no grade is given, and nothing "
             "here is a negative result.";
    case Status::failed:
      return "The slide could not be analysed: nothing here is a result.";
  }
  return "";
}

std::string specimen_words(const std::string& specimen) {
  if (specimen == "pb") return "peripheral blood";
  if (specimen == "bm") return "bone marrow";
  return specimen.empty() ? "specimen not given" : specimen;
}

std::string facts(const SlideReport& report) {
  auto line = specimen_words(report.specimen);
  if (!report.slide.levels.empty()) {
    const auto& size = report.slide.levels.front().size;
    line += fmt::format(" \u00b7 {:.1f} x {:.1f} mm",
                        static_cast<double>(size.width) * report.slide.mpp.x / 1000,
                        static_cast<double>(size.height) * report.slide.mpp.y / 1000);
  }
  if (!report.model.name.empty()) line += " \u00b7 model " + report.model.name;
  if (!report.run.finished_utc.empty()) line += " \u00b7 " + report.run.finished_utc;
  return line;
}

}  // namespace

std::string report_html(const SlideReport& report) {
  data page;
  page.set("research_use", kResearchUse);
  page.set("page_style", page_style());
  page.set("slide_id", as_text(report.slide.id));
  page.set("facts", as_text(facts(report)));
  page.set("status", to_string(report.status));
  page.set("status_words", words(report.status));
  page.set("has_reasons", !report.status_reasons.empty());
  page.set("reasons", texts(report.status_reasons));
  set_differential(page, report);
  List accounts;
  accounts.push_back(
      account({"blocks of the slide", "planned", report.blocks_planned, report.blocks_by_outcome}));
  accounts.push_back(
      account({"nucleated cells", "located", report.cells_located, report.cells_by_outcome}));
  page.set("accounts", accounts);
  page.set("has_failures", !report.failures.empty());
  page.set("failures", texts(report.failures));
  set_maps(page, report);
  set_gallery(page, report);
  set_quality(page, report);
  set_provenance(page, report);
  kainjow::mustache::mustache page_template{std::string(text::report_template)};
  auto html = page_template.render(page);
  if (!page_template.is_valid()) {
    throw StorageError("report.html: the page template is damaged: " +
                       page_template.error_message());
  }
  return html;
}

}  // namespace cytocape
