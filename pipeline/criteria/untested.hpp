#pragma once

/// What the source of an answer "no" says of the answer itself.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cytocape::criteria {

/// "not tested", "pending", "insufficient RNA", beside no result: an answer "no" is then not known.
[[nodiscard]] bool says_untested(std::string_view source);

/// "tested", "available": what, behind "not", was not done.
[[nodiscard]] bool is_of_testing(const std::string& word);
/// Whether a word says that there is no result, alone or with those before it. Words are those of
/// plain_words.
[[nodiscard]] bool has_no_result_at(const std::vector<std::string>& words, std::size_t i);

/// "p210 negative; p190 not tested" of bcr_abl1, "PDGFRA negative, PDGFRB pending" of tk_fusion,
/// and of a row on a gene that gene: a part of what `item` asks for has no result. What was not
/// done is no part: "PCR negative; FISH not done".
[[nodiscard]] bool says_part_untested(std::string_view source, std::string_view item,
                                      const std::string& gene = "");

/// What an answer "no" of bcr_abl1 or tk_fusion, which stands, does not tell.
enum class LeftUntold {
  nothing,
  other_transcripts,  ///< "RQ-PCR e13a2/e14a2 (p210)"
  cryptic_fusions,    ///< "karyotype only"
};
[[nodiscard]] LeftUntold left_untold(std::string_view source, std::string_view item);

/// "not excluded", "cannot be ruled out".
[[nodiscard]] bool says_left_possible(std::string_view source);

/// "positive", "PCR: detected in 80 % of cells": nothing but that it is there.
[[nodiscard]] bool says_found(std::string_view source);

/// "not detected", "PCR negative", "wild type": nothing but that it is not there.
[[nodiscard]] bool says_absent(std::string_view source);

/// "seen once", "2 weeks": of a monocytosis that was observed for less than three months.
[[nodiscard]] bool says_brief(std::string_view source);

}  // namespace cytocape::criteria
