#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/criteria/genetics.hpp"
#include "pipeline/criteria/inherited.hpp"
#include "pipeline/criteria/karyotype.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/criteria/sources_of_yes.hpp"
#include "pipeline/criteria/spoken.hpp"
#include "pipeline/criteria/told.hpp"
#include "pipeline/wording/genetics.hpp"
#include "pipeline/wording/sources.hpp"

namespace cytocape::criteria {
namespace {

std::string all_of(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, "; "));
}

/// What the karyotypes say of clonality: abnormalities that are not the fusions of other diseases.
struct Clonality {
  std::vector<std::string> abnormal;  ///< "-7 (karyotype, 2024-03-05)"
  std::vector<std::string> normal;
  std::vector<std::string> open;     ///< why nothing follows
  std::vector<std::string> missing;  ///< karyotypes without a result
};

void append_clonality(const Findings& findings, const KaryotypeRow& row, Clonality& result) {
  const auto& facts = row.facts;
  std::vector<std::string> abnormal;
  std::vector<std::string> fusions;
  bool certain = false;
  for (const auto& written : facts.acquired) {
    bool joined = false;
    for (const auto& fusion : facts.fusions) {
      if (fusion.written != written) continue;
      if (!fusion.certain && is_denied(findings, finding_of_shown(fusion, "", row.from.date)))
        continue;
      joined = true;
      certain = certain || fusion.certain;
    }
    (joined ? fusions : abnormal).push_back(written);
  }
  if (!abnormal.empty() && (tells_of_no_acquired(row.from.source) ||
                            takes_itself_back(row.from.source, {.item = "cytogenetics"})))
    result.open.push_back(wording::not_acquired(abnormal, row.from));
  else if (!abnormal.empty())
    result.abnormal.push_back(wording::abnormalities(abnormal, row.from));
  else if (!fusions.empty())
    result.open.push_back(certain ? wording::of_another_disease(fusions)
                                  : wording::may_be_of_another_disease(fusions));
  else if (facts.normal)
    result.normal.push_back(wording::normal_karyotype(row.iscn, row.from));
  else if (facts.no_result)
    result.missing.push_back(wording::no_result(row.from));
  else if (!facts.molecular.empty())
    result.open.push_back(wording::molecular(facts.molecular));
  else if (!facts.unread.empty() || !facts.is_iscn)
    result.open.push_back(wording::unread_karyotype(facts.unread));
  else if (!facts.maybe_inherited.empty())
    result.open.push_back(wording::may_be_constitutional(facts.maybe_inherited));
  else if (!facts.doubtful.empty())
    result.open.push_back(wording::doubtful(facts.doubtful));
  else
    result.open.push_back(wording::loss_of_y_alone());
}

/// What the sources of rows on the karyotype name.
void append_named(const Findings& findings, Clonality& result) {
  for (const auto& named : findings.named) {
    const bool karyotype = named.item == "karyotype";
    if (!karyotype && named.item != "cytogenetics") continue;
    const auto finding = finding_of_named(named);
    if (is_denied(findings, finding)) continue;
    result.open.push_back(karyotype ? finding.words : wording::write_as_karyotype(finding.words));
  }
}

/// What the source of the item's own row says against its answer.
std::vector<std::string> said_against(const Findings& findings, const Reading& item) {
  std::vector<std::string> against;
  if (item.answer != Choice::no) return against;
  for (const auto& named : findings.named)
    if (named.item == item.input) against.push_back(finding_of_named(named).words);
  for (const auto& row : findings.given) {
    if (in_small_letters(row.item) != item.input || row.source.empty()) continue;
    const auto facts = read_karyotype(row.source);
    if (!facts.acquired.empty())
      against.push_back(
          fmt::format("{} ({})", fmt::join(facts.acquired, ", "), wording::of_a_row(row.row)));
  }
  return against;
}

}  // namespace

Reading read_cytogenetics(const Findings& findings, Reading item) {
  Clonality shown;
  for (const auto& row : findings.karyotypes) append_clonality(findings, row, shown);
  append_named(findings, shown);
  for (auto* words : {&shown.abnormal, &shown.normal, &shown.open, &shown.missing})
    std::sort(words->begin(), words->end());
  const auto contradicts = [&](const std::vector<std::string>& words) {
    return told_open(item.input,
                     wording::contradicts_karyotype(*item.answer, wording::source_words(item.from),
                                                    all_of(words)));
  };
  if (!shown.abnormal.empty() && item.answer == Choice::no) return contradicts(shown.abnormal);
  if (const auto against = said_against(findings, item); !against.empty())
    return contradicts(against);
  if (!shown.abnormal.empty()) return told(item.input, Choice::yes, all_of(shown.abnormal));
  if (!shown.open.empty() && item.answer != Choice::no)
    return told_open(item.input, all_of(shown.open));
  if (!shown.normal.empty() && item.answer == Choice::yes) return contradicts(shown.normal);
  const bool contested =
      findings.contested.contains(item.input) || is_spoken_for(findings, item.input);
  if (!shown.normal.empty() && !item.answer && !contested)
    return told(item.input, Choice::no, all_of(shown.normal));
  if (!shown.missing.empty() && !item.answer && !contested)
    return told_open(item.input, all_of(shown.missing));
  item.remarks.insert(item.remarks.end(), shown.open.begin(), shown.open.end());
  item.remarks.insert(item.remarks.end(), shown.missing.begin(), shown.missing.end());
  return item;
}

}  // namespace cytocape::criteria
