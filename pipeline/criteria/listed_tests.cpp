#include "pipeline/criteria/listed_tests.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "embedded/criteria_tested_together.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/criteria/verdict_words.hpp"
#include "pipeline/criteria/words.hpp"
#include "pipeline/settings/toml_reader.hpp"

namespace cytocape::criteria {
namespace {

/// What a laboratory tests together.
struct Together {
  std::set<std::string, std::less<>> names;  ///< small letters and digits alone
  std::size_t least = 2;                     ///< so many make a list
};

struct TestTables {
  std::vector<Together> together;
  std::map<std::string, std::string> transcripts;  ///< of BCR::ABL1, by name
  std::map<std::string, std::string> clusters;     ///< "M-bcr" -> "p210"
  std::map<std::string, std::string> sizes;        ///< "major" -> "p210"
};

TestTables read_tables() {
  TomlReader reader;
  reader.add(text::criteria_tested_together, "configs/criteria/tested_together.toml");
  std::vector<Together> all;
  for (const auto& table : reader.tables_below("together")) {
    const auto prefix = "together." + table + ".";
    const auto names = reader.texts(prefix + "names");
    all.push_back({.names = {names.begin(), names.end()},
                   .least = static_cast<std::size_t>(reader.integer(prefix + "least"))});
  }
  TestTables tables{.together = std::move(all)};
  for (const auto& protein : reader.tables_below("transcript")) {
    const auto prefix = "transcript." + protein + ".";
    for (const auto& name : reader.texts(prefix + "names")) tables.transcripts[name] = protein;
    for (const auto& name : reader.texts(prefix + "cluster")) tables.clusters[name] = protein;
    for (const auto& name : reader.texts(prefix + "of_size")) tables.sizes[name] = protein;
  }
  reader.refuse_unread();
  return tables;
}

const TestTables& tables() {
  static const auto instance = read_tables();
  return instance;
}

using Words = std::vector<Word>;

/// Of how it is tested: "anti-HCV", "HIV 1/2 serology", "JAK2 V617F".
bool is_aside(const std::string& word) {
  return is_one_of(word, {"1",
                          "2",
                          "9",
                          "10",
                          "12",
                          "14",
                          "r",
                          "exon",
                          "ab",
                          "ag",
                          "anti",
                          "antibody",
                          "igg",
                          "igm",
                          "virus",
                          "serology",
                          "antibodies",
                          "antigen",
                          "pcr",
                          "dna",
                          "rna",
                          "test",
                          "v617f",
                          "w515l",
                          "gene",
                          "mutation",
                          "mutations",
                          "fusion",
                          "transcript",
                          "rearrangement",
                          "rearrangements",
                          "p210",
                          "p190",
                          "transcripts",
                          "transcrit",
                          "transcrits",
                          "transkript",
                          "transkripte",
                          "transcrito",
                          "transcritos",
                          "trascritto",
                          "trascritti",
                          "criteria",
                          "criterion",
                          "criteri",
                          "criterios",
                          "criteres",
                          "kriterien",
                          "for",
                          "of",
                          "fur",
                          "von",
                          "per",
                          "para",
                          "pour",
                          "por",
                          "de",
                          "di",
                          "los",
                          "les",
                          "des",
                          "i"});
}

/// Words that belong to the name of a test.
enum class Kept { all, no_asides, transcripts };

std::string key_of(const Words& words, std::size_t begin, std::size_t end, Kept kept) {
  std::string key;
  for (auto i = begin; i < end; ++i) {
    const auto& word = words[i].small;
    const bool transcript = kept == Kept::transcripts && !transcript_of(word).empty();
    if (kept == Kept::all || transcript || !is_aside(word)) key += word;
  }
  return key;
}

/// Signs and words between the items of a list.
bool is_transcript_at(std::string_view text, std::size_t at) {
  auto end = at;
  while (end < text.size() && is_letter_or_digit(text[end])) ++end;
  return !transcript_of(in_small_letters(text.substr(at, end - at))).empty();
}

/// "p190 p210", without a sign.
bool is_between_transcripts(std::string_view text, std::size_t blank) {
  auto begin = blank;
  while (begin > 0 && is_letter_or_digit(text[begin - 1])) --begin;
  return is_transcript_at(text, begin) && is_transcript_at(text, blank + 1);
}

std::size_t separator_at(std::string_view text, std::size_t at) {
  if (text[at] == ' ' && is_between_transcripts(text, at)) return 1;
  for (const std::string_view one : {", ", "/", " and ", " or ", " nor ", " und ", " oder ", " et ",
                                     " ou ", " & ", " y ", " e ", " o ", " ni ", " noch "})
    if (text.substr(at).starts_with(one)) return one.size();
  return 0;
}

/// A part of a text between separators.
struct Part {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Items of the clause that a place lies in, as far as a list may reach.
std::vector<Part> items_around(std::string_view text, const Mention& mention) {
  constexpr std::size_t kFarthest = 160;  // bytes
  const auto ends_clause = [&](std::size_t i) {
    return text[i] == '\n' ||
           ((text[i] == ';' || text[i] == '.') && (i + 1 == text.size() || text[i + 1] == ' '));
  };
  auto begin = mention.begin;
  while (begin > 0 && mention.begin - begin < kFarthest && !ends_clause(begin - 1) &&
         text[begin - 1] != ':' && !(text[begin - 1] == '(' && is_transcript_at(text, begin)))
    --begin;
  auto end = mention.end;
  while (end < text.size() && end - mention.end < kFarthest && !ends_clause(end)) ++end;
  std::vector<Part> items = {{begin, end}};
  for (auto i = begin; i < end; ++i) {
    const bool within = i >= mention.begin && i < mention.end;
    // "HIV 1/2"
    const bool of_number = text[i] == '/' && i > begin && is_digit(text[i - 1]);
    const auto size = within || of_number ? 0 : separator_at(text.substr(0, end), i);
    if (size == 0) continue;
    items.back().end = i;
    items.push_back({i + size, end});
    i += size - 1;
  }
  return items;
}

/// One item as a list holds it.
struct Listed {
  bool is_item = false;                    ///< nothing but the name of a test
  std::optional<std::size_t> ahead = {};   ///< "no HIV": where the denial begins
  std::optional<std::size_t> behind = {};  ///< "HCV negative"
};

/// "negative", "all not detected".
std::optional<std::size_t> denial_behind(const Words& words, std::size_t first) {
  for (auto i = first; i < words.size(); ++i) {
    const auto& word = words[i].small;
    if (denies_behind(word)) return words[i].begin;
    if (is_not(word) && i + 1 < words.size() &&
        (tells_of_finding(words[i + 1].small) || tells_of_being_met(words[i + 1].small) ||
         is_of_a_join(words[i + 1].small) || affirms(words[i + 1].small)))
      return words[i].begin;
    // "no detectados"
    if (word == "no" && i + 1 < words.size() && tells_of_finding(words[i + 1].small))
      return words[i].begin;
    // "JAK2: no rearrangement"
    if (is_no(word) && i + 1 < words.size() && is_of_a_join(words[i + 1].small))
      return words[i].begin;
    if (!is_one_of(word,
                   {"all", "both", "each", "are", "is", "were", "was", "tests", "serologies"}))
      return std::nullopt;
  }
  return std::nullopt;
}

/// "excluded PV", "escluse PV", "se descartan PV"; but "not excluded", "to be excluded".
bool is_exclusion(const Words& words, std::size_t i) {
  if (!is_one_of(words[i].small,
                 {"excluded",    "excludes",    "escluso",   "esclusa",  "esclusi",    "escluse",
                  "escludono",   "exclu",       "exclue",    "exclus",   "exclues",    "excluido",
                  "excluida",    "excluidos",   "excluidas", "excluyen", "descartado", "descartada",
                  "descartados", "descartadas", "descarta",  "descartan"}))
    return false;
  constexpr std::size_t kNear = 3;
  for (auto j = i > kNear ? i - kNear : 0; j < i; ++j)
    if (const auto& word = words[j].small;
        is_no(word) || is_not(word) || is_one_of(word, {"cannot", "be", "if", "until", "unless"}))
      return false;
  return true;
}

/// Between a denial and what it denies: "no evidence of", "does not meet the criteria for".
bool leads_to_a_name(const std::string& word) {
  return is_one_of(
      word, {"for",      "of",        "evidence",    "signs",      "von",         "any",
             "nachweis", "de",        "di",          "is",         "are",         "per",
             "para",     "pour",      "por",         "fur",        "los",         "les",
             "des",      "the",       "hinweis",     "auf",        "segni",       "signes",
             "signos",   "transcrit", "transcrits",  "transcript", "transcripts", "trascritti",
             "i",        "meet",      "meets",       "meeting",    "cumple",      "cumplen",
             "fulfil",   "fulfils",   "transcritos", "soddisfa",   "dei",         "diagnostic"});
}

/// "no", "negative for", "kein Nachweis von", "assenza di criteri per".
bool is_denial_before(const Words& words, std::size_t end) {
  bool of_criteria = false;
  for (; end > 0; --end) {
    const auto& word = words[end - 1].small;
    const bool criteria = word.starts_with("criter") || word.starts_with("kriteri");
    of_criteria = of_criteria || criteria;
    if (!criteria && !leads_to_a_name(word)) break;
  }
  if (end == 0) return false;
  const auto& word = words[end - 1].small;
  return is_no(word) || (is_not(word) && of_criteria) || is_exclusion(words, end - 1) ||
         is_one_of(word, {"negative", "neg", "negativ", "absence", "lacks", "assenza", "ausencia",
                          "fehlen", "afwezigheid"});
}

Listed listed(std::string_view text, const Part& item, const Together& together) {
  auto words = words_of_text(text.substr(item.begin, item.end - item.begin));
  const auto is_name = [&](std::size_t begin, std::size_t end) {
    return together.names.contains(key_of(words, begin, end, Kept::all)) ||
           together.names.contains(key_of(words, begin, end, Kept::no_asides)) ||
           together.names.contains(key_of(words, begin, end, Kept::transcripts));
  };
  if (is_name(0, words.size())) return {.is_item = true};
  for (auto end = words.size(); end-- > 1;)
    if (is_name(0, end))
      if (const auto denial = denial_behind(words, end)) return {.behind = item.begin + *denial};
  for (std::size_t begin = 1; begin < words.size(); ++begin)
    if (is_name(begin, words.size()) && is_denial_before(words, begin))
      return {.ahead = item.begin + words[begin - 1].begin};
  return {};
}

/// The denial of the list that holds item `own`.
std::optional<std::size_t> denial_of(std::string_view text, const std::vector<Part>& items,
                                     std::size_t own, const Together& together) {
  const auto at = [&](std::size_t i) { return listed(text, items[i], together); };
  if (!at(own).is_item) return std::nullopt;
  auto first = own;
  while (first > 0 && at(first - 1).is_item) --first;
  auto last = own;
  while (last + 1 < items.size() && at(last + 1).is_item) ++last;
  const auto count = last - first + 2;  // with the item that the denial stands beside
  if (count < together.least) return std::nullopt;
  if (last + 1 < items.size())
    if (const auto behind = at(last + 1).behind) return behind;
  return first > 0 ? at(first - 1).ahead : std::nullopt;
}

}  // namespace

std::optional<std::size_t> listed_denial(std::string_view text, const Mention& mention) {
  const auto items = items_around(text, mention);
  if (items.size() < 2) return std::nullopt;
  std::size_t own = 0;
  while (own + 1 < items.size() && items[own + 1].begin <= mention.begin) ++own;
  for (const auto& together : tables().together)
    if (const auto denial = denial_of(text, items, own, together)) return denial;
  return std::nullopt;
}

std::string transcript_of(const std::string& word) {
  const auto& all = tables().transcripts;
  const auto found = all.find(word);
  return found == all.end() ? "" : found->second;
}

namespace {

/// How many bytes a cluster, "M-bcr", takes where it begins at a place; 0 where it does not.
std::size_t cluster_at(std::string_view text, std::string_view cluster) {
  const auto first = cluster.substr(0, cluster.find('-'));
  if (!text.starts_with(first)) return 0;
  auto end = first.size();
  if (end < text.size() && (text[end] == '-' || text[end] == ' ')) ++end;
  constexpr std::string_view kGene = "bcr";
  if (in_small_letters(text.substr(end, kGene.size())) != kGene) return 0;
  end += kGene.size();
  return end < text.size() && is_letter_or_digit(text[end]) ? 0 : end;
}

/// The protein that is named at a place, and how many bytes its name takes.
std::pair<std::string, std::size_t> protein_at(std::string_view text) {
  for (const auto& [cluster, protein] : tables().clusters)
    if (const auto size = cluster_at(text, cluster); size > 0) return {protein, size};
  std::size_t end = 0;
  while (end < text.size() && is_letter_or_digit(text[end])) ++end;
  const auto size = tables().sizes.find(in_small_letters(text.substr(0, end)));
  // "major molecular response"
  if (size == tables().sizes.end() || in_small_letters(text.substr(end, 6)) == " molec") return {};
  return {size->second, end};
}

}  // namespace

std::string with_transcripts_spelt(std::string_view text) {
  std::string spelt;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool begins = at == 0 || !is_letter_or_digit(text[at - 1]);
    const auto [protein, size] =
        begins ? protein_at(text.substr(at)) : std::pair<std::string, std::size_t>();
    spelt += size > 0 ? protein : std::string(1, text[at]);
    if (size > 0) at += size - 1;
  }
  return spelt;
}

}  // namespace cytocape::criteria
