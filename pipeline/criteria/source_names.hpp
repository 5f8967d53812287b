#pragma once

/// Names of laboratories and people in the source of an answer "no". Internal to
/// sources_of_no.cpp.

#include "pipeline/criteria/source_cursor.hpp"

namespace cytocape::criteria {

/// "MLL", "UKB": of a laboratory or a person, or something else.
[[nodiscard]] bool are_initials(const SourceCursor& at);
/// A word with a capital letter beside a laboratory or a person, behind "in" or "by", behind a name
/// (`after_name`) or in a clause that denies: "Labor Limbach", "in Heidelberg", "Xpert Ultra
/// negative". None where it begins a sentence: "Equivocal".
[[nodiscard]] bool is_name(const SourceCursor& at, bool after_name);
/// The first letter of "J. Keller" and "O'Brien".
[[nodiscard]] bool is_first_name(const SourceCursor& at);
/// "FusionPlex", "TruSight", "HemaVision", of a kit for testing; but "qPCR".
[[nodiscard]] bool is_kit(const SourceToken& one);
/// "v3", "E24".
[[nodiscard]] bool is_identifier(const std::string& word);

}  // namespace cytocape::criteria
