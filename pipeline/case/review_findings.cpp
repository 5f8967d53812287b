#include "pipeline/case/review_findings.hpp"

#include <set>
#include <utility>

#include "pipeline/criteria/labs_csv.hpp"
#include "pipeline/wording/named.hpp"

namespace cytocape {
namespace {

criteria::RowAnswer row_of(const criteria::Answer& answer) {
  return {.value = to_string(answer.value), .from = answer.from};
}

void take_answer(const std::string& item, const criteria::Answer& told,
                 criteria::Findings& findings) {
  if (const auto contested = findings.contested.find(item); contested != findings.contested.end()) {
    contested->second.others.push_back(row_of(told));
    return;
  }
  const auto given = findings.answers.find(item);
  if (given == findings.answers.end()) {
    findings.answers[item] = told;
    findings.said_unknown.erase(item);
    return;
  }
  if (given->second.value == told.value) return;
  findings.contested[item] = {.last = row_of(told), .others = {row_of(given->second)}};
  findings.answers.erase(given);
}

void take(const criteria::Findings& told, criteria::Findings& findings) {
  for (const auto& [item, answer] : told.answers) take_answer(item, answer, findings);
  for (const auto& [item, from] : told.said_unknown)
    if (!findings.answers.contains(item)) findings.said_unknown.try_emplace(item, from);
  std::vector<wording::Spoken> reviewed;
  for (auto spoken : told.spoken) {
    for (const auto& row : told.given)
      if (row.row == spoken.row) spoken.reviewed = row.file;
    reviewed.push_back({.row = spoken.row,
                        .item = spoken.item,
                        .say = spoken.say,
                        .written = spoken.written,
                        .reviewed = spoken.reviewed});
    findings.spoken.push_back(std::move(spoken));
  }
  findings.named.insert(findings.named.end(), told.named.begin(), told.named.end());
  for (const auto& [item, remarks] : told.remarks)
    for (auto remark : remarks) {
      for (auto spoken : reviewed) {
        const auto now = wording::speaks_of(spoken);
        spoken.reviewed.clear();
        if (remark == wording::speaks_of(spoken)) remark = now;
      }
      findings.remarks[item].push_back(std::move(remark));
    }
}

}  // namespace

criteria::Findings with_reviews(const criteria::Findings& given,
                                std::span<const SlideReport> slides) {
  auto findings = given;
  // A disease is told by each slide's review, and by those of the case's other slides.
  std::set<std::pair<std::string, std::uint64_t>> taken;
  for (const auto& slide : slides) {
    if (!slide.review) continue;
    std::vector<criteria::GivenValue> fresh;
    for (const auto& row : slide.review->findings)
      if (taken.emplace(row.file, row.row).second) fresh.push_back(row);
    if (!fresh.empty()) take(criteria::findings_of(fresh, slide.slide.id + ": review"), findings);
  }
  return findings;
}

}  // namespace cytocape
