#include "pipeline/criteria/named_diseases.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "embedded/criteria_named.hpp"
#include "io/errors.hpp"
#include "pipeline/criteria/genes.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/criteria/words.hpp"
#include "pipeline/settings/toml_reader.hpp"

namespace cytocape::criteria {
namespace {

Call call_of(TomlReader& reader, const std::string& key) {
  if (!reader.has(key)) return Call::none;
  return reader.choice(key, {"today", "promptly"}) == "today" ? Call::today : Call::promptly;
}

struct TableOfNames {
  std::vector<Disease> diseases;
  std::vector<std::string> genes;
  std::vector<std::string> other_blasts;
};

TableOfNames read_table_of_names() {
  TomlReader reader;
  reader.add(text::criteria_named, "configs/criteria/named.toml");
  std::vector<Disease> all;
  auto genes = reader.texts("genes");
  auto other_blasts = reader.texts("other_blasts");
  for (const auto& table : reader.tables_below("named")) {
    const auto prefix = "named." + table + ".";
    const auto optional = [&](const char* key) {
      return reader.has(prefix + key) ? reader.texts(prefix + key) : std::vector<std::string>();
    };
    all.push_back({.id = table,
                   .say = reader.text(prefix + "say"),
                   .names = reader.texts(prefix + "names"),
                   .beside = optional("unless_beside"),
                   .speaks_for = reader.texts(prefix + "speaks_for"),
                   .beside_no = optional("beside_no"),
                   .against_yes =
                       reader.has(prefix + "against_yes") && reader.boolean(prefix + "against_yes"),
                   .on_yes = reader.has(prefix + "on_yes") ? reader.text(prefix + "on_yes") : "",
                   .call = call_of(reader, prefix + "call")});
  }
  reader.refuse_unread();
  return {.diseases = std::move(all),
          .genes = std::move(genes),
          .other_blasts = std::move(other_blasts)};
}

const TableOfNames& table_of_names() {
  static const auto instance = read_table_of_names();
  return instance;
}

/// A name of the table, as it is looked for.
struct KnownName {
  std::string text;   ///< without "*"
  bool open = false;  ///< any end of the word will do
  bool as_written = false;
  const Disease* disease = nullptr;

