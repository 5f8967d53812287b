// Every line of cases.csv, and of cases_excluded.csv what is not CMML though it looks so, is a
// test: what both editions must say of one case. The tables were written from the published
// criteria before the code.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "io/csv.hpp"
#include "pipeline/criteria/criteria.hpp"
#include "tests/pipeline/criteria/case_facts.hpp"

namespace cytocape::criteria {
namespace {

struct TableCase {
  std::string name;
  std::string facts;
  std::string expected;
};

void PrintTo(const TableCase& item, std::ostream* out) {
  *out << item.name;
}

std::vector<TableCase> read_table() {
  std::vector<TableCase> cases;
  for (const std::string name : {"cases.csv", "cases_excluded.csv"}) {
    const auto table =
        read_csv(std::string(CYTOCAPE_SOURCE_DIR) + "/tests/pipeline/criteria/" + name);
    for (const auto& row : table.rows) cases.push_back({row[0], row[1], row[2]});
  }
  return cases;
}

std::string state_of(const EditionResult& edition, const std::string& id) {
  const auto found = std::find_if(edition.criteria.begin(), edition.criteria.end(),
                                  [&](const CriterionResult& row) { return row.id == id; });
  if (found == edition.criteria.end()) return "no criterion " + id;
  switch (found->state) {
    case State::met:
      return "met";
    case State::not_met:
      return "not";
    case State::indeterminate:
      return "ind";
    case State::not_assessable:
      break;
  }
  return "na";
}

/// What the tables call the editions; a new edition has a row here.
const std::map<std::string, std::string> kEditions{{"who", "WHO 2022"}, {"icc", "ICC 2022"}};

std::string found_for(const CaseResult& result, const std::string& key) {
  const auto dot = key.find('.');
  const auto named = kEditions.find(key.substr(0, dot));
  if (named == kEditions.end()) return "no edition is called so";
  for (const auto& edition : result.editions)
    if (edition.edition == named->second)
      return dot == std::string::npos ? edition.code : state_of(edition, key.substr(dot + 1));
  return "no edition " + named->second;
}

class CriteriaTable : public ::testing::TestWithParam<TableCase> {};

TEST_P(CriteriaTable, SaysWhatThePublishedCriteriaSay) {
  const auto result = evaluate(testing::case_of(GetParam().facts), published_rules());
  std::istringstream words(GetParam().expected);
  for (std::string word; words >> word;) {
    const auto equals = word.find('=');
    const auto key = word.substr(0, equals);
    EXPECT_EQ(found_for(result, key), word.substr(equals + 1))
        << key << " of: " << GetParam().name << "\n  facts: " << GetParam().facts;
  }
}

std::string test_name(const ::testing::TestParamInfo<TableCase>& info) {
  std::string name;
  bool upper = true;
  for (const char c : info.param.name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) {
      upper = true;
      continue;
    }
    name += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    upper = false;
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Cases, CriteriaTable, ::testing::ValuesIn(read_table()), test_name);

}  // namespace
}  // namespace cytocape::criteria
