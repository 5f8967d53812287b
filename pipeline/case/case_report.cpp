#include "pipeline/case/case_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "io/durable_file.hpp"
#include "io/errors.hpp"
#include "io/fault_list.hpp"
#include "io/record.hpp"
#include "io/report_folder.hpp"
#include "io/text.hpp"
#include "pipeline/case/assess.hpp"
#include "pipeline/case/case_names.hpp"
#include "pipeline/criteria/labs_csv.hpp"
#include "pipeline/pages/report_writer.hpp"
#include "pipeline/program/output_folder.hpp"
#include "pipeline/program/provenance.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

struct SlideRecord {
  fs::path path;
  SlideReport report;
};

std::vector<SlideRecord> read_records(const std::vector<fs::path>& given) {
  std::vector<SlideRecord> records;
  for (const auto& path : given) {
    const auto file = fs::is_directory(path) ? path / "report.h5" : path;
    records.push_back({file, read_overview(file).report});
  }
  return records;
}

void check_slides(const std::vector<SlideRecord>& records) {
  std::map<std::string, fs::path> seen;
  FaultList faults;
  for (const auto& [path, report] : records) {
    const auto [other, fresh] = seen.emplace(report.slide_sha256, path);
    if (!fresh)
      faults.add("{} and {} are of the same slide ({}); give one of them", other->second.string(),
                 path.string(), report.slide.path.string());
  }
  faults.throw_if_any("report");
}

/// What a manifest says of a slide is not overruled: it may be another patient's. A slide without
/// a case is recorded under its own id.
void check_cases(const std::string& case_id, const std::vector<SlideRecord>& records) {
  FaultList faults;
  for (const auto& [path, report] : records)
    if (report.case_id != case_id && report.case_id != report.slide.id)
      faults.add(
          "{}: the slide is recorded as of case {}, not of {}; correct --case, or the manifest and "
          "analyze the slide again",
          path.string(), report.case_id, case_id);
  faults.throw_if_any("report");
}

std::string case_of(const CaseReportRequest& request, const std::vector<SlideRecord>& records) {
  if (!request.case_id.empty()) return request.case_id;
  std::set<std::string> ids;
  for (const auto& record : records) ids.insert(record.report.case_id);
  if (ids.size() == 1) return *ids.begin();
  std::string list;
  for (const auto& [path, report] : records)
    list += fmt::format("\n  {}: case {}", path.string(), report.case_id);
  throw ConfigError("the records are of different cases; name the case with --case:" + list);
}

/// The records' own laboratory values. They must come from one file.
CaseFacts kept_facts(const std::string& case_id, const std::vector<SlideRecord>& records) {
  const SlideRecord* holder = nullptr;
  for (const auto& record : records) {
    const auto& assessment = record.report.assessment;
    if (assessment.given.empty()) continue;
    if (assessment.id != case_id)
      throw ConfigError(fmt::format(
          "{}: the laboratory values in it are of case {}, not of {}; give the values with --labs",
          record.path.string(), assessment.id, case_id));
    if (holder != nullptr && holder->report.assessment.labs.sha256 != assessment.labs.sha256)
      throw ConfigError(fmt::format(
          "{} and {} hold laboratory values of different files; give the values with --labs",
          holder->path.string(), record.path.string()));
    if (holder == nullptr) holder = &record;
  }
  if (holder == nullptr) return {.id = case_id, .labs = {}, .findings = {}};
  const auto& assessment = holder->report.assessment;
  return {.id = case_id,
          .labs = assessment.labs,
          .findings = criteria::findings_of(assessment.given, holder->path.string())};
}

CaseFacts facts_of(const CaseReportRequest& request, const std::vector<SlideRecord>& records) {
  const auto id = case_of(request, records);
  check_cases(id, records);
  if (request.labs.empty()) return kept_facts(id, records);
  const Labs labs(request.labs);
  if (!labs.has(id)) {
    const auto near = near_case(id, labs.cases());
    throw ConfigError(fmt::format(
        "{}: no row of case {}{}; give its rows, or name the case that the file uses with --case",
        request.labs.string(), id, near.empty() ? "" : fmt::format(" (did you mean {}?)", near)));
  }
  return labs.of(id);
}

