#include "pipeline/criteria/source_clauses.hpp"

#include "pipeline/criteria/signs.hpp"
#include "pipeline/criteria/source_words.hpp"
#include "pipeline/criteria/verdict_words.hpp"

namespace cytocape::criteria {

bool joins_before_verdict(const SourceCursor& at) {
  for (std::size_t i = 0; const auto* one = i == 0 ? &at.token() : at.next_of_clause(i); ++i) {
    const auto& small = one->small;
    if (is_one_of(small, {"or", "nor", "oder", "noch", "ou", "ni", "o"})) return true;
    if (affirms(small) || tells_of_finding(small)) return false;
  }
  return false;
}

bool verb_follows(const SourceCursor& at) {
  for (std::size_t i = 1; const auto* next = at.next_of_clause(i); ++i) {
    const auto& one = *next;
    if (affirms(one.small) || tells_of_finding(one.small) || tells_of_being_met(one.small) ||
        tells_of_excluding(one.small) || one.disease || one.kind == SourceWord::found ||
        one.kind == SourceWord::event || is_no(one.small) ||
        is_one_of(one.small, {"note", "noti", "notas"}))
      return true;
  }
  return at.before() != nullptr &&
         (affirms(at.before()->small) || tells_of_finding(at.before()->small));
}

bool clause_ends_denied(const SourceCursor& at) {
  const auto* next = at.behind();
  return next != nullptr && next->clause == at.token().clause && at.behind(2) == nullptr &&
         (is_no(next->small) || is_not(next->small) || denies_behind(next->small) ||
          next->small == "none");
}

bool list_ends_denied(const SourceCursor& at) {
  for (auto i = at.place() + 1; i < at.tokens().size(); ++i) {
    const auto& one = at.tokens()[i];
    if (denies_behind(one.small) || says_normal(one.small)) return true;
    if (!one.gene && one.kind != SourceWord::joining && one.kind != SourceWord::event &&
        !is_of_a_notation(one.small))
      return false;
  }
  return false;
}

bool is_taken_back_within(const SourceCursor& at, std::size_t words) {
  for (std::size_t i = 1; i <= words; ++i)
    if (const auto* one = at.last_of_clause(i);
        one != nullptr &&
        (is_no(one->small) || is_not(one->small) || no_words().undoes_exclusion.holds(one->small)))
      return true;
  return false;
}

bool is_tested_for(const SourceCursor& at) {
  constexpr std::size_t kNear = 5;
  for (std::size_t i = 1; i <= kNear; ++i) {
    const auto* next = at.next_of_clause(i);
    if (next == nullptr ||
        is_one_of(next->small, {"by", "in", "with", "mit", "par", "con", "avec", "per", "at"}))
      break;
    if (next->kind == SourceWord::test && !is_one_of(next->small, {"signal", "signals", "type"}))
      return true;
  }
  for (std::size_t i = 1; i <= kNear; ++i) {
    const auto* last = at.last_of_clause(i);
    if (last == nullptr) break;
    if (is_one_of(last->small, {"for", "fur", "auf", "pour", "para", "per", "di", "de", "of", "by",
                                "dual", "panel", "analysis", "nach"}))
      return true;
  }
  return false;
}

}  // namespace cytocape::criteria
