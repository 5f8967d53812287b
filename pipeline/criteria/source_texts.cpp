#include "pipeline/criteria/source_texts.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "io/text.hpp"
#include "pipeline/criteria/affirmed_genes.hpp"
#include "pipeline/criteria/blast_readings.hpp"
#include "pipeline/criteria/denials.hpp"
#include "pipeline/criteria/genes.hpp"
#include "pipeline/criteria/items.hpp"
#include "pipeline/criteria/named_diseases.hpp"
#include "pipeline/criteria/named_fusions.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/wording/genetics.hpp"
#include "pipeline/wording/named.hpp"

namespace cytocape::criteria {
namespace {

/// Of one text, which many rows may share.
struct ReadText {
  std::vector<NamedFusion> named;
  std::vector<NamedDisease> diseases;
  std::vector<NamedBlasts> blasts;
  std::vector<std::string> mutated;  ///< genes that it affirms
  bool of_a_test = false;
};

ReadText read_text(const std::string& source) {
  return {.named = named_fusions(source),
          .diseases = named_diseases(source),
          .blasts = named_blasts(source),
          .mutated = affirmed_genes(source),
          .of_a_test = names_a_test(ascii_signs(source))};
}

bool answers_no(const GivenValue& row) {
  return in_small_letters(row.value) == "no";
}

/// Whether a row says that something is not there, so that its source may name what was tested.
bool denies(const Findings& findings, const GivenValue& row) {
  if (answers_no(row)) return true;
  if (in_small_letters(row.item) != "karyotype") return false;
  const auto& read = findings.karyotypes;
  const auto found = std::find_if(read.begin(), read.end(),
                                  [&](const KaryotypeRow& one) { return one.iscn == row.value; });
  return found != read.end() && found->facts.normal;
}

/// Whether the row itself says what its source names.
bool says_the_same(const GivenValue& row, const ShownFusion& shown) {
  const auto item = in_small_letters(row.item);
  if (item == "mutation")
    return !answers_no(row) && !fused_genes(row.gene).empty() &&
           fused_genes(row.gene) == fused_genes(shown.fusion);
  return in_small_letters(row.value) == "yes" && item_of_fusion(shown.fusion) == item;
}

/// "JAK2 V617F positive" beside an answer on fusions is of no fusion.
bool tells_of_point_mutation(const std::string& source) {
  const auto small = in_small_letters(source);
  for (const auto* variant : {"v617f", "itd", "tkd", "d835", "exon 12", "d842"})
    if (small.find(variant) != std::string::npos) return true;
  return false;
}

/// A row's own share in per cent; none of another item.
std::optional<double> own_share(const GivenValue& row, const std::string& item) {
  if (item != "pb_blasts" && item != "bm_blasts") return std::nullopt;
  const auto number = parse_number(row.value);
  return number ? convert(*number, row.unit, Unit::percent).value : std::nullopt;
}

/// "MDS with monocytosis" beside the answer that the marrow is of CMML.
bool is_against_yes(const GivenValue& row, const Disease& disease) {
  if (!disease.against_yes || in_small_letters(row.value) != "yes") return false;
  const auto small = in_small_letters(row.source);
  return small.find("cmml") == std::string::npos && small.find("lmmc") == std::string::npos &&
         small.find("myelomono") == std::string::npos &&
         small.find("mielomono") == std::string::npos;
}

/// The sources of one case's rows.
class Sources {
 public:
  explicit Sources(Findings& findings) : findings_(findings) {}

  void note(const GivenValue& row) {
    if (row.source.empty()) return;
    const auto [text, is_new] = texts_.try_emplace(row.source);
    if (is_new) text->second = read_text(row.source);
    const auto item = in_small_letters(row.item);
    note_fusions(row, item, text->second);
    note_genes(row, item, text->second.mutated);
    for (const auto& named : text->second.diseases) note_disease(row, item, named);
    for (const auto& blasts : text->second.blasts) note_blasts(row, item, blasts);
  }

 private:
  void note_fusions(const GivenValue& row, const std::string& item, const ReadText& text) {
    const bool tested_for = text.of_a_test && denies(findings_, row);
    for (const auto& named : text.named) {
      if ((tested_for && !named.affirmed) || says_the_same(row, named.shown)) continue;
      name(row, {.item = item,
                 .row = row.row,
                 .fusion = named.shown.fusion,
                 .written = named.shown.written});
    }
  }

