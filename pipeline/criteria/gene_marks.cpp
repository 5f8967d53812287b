#include "pipeline/criteria/gene_marks.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include "pipeline/criteria/signs.hpp"

namespace cytocape::criteria {
namespace {

std::string_view behind(std::string_view word, std::size_t from) {
  return word.substr(std::min(from, word.size()));
}

bool is_number(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), is_digit);
}

/// "MET41THR", "ASP816": an amino acid by three letters.
bool is_long_change(std::string_view word) {
  static const std::set<std::string_view> acids = {"ALA", "ARG", "ASN", "ASP", "CYS", "GLN", "GLU",
                                                   "GLY", "HIS", "ILE", "LEU", "LYS", "MET", "PHE",
                                                   "PRO", "SER", "THR", "TRP", "TYR", "VAL"};
  return word.size() > 3 && acids.contains(word.substr(0, 3)) && is_digit(word[3]);
}

}  // namespace

std::string gene_key(std::string_view written) {
  std::string text;
  for (const char c : written)
    if (is_letter_or_digit(c)) text += is_small(c) ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

bool is_variant_mark(const std::string& word) {
  static const std::set<std::string> marks = {"C",  "CYT", "DM",  "SM",  "BI",  "MUT",
                                              "MT", "PTD", "ITD", "TKD", "BZIP"};
  return marks.contains(word);
}

bool is_protein_change(const std::string& word) {
  const auto letters = word.starts_with("P") && word.size() > 1 && is_letter(word[1]) ? 1U : 0U;
  const auto change = behind(word, letters);
  if (is_long_change(change)) return true;
  std::size_t end = 1;
  while (end < change.size() && is_digit(change[end])) ++end;
  if (change.empty() || !is_letter(change.front()) || end == 1) return false;
  auto rest = std::string(behind(change, end));
  for (const auto* verdict : {"POS", "MUT"})
    if (rest.size() > 2 && rest.ends_with(verdict)) rest.resize(rest.size() - 3);
  return rest.size() <= 1 || begins_as(rest, {"FS", "DEL", "INS", "DUP"});
}

bool is_type_or_exon(const std::string& word) {
  for (const auto* begin : {"EXON", "EX", "TYPE", "TYP", "TIPO"})
    if (word.starts_with(begin)) {
      const auto rest = behind(word, std::string_view(begin).size());
      const auto digits = rest.find_first_not_of("0123456789");
      return !rest.empty() && (rest.size() <= 2 || digits == std::string_view::npos || digits > 0);
    }
  return word.ends_with("BP") && is_number(std::string_view(word).substr(0, word.size() - 2));
}

bool says_there(const std::string& word) {
  return begins_as(word, {"POS", "DETECT", "HIGH", "MUTIER", "MUTAT", "MUTAD", "MUTAZ", "NACHGEW"});
}

bool says_rearranged(const std::string& word) {
  return word == "R" ||
         begins_as(word, {"REARR", "UMLAGER", "UMGELAG", "RIARR", "REORDEN", "TRANSLO", "TRASLO",
                          "FUSI", "BREAK", "SPLIT"}) ||
         word == "SEP";
}

bool is_band_of_gene(const std::string& word) {
  const auto arm = word.find_first_of("PQ");
  return arm != std::string::npos && arm <= 2 && (arm == 0 || is_number(word.substr(0, arm))) &&
         is_number(word.substr(arm + 1));
}

bool is_mark_or_change(const std::string& behind) {
  if (begins_as(behind, {"DEL", "INS", "DUP", "MUT"})) return true;
  return is_variant_mark(behind) || is_type_or_exon(behind) || says_there(behind) ||
         is_band_of_gene(behind) || (behind.size() > 3 && is_protein_change(behind));
}

bool may_be_symbol(const std::string& word) {
  if (std::count_if(word.begin(), word.end(), is_letter) < 2) return false;
  if (begins_as(word,
                {"EX",   "TYP",  "MUT",   "POS", "NEG",   "VAR",  "DEL",  "DUP",   "INS",   "AMP",
                 "LOSS", "GAIN", "HIGH",  "LOW", "FRAME", "NONS", "MISS", "TRUNC", "SOMAT", "CLON",
                 "HET",  "HOM",  "PATHO", "LOH", "CNLOH", "UPD",  "ENS",  "UNM"}))
    return false;
  static const std::set<std::string> others = {"FISH", "PCR", "NGS", "RNA", "DNA", "VAF", "NM",
                                               "NP",   "AA",  "FS",  "WT",  "ALT", "SEQ", "AF"};
  return !others.contains(word) && !is_protein_change(word);
}

bool denies_gene(const std::string& word) {
  static const std::set<std::string> words = {
      "WT",          "KEIN", "KEINE",  "ND",        "NESSUNA",     "PAS",      "OHNE",
      "SENZA",       "SIN",  "WILD",   "WILDTYPE",  "NEG",         "NEGATIVE", "NO",
      "NOT",         "NONE", "NORMAL", "UNMUTATED", "ABSENT",      "GERMLINE", "UNDETECTED",
      "NOTDETECTED", "VUS",  "BENIGN", "SNP",       "POLYMORPHISM"};
  return words.contains(word);
}

bool looks_like_symbol(const std::string& written) {
  auto text = written;
  if (const auto orf = text.find("orf"); orf != std::string::npos) text.erase(orf, 3);
  const bool signs = std::all_of(text.begin(), text.end(), [](char c) {
    return (is_letter_or_digit(c) && !is_small(c)) || c == '-' || c == ':' || c == '.';
  });
  return signs && text.size() >= 2 && text.front() >= 'A' && text.front() <= 'Z';
}

}  // namespace cytocape::criteria
