#include "pipeline/criteria/unknown_rows.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/criteria/affirmed_genes.hpp"
#include "pipeline/criteria/genes.hpp"
#include "pipeline/criteria/items.hpp"
#include "pipeline/criteria/named_diseases.hpp"
#include "pipeline/criteria/resolutions.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/criteria/untested.hpp"
#include "pipeline/criteria/verdict_words.hpp"
#include "pipeline/criteria/words.hpp"
#include "pipeline/wording/notes.hpp"
#include "pipeline/wording/remarks.hpp"
#include "pipeline/wording/sources.hpp"

namespace cytocape::criteria {
namespace {

RowAnswer no_of(const Provenance& from) {
  return {.value = to_string(Choice::no), .from = from};
}

RowAnswer speaking_answer(const Provenance& from) {
  return {.value = wording::unknown_but(from.source), .from = from};
}

bool speaks(const UnknownRow& row, const std::string& code) {
  if (row.from.source.empty()) return false;
  if (code == "mutation" && row.gene.empty() && !affirmed_genes(row.from.source).empty())
    return true;
  return says_there_is_something(row.from.source) || says_left_possible(row.from.source);
}

/// An answer "no" that is no newer.
void contradict_answer(const std::string& code, const Provenance& unknown, Findings& findings) {
  const auto answer = findings.answers.find(code);
  if (answer == findings.answers.end() || answer->second.value != Choice::no) return;
  if (is_surely_before(unknown, answer->second.from)) return;
  findings.contested[code] = {.last = speaking_answer(unknown),
                              .others = {no_of(answer->second.from)}};
  findings.answers.erase(answer);
}

/// Whether a row "no" is of the gene or fusion.
bool is_of_gene(const Negative& none, const std::string& gene) {
  return none.genes == fused_genes(gene) ||
         none.genes == std::vector<std::string>{read_gene(gene).gene};
}

/// The rows "no" of the gene that are no newer deny it no more; nor does a panel without mutations
/// where the gene would support.
void contradict_mutation(const UnknownRow& row, Findings& findings) {
  std::erase_if(findings.negatives, [&](const Negative& none) {
    return is_of_gene(none, row.gene) && !is_surely_before(row.from, none.from);
  });
  const bool supports =
      row.gene.empty() || meaning_of(read_gene(row.gene).gene) == GeneMeaning::supports;
  const auto& panel = findings.no_mutation;
  if (!supports || !panel || is_surely_before(row.from, *panel)) return;
  findings.contested["mutation"] = {.last = speaking_answer(row.from), .others = {no_of(*panel)}};
  findings.no_mutation.reset();
}

bool is_answered_yes(const std::string& code, const UnknownRow& row, const Findings& findings) {
  if (code == "mutation")
    return std::any_of(findings.mutations.begin(), findings.mutations.end(),
                       [&](const Mutation& found) {
                         return row.gene.empty() || found.gene == read_gene(row.gene).gene;
                       });
  const auto answer = findings.answers.find(code);
  return answer != findings.answers.end() && answer->second.value == Choice::yes;
}

/// Whether a newer row answers "no".
bool is_denied_later(const std::string& code, const UnknownRow& row, const Findings& findings) {
  const auto answer = findings.answers.find(code);
  if (answer != findings.answers.end()) return is_surely_before(row.from, answer->second.from);
  if (code != "mutation") return false;
  return (findings.no_mutation && is_surely_before(row.from, *findings.no_mutation)) ||
         std::any_of(findings.negatives.begin(), findings.negatives.end(),
                     [&](const Negative& none) {
                       return is_of_gene(none, row.gene) && is_surely_before(row.from, none.from);
                     });
}

void take_speaking(const GatheredRows& gathered, Findings& findings) {
  for (const auto& [code, rows] : gathered.unknown) {
    const auto kind = find_item(code)->kind;
    if (kind != ItemKind::answer && kind != ItemKind::mutation) continue;
    for (const auto& row : rows) {
      if (!speaks(row, code) || has_weighed(findings, code, row.from.date) ||
          is_answered_yes(code, row, findings) || is_denied_later(code, row, findings))
        continue;
      findings.speaking_unknown.push_back({.item = code, .gene = row.gene, .from = row.from});
      if (kind == ItemKind::mutation)
        contradict_mutation(row, findings);
      else
        contradict_answer(code, row.from, findings);
    }
  }
}

/// The day of what mutations' reading rests on, by gene; that of all under "".
std::map<std::string, std::string> days_of_mutations(const Findings& findings) {
  std::map<std::string, std::string> days;
  for (const auto& mutation : findings.mutations)
    for (const auto& gene : {std::string(), mutation.gene}) {
      auto& day = days[gene];
      day = std::max(day, mutation.from.date);
    }
  if (!findings.no_mutation) return days;
  for (auto& [gene, day] : days) day = std::max(day, findings.no_mutation->date);
  return days;
}

/// The day of what an item's reading rests on; none where it has none.
std::optional<std::string> day_of_item(const Findings& findings, const std::string& code) {
  if (const auto number = findings.numbers.find(code); number != findings.numbers.end())
    return number->second.from.date;
  if (const auto answer = findings.answers.find(code); answer != findings.answers.end())
    return answer->second.from.date;
  return std::nullopt;
}

/// An older answer still decides, and the reader is told.
void note_newer_unknown(const GatheredRows& gathered, Findings& findings) {
  const auto mutations = days_of_mutations(findings);
  const auto denied = findings.no_mutation ? std::optional(findings.no_mutation->date)
                                           : std::optional<std::string>();
  const auto day_of_gene = [&](const std::string& gene) {
    const auto found = mutations.find(gene.empty() ? gene : read_gene(gene).gene);
    return found == mutations.end() ? denied : found->second;
  };
  for (const auto& [code, rows] : gathered.unknown)
    for (const auto& row : rows) {
      const auto day = code == "mutation" ? day_of_gene(row.gene) : day_of_item(findings, code);
      if (day && *day < row.from.date)
        findings.remarks[code].push_back(wording::says_unknown(row.from, row.gene));
    }
}

bool is_told(const Findings& findings, const std::string& code) {
  return findings.numbers.contains(code) || findings.answers.contains(code) ||
         findings.contested.contains(code) || findings.too_brief.contains(code) ||
         (code == "karyotype" && !findings.karyotypes.empty());
}

bool is_gene_told(const Findings& findings, const std::string& gene) {
  const auto name = read_gene(gene).gene;
  return std::any_of(findings.mutations.begin(), findings.mutations.end(),
                     [&](const Mutation& found) { return found.gene == name; }) ||
         std::any_of(findings.negatives.begin(), findings.negatives.end(),
                     [&](const Negative& none) { return is_of_gene(none, gene); });
}

/// What no row tells, and one says that it is not known: the newest.
void note_said_unknown(const GatheredRows& gathered, Findings& findings) {
  const auto note = [&](const std::string& key, const Provenance& from) {
    const auto [known, is_new] = findings.said_unknown.try_emplace(key, from);
    if (!is_new && known->second.date < from.date) known->second = from;
  };
  const bool panel = findings.no_mutation || !findings.mutations.empty();
  for (const auto& [code, rows] : gathered.unknown)
    for (const auto& row : rows) {
      const bool of_gene = code == "mutation" && !row.gene.empty();
      if (of_gene && !is_gene_told(findings, row.gene))
        note("mutation " + read_gene(row.gene).gene, row.from);
      else if (code == "mutation" ? row.gene.empty() && !panel : !is_told(findings, code))
        note(code, row.from);
    }
}

/// The "no" or number that is used though a newer row says unknown.
std::optional<RowAnswer> used_of(const Findings& findings, const std::string& code,
                                 const std::string& gene) {
  if (const auto number = findings.numbers.find(code); number != findings.numbers.end())
    return RowAnswer{.value = number->second.given, .from = number->second.from};
  if (const auto answer = findings.answers.find(code); answer != findings.answers.end()) {
    if (answer->second.value != Choice::no) return std::nullopt;
    return no_of(answer->second.from);
  }
  if (code != "mutation") return std::nullopt;
  const Provenance* newest = nullptr;
  for (const auto& none : findings.negatives)
    if (!gene.empty() && is_of_gene(none, gene) &&
        (newest == nullptr || newest->date < none.from.date))
      newest = &none.from;
  // A panel without mutations decides nothing of what would be another disease.
  if (newest == nullptr && findings.no_mutation && !means_another_disease(gene))
    newest = &*findings.no_mutation;
  return newest == nullptr ? std::nullopt : std::optional(no_of(*newest));
}

/// The newest of an item's or a gene's rows that say unknown, where it is newer than what is used.
void note_unanswered(const GatheredRows& gathered, Findings& findings) {
  for (const auto& [code, rows] : gathered.unknown) {
    std::map<std::string, const UnknownRow*> newest;
    for (const auto& row : rows) {
      auto& kept = newest[row.gene];
      if (kept == nullptr || kept->from.date < row.from.date) kept = &row;
    }
    for (const auto& [gene, row] : newest)
      if (const auto used = used_of(findings, code, gene);
          used && is_surely_before(used->from, row->from))
        findings.unanswered.push_back(
            {.item = code, .gene = gene, .from = row->from, .used = *used});
  }
}

}  // namespace

void take_unknown(const GatheredRows& gathered, Findings& findings) {
  take_speaking(gathered, findings);
  note_newer_unknown(gathered, findings);
  note_unanswered(gathered, findings);
  note_said_unknown(gathered, findings);
}

bool says_there_is_something(std::string_view source) {
  if (says_found(source)) return true;
  const auto words = plain_words(ascii_signs(source));
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto& word = words[i];
    // "seen by AB", "sample found clotted" are of no finding.
    const bool finds =
        affirms(word) || is_one_of(word, {"detected", "detectable", "present", "identified",
                                          "nachweisbar", "nachgewiesen", "detecte", "detectee",
                                          "detectado", "detectada", "rilevato", "rilevata",
                                          "retrouve", "retrouvee", "aangetoond", "aanwezig"});
    if (!finds) continue;
    const bool of_control = i + 1 < words.size() && words[i + 1].starts_with("control");
    if (!of_control &&
        !has_denial_before(words, i, {"nor", "be", "control", "if", "whether", "until"}))
      return true;
  }
  return false;
}

}  // namespace cytocape::criteria
