#include "tests/pipeline/criteria/full_case.hpp"

#include <algorithm>

#include "pipeline/criteria/classification.hpp"
#include "pipeline/criteria/genetics.hpp"
#include "pipeline/criteria/items.hpp"
#include "pipeline/criteria/labs_csv.hpp"
#include "pipeline/criteria/possible_facts.hpp"
#include "pipeline/criteria/readings.hpp"
#include "pipeline/criteria/weighed.hpp"

namespace cytocape::criteria::testing {
namespace {

std::string unit_of(const std::string& item, const std::string& value) {
  const auto* known = find_item(item);
  if (known == nullptr || value == "no" || value == "yes" || value == "unknown") return "";
  switch (known->unit) {
    case Unit::cells_per_volume:
      return "10*9/L";
    case Unit::mass_per_volume:
      return "g/dL";
    case Unit::percent:
      return "%";
    case Unit::years:
      return "years";
    default:
      return "";
  }
}

std::vector<GivenValue> supporting_rows() {
  return {lab_row("wbc", "15.0", "LIS"),
          lab_row("amc", "4.50", "LIS"),
          lab_row("monocytes", "30.0", "LIS"),
          lab_row("anc", "7.5", "LIS"),
          lab_row("age", "72"),
          lab_row("sex", "male"),
          lab_row("haemoglobin", "9.8", "LIS"),
          lab_row("platelets", "84", "LIS"),
          lab_row("pb_blasts", "1", "smear"),
          lab_row("bm_blasts", "3", "aspirate"),
          lab_row("persistence", "yes"),
          lab_row("mutation", "38", "NGS", "TET2"),
          lab_row("mutation", "42", "NGS", "SRSF2"),
          lab_row("karyotype", "46,XY[20]", "marrow"),
          lab_row("bcr_abl1", "no", "PCR"),
          lab_row("tk_fusion", "no", "RNA"),
          lab_row("mpn_history", "no", "chart"),
          lab_row("mpn_now", "no", "chart"),
          lab_row("myeloid_sarcoma", "no"),
          lab_row("other_neoplasm", "no"),
          lab_row("reactive_cause", "no"),
          lab_row("classical_monocytes", "97.2", "flow"),
          lab_row("dysplasia_erythroid", "no"),
          lab_row("dysplasia_granulocytic", "yes"),
          lab_row("dysplasia_megakaryocytic", "no"),
          lab_row("marrow_cmml", "yes"),
          lab_row("immunophenotype", "yes"),
          lab_row("eosinophils", "0.1"),
          lab_row("cytotoxic_therapy", "no"),
          lab_row("predisposition", "no")};
}

}  // namespace

GivenValue lab_row(const std::string& item, const std::string& value, const std::string& source,
                   const std::string& gene) {
  return {.item = item,
          .value = value,
          .unit = unit_of(item, value),
          .gene = gene,
          .date = "2024-03-01",
          .source = source,
          .file = "labs.csv",
          .row = 99};
}

std::vector<GivenValue> full_case(const std::vector<GivenValue>& instead) {
  auto rows = supporting_rows();
  std::erase_if(rows, [&](const GivenValue& one) {
    return std::any_of(instead.begin(), instead.end(), [&](const GivenValue& other) {
      return other.item == one.item && other.gene == one.gene;
    });
  });
  rows.insert(rows.end(), instead.begin(), instead.end());
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].row = i + 2;
  return rows;
}

std::vector<std::string> codes_of(const std::vector<GivenValue>& rows) {
  return codes_of(Case{.id = "a", .findings = findings_of(rows, "labs.csv"), .slides = {}});
}

std::vector<std::string> codes_of(const Case& facts) {
  const auto known = read_whole_case(facts);
  std::vector<std::string> codes;
  for (const auto& rules : published_rules()) {
    auto readings = known.readings;
    read_aml(rules, facts.findings, readings);
    const PossibleFacts possible(rules, readings, known.derived);
    codes.push_back(classify(rules, possible.states()).code(rules));
  }
  return codes;
}

std::string established_with(const std::vector<GivenValue>& instead) {
  std::string found;
  for (const auto& code : codes_of(full_case(instead)))
    if (code.starts_with("cmml")) found += code + " ";
  return found;
}

std::string answer_of(const std::vector<GivenValue>& rows, const std::string& item) {
  const Case facts{.id = "a", .findings = findings_of(rows, "labs.csv"), .slides = {}};
  const auto answer = read_case(facts).at(item).answer;
  return answer ? to_string(*answer) : "";
}

}  // namespace cytocape::criteria::testing
