#pragma once

/// What counts of all that a laboratory file says of one case. Internal to the reader of that file.

#include <map>
#include <string>
#include <vector>

#include "io/fault_list.hpp"
#include "pipeline/criteria/findings.hpp"

namespace cytocape::criteria {

/// A row that says unknown.
struct UnknownRow {
  std::string gene;  ///< of a mutation; else empty
  Provenance from;
};

/// One case while its rows are read: everything that was given, in the rows' order.
struct GatheredRows {
  std::map<std::string, std::vector<Number>> numbers;
  std::map<std::string, std::vector<Answer>> answers;
  std::vector<Mutation> mutations;
  std::vector<Provenance> no_mutation;
  std::vector<Negative> negatives;
  std::map<std::string, Provenance> too_brief;  ///< the newest by item
  std::vector<KaryotypeRow> karyotypes;
  std::map<std::string, std::vector<UnknownRow>> unknown;
  std::map<std::string, Provenance> resolved;        ///< the newest by item
  std::map<std::string, Provenance> resolved_genes;  ///< the newest by gene
  std::vector<UnreadNo> unread;                      ///< of mutations
};

/// Takes the newest of each item whatever the rows' order, and says in Findings::remarks what it
/// passes over. What once was found and is denied later is contested. Adds a fault for values of
/// one day (or without a day) that differ, and for parts that are more than their whole; `id` names
/// the case in them.
[[nodiscard]] Findings findings_of_rows(const std::string& id, GatheredRows gathered,
                                        FaultList& faults);

}  // namespace cytocape::criteria
