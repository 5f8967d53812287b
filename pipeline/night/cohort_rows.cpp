#include "pipeline/night/cohort_rows.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <ctime>
#include <set>

#include "io/errors.hpp"
#include "io/process_owner.hpp"
#include "io/record_outline.hpp"
#include "io/record_scan.hpp"
#include "io/text.hpp"
#include "io/thumbnail.hpp"
#include "pipeline/night/cell_table.hpp"
#include "pipeline/night/journal.hpp"
#include "pipeline/settings/clinical_order.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

constexpr int kThumbnailPx = 96;

bool is_running(const RunHistory& run) {
  return run.ended.empty() && owner_state(run.owner) != OwnerState::dead;
}

/// Of a slide that has no report.
CohortState state_without(const SlideHistory& slide, const Histories& all) {
  const bool running = is_running(all.runs.at(slide.run));
  if (slide.event == "started") return running ? CohortState::running : CohortState::interrupted;
  if (slide.event == "planned" || slide.event == "left")
    return running ? CohortState::waiting : CohortState::not_done;
  // "ended" of a report that could not be left, or that was moved away.
  return CohortState::gone;
}

/// Names of folders that hold a record, sorted.
std::set<std::string> records_in(const fs::path& out) {
  std::set<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(out, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    const auto name = entry->path().filename().string();
    std::error_code absent;
    if (!name.starts_with('.') && fs::exists(entry->path() / "report.h5", absent))
      names.insert(name);
  }
  if (error)
    throw ConfigError(fmt::format("{}: cannot be read: {}; give a folder of reports", out.string(),
                                  error.message()));
  return names;
}

CohortState state_of(Status status) {
  switch (status) {
    case Status::ok:
      return CohortState::ok;
    case Status::insufficient:
      return CohortState::insufficient;
    case Status::incomplete:
      return CohortState::incomplete;
    case Status::failed:
      return CohortState::failed;
  }
  return CohortState::failed;
}

std::optional<std::time_t> time_of(const std::string& utc) {
  std::tm when{};
  if (::strptime(utc.c_str(), "%Y-%m-%dT%H:%M:%SZ", &when) == nullptr) return std::nullopt;
  return ::timegm(&when);
}

std::optional<double> seconds_between(const std::string& from, const std::string& to) {
  const auto begin = time_of(from), end = time_of(to);
  if (!begin || !end) return std::nullopt;
  return static_cast<double>(*end - *begin);
}

const criteria::Reading* reading_of(const SlideReport& report, const char* input) {
  const auto found = report.assessment.readings.find(input);
  return found != report.assessment.readings.end() && found->second.value ? &found->second
                                                                          : nullptr;
}

void add_shares(const SlideReport& report, CohortRow& row) {
  for (const auto* known : in_clinical_order(report.differential)) {
    CohortShare share{.code = known->name,
                      .label = known->label,
                      .count = known->count,
                      .fraction = known->fraction,
                      .wilson95 = known->wilson95,
                      .absolute = std::nullopt};
    if (row.wbc && known->fraction && report.specimen == Specimen::blood)
      share.absolute = *row.wbc * *known->fraction;
    row.classes.push_back(std::move(share));
  }
  for (const auto& group : report.groups)
    row.sums.push_back({.code = group.code,
                        .label = group.label,
                        .count = group.count,
                        .fraction = group.fraction,
                        .wilson95 = group.wilson95,
                        .absolute = std::nullopt});
}

void add_judgement(const SlideReport& report, CohortRow& row) {
  for (const auto& edition : report.assessment.editions) {
    CohortEdition one{.edition = edition.edition,
                      .code = edition.code,
                      .state = to_string(edition.state),
                      .sentence = edition.sentence,
                      .criteria = {}};
    for (const auto& criterion : edition.criteria)
      one.criteria += fmt::format("{}{}={}", one.criteria.empty() ? "" : "; ", criterion.id,
                                  to_string(criterion.state));
    row.editions.push_back(std::move(one));
  }
  for (const auto& check : report.quality)
    row.quality.push_back({.code = to_string(check.rule),
                           .label = check.label,
                           .verdict = check.verdict,
                           .decides = check.decides,
                           .value = check.value,
                           .unit = check.unit});
}

