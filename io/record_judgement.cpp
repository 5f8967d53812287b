#include "io/record_judgement.hpp"

#include <algorithm>
#include <array>

#include "io/durable_file.hpp"
#include "io/record.hpp"
#include "io/record_table.hpp"
#include "io/record_value.hpp"

namespace cytocape {
namespace {

using namespace criteria;

constexpr double kMaxThreshold = 1e15;  ///< whole numbers of cells up to it are exact

void write_given(h5::File& file, const std::vector<GivenValue>& given) {
  file.make_group("/criteria/given");
  TableWriter<GivenValue>(file, "/criteria/given", given)
      .text("item", &GivenValue::item)
      .text("value", &GivenValue::value)
      .text("unit", &GivenValue::unit)
      .text("gene", &GivenValue::gene)
      .text("date", &GivenValue::date)
      .text("source", &GivenValue::source)
      .text("file", &GivenValue::file)
      .whole("row", &GivenValue::row)
      .text("cells", &GivenValue::cells);
}

std::string joined(const std::vector<Phrase>& remarks) {
  std::string text;
  for (const auto& remark : remarks) text += (text.empty() ? "" : "; ") + remark.plain();
  return text;
}

/// Empty where there is none.
std::string answer_text(const std::optional<Choice>& answer) {
  return answer ? to_string(*answer) : "";
}

void write_readings(h5::File& file, const Readings& readings) {
  std::vector<Reading> rows;
  for (const auto& [input, reading] : readings) rows.push_back(reading);
  file.make_group("/criteria/readings");
  TableWriter<Reading>(file, "/criteria/readings", rows)
      .text("input", &Reading::input)
      .text("basis", [](const auto& reading) { return to_string(reading.basis); })
      .real("value", &Reading::value)
      .interval("interval95", &Reading::interval)
      .text("answer", [](const auto& reading) { return answer_text(reading.answer); })
      .text("source", &Reading::source)
      .text("gap", &Reading::gap)
      .text("remarks", [](const auto& reading) { return joined(reading.remarks); })
      .whole("count", &Reading::count)
      .whole("total", &Reading::total);
}

std::string change_text(const Change& change) {
  return change.if_known.label + ", " + change.if_known.answer.plain() + ": " + change.becomes;
}

void write_edition(h5::File& file, const std::string& group, const EditionResult& edition) {
  file.make_group(group);
  for (const auto& [name, member] :
       {std::pair{"edition", &EditionResult::edition}, std::pair{"title", &EditionResult::title},
        std::pair{"source", &EditionResult::source},
        std::pair{"rules_sha256", &EditionResult::rules_sha256},
        std::pair{"code", &EditionResult::code}, std::pair{"sentence", &EditionResult::sentence},
        std::pair{"grade_rule", &EditionResult::grade_rule}})
    file.set(group, name, edition.*member);
  file.set(group, "state", std::string(to_string(edition.state)));
  file.set(group, "shortest", edition.shortest);
  file.set(group, "hints", plain(edition.hints));
  std::vector<std::string> changes;
  for (const auto& change : edition.changes) changes.push_back(change_text(change));
  file.write_texts(group + "/changes", changes);
  TableWriter<CriterionResult>(file, group, edition.criteria)
      .text("id", &CriterionResult::id)
      .text("title", &CriterionResult::title)
      .whole("level", &CriterionResult::level)
      .text("state", [](const auto& row) { return to_string(row.state); })
      .text("input", &CriterionResult::input)
      .text("asked", &CriterionResult::asked)
      .real("value", &CriterionResult::value)
      .interval("interval95", &CriterionResult::interval)
      .real("threshold", &CriterionResult::threshold)
      .text("unit", [](const auto& row) { return plain(row.unit); })
      .text("answer", [](const auto& row) { return answer_text(row.answer); })
      .text("source", &CriterionResult::source)
      .text("sentence", &CriterionResult::sentence);
  const auto classes = group + "/classes";
  file.make_group(classes);
  TableWriter<ClassResult>(file, classes, edition.classes)
      .text("id", &ClassResult::id)
      .text("title", &ClassResult::title)
      .text("axis", [](const auto& row) { return to_string(row.axis); })
      .text("state", [](const auto& row) { return to_string(row.state); });
}

void write_groups(h5::File& file, const std::vector<GroupEstimate>& groups) {
  const auto corrected = [](Interval GroupEstimate::*which) {
    return [which](const GroupEstimate& group) {
      return group.corrected ? std::optional(group.*which) : std::nullopt;
    };
  };
  file.make_group("/differential/groups");
  TableWriter<GroupEstimate>(file, "/differential/groups", groups)
      .text("code", &GroupEstimate::code)
      .text("label", &GroupEstimate::label)
      .whole("count", &GroupEstimate::count)
      .whole("total", &GroupEstimate::total)
      .real("fraction", &GroupEstimate::fraction)
      .interval("wilson95", &GroupEstimate::wilson95)
      .real("corrected_fraction", &GroupEstimate::corrected)
      .interval("corrected_sampling95", corrected(&GroupEstimate::sampling95))
      .interval("corrected_classifier95", corrected(&GroupEstimate::classifier95))
      .interval("corrected95", corrected(&GroupEstimate::both95))
      .text("gap", &GroupEstimate::gap);
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
  TableWriter<QualityCheck>(file, "/quality", checks)
      .text("code", [](const auto& check) { return to_string(check.rule); })
      .text("label", &QualityCheck::label)
      .text("verdict", [](const auto& check) { return to_string(check.verdict); })
      .flag("decides", &QualityCheck::decides)
      .real("value", &QualityCheck::value)
      .text("unit", &QualityCheck::unit)
      .real("at_least", &QualityCheck::at_least)
      .real("at_most", &QualityCheck::at_most)
      .text("key", &QualityCheck::key)
      .text("meaning", &QualityCheck::meaning)
      .text("remedy", &QualityCheck::remedy);
}

std::vector<QualityCheck> read_quality(const h5::Reader& file) {
  const TableReader table(file, "/quality", "code");
  const auto code = table.text("code"), label = table.text("label"), unit = table.text("unit");
  const auto verdict = table.text("verdict"), key = table.text("key");
  const auto meaning = table.text("meaning"), remedy = table.text("remedy");
  const auto decides = table.flag("decides");
  const auto value = table.real("value");
  const auto at_least = table.real("at_least"), at_most = table.real("at_most");
  const auto threshold = [&](const char* column, std::size_t row, std::optional<double> limit) {
    if (limit && (*limit < 0 || *limit > kMaxThreshold)) table.fail(column, row, "is no threshold");
    return limit;
  };
  std::vector<QualityCheck> checks;
  for (std::size_t i = 0; i < table.rows(); ++i)
    checks.push_back(
        {.rule = known_value<QualityRule>(file, "/quality/code", code[i]),
         .label = label[i],
         .verdict = known_value<QualityCheck::Verdict>(file, "/quality/verdict", verdict[i]),
         .decides = decides[i] != 0,
         .value = value[i],
         .unit = unit[i],
         .at_least = threshold("at_least", i, at_least[i]),
         .at_most = threshold("at_most", i, at_most[i]),
         .key = key[i],
         .meaning = meaning[i],
         .remedy = remedy[i]});
  return checks;
}

CaseResult read_case(const h5::Reader& file) {
  CaseResult result;
  result.id = file.get<std::string>("/criteria", "case");
  result.labs = {.path = file.get<std::string>("/criteria", "labs_path"),
                 .sha256 = file.get<std::string>("/criteria", "labs_sha256"),
                 .has_case = false};
  const TableReader table(file, "/criteria/given", "item");
  const auto item = table.text("item"), value = table.text("value"), unit = table.text("unit");
  const auto gene = table.text("gene"), date = table.text("date");
  const auto source = table.text("source"), from = table.text("file");
  const auto row = table.whole("row");
  // Records of the first builds have no such column.
  const auto columns = file.member_names("/criteria/given");
  const bool counted = std::find(columns.begin(), columns.end(), "cells") != columns.end();
  const auto cells = counted ? table.text("cells") : std::vector<std::string>(table.rows());
  for (std::size_t i = 0; i < table.rows(); ++i)
    result.given.push_back({.item = item[i],
                            .value = value[i],
                            .unit = unit[i],
                            .gene = gene[i],
                            .date = date[i],
                            .source = source[i],
                            .file = from[i],
                            .row = row[i],
                            .cells = cells[i]});
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
  std::vector<std::string> ids;
  for (const auto& slide : slides) {
    file.link("/slides/" + std::to_string(ids.size()), slide.record, "/");
    ids.push_back(slide.id);
  }
  file.set("/slides", "ids", ids);
  file.close();
  partial.sync();
  partial.commit();
}

}  // namespace cytocape
