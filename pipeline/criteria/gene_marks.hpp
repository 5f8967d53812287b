#pragma once

/// What reports write behind a gene's symbol, or right after it without a sign between. Words are
/// in capital letters and digits alone. Internal to genes.cpp. Thread-safe.

#include <string>
#include <string_view>

namespace cytocape::criteria {

/// Capital letters and digits alone: how a symbol or a variant is compared, however it is written.
[[nodiscard]] std::string gene_key(std::string_view written);
/// "C" of "NPM1c", "ITD" of "FLT3ITD".
[[nodiscard]] bool is_variant_mark(const std::string& word);
/// "V617F", "D816", "R201FS", "PMET41THR", "W288FS", "V617FPOS".
[[nodiscard]] bool is_protein_change(const std::string& word);
/// "TYPEA", "EXON12", "EX9", "52BP": which variants of the gene were found.
[[nodiscard]] bool is_type_or_exon(const std::string& word);
/// "POS", "POSITIV", "DETECTED": of a gene alone, that something of it was found.
[[nodiscard]] bool says_there(const std::string& word);
/// "REARR", "UMGELAGERT", "SPLIT", "R".
[[nodiscard]] bool says_rearranged(const std::string& word);
/// "11Q23", "Q22": a band of a chromosome.
[[nodiscard]] bool is_band_of_gene(const std::string& word);
/// Whether a word behind a gene, without a sign between, is its variant: any of the above.
[[nodiscard]] bool is_mark_or_change(const std::string& behind);
/// What may be a gene beside another: no variant, no test and no verdict.
[[nodiscard]] bool may_be_symbol(const std::string& word);
/// Words that deny an acquired mutation, as reports write them after a gene.
[[nodiscard]] bool denies_gene(const std::string& word);
/// "FOOBAR", "C9orf72", "HLA-A", as written: no blanks, and no letters that are small.
[[nodiscard]] bool looks_like_symbol(const std::string& written);

}  // namespace cytocape::criteria
