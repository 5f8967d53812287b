#include "pipeline/commands/inspect_record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "io/record.hpp"
#include "io/record_outline.hpp"
#include "pipeline/commands/terminal.hpp"
#include "pipeline/pages/report_writer.hpp"
#include "pipeline/program/output.hpp"
#include "pipeline/settings/clinical_order.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

json without(json value, std::initializer_list<const char*> keys) {
  for (const auto* key : keys) value.erase(key);
  return value;
}

/// The judgement as recorded: keys that the record does not keep are left out, not shown empty.
json recorded_criteria(json criteria) {
  for (auto& edition : criteria["editions"]) {
    edition = without(edition, {"classes", "decisions", "changes"});
    for (auto& row : edition["criteria"])
      row = without(row, {"members", "remarks", "text", "cite"});
  }
  for (auto& reading : criteria["readings"])
    reading = without(reading, {"basis", "remarks", "classes"});
  return criteria;
}

json slide_record_json(const fs::path& path) {
  auto record = read_overview(path);
  record.report.assessment = read_assessment(path);
  record.report.groups = read_groups(path);
  // The figures beside the differential are in the record, but nothing here reads them back.
  auto report = without(json::parse(report_json(record.report)), {"figures"});
  report["criteria"] = recorded_criteria(report["criteria"]);
  for (auto& group : report["groups"]) group = without(group, {"note", "classes", "unknown_parts"});
  return {{"kind", "report"},
          {"path", path.string()},
          {"block_rows", record.blocks},
          {"cell_rows", record.cells},
          {"report", report}};
}

json linked_json(const LinkedSlide& slide) {
  json result = {{"id", slide.id}, {"record", slide.record.string()}};
  if (!slide.lost.empty()) {
    result["lost"] = slide.lost;
    return result;
  }
  result["made_anew"] = slide.made_anew;
  result["slide"] = slide.slide.string();
  result["specimen"] = to_string(slide.specimen.value());
  result["status"] = to_string(slide.status.value());
  result["model"] = slide.model;
  result["denominator"] = slide.status == Status::failed ? json() : json(slide.denominator);
  return result;
}

json case_record_json(const fs::path& path) {
  const auto assessment = read_assessment(path);
  const auto whole = json::parse(report_json(assessment, {}));
  json slides = json::array();
  for (const auto& slide : read_linked_slides(path)) slides.push_back(linked_json(slide));
  return {{"kind", "case"},
          {"path", path.string()},
          {"case", whole["case"]},
          {"criteria", recorded_criteria(whole["criteria"])},
          {"slides", slides}};
}

void line(const char* name, const std::string& text) {
  print_wrapped(fmt::format("{:<10}", name), text);
}

std::string percent(double fraction) {
  return fmt::format("{:.1f}", 100 * fraction);
}

std::string percent(const Interval& interval) {
  return percent(interval.low) + " to " + percent(interval.high);
}

/// "classified 140; excluded: border 3, unidentified 2"
std::string tally(const std::map<std::string, std::uint64_t>& by_outcome) {
  std::string text;
  for (const auto& [outcome, count] : by_outcome)
    text += fmt::format("{}{} {}", text.empty() ? "" : "; ", outcome, count);
  return text.empty() ? "none" : text;
}

void print_given(const criteria::CaseResult& assessment) {
  if (assessment.labs.path.empty())
    line("labs", "none given");
  else
    line("labs", fmt::format("{} value(s) of the case in {}", assessment.given.size(),
                             assessment.labs.path));
}

void print_assessment(const criteria::CaseResult& assessment) {
  line("criteria",
       assessment.editions.empty() ? "none recorded" : "as assessed when it was written");
  for (const auto& edition : assessment.editions) {
    print_result("  {}: {} ({})\n", edition.edition, edition.code, to_string(edition.state));
    print_wrapped("    ", edition.sentence);
  }
  if (!assessment.agreement.empty()) print_wrapped("  ", assessment.agreement);
}

void print_share(const std::string& label, std::uint64_t count, double fraction,
                 const Interval& wilson95) {
  print_result("  {:<33}{:>6}{:>8} %   (95 % {})\n", label, count, percent(fraction),
               percent(wilson95));
}

