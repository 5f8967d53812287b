#pragma once

/// Lists of what is tested together, "HIV, HBV, HCV negative": one denial is said of all of it
/// (configs/criteria/tested_together.toml).

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/criteria/denials.hpp"

namespace cytocape::criteria {

/// Where the denial of such a list begins that holds the mention, at the list's end ("JAK2, CALR,
/// MPL negative") or at its beginning ("no HIV, HBV or HCV"); none where the mention stands in no
/// list, or in one that is not denied. Thread-safe; time does not depend on the length of the text.
[[nodiscard]] std::optional<std::size_t> listed_denial(std::string_view text,
                                                       const Mention& mention);

/// The protein of a transcript of BCR::ABL1: "p190" of "e1a2" and of "p190", in small letters;
/// empty of another word. Thread-safe.
[[nodiscard]] std::string transcript_of(const std::string& word);

/// The text with other names of the transcripts, "M-bcr", "minor", as the protein, "p210", "p190".
/// Of a text on BCR::ABL1. Precondition: ASCII signs.
[[nodiscard]] std::string with_transcripts_spelt(std::string_view text);

}  // namespace cytocape::criteria
