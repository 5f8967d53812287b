#include "pipeline/case/review_findings.hpp"

#include "pipeline/criteria/labs_csv.hpp"

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
  findings.spoken.insert(findings.spoken.end(), told.spoken.begin(), told.spoken.end());
  findings.named.insert(findings.named.end(), told.named.begin(), told.named.end());
  for (const auto& [item, remarks] : told.remarks)
    findings.remarks[item].insert(findings.remarks[item].end(), remarks.begin(), remarks.end());
}

}  // namespace

criteria::Findings with_reviews(const criteria::Findings& given,
                                std::span<const SlideReport> slides) {
  auto findings = given;
  for (const auto& slide : slides)
    if (slide.review && !slide.review->findings.empty())
      take(criteria::findings_of(slide.review->findings, slide.slide.id + ": review"), findings);
  return findings;
}

}  // namespace cytocape
