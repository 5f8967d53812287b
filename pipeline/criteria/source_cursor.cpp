#include "pipeline/criteria/source_cursor.hpp"

#include <algorithm>
#include <utility>

#include "pipeline/criteria/genes.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/criteria/verdict_words.hpp"

namespace cytocape::criteria {
namespace {

bool is_denial(const SourceToken& one) {
  return denies_behind(one.small) || is_no(one.small) || is_not(one.small) ||
         says_normal(one.small);
}

}  // namespace

bool says_normal(const std::string& word) {
  return word.starts_with("unauffall") || word.starts_with("intact") ||
         word.starts_with("intakt") ||
         is_one_of(word, {"normal", "normale", "normales", "normaler", "normales", "normalen",
                          "normaux", "normali", "normales", "normaal", "unremarkable",
                          "unrearranged", "norma", "bland", "blande", "muta"});
}

bool is_of_cells(const std::string& word) {
  return is_one_of(word,
                   {"nuclei",   "nuclear", "cells",   "kerne",   "kernen",  "zellen",      "noyaux",
                    "cellules", "nucleos", "celulas", "cellule", "nucleus", "interphases", "noyau",
                    "nucleo",   "kern",    "zelle",   "cell",    "celula",  "cellula"}) ||
         word.starts_with("metaphas") || word.starts_with("metafas") ||
         word.starts_with("interphasekern");
}

SourceCursor::SourceCursor(std::string text, const AskedOf& asked)
    : text_(std::move(text)),
      of_kinases_(asked.item == "tk_fusion"),
      of_mutation_(asked.item == "mutation"),
      of_fusion_(of_kinases_ || asked.item == "bcr_abl1" || !fused_genes(asked.gene).empty()),
      tokens_(tokens_of(text_, asked)) {
  for (const auto& token : tokens_) words_.push_back(token.small);
  point_mutation_ = std::any_of(words_.begin(), words_.end(), [](const std::string& word) {
    return is_one_of(word, {"v617f", "itd", "tkd", "d835", "d842v", "w515", "w515l", "w515k"});
  });
  genes_alone_ = std::all_of(tokens_.begin(), tokens_.end(), [](const SourceToken& one) {
    return one.gene || one.number || one.kind == SourceWord::joining;
  });
}

std::string SourceCursor::clause_text(std::size_t clause) const {
  std::size_t begin = text_.size();
  std::size_t end = 0;
  for (const auto& one : tokens_)
    if (one.clause == clause) {
      begin = std::min(begin, one.begin);
      end = std::max(end, one.end);
    }
  return text_.substr(begin, end - begin);
}

bool SourceCursor::is_denied_within(std::size_t words) const {
  for (std::size_t i = 1; i <= words; ++i) {
    const auto* last = last_of_clause(i);
    if (last == nullptr) return false;
    if (is_no(last->small) || is_not(last->small)) return true;
  }
  return false;
}

bool SourceCursor::denies_in_clause() const {
  return any_in_clause(is_denial);
}

bool SourceCursor::denies_anywhere() const {
  return std::any_of(tokens_.begin(), tokens_.end(), is_denial);
}

bool SourceCursor::is_of_another() const {
  const bool own = names_own_in_clause();
  // ABL1 is what copies of a transcript are measured against.
  const bool other = any_in_clause([&](const SourceToken& one) {
    return one.gene && !(of_mutation_ && one.small.starts_with("abl"));
  });
  return other && (!own || (point_mutation_ && of_kinases_));
}

bool SourceCursor::says_how() const {
  return std::any_of(tokens_.begin(), tokens_.end(), [](const SourceToken& one) {
    return is_one_of(one.small, {"lis", "chart"}) || one.kind == SourceWord::test ||
           one.kind == SourceWord::sample || one.kind == SourceWord::place ||
           one.kind == SourceWord::person || one.kind == SourceWord::record ||
           one.kind == SourceWord::clinical;
  });
}

}  // namespace cytocape::criteria