void add_origin(const SlideReport& report, CohortRow& row) {
  row.slide = report.slide.path.string();
  row.case_id = report.case_id;
  row.specimen = to_string(report.specimen);
  row.identity = report.identity;
  row.slide_sha256 = report.slide_sha256;
  row.model = report.model.name;
  row.model_sha256 = report.model.sha256;
  row.config_sha256 = report.run.config_sha256;
  row.labs_sha256 = report.assessment.labs.sha256;
  row.program = fmt::format("{} ({})", report.run.tool_version, report.run.commit);
  row.started_utc = report.run.started_utc;
  row.finished_utc = report.run.finished_utc;
  row.seconds = seconds_between(row.started_utc, row.finished_utc);
}

CohortRow row_of(const SlideReport& report) {
  CohortRow row;
  row.id = report.slide.id;
  row.state = state_of(report.status);
  row.reason = report.status_reasons.empty() ? "" : one_line(report.status_reasons.front());
  add_origin(report, row);
  row.has_counts = has_counts(report);
  if (!row.has_counts) return row;
  row.cells_located = report.cells_located;
  row.cells_counted = report.denominator;
  const auto unidentified = report.cells_by_outcome.find(
      CellFate{.outcome = CellOutcome::excluded, .reason = Exclusion::unidentified});
  if (unidentified != report.cells_by_outcome.end()) row.cells_unidentified = unidentified->second;
  if (const auto* wbc = reading_of(report, "wbc")) row.wbc = wbc->value;
  row.withheld = why_withheld(report);
  if (row.withheld.empty()) {
    if (const auto* amc = reading_of(report, "amc")) {
      row.amc = amc->value;
      row.amc95 = amc->interval;
    }
    add_shares(report, row);
  }
  add_judgement(report, row);
  row.thumbnail = jpeg_thumbnail(report.overview_jpeg, kThumbnailPx);
  return row;
}

std::string older_words(const FolderOutline& outline, const CohortRow& row) {
  if (outline.last.empty()) return "";
  if (!std::binary_search(outline.last.begin(), outline.last.end(), row.id))
    return "not of the last run";
  if (row.model_sha256 != outline.last_model_sha256) return "made with another model";
  if (row.config_sha256 != outline.last_config_sha256) return "made with other settings";
  return "";
}

CohortRow row_without(const FolderOutline::Place& place) {
  CohortRow row;
  row.id = place.id;
  row.state = place.state;
  row.reason = place.reason;
  row.slide = place.slide;
  row.started_utc = place.time;
  return row;
}

/// Nothing of a record that turns out to be damaged further on.
CohortRow read_row(const FolderOutline::Place& place, const std::string& folder, GzipFile* cells,
                   RecordSeries& series) {
  std::string text;
  bool known = false, withheld = false;
  try {
    auto row = row_of(scan_record(
        place.folder / "report.h5",
        [&](const SlideReport& report, const std::vector<CellRow>& some) {
          if (cells == nullptr) return;
          if (!known) withheld = !why_withheld(report).empty();
          known = true;
          add_cells(report, withheld, some, text, folder);
        },
        &series));
    if (row.id != place.id)
      throw StorageError(fmt::format(
          "is the report of slide {}, in a folder of another name: give the folder that "
          "name again, or remove it where it is a copy",
          row.id));
    if (cells != nullptr) cells->write(text);
    row.folder = place.folder;
    return row;
  } catch (const StorageError& damage) {
    auto row = row_without(place);
    row.folder = place.folder;
    row.state = CohortState::damaged;
    row.reason = one_line(damage.what());
    return row;
  }
}

/// Records of cases lie in such folders too, and are no slides.
bool is_case(const FolderOutline::Place& place) {
  try {
    return record_kind(place.folder / "report.h5") == RecordKind::case_of_slides;
  } catch (const StorageError&) {
    return false;
  }
}

std::string name_from(const fs::path& out, const fs::path& into) {
  std::error_code error;
  auto name = fs::relative(out, into, error);
  if (error || name.empty()) name = out;
  return name == "." ? "" : name.string();
}

/// "case 17 (slides PB_17, PB_18)", those that were made anew since; empty where none was.
std::string behind_its_slides(const FolderOutline::Place& place) {
  try {
    std::vector<std::string> anew;
    for (const auto& slide : read_linked_slides(place.folder / "report.h5"))
      if (slide.made_anew) anew.push_back(slide.id);
    if (anew.empty()) return "";
    return fmt::format("{} ({} {})", place.id, anew.size() == 1 ? "slide" : "slides",
                       fmt::join(anew, ", "));
  } catch (const StorageError&) {
    return "";  // a damaged one is found by whoever reads it
  }
}

