#include "io/record_assessment.hpp"

#include "io/durable_file.hpp"
#include "io/record.hpp"
#include "io/record_columns.hpp"
#include "io/record_table.hpp"
#include "io/record_value.hpp"

namespace cytocape {
namespace {

using namespace criteria;

constexpr double kMaxThreshold = 1e15;  ///< whole numbers of cells up to it are exact

void write_given(h5::File& file, const std::vector<GivenValue>& given) {
  file.make_group("/criteria/given");
  list_given(TableWriter<GivenValue>(file, "/criteria/given", given));
}

void write_readings(h5::File& file, const Readings& readings) {
  std::vector<Reading> rows;
  for (const auto& [input, reading] : readings) rows.push_back(reading);
  file.make_group("/criteria/readings");
  list_readings(TableWriter<Reading>(file, "/criteria/readings", rows));
}

std::string change_text(const Change& change) {
  return change.if_known.label + ", " + change.if_known.answer.plain() + ": " + change.becomes;
}

void write_edition(h5::File& file, const std::string& group, const EditionResult& edition) {
  file.make_group(group);
  for (const auto& [name, member] : kEditionTexts) file.set(group, name, edition.*member);
  file.set(group, "state", std::string(to_string(edition.state)));
  file.set(group, "shortest", edition.shortest);
  file.set(group, "hints", plain(edition.hints));
  std::vector<std::string> changes;
  for (const auto& change : edition.changes) changes.push_back(change_text(change));
  file.write_texts(group + "/changes", changes);
  list_criteria(TableWriter<CriterionResult>(file, group, edition.criteria));
  const auto classes = group + "/classes";
  file.make_group(classes);
  TableWriter<ClassResult>(file, classes, edition.classes)
      .text("id", &ClassResult::id)
      .text("title", &ClassResult::title)
      .text("axis", [](const auto& row) { return to_string(row.axis); })
      .text("state", [](const auto& row) { return to_string(row.state); });
}

void write_groups(h5::File& file, const std::vector<GroupEstimate>& groups) {
  file.make_group("/differential/groups");
  list_groups(TableWriter<GroupEstimate>(file, "/differential/groups", groups));
}

}  // namespace

void write_criteria(h5::File& file, const CaseResult& assessment) {
  file.make_group("/criteria");
  file.set("/criteria", "case", assessment.id);
  file.set("/criteria", "labs_path", assessment.labs.path);
  file.set("/criteria", "labs_sha256", assessment.labs.sha256);
  file.set("/criteria", "agreement", assessment.agreement);
  file.set("/criteria", "interval_note", std::string(kIntervalNote));
  write_given(file, assessment.given);
  write_readings(file, assessment.readings);
  for (std::size_t i = 0; i < assessment.editions.size(); ++i)
    write_edition(file, "/criteria/" + std::to_string(i), assessment.editions[i]);
}

void write_sums(h5::File& file, const SlideReport& report) {
  write_groups(file, report.groups);
  file.make_group("/differential/figures");
  TableWriter<Figure>(file, "/differential/figures", report.figures)
      .text("label", &Figure::label)
      .text("unit", [](const auto& figure) { return plain(figure.unit); })
      .real("value", &Figure::value)
      .interval("interval95", &Figure::interval)
      .whole("numerator", &Figure::numerator)
      .whole("denominator", &Figure::denominator)
      .text("rule", &Figure::rule)
      .text("gap", &Figure::gap);
}

void write_quality(h5::File& file, const std::vector<QualityCheck>& checks) {
  list_quality(TableWriter<QualityCheck>(file, "/quality", checks));
}

std::vector<QualityCheck> read_quality(const h5::Reader& file) {
  std::vector<QualityCheck> checks;
  TableFiller<QualityCheck> table(file, "/quality", "code", checks);
  list_quality(table);
  const auto check_limit = [&](const char* column, std::size_t row, std::optional<double> limit) {
    if (limit && (*limit < 0 || *limit > kMaxThreshold))
      table.fail(column, row, "is not a threshold");
  };
  for (std::size_t i = 0; i < checks.size(); ++i) {
    check_limit("at_least", i, checks[i].at_least);
    check_limit("at_most", i, checks[i].at_most);
  }
  return checks;
}

CaseResult read_case(const h5::Reader& file) {
  CaseResult result;
  result.id = file.get<std::string>("/criteria", "case");
  result.labs = {.path = file.get<std::string>("/criteria", "labs_path"),
                 .sha256 = file.get<std::string>("/criteria", "labs_sha256"),
                 .has_case = false};
  list_given(TableFiller<GivenValue>(file, "/criteria/given", "item", result.given));
  result.labs.has_case = !result.given.empty();
  return result;
}

void write_case_record(const std::filesystem::path& path, const CaseResult& assessment,
                       std::span<const SlideLink> slides) {
  PartialFile partial(path);
  auto file = h5::File::create(partial.partial());
  file.set("/", "schema", std::string(kCaseSchema));
  file.set("/", "schema_version", std::int64_t{kRecordSchemaVersion});
  file.set("/", "research_use", std::string(kResearchUse));
  write_criteria(file, assessment);
  file.make_group("/slides");
  std::vector<std::string> ids, finished;
  for (const auto& slide : slides) {
    file.link("/slides/" + std::to_string(ids.size()), slide.record, "/");
    ids.push_back(slide.id);
    finished.push_back(slide.finished_utc);
  }
  file.set("/slides", "ids", ids);
  file.set("/slides", "finished_utc", finished);
  file.close();
  partial.sync();
  partial.commit();
}

}  // namespace cytocape