void print_differential(const SlideReport& report) {
  line("counted", fmt::format("{} cells", report.denominator));
  std::string absent;
  for (const auto* listed : in_clinical_order(report.differential)) {
    const auto& row = *listed;
    if (row.count == 0)
      absent += (absent.empty() ? "" : ", ") + row.label;
    else if (row.fraction && row.wilson95)
      print_share(row.label, row.count, *row.fraction, *row.wilson95);
    else
      print_result("  {:<33}{:>6}   outside the count\n", row.label, row.count);
  }
  if (!absent.empty()) print_wrapped("  none of ", absent);
}

void print_groups(const std::vector<GroupEstimate>& groups) {
  for (const auto& group : groups) {
    const auto label = "sum: " + group.label;
    if (group.fraction && group.wilson95)
      print_share(label, group.count, *group.fraction, *group.wilson95);
    else
      print_wrapped(fmt::format("  {:<33} ", label), group.gap);
  }
}

void print_slide_record(const fs::path& path) {
  const auto record = read_overview(path);
  const auto& report = record.report;
  const auto assessment = read_assessment(path);
  line("record", fmt::format("of a slide, {}", path.string()));
  line("case", report.case_id);
  line("slide", fmt::format("{} ({})", report.slide.path.string(), report.slide.id));
  const auto& identity = report.identity;
  for (const auto& [name, value] :
       {std::pair{"accession", identity.accession}, std::pair{"sampled", identity.sampled},
        std::pair{"stain", identity.stain}})
    if (!value.empty()) line(name, value);
  line("status", to_string(report.status));
  const auto* first = report.status == Status::ok ? "  note: " : "  because ";
  for (const auto& reason : report.status_reasons) print_wrapped(first, reason);
  line("specimen", labels_of(report.specimen).choice);
  line("model", fmt::format("{} (sha256 {}), by cytocape {} on {}", report.model.name,
                            report.model.sha256.substr(0, 12), report.run.tool_version,
                            report.run.finished_utc));
  if (!has_counts(report)) return line("cells", "none were counted: the slide failed");
  line("blocks", fmt::format("{} planned: {}", report.blocks_planned,
                             tally(by_text(report.blocks_by_outcome))));
  line("cells", fmt::format("{} located: {}", report.cells_located,
                            tally(by_text(report.cells_by_outcome))));
  const auto withheld = why_withheld(report);
  if (withheld.empty()) {
    print_differential(report);
    print_groups(read_groups(path));
  } else {
    line("counted",
         fmt::format("{} cells; counts by class withheld: {}", report.denominator, withheld));
  }
  print_given(assessment);
  if (report.status == Status::ok)
    print_assessment(assessment);
  else
    line("criteria", fmt::format("no classification: the slide is {}", to_string(report.status)));
}

std::string linked_words(const LinkedSlide& slide) {
  if (!slide.lost.empty()) return "its record cannot be read: " + slide.lost;
  const std::string words = labels_of(slide.specimen.value()).choice;
  const auto* since = slide.made_anew
                          ? "; made anew since, so that this case is of earlier counts: run "
                            "cytocape report again"
                          : "";
  if (slide.status == Status::failed) return words + ", failed: nothing was counted" + since;
  return fmt::format("{}, {}, {} cells counted, model {}{}", words, to_string(slide.status.value()),
                     slide.denominator, slide.model, since);
}

void print_case_record(const fs::path& path) {
  const auto assessment = read_assessment(path);
  const auto slides = read_linked_slides(path);
  line("record", fmt::format("of a case, {}", path.string()));
  line("case", assessment.id);
  line("slides", std::to_string(slides.size()));
  for (const auto& slide : slides) {
    print_wrapped("  ", slide.id + ": " + linked_words(slide));
    print_wrapped("    record ", slide.record.string());
  }
  print_given(assessment);
  // As the report's page does; a slide that cannot be read may have been ok.
  if (std::any_of(slides.begin(), slides.end(), [](const LinkedSlide& slide) {
        return !slide.lost.empty() || slide.status == Status::ok;
      }))
    print_assessment(assessment);
  else
    line("criteria", "no classification: no slide is ok");
}

}  // namespace

json record_json(const fs::path& path) {
  return record_kind(path) == RecordKind::slide ? slide_record_json(path) : case_record_json(path);
}

void print_record(const fs::path& path) {
  if (record_kind(path) == RecordKind::slide)
    print_slide_record(path);
  else
    print_case_record(path);
  const auto page = path.parent_path() / "report.html";
  print_line(fmt::format("more: {}--json", fs::exists(page) ? page.string() + ", or " : ""));
  print_line(kResearchUse);
}

}  // namespace cytocape
