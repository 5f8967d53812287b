#include "pipeline/criteria/source_numbers.hpp"

#include <algorithm>

#include "io/text.hpp"
#include "pipeline/criteria/signs.hpp"

namespace cytocape::criteria {
namespace {

double value_at(const SourceCursor& at) {
  auto digits = at.word();
  std::replace(digits.begin(), digits.end(), ',', '.');
  return parse_number(digits).value_or(0);
}

bool is_bound(const SourceCursor& at) {
  return at.any_in_clause([](const SourceToken& one) {
    return is_one_of(one.small, {"<", "below", "unter", "cutoff", "cut", "limit", "lod", "loq",
                                 "threshold", "schwelle", "seuil", "umbral", "soglia",
                                 "nachweisgrenze", "coverage", "depth", "limite"}) ||
           one.small.starts_with("sensi") || one.small.starts_with("empfind");
  });
}

bool has_blasts(const SourceCursor& at) {
  return at.any_in_clause(
      [](const SourceToken& one) { return one.small.find("blast") != std::string::npos; });
}

bool names_an_event(const SourceCursor& at) {
  const bool probe = at.any_in_clause([](const SourceToken& one) {
    return one.small.starts_with("prob") || one.small.starts_with("sond");
  });
  return !probe &&
         at.any_in_clause([](const SourceToken& one) { return one.kind == SourceWord::event; });
}

/// Of 20 or more, where cells are spoken of; but "3/2024" and "report 17/200".
bool is_share_of_cells(const SourceCursor& at, const SourceToken& whole) {
  const auto number = parse_number(whole.small).value_or(0);
  const bool year = number >= 1950 && number < 2100;
  const auto* last = at.before();
  const bool of_a_report = last != nullptr && last->clause == at.token().clause &&
                           (last->kind == SourceWord::record || last->kind == SourceWord::place ||
                            last->kind == SourceWord::sample);
  const bool of_cells = at.any_in_clause([](const SourceToken& one) {
    return is_of_cells(one.small) || one.small == "fish" || one.kind == SourceWord::event;
  });
  return of_cells && number >= 20 && !year && !of_a_report && number != value_at(at);
}

}  // namespace

bool is_number_of_findings(const SourceCursor& at, bool denied) {
  const auto& word = at.word();
  const bool pattern = word.size() > 1 && word.find_first_of("rgfyb") != std::string::npos &&
                       word.find_first_not_of("0123456789rgfyb") == std::string::npos;
  if (pattern) return word.find('f') != std::string::npos;
  if (value_at(at) <= 0 || denied || at.denies_in_clause() || is_bound(at) || at.is_of_another())
    return false;
  const auto* next = at.next_of_clause();
  if (next == nullptr) return false;
  if (next->small == "%") return !has_blasts(at);
  const bool of = is_one_of(next->small, {"of", "von", "de", "di", "sur", "su", "aus"});
  const auto* whole = of ? at.behind(2) : next;
  const bool slash = at.text().substr(at.token().end, next->begin - at.token().end) == "/";
  if ((of || slash) && whole != nullptr && whole->number) return is_share_of_cells(at, *whole);
  return is_of_cells(next->small) && names_an_event(at);
}

bool denies_as_zero(const SourceCursor& at) {
  const auto* next = at.behind();
  return at.token().number && value_at(at) <= 0 && next != nullptr &&
         next->clause == at.token().clause &&
         (next->small == "%" || next->kind == SourceWord::event || is_of_cells(next->small));
}

}  // namespace cytocape::criteria
