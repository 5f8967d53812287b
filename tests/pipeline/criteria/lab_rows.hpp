#pragma once

/// Laboratory files of a few rows.

#include <fstream>
#include <map>
#include <string>

#include "io/errors.hpp"
#include "pipeline/criteria/criteria.hpp"
#include "pipeline/criteria/labs_csv.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape::criteria::testing {

constexpr const char* kHeader = "case,item,value,unit,gene,date,source\n";

inline std::map<std::string, Findings> read(const std::string& rows) {
  const cytocape::testing::TempDir folder;
  std::ofstream(folder / "labs.csv") << kHeader << rows;
  return read_labs(folder / "labs.csv");
}

/// What both editions conclude of the rows of a case "a" without slides.
inline CaseResult result_of_rows(const std::string& rows) {
  return evaluate({.id = "a", .findings = read(rows).at("a"), .slides = {}}, published_rules());
}

inline std::string refusal(const std::string& rows) {
  try {
    (void)read(rows);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace cytocape::criteria::testing
