#include "pipeline/criteria/source_texts.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

#include "pipeline/criteria/denials.hpp"
#include "pipeline/criteria/genes.hpp"
#include "pipeline/criteria/karyotype.hpp"
#include "pipeline/criteria/named_fusions.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/wording/genetics.hpp"

namespace cytocape::criteria {
namespace {

/// Of one text, which many rows may share.
struct ReadText {
  std::vector<NamedFusion> named;
  bool of_a_test = false;
};

ReadText read_text(const std::string& source) {
  return {.named = named_fusions(source), .of_a_test = names_a_test(source)};
}

/// Whether a row says that something is not there, so that its source may name what was tested.
bool denies(const GivenValue& row) {
  const auto item = in_small_letters(row.item);
  return in_small_letters(row.value) == "no" ||
         (item == "karyotype" && read_karyotype(row.value).normal);
}

/// Whether the row itself says what its source names.
bool says_the_same(const GivenValue& row, const ShownFusion& shown) {
  const auto item = in_small_letters(row.item);
  if (item == "mutation")
    return in_small_letters(row.value) != "no" && !fused_genes(row.gene).empty() &&
           fused_genes(row.gene) == fused_genes(shown.fusion);
  return in_small_letters(row.value) == "yes" && item_of_fusion(shown.fusion) == item;
}

}  // namespace

void note_sources(Findings& findings) {
  std::map<std::string, ReadText> texts;
  std::set<std::vector<std::string>> told;
  for (const auto& row : findings.given) {
    if (row.source.empty()) continue;
    const auto [text, is_new] = texts.try_emplace(row.source);
    if (is_new) text->second = read_text(row.source);
    if (text->second.named.empty()) continue;
    const auto item = in_small_letters(row.item);
    const bool tested_for = text->second.of_a_test && denies(row);
    for (const auto& [shown, affirmed] : text->second.named) {
      if ((tested_for && !affirmed) || says_the_same(row, shown)) continue;
      // Of rows that say the same the first; a case may have as many rows as a table.
      if (told.insert({item, row.gene, in_small_letters(row.value), shown.fusion}).second)
        findings.named.push_back(
            {.item = item, .row = row.row, .fusion = shown.fusion, .written = shown.written});
      if (told.insert({item, shown.fusion}).second)
        findings.remarks[item].emplace_back(
            wording::source_names(row.row, shown.written, shown.fusion));
    }
  }
}

}  // namespace cytocape::criteria
