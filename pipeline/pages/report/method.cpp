#include <fmt/format.h>

#include <cmath>

#include "embedded/page_method.hpp"
#include "pipeline/pages/report/parts.hpp"
#include "pipeline/pages/report/text.hpp"
#include "pipeline/wording/phrases.hpp"

namespace cytocape::report_page {
namespace {

struct Account {
  const char* title;
  const char* total_name;
  std::uint64_t total;
  std::map<std::string, std::uint64_t> tally;
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

std::string with_unit(double value, const std::string& unit) {
  return unit.empty() ? number(value) : number(value) + kSpace + unit;
}

/// "failed: no grade" where the rule decides, "failed: warning" where it warns.
std::string verdict_words(const QualityCheck& check) {
  std::string words = to_string(check.verdict);
  if (check.verdict != QualityCheck::Verdict::failed) return words;
  return words + (check.decides ? ": no grade" : ": warning");
}

data quality_row(const QualityCheck& check) {
  data row;
  row.set("label", as_text(check.label));
  row.set("meaning", optional_text(wording::authored(check.meaning).typeset()));
  const bool measured = check.value && std::isfinite(*check.value);
  row.set("value", as_text(measured ? with_unit(*check.value, check.unit) : std::string(kDash)));
  std::string threshold;
  if (check.at_least) threshold = "at least " + with_unit(*check.at_least, check.unit);
  if (check.at_most) threshold = "at most " + with_unit(*check.at_most, check.unit);
  row.set("threshold", optional_text(threshold));
  row.set("key", optional_text(check.key));
  row.set("verdict", verdict_words(check));
  row.set("code", code_of(to_string(check.verdict)));
  const bool passed = check.verdict == QualityCheck::Verdict::passed;
  row.set("remedy", optional_text(passed ? "" : wording::authored(check.remedy).typeset()));
  return row;
}

std::string facts(const SlideReport& report) {
  auto line = specimen_words(report.specimen);
  const auto& mpp = report.slide.mpp;
  if (!report.slide.levels.empty() && std::isfinite(mpp.x) && std::isfinite(mpp.y)) {
    const auto& size = report.slide.levels.front().size;
    line += fmt::format(" \u00b7 {:.1f} \u00d7 {:.1f}\u00a0mm",
                        static_cast<double>(size.width) * mpp.x / 1000,
                        static_cast<double>(size.height) * mpp.y / 1000);
  }
  if (!report.model.name.empty()) line += " \u00b7 model " + report.model.name;
  if (!report.run.finished_utc.empty())
    line += " \u00b7 analysed " + time_words(report.run.finished_utc);
  return line;
}

/// Which rules were not passed, for those who do not unfold them.
std::string failed_rules(const SlideReport& report) {
  std::size_t failed = 0;
  std::size_t unknown = 0;
  for (const auto& check : report.quality) {
    failed += check.verdict == QualityCheck::Verdict::failed ? 1 : 0;
    unknown += check.verdict == QualityCheck::Verdict::not_measured ? 1 : 0;
  }
  if (report.quality.empty()) return "no figures were taken";
  return fmt::format("{} of {} failed, {} not measured", failed, report.quality.size(), unknown);
}

void set_accounts(data& values, const SlideReport& report) {
  List accounts;
  accounts.push_back(account({"blocks of the slide", "planned", report.blocks_planned,
                              by_text(report.blocks_by_outcome)}));
  accounts.push_back(account(
      {"objects found", "located", report.cells_located, by_text(report.cells_by_outcome)}));
  values.set("accounts", accounts);
  values.set("has_failures", !report.failures.empty());
  values.set("failures", texts(report.failures));
}

}  // namespace

std::string method(const SlideOfCase& slide) {
  const auto& report = slide.report;
  if (!has_counts(report)) return failed_slide(slide);
  data values;
  values.set("number", std::to_string(slide.number + 1));
  values.set("title", as_text(slide_words(report)));
  values.set("facts", as_text(facts(report)));
  values.set("status_words", status_words(report.status));
  values.set("denominator_rule", as_text(report.denominator_rule));
  values.set("estimates", estimates(report));
  values.set("map", map(report, slide.number));
  values.set("appearance", appearance(report));
  List checks;
  for (const auto& check : report.quality) checks.push_back(quality_row(check));
  values.set("failed_rules", optional_text(failed_rules(report)));
  values.set("has_quality", !checks.empty());
  values.set("quality", checks);
  set_accounts(values, report);
  values.set("provenance", provenance(report));
  return render(text::page_method, values);
}

}  // namespace cytocape::report_page