std::string name_of(const std::string& case_id) {
  auto name = safe_file_name(case_id, "case");
  if (const auto refused = refused_report_name(name); !refused.empty())
    throw ConfigError("--case: " + refused);
  return name;
}

/// What a failed slide's record holds is why it failed.
void check_counted(const std::vector<SlideRecord>& records) {
  FaultList faults;
  for (const auto& [path, report] : records)
    if (!has_counts(report))
      faults.add(
          "{}: the analysis of {} failed, so it has no counts and cannot be used; analyze the "
          "slide again or leave it out ({})",
          path.string(), report.slide.path.string(), fmt::join(report.status_reasons, "; "));
  faults.throw_if_any("report");
}

/// Replacing a slide's own record by links to itself would lose it.
void check_not_a_record(const fs::path& folder, const std::vector<SlideRecord>& records) {
  for (const auto& record : records) {
    std::error_code ignored;
    if (fs::equivalent(record.path, folder / "report.h5", ignored))
      throw ConfigError(
          fmt::format("--out {}: is the folder of a record that the report is made "
                      "from; choose another",
                      folder.string()));
  }
}

/// The model's card in a record is as foreign as the rest of it.
void assess_record(SlideRecord& record, const CaseFacts& facts) {
  try {
    assess(record.report, facts);
  } catch (const ModelError& error) {
    throw StorageError(fmt::format("{}: damaged record: /model@card_json: {}", record.path.string(),
                                   error.what()));
  }
}

/// A signature is of the conclusions that its slide's station showed.
void note_what_was_signed(const CaseReportRequest& request, const CaseFacts& facts,
                          std::vector<SlideRecord>& records) {
  for (auto& [path, report] : records) {
    if (!report.review) continue;
    report.review->count_alone =
        !request.labs.empty() || records.size() > 1 || report.case_id != facts.id;
  }
}

/// Relative to the folder that the case's record will be in.
fs::path link_to(const fs::path& record, const fs::path& folder) {
  return fs::relative(fs::canonical(record), fs::weakly_canonical(folder));
}

}  // namespace

CaseReportOutcome report_case(const CaseReportRequest& request) {
  auto records = read_records(request.records);
  check_counted(records);
  check_slides(records);
  if (request.revise)
    for (auto& [path, report] : records) request.revise(path, report);
  const auto facts = facts_of(request, records);
  note_what_was_signed(request, facts, records);
  const auto name = name_of(facts.id);
  check_replaceable(request.out / name, request.overwrite);
  check_not_a_record(request.out / name, records);
  check_output_folder(request.out);
  OutputFolder out(request.out,
                   {.names = {name}, .started_utc = utc_now(), .overwrite = request.overwrite});
  const auto place = out.folder_of(name);

  CaseReportOutcome outcome{
      .folder = place, .earlier = {}, .assessment = {}, .slides = {}, .status = Status::ok};
  std::vector<SlideReport> slides;
  std::vector<SlideLink> links;
  for (auto& record : records) {
    assess_record(record, facts);
    outcome.status = std::max(outcome.status, record.report.status);
    outcome.any_usable = outcome.any_usable || record.report.status == Status::ok;
    links.push_back(
        {record.report.slide.id, link_to(record.path, place), record.report.run.finished_utc});
    slides.push_back(std::move(record.report));
  }
  outcome.assessment = assess_case(facts, slides);
  ReportFolder folder(place);
  write_case_record(folder.making() / "report.h5", outcome.assessment, links);
  stage_file(folder.making() / "report.json", report_json(outcome.assessment, slides)).commit();
  stage_file(folder.making() / "report.html", report_html(outcome.assessment, slides)).commit();
  outcome.earlier = folder.publish().value_or(fs::path());
  outcome.slides = std::move(slides);
  return outcome;
}

}  // namespace cytocape
