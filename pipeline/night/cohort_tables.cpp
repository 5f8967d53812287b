#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "io/csv.hpp"
#include "io/text.hpp"
#include "pipeline/night/cohort.hpp"
#include "pipeline/settings/clinical_order.hpp"

namespace cytocape {
namespace {

using Json = nlohmann::json;

/// Nothing for a number that there is none of, nor for an end without a bound.
std::string printed(const std::optional<double>& value) {
  return value && std::isfinite(*value) ? fmt::format("{:.6g}", *value) : "";
}

std::string key_of(const std::string& text) {
  std::string key;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    const bool capital = c >= 'A' && c <= 'Z';
    key += letter ? c : capital ? static_cast<char>(c + 32) : '_';
  }
  return key;
}

/// Which columns some row fills: those of classes and sums depend on the models, the rest on the
/// editions and rules of the programs that wrote the records.
struct Columns {
  std::vector<std::string> classes;
  std::vector<std::string> sums;
  std::vector<std::string> editions;
  std::vector<std::string> rules;
};

Columns columns_of(const Cohort& cohort) {
  std::set<std::string> classes, sums, editions, rules;
  for (const auto& row : cohort.rows) {
    for (const auto& share : row.classes) classes.insert(share.code);
    for (const auto& share : row.sums) sums.insert(share.code);
    for (const auto& edition : row.editions) editions.insert(edition.edition);
    for (const auto& check : row.quality) rules.insert(check.code);
  }
  Columns columns{.classes = {classes.begin(), classes.end()},
                  .sums = {sums.begin(), sums.end()},
                  .editions = {editions.begin(), editions.end()},
                  .rules = {rules.begin(), rules.end()}};
  std::stable_sort(
      columns.classes.begin(), columns.classes.end(),
      [](const auto& a, const auto& b) { return clinical_place(a) < clinical_place(b); });
  return columns;
}

void add_header(const Columns& columns, std::string& text) {
  text +=
      "slide,case,status,reason,older,same_picture_as,specimen,accession,stain,sampled,path,cells_"
      "located,"
      "cells_counted,withheld,wbc_10e9_l,amc_10e9_l,amc_low95,amc_high95";
  const auto share = [&](const std::string& code) {
    text += fmt::format(",{0}_count,{0}_fraction,{0}_low95,{0}_high95", code);
  };
  for (const auto& code : columns.sums) share("sum_" + code);
  for (const auto& code : columns.classes) {
    share(code);
    text += "," + code + "_10e9_l";
  }
  for (const auto& edition : columns.editions)
    text += fmt::format(",{0}_code,{0}_state,{0}_sentence,{0}_criteria", key_of(edition));
  text += ",quality_failed,quality_warnings";
  for (const auto& rule : columns.rules) text += ",quality_" + rule;
  text +=
      ",slide_sha256,model,model_sha256,config_sha256,labs_sha256,program,folder,"
      "started_utc,finished_utc,seconds\n";
}

/// The element of `list` with that name; null where there is none.
template <class Element>
const Element* named(const std::vector<Element>& list, std::string Element::*member,
                     const std::string& name) {
  const auto found =
      std::find_if(list.begin(), list.end(), [&](const auto& one) { return one.*member == name; });
  return found == list.end() ? nullptr : &*found;
}

class RowText {
 public:
  explicit RowText(std::string& text) : text_(text) {}
  void add(const std::string& value) {
    if (!first_) text_ += ',';
    first_ = false;
    text_ += csv_field(value);
  }
  void add_share(const CohortShare* share) {
    add(share == nullptr ? "" : std::to_string(share->count));
    add(share == nullptr ? "" : printed(share->fraction));
    const bool interval = share != nullptr && share->wilson95;
    add(interval ? printed(share->wilson95->low) : "");
    add(interval ? printed(share->wilson95->high) : "");
  }

 private:
  std::string& text_;
  bool first_ = true;
};

std::string rules_with(const CohortRow& row, bool decides) {
  std::vector<std::string> codes;
  for (const auto& check : row.quality)
    if (check.verdict == QualityCheck::Verdict::failed && check.decides == decides)
      codes.push_back(check.code);
  return fmt::format("{}", fmt::join(codes, " "));
}

void add_row(const CohortRow& row, const Columns& columns, std::string& text) {
  RowText out(text);
  for (const auto& value : {row.id, row.case_id, std::string(labels_of(row.state).code), row.reason,
                            row.older, row.same_picture, row.specimen, row.identity.accession,
                            row.identity.stain, row.identity.sampled, row.slide})
    out.add(value);
  out.add(row.has_counts ? std::to_string(row.cells_located) : "");
  out.add(row.has_counts ? std::to_string(row.cells_counted) : "");
  out.add(row.withheld);
  out.add(printed(row.wbc));
  out.add(printed(row.amc));
  out.add(row.amc95 ? printed(row.amc95->low) : "");
  out.add(row.amc95 ? printed(row.amc95->high) : "");
  for (const auto& code : columns.sums) out.add_share(named(row.sums, &CohortShare::code, code));
  for (const auto& code : columns.classes) {
    const auto* share = named(row.classes, &CohortShare::code, code);
    out.add_share(share);
    out.add(share == nullptr ? "" : printed(share->absolute));
  }
  for (const auto& name : columns.editions) {
    const auto* edition = named(row.editions, &CohortEdition::edition, name);
    out.add(edition == nullptr ? "" : edition->code);
    out.add(edition == nullptr ? "" : edition->state);
    out.add(edition == nullptr ? "" : edition->sentence);
    out.add(edition == nullptr ? "" : edition->criteria);
  }
  out.add(rules_with(row, true));
  out.add(rules_with(row, false));
  for (const auto& rule : columns.rules) {
    const auto* check = named(row.quality, &CohortQuality::code, rule);
    out.add(check == nullptr ? "" : printed(check->value));
  }
  for (const auto& value :
       {row.slide_sha256, row.model, row.model_sha256, row.config_sha256, row.labs_sha256,
        row.program, row.of_folder, row.started_utc, row.finished_utc})
    out.add(value);
  out.add(printed(row.seconds));
  text += '\n';
}

}  // namespace

void write_cohort_csv(const Cohort& cohort, const WriteText& write) {
  const auto columns = columns_of(cohort);
  std::string text;
  add_header(columns, text);
  write(text);
  for (const auto& row : cohort.rows) {
    text.clear();
    add_row(row, columns, text);
    write(text);
  }
}

void write_summary(const Cohort& cohort, const std::string& made_of, const WriteText& write) {
  constexpr auto kReplace = Json::error_handler_t::replace;
  std::map<std::string, std::size_t> states;
  for (const auto& row : cohort.rows) ++states[labels_of(row.state).code];
  const Json head{{"research_use", kResearchUse},
                  {"made_utc", cohort.made_utc},
                  {"made_of", made_of},
                  {"slides_of_each_status", states}};
  auto text = head.dump(2, ' ', false, kReplace);
  text.resize(text.rfind('}') - 1);
  write(text + ",\n  \"slides\": [");
  bool first = true;
  for (const auto& row : cohort.rows) {
    const Json slide{
        {"id", row.id},         {"case", row.case_id}, {"status", labels_of(row.state).code},
        {"reason", row.reason}, {"older", row.older},  {"todo", labels_of(row.state).remedy},
        {"path", row.slide}};
    write((first ? "\n    " : ",\n    ") + slide.dump(-1, ' ', false, kReplace));
    first = false;
  }
  write("\n  ]\n}\n");
}

}  // namespace cytocape
