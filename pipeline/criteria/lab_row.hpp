#pragma once

/// One row of a laboratory file. Internal to the reader of that file.

#include <string>

#include "io/fault_list.hpp"
#include "io/text.hpp"
#include "pipeline/criteria/lab_findings.hpp"

namespace cytocape::criteria {

/// One row of a case, and the list that its faults go to.
struct LabRow {
  std::string case_id;
  const GivenValue& given;
  const std::string& latest_day;
  FaultList& faults;

  void fault(const char* column, const std::string& value, const std::string& expected) const {
    faults.add("row {}: {} \"{}\": expected {}", given.row, column, shortened(value), expected);
  }
  void bad_value(const std::string& expected) const { fault("value", given.value, expected); }
  void bad_unit(const std::string& expected) const { fault("unit", given.unit, expected); }
  void bad_gene(const std::string& expected) const { fault("gene", given.gene, expected); }
  [[nodiscard]] Provenance provenance() const {
    return {.file = given.file, .row = given.row, .date = given.date, .source = given.source};
  }
};

/// All that is wrong with a row is told; one of a wrong case or day is not compared with others.
void take_row(const LabRow& row, GatheredRows& of_case);

}  // namespace cytocape::criteria
