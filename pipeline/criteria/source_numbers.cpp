#include "pipeline/criteria/source_numbers.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "io/text.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/criteria/source_names.hpp"
#include "pipeline/criteria/verdict_words.hpp"

namespace cytocape::criteria {
namespace {

double value_of(const SourceToken& number) {
  auto digits = number.small;
  std::replace(digits.begin(), digits.end(), ',', '.');
  return parse_number(digits).value_or(0);
}

bool is_bound(const SourceCursor& at) {
  // "1.5 % of nuclei, below the cut-off"
  for (std::size_t i = 1; const auto* one = at.behind(i); ++i)
    if (one->clause != at.token().clause) {
      if (is_one_of(one->small, {"below", "under", "unter", "unterhalb"})) return true;
      break;
    }
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

/// "2R2G2B", "1F1R1G": of how many signals of each colour a probe shows.
bool is_signal_pattern(const std::string& word) {
  return word.size() > 1 && is_digit(word.front()) &&
         word.find_first_of("rgfybo") != std::string::npos &&
         word.find_first_not_of("0123456789rgfybo") == std::string::npos;
}

/// Two of each colour apart ("2R2G2B"), or two joined and none apart ("2F", "2Y").
bool is_normal_pattern(const std::string& word) {
  std::size_t apart = 0;
  std::size_t joined = 0;
  for (std::size_t i = 0; i + 1 < word.size(); i += 2) {
    if (word[i] != '2' || is_digit(word[i + 1])) return false;
    ++(word[i + 1] == 'f' || word[i + 1] == 'y' ? joined : apart);
  }
  return word.size() % 2 == 0 && (apart == 0 || joined == 0);
}

bool is_year(const std::string& digits) {
  return digits.size() == 4 && (digits.starts_with("19") || digits.starts_with("20"));
}

/// A number of one's own with its neighbours in "12/03/2025", "0/200", "88-20311".
std::string joined_number(const SourceCursor& at) {
  const auto& text = at.text();
  const auto is_part = [&](std::size_t i) {
    const bool joins = text[i] == '/' || text[i] == '-' || text[i] == '.';
    return is_digit(text[i]) || (joins && i > 0 && i + 1 < text.size() && is_digit(text[i - 1]) &&
                                 is_digit(text[i + 1]));
  };
  auto begin = at.token().begin;
  auto end = at.token().end;
  while (begin > 0 && is_part(begin - 1)) --begin;
  while (end < text.size() && is_part(end)) ++end;
  return text.substr(begin, end - begin);
}

/// "2025-03-01", "12/03/25", "02/2025", "2010-2025", "2024".
bool is_of_a_date(const std::string& number) {
  std::vector<std::string> parts(1);
  for (const char c : number) {
    if (is_digit(c))
      parts.back() += c;
    else
      parts.emplace_back();
  }
  const bool short_parts = std::all_of(parts.begin(), parts.end(), [](const std::string& part) {
    return is_year(part) || part.size() <= 2;
  });
  const bool years = std::any_of(parts.begin(), parts.end(), is_year);
  return short_parts && (years ? parts.size() <= 3 : parts.size() == 3);
}

/// What stands before the number and what is joined to it: "report" of "report no. 25-1187".
const SourceToken* before_number(const SourceCursor& at) {
  const auto* first = &at.token();
  for (std::size_t steps = 1;; ++steps) {
    const auto* last = at.before(steps);
    if (last == nullptr) return nullptr;
    const auto gap = std::string_view(at.text()).substr(last->end, first->begin - last->end);
    const bool joined = is_one_of(gap, {"/", "-", "."});
    const bool abbreviated = gap == ". " && last->kind == SourceWord::record;
    if (!joined || !last->number)
      return last->clause == first->clause || abbreviated ? last : nullptr;
    first = last;
  }
}

/// "3 March", "12 months ago".
bool is_of_time(const std::string& word) {
  for (const auto* begin :
       {"jan",  "gen",  "ene",  "feb",  "fev",   "mar",  "apr", "avr",   "abr",
        "may",  "mai",  "mag",  "jun",  "jui",   "giu",  "jul", "lug",   "aug",
        "aou",  "ago",  "sep",  "set",  "oct",   "okt",  "ott", "nov",   "dec",
        "dez",  "dic",  "day",  "week", "month", "year", "tag", "woche", "monat",
        "jahr", "jour", "mois", "anne", "dia",   "mes",  "ano", "giorn", "anni"})
    if (word.starts_with(begin)) return true;
  return word == "ans";
}

/// "report 4711", "MDT of 3 March", "panel v3", "200 nuclei", "54 genes", "t(9;22)": of what was
/// done, where and when.
bool is_of_the_test(const SourceCursor& at) {
  if (is_of_a_date(joined_number(at))) return true;
  const auto& text = at.text();
  const auto bracket = text.find_last_of("()[]", at.token().begin);
  // "t(9;22)", "nuc ish(ABL1,BCR)x2[200]"
  if (bracket != std::string::npos && bracket > 0 && text[bracket] == '(')
    for (const auto* name : {"t", "inv", "ins"})
      if (text.substr(0, bracket).ends_with(name) &&
          text.find_first_not_of("0123456789;", bracket + 1) >= at.token().end)
        return true;
  if (text.find("ish(") != std::string::npos) return true;
  if (const auto* last = before_number(at); last != nullptr) {
    const bool names_it = (last->kind == SourceWord::record &&
                           !is_one_of(last->small, {"of", "number", "data", "num"})) ||
                          last->kind == SourceWord::place || last->kind == SourceWord::person;
    // "H25-3321"
    const bool begins_it = is_identifier(last->small) && text[last->end] == '-';
    if (names_it || begins_it || is_one_of(last->small, {"v", "version", "x"}) || is_kit(*last))
      return true;
    if (last->small.starts_with("exon") && !at.asks_for_fusion()) return true;
  }
  const auto* next = at.next_of_clause();
  return next != nullptr &&
         (is_of_time(next->small) || is_of_cells(next->small) ||
          is_one_of(next->small,
                    {"gene", "genes", "gen", "genen", "geni", "exons", "cycles", "zyklen",
                     "million", "mio", "bands", "h", "hours", "stunden", "x", "probes"}));
}

bool names_an_event(const SourceCursor& at) {
  const bool probe = at.any_in_clause([](const SourceToken& one) {
    return one.small.starts_with("prob") || one.small.starts_with("sond");
  });
  return !probe &&
         at.any_in_clause([](const SourceToken& one) { return one.kind == SourceWord::event; });
}

/// "0/200", "0 of 200": of no cell.
bool is_of_none(const SourceCursor& at) {
  const auto* last = at.last_of_clause();
  if (last != nullptr && is_one_of(last->small, {"of", "von", "de", "di", "sur", "su", "aus"}))
    last = at.last_of_clause(2);
  return last != nullptr && parse_number(last->small) == 0;
}

/// "PDGFRB in 22 cells", but "FISH for PDGFRB in 200 cells".
bool is_in_cells(const SourceCursor& at) {
  const auto* last = at.last_of_clause();
  return last != nullptr && is_one_of(last->small, {"in", "dans", "en", "su", "sur"}) &&
         at.names_own_in_clause() &&
         !at.any_in_clause([](const SourceToken& one) { return is_of_a_test(one.small); });
}

/// "FISH: PDGFRB, 45 nuclei": fewer than are scored, and nothing that denies.
bool are_few_cells(const SourceCursor& at) {
  constexpr double kScored = 50;
  const auto* next = at.next_of_clause();
  const bool names_own = std::any_of(at.tokens().begin(), at.tokens().end(),
                                     [](const SourceToken& one) { return one.own; });
  return next->small.find("meta") == std::string::npos && value_of(at.token()) < kScored &&
         names_own && !at.denies_anywhere();
}

/// Tryptase below what mastocytosis asks for (WHO 2022: above 20 ng/mL), CRP within the usual range
/// of adults (mg/L).
bool is_normal_value(const SourceCursor& at) {
  constexpr double kTryptase = 20;
  constexpr double kCrp = 10;
  const auto value = value_of(at.token());
  return at.any_in_clause([&](const SourceToken& one) {
    const bool tryptase = one.small.starts_with("trypt") || one.small.starts_with("tript");
    return (tryptase && value < kTryptase) || (one.small == "crp" && value < kCrp);
  });
}

}  // namespace

bool is_of_control(const SourceCursor& at) {
  return at.any_in_clause([](const SourceToken& one) {
    return one.small.starts_with("control") || one.small.starts_with("kontroll") ||
           one.small.starts_with("controle") || one.small.starts_with("housekeep");
  }) && !at.any_in_clause([](const SourceToken& one) { return one.small.starts_with("bcr"); });
}

bool is_number_of_findings(const SourceCursor& at, bool denied) {
  const auto& word = at.word();
  // "Ct 24 cycles", but "CT 2025"
  constexpr double kMostCycles = 50;
  if (const auto* last = at.last_of_clause();
      last != nullptr && value_of(at.token()) <= kMostCycles &&
      !at.token().small.starts_with("0") && is_one_of(last->small, {"ct", "cq", "cp", "threshold"}))
    return !denied;
  if (is_signal_pattern(word)) return !is_normal_pattern(word) && !denied;
  if (value_of(at.token()) <= 0 || denied || at.denies_in_clause() || is_bound(at) ||
      at.is_of_another())
    return false;
  if (is_of_none(at) || is_normal_value(at)) return false;
  const auto* next = at.next_of_clause();
  if (next != nullptr && next->small == "%") return !has_blasts(at);
  if (next != nullptr && is_of_cells(next->small) &&
      (names_an_event(at) || is_in_cells(at) || are_few_cells(at)))
    return true;
  // "normal, 2 signals"; "ABL1 control 52,000 copies"
  if (next != nullptr && word == "2" && next->small.starts_with("signal")) return false;
  if (is_of_control(at)) return false;
  return !is_of_the_test(at);
}

bool denies_as_zero(const SourceCursor& at) {
  const auto* next = at.next_of_clause();
  // "0/200 nuclei"
  if (next != nullptr && next->number && at.text()[at.token().end] == '/')
    next = at.next_of_clause(2);
  return at.token().number && value_of(at.token()) <= 0 && next != nullptr &&
         (next->small == "%" || next->kind == SourceWord::event || is_of_cells(next->small));
}

}  // namespace cytocape::criteria
