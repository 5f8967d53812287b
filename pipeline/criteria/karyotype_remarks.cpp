#include "pipeline/criteria/karyotype_remarks.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "pipeline/criteria/karyotype.hpp"
#include "pipeline/wording/genetics.hpp"

namespace cytocape::criteria {
namespace {

/// None where the chromosomes do not tell: "X" may be either's.
std::optional<Choice> sex_of(const KaryotypeFacts& facts) {
  const auto has = [&](char chromosome) {
    return facts.sex.find(chromosome) != std::string::npos ||
           facts.sex.find(static_cast<char>(chromosome - 'A' + 'a')) != std::string::npos;
  };
  if (has('Y') || facts.loss_of_y) return Choice::male;
  const auto lost = [&](const char* chromosome) {
    return std::find(facts.acquired.begin(), facts.acquired.end(), chromosome) !=
           facts.acquired.end();
  };
  const auto copies = std::count(facts.sex.begin(), facts.sex.end(), 'X');
  if (copies >= 2 || (copies == 1 && lost("-X"))) return Choice::female;
  return std::nullopt;
}

}  // namespace

void remark_on_karyotypes(const Findings& findings, Readings& readings) {
  auto& remarks = readings["cytogenetics"].remarks;
  const auto told = findings.answers.find("sex");
  std::optional<Choice> known;
  const Provenance* knows = nullptr;
  if (told != findings.answers.end()) {
    known = told->second.value;
    knows = &told->second.from;
  }
  for (const auto& karyotype : findings.karyotypes) {
    const auto& facts = karyotype.facts;
    if (facts.donor) remarks.emplace_back(wording::cells_of_a_donor(karyotype.from));
    const auto sex = sex_of(facts);
    if (!sex) continue;
    if (known && *known != *sex)
      remarks.emplace_back(wording::of_another_sex(*sex, karyotype.from, *knows));
    if (known) continue;
    known = sex;
    knows = &karyotype.from;
  }
}

}  // namespace cytocape::criteria
