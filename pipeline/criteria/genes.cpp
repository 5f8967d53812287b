#include "pipeline/criteria/genes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "embedded/criteria_genes.hpp"
#include "pipeline/criteria/gene_marks.hpp"
#include "pipeline/criteria/karyotype.hpp"
#include "pipeline/criteria/rearrangements.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/criteria/unsequenced.hpp"
#include "pipeline/criteria/variants.hpp"
#include "pipeline/criteria/words.hpp"
#include "pipeline/settings/toml_reader.hpp"

namespace cytocape::criteria {
namespace {

constexpr std::string_view kFusion = "::";

/// configs/criteria/genes.toml. Spellings by key.
struct GeneList {
  std::map<std::string, std::string> genes;     ///< former symbols among the keys
  std::map<std::string, std::string> partners;  ///< known in fusions alone
  std::map<std::string, GeneMeaning> meanings;  ///< by today's spelling
  std::vector<std::string> joined;  ///< that support alone, and in fusions with any partner do not
  std::vector<std::string> of_mpn;
  std::vector<std::string> kinases;
  std::vector<std::string> other_kinases;
  std::set<std::string> lymphoid_fusions;
  std::set<std::string> other_symbols;  ///< keys of genes that begin as one of the list does
  std::vector<GenesOfAnother> others;
};

std::vector<GenesOfAnother> read_others(TomlReader& reader) {
  std::vector<GenesOfAnother> all;
  for (const auto& table : reader.tables_below("of_another")) {
    const auto prefix = "of_another." + table + ".";
    GenesOfAnother other{.genes = {},
                         .meaning = {},
                         .named = reader.text(prefix + "named"),
                         .answer = reader.text(prefix + "answer")};
    if (reader.has(prefix + "genes")) other.genes = reader.texts(prefix + "genes");
    if (reader.has(prefix + "meaning"))
      other.meaning = reader.choice(prefix + "meaning", {"lymphoid", "vexas"}) == "lymphoid"
                          ? GeneMeaning::lymphoid
                          : GeneMeaning::vexas;
    all.push_back(std::move(other));
  }
  return all;
}

GeneList read_gene_list() {
  TomlReader reader;
  reader.add(text::criteria_genes, "configs/criteria/genes.toml");
  GeneList list;
  using enum GeneMeaning;
  for (const auto& [name, meaning] :
       {std::pair{"supports", supports}, std::pair{"haematopoiesis", haematopoiesis},
        std::pair{"lymphoid", lymphoid}, std::pair{"germline", predisposition},
        std::pair{"vexas", vexas}})
    for (const auto& gene : reader.texts(name)) {
      list.genes[gene_key(gene)] = gene;
      list.meanings[gene] = meaning;
    }
  for (const auto& gene : reader.texts("partners")) list.partners[gene_key(gene)] = gene;
  for (const auto& former : reader.keys_below("formerly"))
    list.genes[gene_key(former)] = reader.text("formerly." + former);
  list.joined = reader.texts("joined");
  list.of_mpn = reader.texts("of_mpn");
  list.kinases = reader.texts("kinases");
  list.other_kinases = reader.texts("other_kinases");
  for (auto& fusion : reader.texts("lymphoid_fusions"))
    list.lymphoid_fusions.insert(std::move(fusion));
  for (const auto& symbol : reader.texts("other_symbols"))
    list.other_symbols.insert(gene_key(symbol));
  list.others = read_others(reader);
  reader.refuse_unread();
  return list;
}

const GeneList& gene_list() {
  static const auto instance = read_gene_list();
  return instance;
}

const std::string* find_gene(std::string_view written) {
  const auto found = gene_list().genes.find(gene_key(written));
  return found == gene_list().genes.end() ? nullptr : &found->second;
}

/// As spelt in either list; the key itself where neither has it.
std::string partner_name(const std::string& key) {
  if (const auto* gene = find_gene(key)) return *gene;
  const auto found = gene_list().partners.find(key);
  return found == gene_list().partners.end() ? key : found->second;
}

bool is_partner(const std::string& key) {
  return find_gene(key) != nullptr || gene_list().partners.contains(key);
}

bool is_kinase(const std::string& gene) {
  const auto& kinases = gene_list().kinases;
  return std::find(kinases.begin(), kinases.end(), gene) != kinases.end();
}

/// Keys of what stands between signs and blanks: BCR and ABL1 of "bcr-abl1".
std::vector<std::string> words_of(const std::string& written) {
  std::vector<std::string> words(1);
  for (const char c : written) {
    if (is_letter_or_digit(c))
      words.back() += gene_key({&c, 1});
    else if (!words.back().empty())
      words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

/// Of MECOM that is what its rearrangements do; other genes are expressed for other reasons too.
bool is_overexpressed(const std::string& gene, const std::string& word) {
  return gene == "MECOM" && word.starts_with("OVEREXPRESS");
}

/// "KMT2A" of "KMT2AR", "KMT2AREARR": a gene, and the word for its rearrangement. Empty for
/// anything else.
std::string without_mark(const std::string& word) {
  if (is_partner(word)) return "";
  for (auto size = word.size() - 1; size > 2; --size)
    if (is_partner(word.substr(0, size)) && says_rearranged(word.substr(size)))
      return word.substr(0, size);
  return "";
}

/// "BCRABL1" is BCR and ABL1, "FIP1L1PDGFRA" FIP1L1 and PDGFRA.
std::vector<std::string> split_word(const std::string& word) {
  if (is_partner(word)) return {word};
  for (std::size_t size = 2; size + 2 < word.size(); ++size)
    if (is_partner(word.substr(0, size)) && is_partner(word.substr(size)))
      return {word.substr(0, size), word.substr(size)};
  return {word};
}

bool is_fusion(const std::string& written) {
  return written.find(kFusion) != std::string::npos || !fused_genes(written).empty();
}

/// Of genes whose fusion with any partner is of another disease.
bool is_joined_with_any(const std::string& gene) {
  const auto& list = gene_list();
  return is_kinase(gene) || list.partners.contains(gene_key(gene)) ||
         std::find(list.joined.begin(), list.joined.end(), gene) != list.joined.end();
}

/// Of NPM1 a letter is its type. "T911" behind a gene that is joined is a translocation.
bool is_variant_of(const std::string& gene, const std::string& behind) {
  const bool translocation =
      is_joined_with_any(gene) && behind.starts_with("T") && behind.size() > 2 &&
      std::all_of(behind.begin() + 1, behind.end(), [](char c) { return is_digit(c); });
  if (translocation) return false;
  return is_mark_or_change(behind) ||
         (gene == "NPM1" && behind.size() == 1 && is_letter(behind.front()));
}

/// "RARA" of "TTMVRARA", "NPM1" of "NPM1FOO": a gene of the list that a symbol begins or ends with,
/// while it is none; empty where none does, or the symbol is another gene ("CALR3", "PTPN12").
std::string gene_within(const std::string& key) {
  constexpr std::size_t kLeast = 4;  // letters: many symbols begin as shorter ones do
  if (gene_list().other_symbols.contains(key)) return "";
  for (auto size = key.size() - 1; size >= kLeast && size < key.size(); --size) {
    const auto first = key.substr(0, size);
    const bool numbered = is_digit(first.back()) && is_digit(key[size]);
    if (is_partner(first) && !numbered) return partner_name(first);
    const auto last = key.substr(key.size() - size);
    if (is_partner(last) && is_joined_with_any(partner_name(last))) return partner_name(last);
  }
  return "";
}

/// "TTMV" and "RARA", of which one may be a gene that no list holds.
bool is_unlisted_fusion(const std::string& first, const std::string& second) {
  if (is_variant_mark(first) || is_variant_mark(second) || denies_gene(first) ||
      denies_gene(second) || says_rearranged(first) || says_rearranged(second) ||
      !may_be_symbol(first) || !may_be_symbol(second))
    return false;
  return is_joined_with_any(partner_name(first)) || is_joined_with_any(partner_name(second));
}

}  // namespace

GeneName read_gene(const std::string& as_written) {
  const auto written = ascii_signs(as_written);
  if (is_fusion(written)) return {.gene = written, .variant = "", .known = true};
  // The longest beginning that is a gene: "TET-2" before "TET".
  for (auto size = written.size(); size > 0; --size) {
    const bool ends = size == written.size() || !is_letter_or_digit(written[size]);
    if (!ends || !is_letter_or_digit(written[size - 1])) continue;
    if (const auto* gene = find_gene(std::string_view(written).substr(0, size)))
      return {.gene = *gene, .variant = written.substr(size), .known = true};
  }
  // "JAK2V617F", "NPM1c"
  for (auto size = written.size(); size > 2; --size)
    if (const auto* gene = find_gene(std::string_view(written).substr(0, size));
        gene != nullptr && is_variant_of(*gene, gene_key(std::string_view(written).substr(size))))
      return {.gene = *gene, .variant = written.substr(size), .known = true};
  if (const auto partner = gene_list().partners.find(gene_key(written));
      partner != gene_list().partners.end())
    return {.gene = partner->second, .variant = "", .known = true};
  // "RARAPOS"
  for (auto size = written.size(); size > 2; --size)
    if (const auto partner = gene_list().partners.find(gene_key(written.substr(0, size)));
        partner != gene_list().partners.end() &&
        is_mark_or_change(gene_key(std::string_view(written).substr(size))))
      return {.gene = partner->second, .variant = "", .known = true};
  return {.gene = written, .variant = "", .known = false};
}

GeneMeaning meaning_of(const std::string& gene) {
  if (is_fusion(gene)) return GeneMeaning::fusion;
  const auto found = gene_list().meanings.find(gene);
  return found == gene_list().meanings.end() ? GeneMeaning::not_listed : found->second;
}

bool drives_mpn(const std::string& gene) {
  return gene == "JAK2" || gene == "CALR" || gene == "MPL";
}

bool is_of_mpn(const std::string& gene) {
  const auto& others = gene_list().of_mpn;
  return drives_mpn(gene) || std::find(others.begin(), others.end(), gene) != others.end();
}

bool may_be_rearranged(const Mutation& mutation) {
  const auto& gene = mutation.gene;
  if (is_joined_with_any(gene) && meaning_of(gene) != GeneMeaning::fusion &&
      is_seen_without_sequence(mutation))
    return true;
  // "EVI1 positive"
  const bool gene_alone = mutation.variant.empty() || says_there(gene_key(mutation.variant));
  return gene_alone && meaning_of(gene) != GeneMeaning::supports &&
         (is_kinase(gene) || gene_list().partners.contains(gene_key(gene)));
}

bool is_kinase_gene(const std::string& gene) {
  return is_kinase(gene);
}

bool joins_kinase(const std::vector<std::string>& genes) {
  const auto& list = gene_list();
  const auto is_one = [&](const std::string& gene) {
    return is_kinase(gene) || std::find(list.other_kinases.begin(), list.other_kinases.end(),
                                        gene) != list.other_kinases.end();
  };
  const bool lymphoid =
      genes.size() == 2 && (list.lymphoid_fusions.contains(genes[0] + "::" + genes[1]) ||
                            list.lymphoid_fusions.contains(genes[1] + "::" + genes[0]));
  return !lymphoid && std::any_of(genes.begin(), genes.end(), is_one);
}

const std::vector<GenesOfAnother>& genes_of_another() {
  return gene_list().others;
}

bool is_of_another(const GenesOfAnother& other, const Mutation& mutation) {
  if (other.meaning && meaning_of(mutation.gene) == *other.meaning) return true;
  return std::any_of(other.genes.begin(), other.genes.end(), [&](const std::string& asked) {
    return mutation.gene == asked.substr(0, asked.find(' ')) &&
           (mutation.variant.empty() || has_variant(mutation, asked));
  });
}

std::string nearest_gene(const std::string& gene) {
  std::vector<std::string> spellings;
  for (const auto& [key, spelling] : gene_list().genes) spellings.push_back(spelling);
  return nearest_name(gene_key(gene), spellings);
}

std::string no_gene_symbol(const std::string& as_written) {
  const auto written = ascii_signs(as_written);
  const auto words = words_of(written);
  const auto denial = std::find_if(words.begin(), words.end(), denies_gene);
  const auto end = written.find_last_not_of(" )");
  const bool minus = end != std::string::npos && written[end] == '-';
  const bool not_detected =
      words.size() > 2 && words[words.size() - 2] == "N" && words.back() == "D";
  if (minus || not_detected ||
      (denial != words.end() && !(words.size() == 1 && find_gene(written) != nullptr)))
    return "the symbol of a gene alone; of one that was tested and is not mutated with the value "
           "\"no\"; variants that are benign, inherited or of unknown significance have no row";
  if (read_gene(written).known || !fused_genes(written).empty()) return "";
  const auto shown = fusions_named_in(written);
  if (const auto within = gene_within(gene_key(written)); shown.empty() && !within.empty())
    return fmt::format(
        "one gene's symbol (HGNC), its variant behind a blank (NPM1 type A), a fusion with its "
        "sign "
        "(PML::RARA); this begins or ends with {} and is no gene of the program's list",
        within);
  if (shown.empty())
    return looks_like_symbol(written) ? "" : "the gene's symbol (HGNC), such as TET2";
  return fmt::format(
      "the gene's symbol (HGNC), such as TET2; write a karyotype as the item karyotype, or the "
      "fusion that {} means where it was found: {}",
      shown.front().written, shown.front().fusion);
}

std::vector<std::string> fused_genes(const std::string& as_written) {
  const auto written = ascii_signs(as_written);
  std::vector<std::string> genes;
  bool rearranged = written.find(kFusion) != std::string::npos;
  const bool blankless = written.find(' ') == std::string::npos;
  const auto words = words_of(written);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto marked = without_mark(words[i]);
    const auto parts = marked.empty() ? split_word(words[i]) : std::vector<std::string>{marked};
    rearranged = rearranged || !marked.empty();
    for (const auto& part : parts)
      if (is_partner(part)) genes.push_back(partner_name(part));
    rearranged =
        rearranged || (i > 0 && (says_rearranged(words[i]) ||
                                 (!genes.empty() && is_overexpressed(genes.back(), words[i])) ||
                                 (words[i] == "T" && !rearrangements_in(written).empty())));
    // Before a kinase anything may stand: the partners are many, and new ones are found.
    const bool joined = i > 0 && parts.size() == 1 && is_kinase(partner_name(words[i])) &&
                        blankless && words[i - 1].size() > 1;
    rearranged = rearranged || (joined && !says_rearranged(words[i - 1])) ||
                 (i > 0 && blankless && is_unlisted_fusion(words[i - 1], words[i]));
  }
  if (genes.size() > 1 || (rearranged && !genes.empty())) return genes;
  return {};
}

bool names_several_genes(const std::string& written) {
  const auto genes = fused_genes(written);
  if (genes.size() < 2 || written.find(kFusion) != std::string::npos) return false;
  return written.find_first_of(",;&") != std::string::npos ||
         std::none_of(genes.begin(), genes.end(), is_joined_with_any);
}

std::string item_of_fusion(const std::string& written) {
  const auto genes = fused_genes(written);
  const auto has = [&](const char* gene) {
    return std::find(genes.begin(), genes.end(), gene) != genes.end();
  };
  if (has("BCR") && has("ABL1")) return "bcr_abl1";
  return joins_kinase(genes) ? "tk_fusion" : "";
}

}  // namespace cytocape::criteria
