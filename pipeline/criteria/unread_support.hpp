#pragma once

/// Rows that support CMML whose source has words that are not understood.

#include <string>
#include <string_view>
#include <vector>

#include "pipeline/criteria/findings.hpp"
#include "pipeline/criteria/sources_of_no.hpp"

namespace cytocape::criteria {

/// A supporting row, and what of its source is not understood.
struct UnreadSupport {
  std::string item;
  std::string gene;  ///< of a mutation, with its variant
  std::vector<std::string> words;
  Provenance from;
};

/// The words of a source that are of no list, no gene, number, variant, name or verdict: of one
/// that supports they take nothing back, and may say that it does not count. Thread-safe; time
/// grows with the length.
[[nodiscard]] std::vector<std::string> words_not_understood(std::string_view source,
                                                            const AskedOf& asked);

/// Of the mutations, answers "yes" and karyotypes of a case. An answer "yes" of cytogenetics that
/// names no abnormality may say that it was done: all of its source is not understood. Pure.
[[nodiscard]] std::vector<UnreadSupport> unread_support(const Findings& findings);

/// The same without those rows.
[[nodiscard]] Findings without_rows(Findings findings, const std::vector<UnreadSupport>& rows);

}  // namespace cytocape::criteria