/// The first rows named, and how many more there are.
std::string named_rows(const std::vector<const CohortRow*>& rows) {
  constexpr std::size_t kNamed = 3;
  std::string text;
  for (std::size_t i = 0; i < rows.size() && i < kNamed; ++i)
    text += fmt::format("{}{} (case {})", i == 0 ? "" : ", ", rows[i]->id, rows[i]->case_id);
  if (rows.size() > kNamed) text += fmt::format(" and {} more", rows.size() - kNamed);
  return text;
}

/// A picture under two names is counted twice; under two cases one of them is another patient's.
/// One slide in several folders has one name.
void note_same_pictures(Cohort& cohort) {
  std::map<std::string, std::vector<CohortRow*>> by_content;
  for (auto& row : cohort.rows)
    if (!row.slide_sha256.empty()) by_content[row.slide_sha256].push_back(&row);
  for (const auto& [content, rows] : by_content) {
    std::set<std::string> cases;
    for (auto* row : rows) {
      cases.insert(row->case_id);
      std::vector<const CohortRow*> others;
      for (const auto* other : rows)
        if (other->id != row->id) others.push_back(other);
      row->same_picture = named_rows(others);
    }
    if (cases.size() > 1) cohort.of_two_cases.push_back(named_rows({rows.begin(), rows.end()}));
  }
}

}  // namespace

FolderOutline outline_of(const fs::path& out, const fs::path& into) {
  FolderOutline outline;
  outline.name = name_from(out, into);
  const auto histories = read_journals(out);
  auto records = records_in(out);
  for (const auto& [id, slide] : histories.slides) {
    if (records.contains(id)) continue;
    outline.places.push_back({.id = id,
                              .folder = {},
                              .has_record = false,
                              .state = state_without(slide, histories),
                              .slide = slide.slide,
                              .reason = slide.why,
                              .time = slide.time});
  }
  for (const auto& id : records) {
    const auto history = histories.slides.find(id);
    const bool kept = history != histories.slides.end() && history->second.event == "kept";
    outline.places.push_back({.id = id,
                              .folder = out / id,
                              .has_record = true,
                              .slide = {},
                              .reason = kept ? history->second.why : "",
                              .time = {}});
  }
  std::sort(outline.places.begin(), outline.places.end(),
            [](const auto& a, const auto& b) { return a.id < b.id; });
  if (histories.runs.empty()) return outline;
  const auto& [name, last] = *histories.runs.rbegin();
  outline.last_model_sha256 = last.model_sha256;
  outline.last_config_sha256 = last.config_sha256;
  std::set<std::string> ids;
  for (const auto& [journal, run] : histories.runs)
    if (journal == name || is_running(run)) ids.insert(run.slides.begin(), run.slides.end());
  outline.last.assign(ids.begin(), ids.end());
  return outline;
}

std::string fingerprint(const FolderOutline& outline) {
  std::string text = outline.last_model_sha256 + "\n" + outline.last_config_sha256 + "\n";
  for (const auto& id : outline.last) text += id + "\n";
  for (const auto& place : outline.places) {
    text += fmt::format("{} {} {}", place.id, static_cast<int>(place.state), place.reason);
    std::error_code error;
    const auto record = place.folder / "report.h5";
    if (place.has_record)
      text += fmt::format(" {} {}", fs::file_size(record, error),
                          fs::last_write_time(record, error).time_since_epoch().count());
    text += "\n";
  }
  return text;
}

void add_rows(const std::vector<FolderOutline>& outlines, GzipFile* cells, Cohort& cohort,
              const CollectProgress& progress) {
  std::vector<std::pair<const FolderOutline*, const FolderOutline::Place*>> places;
  for (const auto& outline : outlines)
    for (const auto& place : outline.places) places.emplace_back(&outline, &place);
  std::stable_sort(places.begin(), places.end(),
                   [](const auto& a, const auto& b) { return a.second->id < b.second->id; });
  RecordSeries series;
  std::size_t done = 0;
  for (const auto& [outline, place] : places) {
    if (progress) progress(done++, places.size());
    if (!place->has_record) {
      cohort.rows.push_back(row_without(*place));
      cohort.rows.back().of_folder = outline->name;
      continue;
    }
    auto row = read_row(*place, outline->name, cells, series);
    if (row.state == CohortState::damaged && is_case(*place)) {
      ++cohort.cases;
      if (auto words = behind_its_slides(*place); !words.empty())
        cohort.cases_behind.push_back(std::move(words));
      continue;
    }
    row.of_folder = outline->name;
    row.older = place->reason.empty() ? older_words(*outline, row) : place->reason;
    cohort.rows.push_back(std::move(row));
  }
  note_same_pictures(cohort);
}

}  // namespace cytocape
