#include "pipeline/criteria/genes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "embedded/criteria_genes.hpp"
#include "pipeline/criteria/karyotype.hpp"
#include "pipeline/criteria/rearrangements.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/criteria/variants.hpp"
#include "pipeline/criteria/words.hpp"
#include "pipeline/settings/toml_reader.hpp"

namespace cytocape::criteria {
namespace {

constexpr std::string_view kFusion = "::";

bool is_alphanumeric(char c) {
  return is_digit(c) || is_letter(c);
}

/// Capital letters and digits alone.
std::string gene_key(std::string_view written) {
  std::string text;
  for (const char c : written)
    if (is_alphanumeric(c)) text += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

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
    if (is_alphanumeric(c))
      words.back() += gene_key({&c, 1});
    else if (!words.back().empty())
      words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

bool says_rearranged(const std::string& word) {
  for (const auto* begin :
       {"REARR", "UMLAGER", "UMGELAG", "RIARR", "REORDEN", "TRANSLO", "TRASLO", "FUSI", "BREAK"})
    if (word.starts_with(begin)) return true;
  return word == "R" || word == "SPLIT" || word == "SEP";
}

/// Of MECOM that is what its rearrangements do; other genes are expressed for other reasons too.
bool is_overexpressed(const std::string& gene, const std::string& word) {
  return gene == "MECOM" && word.starts_with("OVEREXPRESS");
}

/// "KMT2A" of "KMT2AR": a gene, and the letter for its rearrangement. Empty for anything else.
std::string without_mark(const std::string& word) {
  if (is_partner(word) || !word.ends_with('R')) return "";
  const auto gene = word.substr(0, word.size() - 1);
  return gene.size() > 2 && is_partner(gene) ? gene : "";
}

/// "BCRABL1" is BCR and ABL1, "FIP1L1PDGFRA" FIP1L1 and PDGFRA.
std::vector<std::string> split_word(const std::string& word) {
  if (is_partner(word)) return {word};
  for (std::size_t size = 2; size + 2 < word.size(); ++size)
    if (is_partner(word.substr(0, size)) && is_partner(word.substr(size)))
      return {word.substr(0, size), word.substr(size)};
  return {word};
}

/// What reports write behind a gene without a sign between: "NPM1c", "CEBPAdm", "FLT3ITD".
bool is_variant_mark(const std::string& mark) {
  static const std::set<std::string> marks = {"C",  "CYT", "DM",  "SM",  "BI",  "MUT",
                                              "MT", "PTD", "ITD", "TKD", "BZIP"};
  return marks.contains(mark);
}

/// "V617F", "D816", "R201FS".
bool is_protein_change(const std::string& word) {
  std::size_t end = 1;
  while (end < word.size() && is_digit(word[end])) ++end;
  const auto rest = word.substr(std::min(end, word.size()));
  return is_letter(word.front()) && end > 1 &&
         (rest.size() <= 1 || rest.starts_with("FS") || rest.starts_with("DEL") ||
          rest.starts_with("INS") || rest.starts_with("DUP"));
}

/// What is written behind a gene without a sign between.
bool is_mark_or_change(const std::string& behind) {
  for (const auto* begin : {"DEL", "INS", "DUP", "MUT"})
    if (behind.starts_with(begin)) return true;
  return is_variant_mark(behind) || (behind.size() > 3 && is_protein_change(behind));
}

/// What may be a gene beside another: no variant, no test and no verdict.
bool may_be_symbol(const std::string& word) {
  if (std::count_if(word.begin(), word.end(), is_letter) < 2) return false;
  for (const auto* begin :
       {"EX",   "TYP",  "MUT",   "POS", "NEG",   "VAR",  "DEL",  "DUP",   "INS",   "AMP",
        "LOSS", "GAIN", "HIGH",  "LOW", "FRAME", "NONS", "MISS", "TRUNC", "SOMAT", "CLON",
        "HET",  "HOM",  "PATHO", "LOH", "CNLOH", "UPD",  "ENS",  "UNM"})
    if (word.starts_with(begin)) return false;
  static const std::set<std::string> others = {"FISH", "PCR", "NGS", "RNA", "DNA", "VAF", "NM",
                                               "NP",   "AA",  "FS",  "WT",  "ALT", "SEQ", "AF"};
  return !others.contains(word) && !is_protein_change(word);
}

/// Words that deny an acquired mutation, as reports write them after a gene.
bool says_no(const std::string& word) {
  static const std::set<std::string> words = {
      "WT",          "KEIN", "KEINE",  "ND",        "NESSUNA",     "PAS",      "OHNE",
      "SENZA",       "SIN",  "WILD",   "WILDTYPE",  "NEG",         "NEGATIVE", "NO",
      "NOT",         "NONE", "NORMAL", "UNMUTATED", "ABSENT",      "GERMLINE", "UNDETECTED",
      "NOTDETECTED", "VUS",  "BENIGN", "SNP",       "POLYMORPHISM"};
  return words.contains(word);
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

/// "FOOBAR", "C9orf72", "HLA-A": no blanks, and no letters that are small.
bool looks_like_symbol(const std::string& written) {
  auto text = written;
  if (const auto orf = text.find("orf"); orf != std::string::npos) text.erase(orf, 3);
  const bool signs = std::all_of(text.begin(), text.end(), [](char c) {
    return (is_alphanumeric(c) && !(c >= 'a' && c <= 'z')) || c == '-' || c == ':' || c == '.';
  });
  return signs && text.size() >= 2 && text.front() >= 'A' && text.front() <= 'Z';
}

/// By FISH, which sees where genes are, and nothing of their sequence.
bool is_seen_by_probes_alone(const Mutation& mutation) {
  const auto variant = gene_key(mutation.variant);
  // "KMT2A FISH", "MLL 11q23", and of genes that are joined "MLL+"
  const bool band = !variant.empty() && is_digit(variant.front()) &&
                    variant.find_first_of("PQ") != std::string::npos;
  const bool there = !mutation.variant.empty() && (variant.empty() || variant.starts_with("POS")) &&
                     mutation.gene == "KMT2A";
  bool probes = variant == "FISH" || band || there;
  for (const auto& word : plain_words(ascii_signs(mutation.from.source))) {
    if (is_one_of(word, {"pcr", "rtpcr", "ngs", "sanger", "panel", "wgs", "wes", "array"}) ||
        word.starts_with("seq"))
      return false;
    probes = probes || is_one_of(word, {"fish", "ish", "breakapart", "apart", "probe", "sonde"});
  }
  return probes;
}

/// "TTMV" and "RARA", of which one may be a gene that no list holds.
bool is_unlisted_fusion(const std::string& first, const std::string& second) {
  if (is_variant_mark(first) || is_variant_mark(second) || says_no(first) || says_no(second) ||
      says_rearranged(first) || says_rearranged(second) || !may_be_symbol(first) ||
      !may_be_symbol(second))
    return false;
  return is_joined_with_any(partner_name(first)) || is_joined_with_any(partner_name(second));
}

}  // namespace

GeneName read_gene(const std::string& as_written) {
  const auto written = ascii_signs(as_written);
  if (is_fusion(written)) return {.gene = written, .variant = "", .known = true};
  // The longest beginning that is a gene: "TET-2" before "TET".
  for (auto size = written.size(); size > 0; --size) {
    const bool ends = size == written.size() || !is_alphanumeric(written[size]);
    if (!ends || !is_alphanumeric(written[size - 1])) continue;
    if (const auto* gene = find_gene(std::string_view(written).substr(0, size)))
      return {.gene = *gene, .variant = written.substr(size), .known = true};
  }
  // "JAK2V617F", "NPM1c"
  for (auto size = written.size(); size > 2; --size)
    if (const auto* gene = find_gene(std::string_view(written).substr(0, size));
        gene != nullptr && is_mark_or_change(gene_key(std::string_view(written).substr(size))))
      return {.gene = *gene, .variant = written.substr(size), .known = true};
  if (const auto partner = gene_list().partners.find(gene_key(written));
      partner != gene_list().partners.end())
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
      is_seen_by_probes_alone(mutation))
    return true;
  return mutation.variant.empty() && meaning_of(gene) != GeneMeaning::supports &&
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
  const auto denial = std::find_if(words.begin(), words.end(), says_no);
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
