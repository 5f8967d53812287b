#include "pipeline/criteria/source_contrary.hpp"

#include <algorithm>

#include "pipeline/criteria/resolutions.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/criteria/source_names.hpp"
#include "pipeline/criteria/source_words.hpp"
#include "pipeline/criteria/verdict_words.hpp"

namespace cytocape::criteria {
namespace {

/// How many words before a treatment or a disease may deny it.
constexpr std::size_t kNearTreated = 4;

/// "before treatment", "pre-treatment sample".
bool is_before_treatment(const SourceCursor& at) {
  const auto* last = at.before();
  return last != nullptr && is_one_of(last->small, {"pre", "before", "prior", "vor", "avant",
                                                    "antes", "prima", "ahead", "any", "de"});
}

bool is_signal(const std::string& word) {
  for (const auto* begin : {"cop", "kopie", "sign", "segnal", "senal"})
    if (word.starts_with(begin)) return true;
  return false;
}

/// "1-1-1", of how many signals of each kind there are, but "2-2-2" and a date.
bool is_pattern_of_numbers(const SourceCursor& at) {
  const auto& text = at.text();
  const auto from = at.token().begin;
  const auto pattern = text.substr(from, 5);
  if (pattern.size() < 5 || pattern[1] != '-' || pattern[3] != '-') return false;
  const bool alone = (from == 0 || !is_letter_or_digit(text[from - 1])) &&
                     (from + 5 >= text.size() || !is_letter_or_digit(text[from + 5]));
  return alone && is_digit(pattern[0]) && is_digit(pattern[2]) && is_digit(pattern[4]) &&
         pattern != "2-2-2";
}

/// "4q12-", "CHIC2 -": a sign that is no hyphen.
bool is_minus_behind(const SourceCursor& at) {
  const auto rest = std::string_view(at.text()).substr(at.token().end);
  const auto sign = rest.starts_with(" -") ? 2U : rest.starts_with("-") ? 1U : 0U;
  return sign > 0 && (rest.size() == sign || is_one_of(rest.substr(sign, 1), {",", ";", ".", ")"}));
}

/// "one copy", "FISH PDGFRA one".
bool tells_of_one_copy(const SourceCursor& at) {
  if (!is_one_of(at.word(), {"one", "single", "eine", "une", "una"})) return false;
  const auto* next = at.next_of_clause();
  const auto* last = at.last_of_clause();
  return next != nullptr ? is_signal(next->small) : last != nullptr && last->own;
}

/// "PCM1 JAK2": a partner right before its kinase, and nothing that denies them or tests for them.
bool names_partner_and_kinase(const SourceCursor& at) {
  const auto* next = at.next_of_clause();
  return is_one_of(at.word(), {"pcm1", "fip1l1"}) && next != nullptr && next->gene &&
         at.text()[at.token().end] == ' ' && !at.denies_in_clause() &&
         !at.any_in_clause([](const SourceToken& one) { return is_of_a_test(one.small); });
}

}  // namespace

bool tells_of_treated(const SourceCursor& at) {
  const auto& word = at.word();
  const bool of_depth =
      word.size() >= 3 && (word.starts_with("mr") || word.starts_with("rm")) && is_digit(word[2]);
  const auto* next = at.next_of_clause();
  const bool depth_behind =
      is_one_of(at.token().written, {"MR", "RM"}) && next != nullptr && next->number;
  return of_depth || depth_behind || no_words().responses.holds(word) ||
         (tells_of_treatment_at({word}, 0) && !at.is_denied_within(kNearTreated) &&
          !is_before_treatment(at));
}

bool tells_of_one_that_was(const SourceCursor& at, const AskedOf& asked) {
  const auto& word = at.word();
  const auto* last = at.last_of_clause();
  if (word == "anymore" || (word == "more" && last != nullptr && last->small == "any")) return true;
  if (is_one_of(asked.item, {"bcr_abl1", "tk_fusion", "mutation"}) &&
      no_words().formerly.holds(word))
    return true;
  const auto followed = [](const SourceToken& one) {
    return no_words().followed_up.holds(one.small);
  };
  // "follow-up month 24"
  const auto* next = at.next_of_clause();
  if (asked.item == "bcr_abl1" && is_one_of(word, {"month", "monat", "mois", "mes", "mese"}) &&
      next != nullptr && next->number && at.any_in_clause(followed))
    return true;
  // "MPN clinic", which nobody without one goes to
  const auto behind = next == nullptr ? std::string() : next->small;
  if (is_one_of(asked.item, {"mpn_history", "mpn_now"}) &&
      is_one_of(word, {"mpn", "pv", "et", "pmf", "smp", "nmp"}) &&
      no_words().followed_up.holds(behind) && behind != "known" &&
      !at.is_denied_within(kNearTreated))
    return true;
  return is_one_of(word, {"cml", "lmc"}) && !at.is_denied_within(kNearTreated) &&
         at.any_in_clause(followed);
}

bool tells_of_a_junction(const SourceCursor& at, bool denied) {
  if (!at.asks_for_fusion() || denied || at.is_of_another()) return false;
  const auto& word = at.word();
  if (word == "der") return at.text().substr(at.token().end).starts_with("(");
  if (tells_of_one_copy(at) || is_pattern_of_numbers(at) || names_partner_and_kinase(at))
    return true;
  const auto* next = at.next_of_clause();
  const bool third = no_words().third.holds(word) && next != nullptr && is_signal(next->small);
  const bool own_before = at.last_of_clause() != nullptr && at.last_of_clause()->own;
  if (third || (is_one_of(word, {"x1", "x3", "x4"}) && own_before)) return true;
  if ((at.token().own || is_of_a_notation(word)) && is_minus_behind(at)) return true;
  // "22q-"
  if (word == "22q" && at.text().substr(at.token().end).starts_with("-")) return true;
  const bool exon = (word.front() == 'e' || word.front() == 'a') && word.size() > 1 &&
                    word.size() <= 3 && is_identifier(word);
  return exon && at.names_own_in_clause();
}

bool tells_of_mpn(const SourceCursor& at, const AskedOf& asked, bool denied) {
  if (asked.item != "mpn_history" && asked.item != "mpn_now") return false;
  const auto* last = at.last_of_clause();
  if (last != nullptr && last->kind == SourceWord::person) return false;
  const bool capitals =
      std::none_of(at.token().written.begin(), at.token().written.end(), is_small);
  if (capitals && no_words().of_mpn.holds(at.word())) return !denied && !at.denies_in_clause();
  const auto* next = at.next_of_clause();
  if (no_words().counts_of_mpn.holds(at.word()) && next != nullptr && next->number)
    return !denied && at.text()[next->end] != '-' && !at.denies_in_clause();
  return at.token().own && at.token().gene && !denied && !at.denies_in_clause() &&
         !at.any_in_clause([](const SourceToken& one) { return is_of_a_test(one.small); }) &&
         at.tokens().size() > 1 && !at.denies_anywhere();
}

}  // namespace cytocape::criteria