  /// Where it ends that begins at `at`; 0 where it does not stand there.
  [[nodiscard]] std::size_t end_in(std::string_view whole, std::size_t at) const {
    for (const char c : text) {
      if (at >= whole.size()) return 0;
      const char there = as_written ? whole[at] : small_of(whole[at]);
      if (c == ' ' ? there != ' ' && there != '-' : c != there) return 0;
      ++at;
    }
    while (open && at < whole.size() && is_letter_or_digit(whole[at])) ++at;
    return at < whole.size() && is_letter_or_digit(whole[at]) ? 0 : at;
  }
};

/// By their first two signs, in small letters: no text is compared with every name.
using NamesByKey = std::map<std::string, std::vector<KnownName>, std::less<>>;

NamesByKey sorted_names() {
  NamesByKey all;
  for (const auto& disease : diseases())
    for (const auto& name : disease.names) {
      const bool open = name.ends_with('*');
      const auto plain = open ? name.substr(0, name.size() - 1) : name;
      const auto small = in_small_letters(plain);
      all[small.substr(0, 2)].push_back(
          {.text = plain, .open = open, .as_written = small != plain, .disease = &disease});
    }
  return all;
}

/// The word of `words` that lies at or behind `at`.
std::size_t word_from(const std::vector<Word>& words, std::size_t at) {
  const auto found =
      std::find_if(words.begin(), words.end(), [&](const Word& word) { return word.begin >= at; });
  return static_cast<std::size_t>(found - words.begin());
}

bool joins_closely(std::string_view gap) {
  return gap.find_first_not_of(" -/") == std::string_view::npos;
}

/// The words right before and behind a place, where nothing but a sign stands between.
struct Neighbours {
  std::string before;
  std::string behind;
};

Neighbours neighbours_of(std::string_view text, const std::vector<Word>& words, const Mention& at) {
  const auto next = word_from(words, at.end);
  const auto own = word_from(words, at.begin);
  Neighbours beside;
  if (next < words.size() && joins_closely(text.substr(at.end, words[next].begin - at.end)))
    beside.behind = words[next].small;
  if (own > 0 && joins_closely(text.substr(words[own - 1].end, at.begin - words[own - 1].end)))
    beside.before = words[own - 1].small;
  return beside;
}

/// "AML panel", "CLL FISH": what is tested for.
bool is_of_a_kit(const std::string& word) {
  return is_one_of(
      word,
      {"panel",    "panels", "probe",      "probes",     "kit",      "screen",       "screening",
       "assay",    "fish",   "pcr",        "ngs",        "set",      "gene",         "genes",
       "test",     "tests",  "testing",    "serology",   "clinic",   "ward",         "protocol",
       "study",    "trial",  "lab",        "laboratory", "array",    "profile",      "workup",
       "registry", "unit",   "sequencing", "primers",    "ambulanz", "sprechstunde", "service"});
}

/// "Dr. Auer": a person's name.
bool is_of_a_person(std::string_view text, const std::vector<Word>& words, const Mention& at) {
  const auto own = word_from(words, at.begin);
  if (own == 0) return false;
  const auto gap = text.substr(words[own - 1].end, at.begin - words[own - 1].end);
  return gap.find_first_not_of(" .") == std::string_view::npos &&
         is_one_of(words[own - 1].small, {"dr", "prof", "med", "mr", "mrs", "ms", "frau", "herr",
                                          "dra", "dott", "oa", "oberarzt", "st", "saint"});
}

/// "NGS panel of 54 genes (AML/MDS/MPN)": what a panel is of.
bool is_of_a_panel(std::string_view text, const std::vector<Word>& words, const Mention& at) {
  for (auto i = word_from(words, at.begin); i-- > 0;) {
    const auto end = words[i].end;
    const auto next = i + 1 < words.size() ? std::min(words[i + 1].begin, at.begin) : at.begin;
    const auto gap = text.substr(end, std::max(end, next) - end);
    if (gap.find_first_of(":;\n") != std::string_view::npos ||
        gap.find(". ") != std::string_view::npos)
      return false;
    if (is_one_of(words[i].small, {"with", "shows", "showed", "consistent", "suggests", "confirms",
                                   "compatible", "is", "suggestive", "known", "diagnosed"}))
      return false;
    if (is_one_of(words[i].small, {"panel", "panels", "kit"})) return true;
  }
  return false;
}

/// Whether a place names what was tested for, or another thing by the words beside it.
bool is_another_thing(std::string_view text, const std::vector<Word>& words,
                      const PlacedDisease& one) {
  const auto beside = neighbours_of(text, words, one.at);
  const auto& others = one.disease->beside;
  return is_of_a_kit(beside.behind) || is_of_a_panel(text, words, one.at) ||
         std::any_of(others.begin(), others.end(), [&](const std::string& other) {
           return beside.before == other || beside.behind == other;
         });
}

/// The longest name at each beginning of a word; names within others are none.
std::vector<PlacedDisease> find_names(std::string_view text) {
  static const auto names = sorted_names();
  std::vector<PlacedDisease> all;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!is_letter_or_digit(text[at]) || (at > 0 && is_letter_or_digit(text[at - 1]))) continue;
    const auto list = names.find(in_small_letters(text.substr(at, 2)));
    if (list == names.end()) continue;
    PlacedDisease longest;
    for (const auto& name : list->second)
      if (const auto end = name.end_in(text, at); end > longest.at.end)
        longest = {.at = {at, end}, .disease = name.disease};
    if (longest.disease == nullptr) continue;
    all.push_back(longest);
    at = longest.at.end - 1;
  }
  return all;
}

}  // namespace

const std::vector<Disease>& diseases() {
  return table_of_names().diseases;
}

const Disease& disease_called(const std::string& id) {
  const auto& all = diseases();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Disease& one) { return one.id == id; });
  if (found == all.end())
    throw ConfigError("configs/criteria/genes.toml: named = \"" + id +
                      "\": expected a disease of configs/criteria/named.toml");
  return *found;
}

const std::vector<std::string>& cells_called_blasts() {
  return table_of_names().other_blasts;
}

bool is_looked_for(const std::string& gene) {
  const auto& genes = table_of_names().genes;
  return std::find(genes.begin(), genes.end(), gene) != genes.end();
}

bool means_another_disease(const std::string& gene) {
  if (gene.empty()) return false;
  if (!fused_genes(gene).empty()) return true;
  const Mutation mutation{.gene = read_gene(gene).gene};
  const auto& others = genes_of_another();
  return is_looked_for(mutation.gene) || drives_mpn(mutation.gene) ||
         std::any_of(others.begin(), others.end(),
                     [&](const GenesOfAnother& other) { return is_of_another(other, mutation); });
}

std::vector<NamedDisease> named_diseases(std::string_view written) {
  const auto text = without_line_breaks(ascii_signs(written));
  const auto found = find_names(text);
  if (found.empty()) return {};
  const auto words = words_of_text(text);
  std::vector<Mention> places;
  for (const auto& one : found) places.push_back(one.at);
  const auto said = what_is_said(text, places);
  std::vector<NamedDisease> named;
  std::set<const Disease*> told;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (said[i] == Said::denied || is_of_a_person(text, words, places[i])) continue;
    if (said[i] != Said::affirmed && is_another_thing(text, words, found[i])) continue;
    if (!told.insert(found[i].disease).second) continue;
    named.push_back({.disease = found[i].disease,
                     .written = text.substr(places[i].begin, places[i].end - places[i].begin)});
  }
  return named;
}

std::vector<PlacedDisease> places_of_diseases(std::string_view text) {
  return find_names(text);
}

}  // namespace cytocape::criteria
