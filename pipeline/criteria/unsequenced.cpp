#include "pipeline/criteria/unsequenced.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "pipeline/criteria/gene_marks.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/criteria/source_words.hpp"
#include "pipeline/criteria/words.hpp"
#include "pipeline/criteria/yes_words.hpp"

namespace cytocape::criteria {
namespace {

/// "FISH panel", "panel de FISH".
bool is_panel_of_probes(const std::vector<std::string>& words, std::size_t i) {
  const auto& table = yes_words();
  if (i > 0 && table.of_chromosomes.holds(words[i - 1])) return true;
  for (auto j = i + 1; j < words.size() && j <= i + 2; ++j) {
    if (table.of_chromosomes.holds(words[j])) return true;
    if (source_word(words[j]) != SourceWord::joining) return false;
  }
  return false;
}

/// "cytogenetics laboratory", "Institut für Zytogenetik".
bool is_name_of_laboratory(const std::vector<std::string>& words, std::size_t i) {
  const auto is_place = [&](std::size_t j) {
    return j < words.size() && source_word(words[j]) == SourceWord::place &&
           !yes_words().of_chromosomes.holds(words[j]);
  };
  return is_place(i + 1) || (i > 0 && is_place(i - 1)) || (i > 1 && is_place(i - 2));
}

}  // namespace

bool is_seen_without_sequence(const Mutation& mutation) {
  const auto variant = gene_key(mutation.variant);
  const auto& table = yes_words();
  // "KMT2A FISH", "MLL 11q23", and of genes that are joined "MLL+"
  const bool there = !mutation.variant.empty() && (variant.empty() || variant.starts_with("POS")) &&
                     mutation.gene == "KMT2A";
  if (there || is_band_of_gene(variant)) return true;
  bool chromosomes = false;
  for (const auto& word : plain_words(ascii_signs(mutation.variant)))
    chromosomes = chromosomes || table.of_chromosomes.holds(word);
  // A variant of the sequence is no finding of probes.
  if (!chromosomes && !variant.empty()) return false;
  const auto words = plain_words(ascii_signs(mutation.from.source));
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (table.of_sequence.holds(words[i]) &&
        !(words[i].starts_with("pan") && is_panel_of_probes(words, i)))
      return false;
    chromosomes =
        chromosomes || (table.of_chromosomes.holds(words[i]) && !is_name_of_laboratory(words, i));
  }
  return chromosomes;
}

}  // namespace cytocape::criteria