  /// A mutation of a family of acute leukaemia in any row, and kinases where fusions are denied.
  void note_genes(const GivenValue& row, const std::string& item,
                  const std::vector<std::string>& mutated) {
    const bool of_fusions =
        item == "tk_fusion" && answers_no(row) && !tells_of_point_mutation(row.source);
    for (const auto& gene : mutated) {
      const bool own = item == "mutation" && !answers_no(row) && read_gene(row.gene).gene == gene;
      const bool leukaemia = is_looked_for(gene) && !own;
      const bool kinase = of_fusions && is_kinase_gene(gene) && !is_named_with(item, gene);
      if (leukaemia || kinase)
        name(row,
             {.item = item, .row = row.row, .fusion = gene, .written = gene, .mutated = leukaemia});
    }
  }

  /// Whether a fusion of the gene is named already.
  [[nodiscard]] bool is_named_with(const std::string& item, const std::string& gene) const {
    return std::any_of(findings_.named.begin(), findings_.named.end(), [&](const auto& named) {
      return named.item == item && named.fusion.find(gene) != std::string::npos;
    });
  }

  void name(const GivenValue& row, NamedInSource named) {
    if (told_.insert({named.item, named.fusion}).second)
      findings_.remarks[named.item].emplace_back(
          wording::source_names(named.row, named.written, named.fusion));
    // Of rows that say the same the first; a case may have as many rows as a table.
    const auto [known, is_new] = named_.try_emplace(
        {named.item, row.gene, in_small_letters(row.value), named.fusion}, findings_.named.size());
    named.day = row.date;
    if (is_new)
      findings_.named.push_back(std::move(named));
    else
      findings_.named[known->second].day = std::max(findings_.named[known->second].day, row.date);
  }

  void note_disease(const GivenValue& row, const std::string& item, const NamedDisease& named) {
    const auto& disease = *named.disease;
    const auto& rows = disease.beside_no;
    if (!rows.empty() && !((answers_no(row) || is_against_yes(row, disease)) &&
                           std::find(rows.begin(), rows.end(), item) != rows.end()))
      return;
    // The gene that was tested, and the row of one that is mutated.
    if (item == "mutation" && in_small_letters(row.gene) == in_small_letters(named.written)) return;
    speak({.item = item,
           .row = row.row,
           .say = disease.say,
           .written = named.written,
           .speaks_for = disease.speaks_for,
           .call = disease.call,
           .day = row.date});
  }

  /// Of a row that is no count of blasts, the highest count of the case.
  [[nodiscard]] double counted_blasts(const GivenValue& row, const std::string& item) const {
    if (const auto own = own_share(row, item)) return *own;
    double most = 0;
    for (const auto* code : {"pb_blasts", "bm_blasts"})
      if (const auto found = findings_.numbers.find(code); found != findings_.numbers.end())
        most = std::max(most, found->second.value);
    return most;
  }

  void note_blasts(const GivenValue& row, const std::string& item, const NamedBlasts& blasts) {
    const auto own = own_share(row, item);
    const bool beside = blasts.apart || (blasts.alone && !own);
    const double percent = blasts.percent + (beside ? counted_blasts(row, item) : 0);
    if (percent < kAcuteLeukaemia || own.value_or(0) >= kAcuteLeukaemia) return;
    speak({.item = item,
           .row = row.row,
           .say = beside ? "blast equivalents beside the blasts" : "20 % of blasts or more",
           .written = blasts.written,
           .speaks_for = {"disease_named"},
           .call = Call::today,
           .day = row.date});
  }

  void speak(SpokenOf spoken) {
    if (!told_.insert({spoken.item, "speaks", spoken.say}).second) return;
    findings_.remarks[spoken.item].emplace_back(wording::speaks_of(
        {.row = spoken.row, .item = spoken.item, .say = spoken.say, .written = spoken.written}));
    findings_.spoken.push_back(std::move(spoken));
  }

  Findings& findings_;
  std::map<std::string, ReadText> texts_;
  std::set<std::vector<std::string>> told_;
  std::map<std::vector<std::string>, std::size_t> named_;  ///< into findings_.named
};

}  // namespace

void note_sources(Findings& findings) {
  Sources sources(findings);
  for (const auto& row : findings.given) sources.note(row);
}

}  // namespace cytocape::criteria
