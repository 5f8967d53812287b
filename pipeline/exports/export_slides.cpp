#include "pipeline/exports/export_slides.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "io/durable_file.hpp"
#include "io/errors.hpp"
#include "io/fault_list.hpp"
#include "io/record_outline.hpp"
#include "io/record_scan.hpp"
#include "io/text.hpp"
#include "pipeline/program/exit_code.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

/// A record, and where its export goes.
struct Planned {
  SlideExport slide;
  fs::path file;  ///< empty where there is nothing to do
};

bool is_case(const fs::path& record) {
  try {
    return record_kind(record) == RecordKind::case_of_slides;
  } catch (const StorageError&) {
    return false;  // whoever reads it as a slide's says what it is
  }
}

/// Records of slides in a folder of reports, by name.
std::vector<fs::path> records_in(const fs::path& folder, std::size_t& cases) {
  std::vector<fs::path> records;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    const auto record = entry->path() / "report.h5";
    std::error_code absent;
    if (entry->path().filename().string().starts_with('.') || !fs::exists(record, absent)) continue;
    if (is_case(record))
      ++cases;
    else
      records.push_back(record);
  }
  if (error)
    throw ConfigError(fmt::format("{}: cannot be read: {}; give a record, or a folder of reports",
                                  folder.string(), error.message()));
  std::sort(records.begin(), records.end());
  return records;
}

std::vector<fs::path> all_records(const ExportRequest& request, std::size_t& cases) {
  std::vector<fs::path> records;
  std::set<fs::path> seen;
  for (const auto& given : request.given) {
    std::error_code error;
    std::vector<fs::path> found;
    if (!fs::exists(given, error))
      throw ConfigError(
          fmt::format("{}: is not there; give a record (report.h5), its folder, or a "
                      "folder of reports",
                      given.string()));
    if (!fs::is_directory(given, error))
      found.push_back(given);
    else if (fs::exists(given / "report.h5", error))
      found.push_back(given / "report.h5");
    else
      found = records_in(given, cases);
    if (found.empty())
      throw ConfigError(
          fmt::format("{}: holds no report of a slide; give a record (report.h5), "
                      "its folder, or a folder of reports",
                      given.string()));
    for (const auto& record : found)
      if (seen.insert(fs::weakly_canonical(record)).second) records.push_back(record);
  }
  return records;
}

/// What a record that cannot be read gives.
std::string nothing_of(const StorageError& error) {
  return fmt::format(
      "{}; nothing is exported of it: give a slide's whole record (report.h5), or analyze the "
      "slide again",
      error.what());
}

/// Why the slide has no file of the format; empty where it has one.
std::string why_none(const ExportFormat& format, const SlideReport& report) {
  if (format.needs != ExportNeeds::nothing && !has_counts(report))
    return fmt::format("it has no cells to export to {}", format.name);
  return format.why_not == nullptr ? "" : format.why_not(report);
}

std::string extension_of(const ExportRequest& request) {
  return std::string(request.format->extension) + (request.compressed ? ".gz" : "");
}

/// Of the slide's id, whatever the record says it is.
fs::path file_for(const ExportRequest& request, bool out_is_file, const std::string& id) {
  if (out_is_file) return request.out;
  return request.out / (safe_file_name(id, "slide") + extension_of(request));
}

Planned plan_of(const ExportRequest& request, bool out_is_file, const fs::path& record,
                RecordSeries& series) {
  Planned planned;
  auto& slide = planned.slide;
  slide.record = record;
  try {
    const auto report = read_origin(record, &series);
    slide.id = report.slide.id;
    slide.status = report.status;
    slide.status_words = status_words(report);
    slide.why_none = why_none(*request.format, report);
    if (slide.why_none.empty()) planned.file = file_for(request, out_is_file, slide.id);
  } catch (const StorageError& error) {
    slide.why_none = nothing_of(error);
  }
  return planned;
}

/// Two slides of one file, or a file that may not be replaced.
void check_files(const ExportRequest& request, const std::vector<Planned>& all) {
  std::map<fs::path, fs::path> records;
  FaultList faults;
  for (const auto& [slide, file] : all) {
    if (file.empty()) continue;
    const auto [other, fresh] = records.emplace(file, slide.record);
    std::error_code error;
    if (!fresh)
      faults.add("{} and {} are both of a slide {}; export them into different places with --out",
                 other->second.string(), slide.record.string(), slide.id);
    else if (!request.overwrite && fs::exists(file, error))
      faults.add("{} is there already; choose another --out, or replace it with --overwrite",
                 file.string());
  }
  faults.throw_if_any("export");
}

