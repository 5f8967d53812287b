#pragma once

/// A laboratory file whose case is CMML-1 by both editions, row by row, with rows more or instead.

#include <string>
#include <vector>

#include "pipeline/criteria/findings.hpp"

namespace cytocape::criteria::testing {

/// A row of today.
[[nodiscard]] GivenValue lab_row(const std::string& item, const std::string& value,
                                 const std::string& source = "", const std::string& gene = "");

/// The rows of the full case, without those of the items (and genes) of `instead`, and `instead`.
[[nodiscard]] std::vector<GivenValue> full_case(const std::vector<GivenValue>& instead);

/// What each edition concludes of a case, "cmml/mp/cmml_1": as evaluate() judges, without what
/// would decide and change it.
[[nodiscard]] std::vector<std::string> codes_of(const Case& facts);
/// Of the rows of one.
[[nodiscard]] std::vector<std::string> codes_of(const std::vector<GivenValue>& rows);

/// The editions that call a full case with these rows CMML, as codes; empty where none does.
[[nodiscard]] std::string established_with(const std::vector<GivenValue>& instead);

/// The answer that stands of an item: "no"; empty where none does.
[[nodiscard]] std::string answer_of(const std::vector<GivenValue>& rows, const std::string& item);

}  // namespace cytocape::criteria::testing
