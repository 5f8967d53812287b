#include "pipeline/criteria/resolutions.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <vector>

#include "embedded/criteria_resolutions.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/criteria/verdict_words.hpp"
#include "pipeline/criteria/word_list.hpp"
#include "pipeline/criteria/words.hpp"
#include "pipeline/criteria/yes_words.hpp"
#include "pipeline/settings/toml_reader.hpp"

namespace cytocape::criteria {
namespace {

bool is_newer(const Answer& a, const Answer& b) {
  return a.from.date < b.from.date;
}

/// The newest row that a decision on a number would let stand, or that the number follows from.
std::optional<Provenance> newest_number(const GatheredRows& gathered, const std::string& code) {
  std::vector<std::string> codes = {code};
  if (is_one_of(code, {"amc", "anc", "monocytes"})) codes.emplace_back("wbc");
  if (code == "monocytes") codes.emplace_back("amc");
  std::optional<Provenance> newest;
  for (const auto& one : codes)
    if (const auto found = gathered.numbers.find(one); found != gathered.numbers.end())
      for (const auto& number : found->second)
        if (!newest || newest->date < number.from.date) newest = number.from;
  return newest;
}

/// What was found and is denied later: the last that found it, and the first that denies it then.
struct Denied {
  Provenance found;
  Provenance denial;
};

std::optional<Denied> denied_later(std::vector<Answer> answers) {
  std::stable_sort(answers.begin(), answers.end(), is_newer);
  if (answers.empty() || answers.back().value != Choice::no) return std::nullopt;
  const auto found = std::find_if(answers.rbegin(), answers.rend(),
                                  [](const Answer& answer) { return answer.value == Choice::yes; });
  if (found == answers.rend()) return std::nullopt;
  return Denied{.found = found->from, .denial = std::prev(found)->from};
}

/// Neoplasms that treatment does not undo. Another one may be cured, and dysplasia may be gone.
bool stays_when_treated(const std::string& code) {
  return is_one_of(code, {"bcr_abl1", "tk_fusion", "mpn_history", "mpn_now", "myeloid_sarcoma"});
}

std::optional<IdleResolution> why_idle(const GatheredRows& gathered, const std::string& code,
                                       const Provenance& decision) {
  using enum IdleResolution::Why;
  const auto idle = [&](IdleResolution::Why why, const Provenance& row) {
    return IdleResolution{.from = decision, .row = row, .why = why};
  };
  if (const auto number = newest_number(gathered, code)) {
    if (is_surely_before(decision, *number)) return idle(older, *number);
    return std::nullopt;
  }
  const auto given = gathered.answers.find(code);
  if (given == gathered.answers.end()) return std::nullopt;
  const auto denied = denied_later(given->second);
  if (denied) {
    if (code == "myeloid_sarcoma") return idle(was_acute_leukaemia, denied->found);
    for (const auto* row : {&denied->found, &denied->denial})
      if (is_surely_before(decision, *row)) return idle(older, *row);
  }
  const bool untold = denied && !says_finding_was_wrong(decision.source);
  if (stays_when_treated(code) && (untold || tells_of_treatment(decision.source)))
    return idle(treated, denied ? denied->found : decision);
  const auto& last = *std::max_element(given->second.begin(), given->second.end(), is_newer);
  if (!denied && is_surely_before(decision, last.from)) return idle(older, last.from);
  return std::nullopt;
}

struct ResolutionWords {
  WordList treated;
  WordList gone;
  WordList wrong;
};

ResolutionWords read_resolution_words() {
  TomlReader reader;
  reader.add(text::criteria_resolutions, "configs/criteria/resolutions.toml");
  ResolutionWords words{.treated = WordList::read(reader, "treated"),
                        .gone = WordList::read(reader, "gone"),
                        .wrong = WordList::read(reader, "wrong")};
  reader.refuse_unread();
  return words;
}

const ResolutionWords& resolution_words() {
  static const auto instance = read_resolution_words();
  return instance;
}

bool is_of_treatment(const std::string& word) {
  const bool response = word.size() >= 3 && word.starts_with("mr") && is_digit(word[2]);
  return response || resolution_words().treated.holds(word);
}

}  // namespace

void set_idle_aside(const GatheredRows& gathered, Findings& findings) {
  for (auto it = findings.resolved.begin(); it != findings.resolved.end();) {
    const auto idle = why_idle(gathered, it->first, it->second);
    if (idle) findings.idle[it->first] = *idle;
    it = idle ? findings.resolved.erase(it) : std::next(it);
  }
}

bool has_weighed(const Findings& findings, const std::string& item, const std::string& day) {
  const auto decision = findings.resolved.find(item);
  if (decision == findings.resolved.end()) return false;
  const auto& of_decision = decision->second.date;
  return day.empty() || of_decision.empty() || day <= of_decision;
}

namespace {

/// "7+3", "in CR", "now negative", "no longer detectable", "clone lost", "nach Zyklus 3".
bool was_there(const std::vector<std::string>& words, std::size_t i) {
  const auto& word = words[i];
  const auto before = i > 0 ? words[i - 1] : std::string();
  const auto behind = i + 1 < words.size() ? words[i + 1] : std::string();
  return (word == "7" && behind == "+") || (word == "cr" && before == "in") ||
         (word == "now" && denies_behind(behind)) || resolution_words().gone.holds(word) ||
         (is_one_of(before, {"after", "nach", "apres", "dopo", "tras"}) &&
          (word.starts_with("zyklus") || word.starts_with("cycle") || word.starts_with("ciclo")));
}

}  // namespace

bool says_finding_was_wrong(std::string_view reason) {
  const auto words = plain_words(ascii_signs(reason));
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto& word = words[i];
    const auto behind = i + 1 < words.size() ? words[i + 1] : std::string();
    if (resolution_words().wrong.holds(word) || yes_words().errors.holds(word)) return true;
    const bool person = behind.starts_with("patient") || behind.starts_with("malade") ||
                        behind.starts_with("muestra") || behind.starts_with("campion") ||
                        behind.starts_with("echantillon") || behind.starts_with("person") ||
                        behind.starts_with("sample") || behind.starts_with("tube") ||
                        behind.starts_with("probe") || behind.starts_with("pazient") ||
                        behind.starts_with("pacient");
    if (person && is_one_of(word, {"another", "other", "andere", "anderer", "anderen", "autre",
                                   "otro", "otra", "altro", "altra"}))
      return true;
    if (is_not(word) && is_one_of(behind, {"confirmed", "his", "hers", "reproduced", "this"}))
      return true;
  }
  return false;
}

bool tells_of_treatment(std::string_view reason) {
  const auto words = plain_words(ascii_signs(reason));
  for (std::size_t i = 0; i < words.size(); ++i)
    if (tells_of_treatment_at(words, i) || was_there(words, i)) return true;
  return false;
}

bool tells_of_treatment_at(const std::vector<std::string>& words, std::size_t i) {
  return is_of_treatment(words[i]) && !has_denial_before(words, i);
}

}  // namespace cytocape::criteria