bool names_a_file(const ExportRequest& request) {
  const auto name = request.out.filename().string();
  std::error_code error;
  return name.ends_with(extension_of(request)) && !fs::is_directory(request.out, error);
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    throw ConfigError(fmt::format("--out {}: cannot be made: {}; name a folder that can be written",
                                  folder.string(), error.message()));
  remove_leftovers(folder);
}

/// From the record to a file under its temporary name.
class OneExport {
 public:
  OneExport(const ExportRequest& request, const fs::path& file)
      : request_(request),
        format_(*request.format),
        staged_(file),
        target_{.file = staged_.partial(), .compressed = request.compressed} {}

  void run(SlideExport& slide, RecordSeries& series) {
    const auto take = [&](const SlideReport& report, const std::vector<CellRow>& cells) {
      writing_ = true;
      if (!started_) start(report);
      slide.cells += cells.size();
      if (request_.progress) request_.progress(slide.id, slide.cells);
      if (writer_) writer_->add(slide_.shown(cells));
      writing_ = false;
    };
    const auto report = scan_record(slide.record, take, &series);
    // A run may have renewed it since its head was read, by which the file is named.
    if (report.slide.id != slide.id || report.status != slide.status)
      throw StorageError(slide.record.string() + ": was renewed meanwhile; export it again");
    writing_ = true;
    if (!started_) start(report);
    slide.withheld = slide_.withheld;
    if (!writer_) {
      slide.why_none =
          fmt::format("its classes are withheld, and {} holds nothing else", format_.name);
      return;
    }
    writer_->finish();
    writer_.reset();
    staged_.sync();
    staged_.commit();
    slide.file = staged_.path();
  }
  /// Whether what failed was the file, not the record.
  [[nodiscard]] bool writing() const { return writing_; }
  /// `text` with the file's place for the temporary one, for messages.
  [[nodiscard]] std::string shown(std::string text) const {
    const auto hidden = target_.file.string();
    for (auto at = text.find(hidden); at != std::string::npos; at = text.find(hidden))
      text.replace(at, hidden.size(), staged_.path().string());
    return text;
  }

 private:
  void start(const SlideReport& report) {
    started_ = true;
    slide_ = ExportedSlide::of(report);
    if (format_.needs == ExportNeeds::classes && !slide_.withheld.empty()) return;
    writer_ = format_.start(slide_, target_);
  }

  const ExportRequest& request_;
  const ExportFormat& format_;
  PartialFile staged_;
  ExportTarget target_;
  ExportedSlide slide_;
  std::unique_ptr<SlideWriter> writer_;  ///< after what it refers to
  bool started_ = false;
  bool writing_ = false;
};

void export_one(const ExportRequest& request, Planned& planned, RecordSeries& series) {
  OneExport one(request, planned.file);
  try {
    one.run(planned.slide, series);
  } catch (const StorageError& error) {
    planned.slide.file.clear();
    planned.slide.why_none =
        one.writing() ? one.shown(error.what()) + "; no file was written" : nothing_of(error);
  }
}

}  // namespace

int ExportOutcome::exit_code() const {
  int worst = kExitOk;
  for (const auto& slide : slides) {
    const bool unreadable = !slide.status || (slide.file.empty() && slide.withheld.empty());
    worst = std::max(worst, unreadable ? kExitFailed : cytocape::exit_code(*slide.status));
  }
  return worst;
}

ExportOutcome export_slides(const ExportRequest& request,
                            const std::function<void(const SlideExport&)>& tell) {
  ExportOutcome outcome;
  const auto records = all_records(request, outcome.cases);
  const bool out_is_file = names_a_file(request);
  if (out_is_file && records.size() > 1)
    throw ConfigError(fmt::format("--out {}: is one file for {} slides; name a folder",
                                  request.out.string(), records.size()));
  RecordSeries series;
  std::vector<Planned> all;
  for (const auto& record : records) all.push_back(plan_of(request, out_is_file, record, series));
  check_files(request, all);
  make_folder(out_is_file ? folder_of(request.out) : request.out);
  for (auto& planned : all) {
    if (!planned.file.empty()) export_one(request, planned, series);
    tell(planned.slide);
    outcome.slides.push_back(std::move(planned.slide));
  }
  return outcome;
}

}  // namespace cytocape
