#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <tuple>

#include "embedded/page_provenance.hpp"
#include "io/json_fault.hpp"
#include "pipeline/pages/report/parts.hpp"
#include "pipeline/pages/report/text.hpp"
#include "pipeline/wording/labels.hpp"

namespace cytocape::report_page {
namespace {

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

class Table {
 public:
  void add(const std::string& name, const std::string& value, bool code = false) {
    data row;
    row.set("name", as_text(name));
    row.set("value", as_text(value.empty() ? std::string(kDash) + " (not recorded)" : value));
    row.set("code", code && !value.empty());
    rows_.push_back(row);
  }
  [[nodiscard]] const List& rows() const { return rows_; }

 private:
  List rows_;
};

Table slide_table(const SlideReport& report) {
  const auto& [slide, model, run] = std::tie(report.slide, report.model, report.run);
  Table table;
  table.add("slide file", slide.path.string());
  table.add("slide SHA-256", report.slide_sha256, true);
  const bool opened = has_counts(report) || !slide.reader.empty();
  table.add("read by", opened ? fmt::format("{} ({})", slide.reader, slide.vendor) : "");
  table.add("pixel size",
            opened ? fmt::format("{} \u00d7 {}\u00a0\u00b5m, from {}", number(slide.mpp.x),
                                 number(slide.mpp.y), words(slide.mpp_source))
                   : "");
  if (slide.plane > 1) table.add("plane", std::to_string(slide.plane));
  if (!slide.icc.empty()) table.add("ICC profile", slide.icc);
  table.add("model", fmt::format("{}, {}\u00a0px at {}\u00a0\u00b5m", model.name, model.input_px,
                                 number(model.mpp)));
  table.add("model file", model.path);
  table.add("model SHA-256", model.sha256, true);
  table.add("program", fmt::format("cytocape {}", run.tool_version));
  table.add("commit", run.commit, true);
  table.add("command", run.command, true);
  table.add("configuration SHA-256", run.config_sha256, true);
  table.add("device", run.device);
  table.add("started", time_words(run.started_utc));
  table.add("finished", time_words(run.finished_utc));
  std::string libraries;
  for (const auto& [name, version] : run.libraries)
    libraries += (libraries.empty() ? "" : ", ") + name + " " + version;
  table.add("libraries", libraries);
  return table;
}

std::string field(const nlohmann::ordered_json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return "";
  return found->is_string() ? found->get<std::string>() : found->dump();
}

std::string limits_in(const nlohmann::ordered_json& card) {
  return card.is_object() ? field(card, "limits") : std::string();
}

/// Discarded where it is no JSON, or nested so deeply that printing it would end the program: a
/// record may come from anywhere.
nlohmann::ordered_json card_of(const ModelSummary& model) {
  if (!json_fault(model.card_json).empty()) return nlohmann::ordered_json::value_t::discarded;
  return nlohmann::ordered_json::parse(model.card_json, nullptr, false);
}

double share_in(const nlohmann::ordered_json& object, const char* key) {
  const auto found = object.find(key);
  const double value = found != object.end() && found->is_number() ? found->get<double>() : -1;
  return value <= 1 ? value : -1;
}

std::string whole_percent(double share) {
  return fmt::format("{:.0f}\u00a0%", 100 * share);
}

/// What laboratories that the recipe had not seen could expect; empty where none was left out.
std::string never_seen_in(const nlohmann::ordered_json& card) {
  const auto list = card.is_object() ? card.find("never_seen") : card.end();
  if (list == card.end() || !list->is_array()) return "";
  double sum = 0;
  int count = 0;
  std::string each;
  for (const auto& entry : *list) {
    if (!entry.is_object()) continue;
    const double right = share_in(entry, "group_accuracy");
    const double sure = share_in(entry, "sure_share");
    const double sure_right = share_in(entry, "sure_accuracy");
    if (right < 0 || sure < 0 || sure_right < 0) continue;
    sum += right;
    each += fmt::format("{}{}: {} of {} images; of the {} called with p \u2265 0.8, {}",
                        count++ == 0 ? "" : "; ", field(entry, "name"), whole_percent(right),
                        field(entry, "images"), whole_percent(sure), whole_percent(sure_right));
  }
  if (count == 0) return "";
  return fmt::format("{} right over groups of classes in the mean of {} ({}).",
                     whole_percent(sum / count),
                     counted(static_cast<std::size_t>(count), "laboratory", "laboratories"), each);
}

/// What the model was made from, in words: nobody unfolds JSON for it.
void set_model(data& values, const ModelSummary& model) {
  const auto card = card_of(model);
  values.set("model", as_text(model.name));
  values.set("card", optional_text(card.is_discarded() ? model.card_json : card.dump(2)));
  List sources;
  if (card.is_object()) {
    const auto data_sets = card.find("training_data");
    if (data_sets != card.end() && data_sets->is_array()) {
      for (const auto& entry : *data_sets) {
        if (!entry.is_object()) continue;
        data source;
        source.set("name", as_text(field(entry, "name")));
        source.set("images", optional_text(field(entry, "images")));
        source.set("licence", optional_text(field(entry, "licence")));
        source.set("citation", optional_text(field(entry, "citation")));
        sources.push_back(source);
      }
    }
  }
  values.set("limits", optional_text(limits_in(card)));
  values.set("told", limits_of(model).whole);
  values.set("never_seen", optional_text(never_seen_in(card)));
  values.set("has_sources", !sources.empty());
  values.set("sources", sources);
}

data given_row(const criteria::GivenValue& value) {
  data row;
  row.set("item", as_text(wording::short_label(value.item)));
  row.set("value", as_text(value.value));
  row.set("unit", as_text(value.unit));
  row.set("gene", optional_text(value.gene));
  row.set("cells", optional_text(value.cells));
  row.set("date", optional_text(value.date));
  row.set("source", optional_text(value.source));
  row.set("file", as_text(value.file));
  row.set("row", std::to_string(value.row));
  return row;
}

}  // namespace

ModelLimits limits_of(const ModelSummary& model) {
  constexpr std::size_t kBesideTheCounts = 700;  // bytes: some five lines
  const auto all = limits_in(card_of(model));
  const auto first = first_sentences(all, kBesideTheCounts);
  return {first, first.size() == all.size()};
}

std::string provenance(const SlideReport& report) {
  data values;
  // What the model is good for belongs beside counts.
  values.set("of_slide", has_counts(report));
  values.set("has_given", false);
  values.set("heading", "Provenance");
  if (has_counts(report)) set_model(values, report.model);
  values.set("rows", slide_table(report).rows());
  values.set("config", optional_text(report.run.config_toml));
  return render(text::page_provenance, values);
}

std::string case_provenance(const criteria::CaseResult& assessment) {
  Table table;
  for (const auto& edition : assessment.editions)
    table.add(edition.edition + ", rules SHA-256", edition.rules_sha256, true);
  const auto& labs = assessment.labs;
  if (labs.path.empty()) {
    table.add("laboratory values", std::string(kDash) + " (no file was given)");
  } else {
    table.add("laboratory values",
              fmt::format("{} ({})", labs.path,
                          assessment.given.empty()
                              ? "no value of this case"
                              : counted(assessment.given.size(), "value of this case",
                                        "values of this case")));
    table.add("laboratory values SHA-256", labs.sha256, true);
  }
  data values;
  values.set("of_slide", false);
  List given;
  for (const auto& value : assessment.given) given.push_back(given_row(value));
  values.set("has_given", !given.empty());
  values.set("given", given);
  values.set("heading", "Provenance of the case");
  values.set("rows", table.rows());
  return render(text::page_provenance, values);
}

}  // namespace cytocape::report_page
